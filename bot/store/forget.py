"""Erasing: what people want forgotten, and what has been kept long enough.

What is left of an article when a channel loses a mention is decided here in one place: its
words stay while any mention of the workspace has a right to them, its version while any
mention points at it, an answer while its channel mentions all that it quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, exists, or_, select, update

from bot.model import DeliveryState, Forgotten
from bot.store import answers, deliveries, events, forgets, full_text, locks, remembering, scopes
from bot.store import digests as told
from bot.store.lists import few_lengths
from bot.store.schema import (
    article_texts,
    article_versions,
    articles,
    briefs,
    channels,
    digests,
    mentions,
    question_versions,
    questions,
)
from bot.store.schema import deliveries as lines

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row, ScalarSelect

    from bot.model import Channel
    from bot.store.forgets import Forget

NOTHING = Forgotten(mentions=0, articles=0, briefs=0, answers=0)

CHUNK = 500
"""So many mentions are erased at a time."""


def forget(connection: Connection, channel: Channel, numbers: Sequence[int]) -> Forgotten:
    """Erase these mentions of a channel and what rests on them alone.

    A digest of the channel that is not posted yet may tell of them: it is to be composed anew.
    """
    locks.erase_alone(connection)
    gone = NOTHING
    if numbers:  # before the lines of their threads are taken back: one may be a digest
        drop_unsent_digests(connection, scopes.id_of(channel))
    for start in range(0, len(numbers), CHUNK):
        chosen = select(mentions.c.id).where(
            mentions.c.channel_id == scopes.id_of(channel),
            mentions.c.number.in_(few_lengths(numbers[start : start + CHUNK])),
        )
        ids = locks.hold_mentions(connection, chosen)
        forgets.note(connection, ids)
        gone = gone.plus(erase(connection, ids))
    if gone != NOTHING:
        full_text.purge(connection)
    return gone


def forget_asked(connection: Connection, channel: Channel, *, asker: str, thread: str) -> Forgotten:
    """Erase a channel's questions: a person's, a thread's or, where both are given, his in it.

    So goes what waits there, for him or for anybody: links that nobody has asked about yet, what
    failed, and what is not posted yet in the threads where a question is erased.
    """
    locks.erase_alone(connection)
    held = locks.hold_channels(
        connection, select(channels.c.id).where(channels.c.id == scopes.id_of(channel))
    )
    gone = NOTHING
    for channel_id in held:
        asked = answers.erase(connection, channel, asker=asker, thread=thread)
        whole = {thread} - {""} if not asker else set()  # of a whole thread, all that waits
        waiting = deliveries.withdraw(connection, {(channel_id, one) for one in {*asked, *whole}})
        waiting += events.withdraw_dead_of(connection, channel_id, who=asker, thread=thread)
        waiting += remembering.drop_of(connection, channel_id, author=asker, thread=thread)
        told.drop_unread_of(connection, channel_id, poster=asker, thread=thread)
        gone = Forgotten(mentions=0, articles=0, briefs=0, answers=len(asked), waiting=waiting)
    return gone


def forget_again(connection: Connection, forgotten: Sequence[Forget]) -> Forgotten:
    """Erase the questions that an older backup brought back."""
    locks.erase_alone(connection)
    again = answers.erase_rows(connection, forgets.questions_still_there(connection, forgotten))
    return Forgotten(mentions=0, articles=0, briefs=0, answers=again)


def drop_unsent_digests(connection: Connection, channel_id: int | ScalarSelect[int]) -> int:
    """Take back the digests of a channel that are not posted yet; return how many.

    What nobody has tried to post goes with the row of its day, so that the day is told anew. What
    may have arrived keeps its row, as a day is told once; its text goes.
    """
    of_channel = select(digests.c.delivery_id).where(digests.c.channel_id == channel_id)
    unsent = and_(lines.c.id.in_(of_channel), lines.c.post.is_not(None))
    new = connection.scalars(
        select(lines.c.id).where(unsent, lines.c.state == DeliveryState.NEW.value)
    ).all()
    connection.execute(delete(digests).where(digests.c.delivery_id.in_(few_lengths(new))))
    connection.execute(delete(lines).where(lines.c.id.in_(few_lengths(new))))
    blanked = connection.execute(
        update(lines)
        .where(unsent)
        .values(post=None, state=DeliveryState.FAILED.value, reason=events.FORGOTTEN)
    ).rowcount
    return len(new) + blanked


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
    old_mentions = select(mentions.c.id).where(mentions.c.until <= now).limit(CHUNK)
    while ids := locks.hold_mentions(connection, old_mentions):
        gone = gone.plus(erase(connection, ids))
    old_texts = select(mentions.c.id).where(mentions.c.text_until <= now).limit(CHUNK)
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


def erase(connection: Connection, ids: Sequence[int]) -> Forgotten:
    """Erase mentions (by row id) that nobody else comes near, and what rests on them alone."""
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
