"""What waits to be asked for, and what was decided last: so that a later word finds it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, exists, func, insert, select

from bot.model import Decided, Decision, Ending, Message, Thread
from bot.store import scopes
from bot.store.events import KEPT_DAYS
from bot.store.schema import decisions, events, remembered

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.model import Channel


def remember(connection: Connection, message: Message, *, at: datetime) -> None:
    """Keep a message for as long as the inbox, instead of what it said before."""
    _, channel_id = scopes.ensure(connection, message.thread.channel)
    forget(connection, [(channel_id, message.id)])
    connection.execute(
        insert(remembered),
        {
            "channel_id": channel_id,
            "message": message.id,
            "thread": message.thread.id,
            "author": message.author,
            "text": message.text,
            "sent_at": message.sent_at,
            "until": at + timedelta(days=KEPT_DAYS),
        },
    )


def find(connection: Connection, channel: Channel, message: str) -> Message | None:
    """Return a message that is remembered, without its uploads."""
    row = connection.execute(_FOUND, {**scopes.named(channel), "_message": message}).first()
    if row is None:
        return None
    return Message(
        thread=Thread(channel=channel, id=row.thread),
        id=row.message,
        author=row.author,
        text=row.text,
        sent_at=row.sent_at,
    )


def forget(connection: Connection, messages: Iterable[tuple[int, str]]) -> None:
    """Erase what is remembered of (channel id, message id)."""
    for channel_id, message in messages:
        connection.execute(_GONE, {"_channel_id": channel_id, "_message": message})


def drop(connection: Connection, channel_id: int, *, message: str, thread: str) -> None:
    """Erase what is remembered of a message, or of a thread."""
    place = remembered.c.message == message if message else remembered.c.thread == thread
    connection.execute(delete(remembered).where(remembered.c.channel_id == channel_id, place))


def drop_of(connection: Connection, channel_id: int, *, author: str, thread: str) -> int:
    """Erase what is remembered of a person, of a thread, or of him in it; return how much."""
    chosen = remembered.c.channel_id == channel_id
    if author:
        chosen = and_(chosen, remembered.c.author == author)
    if thread:
        chosen = and_(chosen, remembered.c.thread == thread)
    return connection.execute(delete(remembered).where(chosen)).rowcount


def decide(
    connection: Connection, channel: Channel, decision: Decision, *, message: str, at: datetime
) -> None:
    """Keep the last decision of a channel."""
    _, channel_id = scopes.ensure(connection, channel)
    connection.execute(delete(decisions).where(decisions.c.channel_id == channel_id))
    connection.execute(
        insert(decisions),
        {
            "channel_id": channel_id,
            "decision": decision.value,
            "message": message,
            "at": at,
        },
    )


def decided(connection: Connection, channel: Channel) -> Decided | None:
    """Return the last decision of a channel, with what became of its message."""
    row = connection.execute(_DECIDED, scopes.named(channel)).first()
    if row is None:
        return None
    return Decided(
        decision=Decision(row.decision),
        message=row.message,
        at=row.at,
        ending=None if row.ending is None else Ending(row.ending),
        reason=row.reason or "",
    )


def anything_due(connection: Connection, now: datetime) -> bool:
    """Tell whether `expire` has anything to do."""
    return bool(connection.scalar(select(exists().where(_old(now)))))


def expire(connection: Connection, now: datetime) -> None:
    """Erase what nobody asked for in time."""
    connection.execute(delete(remembered).where(_old(now)))


def _old(now: datetime) -> ColumnElement[bool]:
    return remembered.c.until <= now


_FOUND = select(remembered).where(
    remembered.c.channel_id == scopes.CHANNEL_ID, remembered.c.message == bindparam("_message")
)
_GONE = delete(remembered).where(
    remembered.c.channel_id == bindparam("_channel_id"),
    remembered.c.message == bindparam("_message"),
)
_about = events.alias("about")
_NEWEST = (
    select(func.max(_about.c.id))
    .where(
        _about.c.channel_id == decisions.c.channel_id,
        _about.c.message == decisions.c.message,
        _about.c.message != "",  # else it is about none
    )
    .scalar_subquery()
)
_DECIDED = (
    select(decisions, events.c.ending, events.c.reason)
    .select_from(decisions)
    .outerjoin(events, events.c.id == _NEWEST)
    .where(decisions.c.channel_id == scopes.CHANNEL_ID)
)
