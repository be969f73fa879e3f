"""Threads that turn out to have another name: a post began them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update

from bot.store import locks, scopes
from bot.store.schema import deliveries, events, mentions, questions, remembered, unread

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.model import Thread


def rename(connection: Connection, old: Thread, new: Thread) -> None:
    """Have all that hangs on a thread hang on another. Raises ValueError for two channels."""
    if old.channel != new.channel:
        raise ValueError("a thread stays in its channel")
    locks.hold_channel(connection, old.channel)
    for table in (mentions, questions, events, deliveries, remembered, unread):
        connection.execute(
            update(table)
            .where(table.c.channel_id == scopes.id_of(old.channel), table.c.thread == old.id)
            .values(thread=new.id)
        )
