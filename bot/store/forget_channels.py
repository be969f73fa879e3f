"""Erasing all of a channel: when its keepers want that, and some time after we had to leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, or_, select, update

from bot.model import DeliveryState, Ending, Forgotten
from bot.store import answers, events, forgets, full_text, locks, scopes, workspace_settings
from bot.store import digests as told
from bot.store.forget import CHUNK, NOTHING, drop_unsent_digests, erase
from bot.store.schema import channels, decisions, deliveries, mentions, metadata, questions
from bot.store.schema import events as event_table
from bot.store.schema import forgets as forget_rows
from bot.store.schema import remembered as waiting

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.model import Channel

_OF_CHANNEL = [
    table
    for table in metadata.sorted_tables
    if "channel_id" in table.c and table not in (mentions, forget_rows)
]
"""What is of a channel and of no mention, but for what was forgotten: that is to stay so."""


def forget_channel(connection: Connection, channel: Channel, *, but: int | None) -> Forgotten:
    """Erase all that a channel has read, asked and not been told yet.

    The event `but` goes on: it is the one that asks for this. What the channel has set stays, the
    log of that and what models took; of events and posts that are over stays that they were there,
    without a word of them.
    """
    locks.erase_alone(connection)
    held = locks.hold_channels(
        connection, select(channels.c.id).where(channels.c.id == scopes.id_of(channel))
    )
    gone = NOTHING
    for channel_id in held:
        digests = drop_unsent_digests(connection, channel_id)
        waited = _drop_waiting(connection, channel_id, but)
        told.drop_unread_of(connection, channel_id)
        connection.execute(delete(decisions).where(decisions.c.channel_id == channel_id))
        of_channel = select(questions.c.id).where(questions.c.channel_id == channel_id)
        asked = answers.erase_rows(connection, connection.scalars(of_channel).all())
        counts = Forgotten(
            mentions=0, articles=0, briefs=0, answers=asked, waiting=waited, digests=digests
        )
        gone = gone.plus(counts).plus(_erase_mentions(connection, channel_id))
    if gone != NOTHING:
        full_text.purge(connection)
    return gone


def _drop_waiting(connection: Connection, channel_id: int, but: int | None) -> int:
    """Drop what waits to be asked for, answered or posted, and what failed; return how many."""
    count = connection.execute(delete(waiting).where(waiting.c.channel_id == channel_id)).rowcount
    unsent = connection.execute(
        update(deliveries)
        .where(deliveries.c.channel_id == channel_id, deliveries.c.post.is_not(None))
        .values(post=None, state=DeliveryState.FAILED.value, reason=events.FORGOTTEN)
    ).rowcount
    open_or_dead = connection.execute(
        select(
            event_table.c.id,
            event_table.c.received_at,
            exists().where(deliveries.c.event_id == event_table.c.id).label("answered"),
        ).where(
            event_table.c.channel_id == channel_id,
            or_(event_table.c.ending.is_(None), event_table.c.ending == Ending.DEAD.value),
            event_table.c.id != (but or 0),
        )
    ).all()
    for row in open_or_dead:
        at = row.received_at
        events.end(connection, row.id, Ending.WITHDRAWN, reason=events.FORGOTTEN, at=at)
    return count + unsent + sum(not row.answered for row in open_or_dead)


def _erase_mentions(connection: Connection, channel_id: int) -> Forgotten:
    gone = NOTHING
    of_channel = select(mentions.c.id).where(mentions.c.channel_id == channel_id)
    while ids := locks.hold_mentions(connection, of_channel.limit(CHUNK)):
        forgets.note(connection, ids)
        gone = gone.plus(erase(connection, ids))
    return gone


def is_any_channel_due(connection: Connection, now: datetime) -> bool:
    """Tell whether `expire_channels` has anything to do."""
    return bool(connection.scalar(select(exists().where(channels.c.erase_at <= now))))


def expire_channels(connection: Connection, now: datetime) -> Forgotten:
    """Erase all of the channels that we were put out of long ago.

    Of a channel stays that it was there, how many mentions it had, since none of their numbers
    is given twice, and that they are forgotten, as an older backup may come back.
    """
    locks.erase_alone(connection)
    gone = NOTHING
    due = locks.hold_channels(connection, select(channels.c.id).where(channels.c.erase_at <= now))
    for channel_id in due:
        for table in _OF_CHANNEL:
            erased = connection.execute(
                delete(table).where(table.c.channel_id == channel_id)
            ).rowcount
            if table is questions:
                gone = gone.plus(Forgotten(mentions=0, articles=0, briefs=0, answers=erased))
        gone = gone.plus(_erase_mentions(connection, channel_id))
        connection.execute(
            update(channels).where(channels.c.id == channel_id).values(inviter="", erase_at=None)
        )
    if due:
        workspace_settings.erase_unused(connection)
        full_text.purge(connection)
    return gone
