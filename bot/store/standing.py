"""What is known of the place where an event happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, select

from bot.model import Standing
from bot.store import events, scopes, settings
from bot.store.schema import deliveries

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.model import Thread


def read(connection: Connection, thread: Thread, *, most: int, since: datetime) -> Standing:
    """Return what is known of a thread's place: one query, since each event asks it."""
    named = scopes.named(thread.channel)
    row = connection.execute(
        _STANDING, {**named, "_thread": thread.id, "_most": most, "_since": since}
    ).one()
    return Standing(
        settings=settings.decoded(row),
        ours=bool(row.ours),
        backlog=row.backlog,
        unasked=row.unasked,
    )


_STANDING = select(
    *settings.STORED.selected_columns,
    exists()
    .where(
        deliveries.c.channel_id == scopes.CHANNEL_ID,
        deliveries.c.thread == bindparam("_thread"),
    )
    .label("ours"),
    events.BACKLOG.scalar_subquery().label("backlog"),
    events.UNASKED.scalar_subquery().label("unasked"),
)
