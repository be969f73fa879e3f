"""Digests: which channels want them, what they read, and how much of it was told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select

from bot.model import DayRead, Subscription, Told, Unread, Verdict
from bot.store import events, mentions, scopes, settings
from bot.store.ensure import insert_missing
from bot.store.schema import (
    channel_settings,
    channels,
    digests,
    questions,
    setting_changes,
    unread,
    workspace_changes,
    workspace_settings,
    workspaces,
)
from bot.store.schema import mentions as mention_rows

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.model import Channel, Thread

_UNREAD_DAYS = 8
"""How long a link that could not be read is told: a digest looks back a week."""

_TIMES = ("digest", "digest_time", "digest_days", "digest_from", "zone")
"""The settings that say when a digest comes."""

_ON = '%"digest":%true%'
_OLD = timedelta(days=400)


def subscriptions(connection: Connection) -> list[Subscription]:
    """Return every channel whose digest is on: see `ports.Store.subscriptions`.

    In one query, since it is asked every minute about all channels there are.
    """
    found = []
    for row in connection.execute(_MAY_BE_ON):
        kept = settings.decoded(row)
        if kept.digest:
            set_at = [at for at in (row.set_here, row.set_for_all) if at is not None]
            found.append(
                Subscription(
                    channel=events.channel_of(row),
                    settings=kept,
                    told=None if row.day is None else _told(row),
                    set_at=max(set_at, default=None),
                )
            )
    return found


def told(connection: Connection, channel: Channel) -> Told | None:
    """Return the newest day of a channel that was decided."""
    row = connection.execute(_TOLD, scopes.named(channel)).first()
    return None if row is None else _told(row)


def _told(row: Row[*tuple[Any, ...]]) -> Told:
    return Told(day=row.day, until=row.told_until, number=row.told_number, posted=row.posted)


def tell(
    connection: Connection, channel: Channel, given: Told, *, delivery: int | None, again: bool
) -> bool:
    """Keep that a day was decided: see `ports.Store.tell`."""
    _, channel_id = scopes.ensure(connection, channel)
    if again:
        connection.execute(
            delete(digests).where(digests.c.channel_id == channel_id, digests.c.day == given.day)
        )
    values = {
        "channel_id": channel_id,
        "day": given.day,
        "told_until": given.until,
        "told_number": given.number,
        "posted": given.posted,
        "delivery_id": delivery,
    }
    return insert_missing(connection, digests, values, returning=digests.c.channel_id) is not None


def read_since(
    connection: Connection, channel: Channel, number: int, *, since: datetime, limit: int
) -> DayRead:
    """Return what a channel read: see `ports.Store.read_since`."""
    named = {**scopes.named(channel), "_since": since}
    found = mentions.find(
        connection, channel, _ABOVE, _SINCE, limit=limit, _above=number, _since=since
    )
    talk = connection.execute(_ASKED, named).all()
    left: dict[str, Unread] = {}
    for row in connection.execute(_UNREAD, named):
        left.setdefault(row.source, Unread(source=row.source, verdict=Verdict(row.verdict)))
    return DayRead(
        mentions=tuple(found),
        talk={row.thread: row.asked for row in talk},
        unread=tuple(left.values()),
        last=connection.scalar(_LAST, named) or 0,
    )


def add_unread(
    connection: Connection,
    thread: Thread,
    message: str,
    given: Unread,
    *,
    poster: str,
    at: datetime,
) -> None:
    """Keep that a link could not be read: see `ports.Store.add_unread`."""
    _, channel_id = scopes.ensure(connection, thread.channel)
    same = (
        unread.c.channel_id == channel_id,
        unread.c.message == message,
        unread.c.source == given.source,
    )
    connection.execute(delete(unread).where(*same))
    connection.execute(
        insert(unread),
        {
            "channel_id": channel_id,
            "message": message,
            "source": given.source,
            "thread": thread.id,
            "poster": poster,
            "verdict": given.verdict.value,
            "at": at,
            "until": at + timedelta(days=_UNREAD_DAYS),
        },
    )


def drop_unread(connection: Connection, channel_id: int, *, message: str, thread: str) -> None:
    """Erase what could not be read of a message, or of a thread."""
    place = unread.c.message == message if message else unread.c.thread == thread
    connection.execute(delete(unread).where(unread.c.channel_id == channel_id, place))


def drop_unread_of(
    connection: Connection, channel_id: int, *, poster: str = "", thread: str = ""
) -> int:
    """Erase what could not be read of a person, a thread, or him in it; return how much.

    All of the channel where neither is given.
    """
    chosen = [unread.c.channel_id == channel_id]
    chosen += [unread.c.poster == poster] if poster else []
    chosen += [unread.c.thread == thread] if thread else []
    return connection.execute(delete(unread).where(*chosen)).rowcount


def anything_due(connection: Connection, now: datetime) -> bool:
    """Tell whether `expire` has anything to do."""
    old = exists().where(unread.c.until <= now)
    return bool(connection.scalar(select(or_(old, exists().where(_told_long_ago(now))))))


def expire(connection: Connection, now: datetime) -> None:
    """Erase what no digest tells any more, and which days were told more than a year ago."""
    connection.execute(delete(unread).where(unread.c.until <= now))
    connection.execute(delete(digests).where(_told_long_ago(now)))


def _told_long_ago(now: datetime) -> Any:
    return digests.c.day < (now - _OLD).date()


_newest = digests.alias("newest")
_NEWEST = (
    select(func.max(_newest.c.day))
    .where(_newest.c.channel_id == channels.c.id)
    .correlate(channels)
    .scalar_subquery()
)
_MAY_BE_ON = (
    select(
        *events.scope_columns,
        channel_settings.c.settings,
        workspace_settings.c.settings.label("of_all"),
        workspace_settings.c.locks,
        *digests.c["day", "told_until", "told_number", "posted"],
        select(func.max(setting_changes.c.at))
        .where(setting_changes.c.channel_id == channels.c.id, setting_changes.c.name.in_(_TIMES))
        .correlate(channels)
        .scalar_subquery()
        .label("set_here"),
        select(func.max(workspace_changes.c.at))
        .where(
            workspace_changes.c.workspace_id == channels.c.workspace_id,
            workspace_changes.c.name.in_(_TIMES),
        )
        .correlate(channels)
        .scalar_subquery()
        .label("set_for_all"),
    )
    .join(workspaces, workspaces.c.id == channels.c.workspace_id)
    .outerjoin(channel_settings, channel_settings.c.channel_id == channels.c.id)
    .outerjoin(workspace_settings, workspace_settings.c.workspace_id == channels.c.workspace_id)
    .outerjoin(digests, and_(digests.c.channel_id == channels.c.id, digests.c.day == _NEWEST))
    .where(
        channels.c.erase_at.is_(None),
        or_(channel_settings.c.settings.like(_ON), workspace_settings.c.settings.like(_ON)),
    )
    .order_by(channels.c.id)
)
_TOLD = (
    select(digests)
    .where(digests.c.channel_id == scopes.CHANNEL_ID)
    .order_by(digests.c.day.desc())
    .limit(1)
)
_ABOVE = mention_rows.c.number > bindparam("_above")
_SINCE = mention_rows.c.at >= bindparam("_since")
_ASKED = (
    select(questions.c.thread, func.count().label("asked"))
    .where(
        questions.c.channel_id == scopes.CHANNEL_ID,
        questions.c.asked_at >= bindparam("_since"),
    )
    .group_by(questions.c.thread)
)
_UNREAD = (
    select(unread.c.source, unread.c.verdict)
    .where(
        unread.c.channel_id == scopes.CHANNEL_ID,
        unread.c.at >= bindparam("_since"),
        ~exists().where(
            mention_rows.c.channel_id == unread.c.channel_id,
            mention_rows.c.source == unread.c.source,
            mention_rows.c.at >= unread.c.at,
        ),
    )
    .order_by(unread.c.at.desc(), unread.c.source)
)
_LAST = select(func.max(mention_rows.c.number)).where(
    mention_rows.c.channel_id == scopes.CHANNEL_ID
)
