"""Erasing: what people want forgotten, and what has been kept long enough.

What is left of an article when a channel loses a mention is decided here in one place: its
words stay while any mention of the workspace has a right to them, its version while any
mention points at it, an answer while its channel mentions all that it quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, or_, select, update

from bot.model import Forgotten
from bot.store import (
    deliveries,
    events,
    forgets,
    full_text,
    locks,
    remembering,
    scopes,
    workspace_settings,
)
from bot.store.lists import few_lengths
from bot.store.schema import (
    article_texts,
    article_versions,
    articles,
    briefs,
    channels,
    mentions,
    metadata,
    question_versions,
    questions,
)
from bot.store.schema import forgets as forget_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.model import Channel

NOTHING = Forgotten(mentions=0, articles=0, briefs=0, answers=0)

_CHUNK = 500

_OF_CHANNEL = [
    table
    for table in metadata.sorted_tables
    if "channel_id" in table.c and table not in (mentions, forget_rows)
]
"""What is of a channel and of no mention, but for what was forgotten: that is to stay so."""


def forget(connection: Connection, channel: Channel, numbers: Sequence[int]) -> Forgotten:
    """Erase these mentions of a channel and what rests on them alone."""
    locks.erase_alone(connection)
    gone = NOTHING
    for start in range(0, len(numbers), _CHUNK):
        chosen = select(mentions.c.id).where(
            mentions.c.channel_id == scopes.id_of(channel),
            mentions.c.number.in_(few_lengths(numbers[start : start + _CHUNK])),
        )
        ids = locks.hold_mentions(connection, chosen)
        forgets.note(connection, ids)
        gone = gone.plus(_erase(connection, ids))
    if gone != NOTHING:
        full_text.purge(connection)
    return gone


def anything_due(connection: Connection, now: datetime) -> bool:
    """Tell whether `expire` has anything to do: one look at four indexes."""
    return bool(
        connection.scalar(
            select(
                or_(
                    exists().where(mentions.c.text_until <= now),
                    exists().where(mentions.c.until <= now),
                    exists().where(briefs.c.until <= now),
                    exists().where(questions.c.until <= now),
                )
            )
        )
    )


def expire(connection: Connection, now: datetime) -> Forgotten:
    """Erase what is past its deadline; an article whose words go keeps headline and brief."""
    locks.erase_alone(connection)
    gone = NOTHING
    old_mentions = select(mentions.c.id).where(mentions.c.until <= now).limit(_CHUNK)
    while ids := locks.hold_mentions(connection, old_mentions):
        gone = gone.plus(_erase(connection, ids))
    old_texts = select(mentions.c.id).where(mentions.c.text_until <= now).limit(_CHUNK)
    while ids := locks.hold_mentions(connection, old_texts):
        versions = connection.scalars(
            update(mentions)
            .where(mentions.c.id.in_(few_lengths(ids)))
            .values(text_until=None)
            .returning(mentions.c.version_id)
        )
        blanked = _drop_texts(connection, set(versions))
        gone = gone.plus(Forgotten(mentions=0, articles=blanked, briefs=0, answers=0))
    old_briefs = connection.execute(delete(briefs).where(briefs.c.until <= now)).rowcount
    old_answers = connection.execute(delete(questions).where(questions.c.until <= now)).rowcount
    gone = gone.plus(Forgotten(mentions=0, articles=0, briefs=old_briefs, answers=old_answers))
    if gone != NOTHING:
        full_text.purge(connection)
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
        of_channel = select(mentions.c.id).where(mentions.c.channel_id == channel_id)
        while ids := locks.hold_mentions(connection, of_channel.limit(_CHUNK)):
            forgets.note(connection, ids)
            gone = gone.plus(_erase(connection, ids))
        connection.execute(
            update(channels).where(channels.c.id == channel_id).values(inviter="", erase_at=None)
        )
    if due:
        workspace_settings.erase_unused(connection)
        full_text.purge(connection)
    return gone


def _erase(connection: Connection, ids: Sequence[int]) -> Forgotten:
    rows = connection.execute(
        select(*mentions.c["channel_id", "thread", "version_id", "message"]).where(
            mentions.c.id.in_(few_lengths(ids))
        )
    ).all()
    lost_briefs = connection.execute(
        delete(briefs).where(briefs.c.mention_id.in_(few_lengths(ids)))
    ).rowcount
    connection.execute(delete(mentions).where(mentions.c.id.in_(few_lengths(ids))))
    lost_answers = _drop_answers(connection, rows)
    deliveries.withdraw(connection, {(row.channel_id, row.thread) for row in rows})
    messages = {(row.channel_id, row.message) for row in rows}
    events.withdraw_dead(connection, messages)
    remembering.forget(connection, messages)
    versions = {row.version_id for row in rows}
    _drop_texts(connection, versions)
    parents = connection.scalars(
        select(article_versions.c.article_id).where(
            article_versions.c.id.in_(few_lengths(versions))
        )
    ).all()
    lost_articles = connection.execute(
        delete(article_versions).where(
            article_versions.c.id.in_(few_lengths(versions)),
            ~exists().where(mentions.c.version_id == article_versions.c.id),
        )
    ).rowcount
    connection.execute(
        delete(articles).where(
            articles.c.id.in_(few_lengths(parents)),
            ~exists().where(article_versions.c.article_id == articles.c.id),
        )
    )
    return Forgotten(
        mentions=len(rows), articles=lost_articles, briefs=lost_briefs, answers=lost_answers
    )


def _drop_answers(connection: Connection, lost: Sequence[Row[*tuple[Any, ...]]]) -> int:
    """Erase the answers that rested on lost mentions.

    Those that quote what their channel no longer mentions, and those without a quote in threads
    where nothing is left to talk about.
    """
    gone = 0
    quoting = (
        select(question_versions.c.question_id)
        .join(questions, questions.c.id == question_versions.c.question_id)
        .where(
            question_versions.c.version_id.in_(few_lengths({row.version_id for row in lost})),
            ~exists().where(
                mentions.c.channel_id == questions.c.channel_id,
                mentions.c.version_id == question_versions.c.version_id,
            ),
        )
    )
    gone += connection.execute(delete(questions).where(questions.c.id.in_(quoting))).rowcount
    for channel_id, thread in sorted({(row.channel_id, row.thread) for row in lost}):
        gone += connection.execute(
            delete(questions).where(
                questions.c.channel_id == channel_id,
                questions.c.thread == thread,
                ~exists().where(question_versions.c.question_id == questions.c.id),
                ~exists().where(
                    and_(
                        mentions.c.channel_id == questions.c.channel_id,
                        mentions.c.thread == questions.c.thread,
                    )
                ),
            )
        ).rowcount
    return gone


def _drop_texts(connection: Connection, versions: Collection[int]) -> int:
    # Their passages go with them, and those take themselves out of the index.
    return connection.execute(
        delete(article_texts).where(
            article_texts.c.version_id.in_(few_lengths(versions)),
            ~exists().where(
                mentions.c.version_id == article_texts.c.version_id,
                mentions.c.text_until.is_not(None),
            ),
        )
    ).rowcount
