"""Questions with their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, select

from bot.model import Answer, Method, Question, Thread, Voice
from bot.store import forgets, locks, retention, scopes, settings
from bot.store.lists import few_lengths
from bot.store.schema import article_versions, mentions, question_versions, questions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.model import Channel


_CHUNK = 500


def add(connection: Connection, question: Question, answer: Answer) -> bool:
    """Store a question with its answer and the versions that it quotes.

    An answer that quotes what the channel no longer holds (forgotten meanwhile) is not kept, which
    is told by False: nothing could ever erase it again.
    """
    channel = question.thread.channel
    locks.hold_channel(connection, channel)
    quoted = {one.version for one in answer.quotes}
    held = _mentioned(connection, channel, quoted)
    if quoted != held.keys():
        return False
    if not _is_there(connection, question):  # answered anew, after a kill
        _insert(connection, question, answer, held)
    return True


def _insert(
    connection: Connection, question: Question, answer: Answer, held: Mapping[str, Sequence[int]]
) -> None:
    """Insert a question, and with which versions of articles its answer goes; `held` has them."""
    channel = question.thread.channel
    _, channel_id = scopes.ensure(connection, channel)
    kept = settings.read(connection, channel)
    question_id = connection.execute(
        insert(questions)
        .values(
            channel_id=channel_id,
            thread=question.thread.id,
            asker=question.asker,
            text=question.text,
            asked_at=question.asked_at,
            voice=answer.voice.value,
            answer=answer.text,
            confidence=answer.confidence,
            quotes=answer.quotes,
            method=answer.method.value,
            warnings=answer.warnings,
            model=answer.model,
            prompt_hash=answer.prompt_hash,
            until=retention.question_deadline(kept, question.asked_at),
        )
        .returning(questions.c.id)
    ).scalar_one()
    if held:
        connection.execute(
            insert(question_versions),
            [
                {"question_id": question_id, "version_id": one}
                for ids in held.values()
                for one in ids
            ],
        )


def _is_there(connection: Connection, question: Question) -> bool:
    same = exists().where(
        questions.c.channel_id == scopes.id_of(question.thread.channel),
        questions.c.thread == question.thread.id,
        questions.c.asked_at == question.asked_at,
        questions.c.asker == question.asker,
        questions.c.text == question.text,
    )
    return bool(connection.scalar(select(same)))


def last_question(connection: Connection, thread: Thread) -> Question | None:
    """Return what was asked last in a thread, with the question before it as `previous`."""
    rows = connection.execute(
        select(questions.c.asker, questions.c.text, questions.c.asked_at)
        .where(
            questions.c.channel_id == scopes.id_of(thread.channel),
            questions.c.thread == thread.id,
        )
        .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
        .limit(2)
    ).all()
    if not rows:
        return None
    last, before = rows[0], rows[1:]
    return Question(
        thread=thread,
        asker=last.asker,
        text=last.text,
        asked_at=last.asked_at,
        previous=before[0].text if before else None,
    )


def exchanges(connection: Connection, thread: Thread, *, limit: int) -> list[tuple[str, str]]:
    """Return a thread's last questions with the words answered, oldest first.

    An absent answer has no words.
    """
    rows = connection.execute(
        select(questions.c.text, questions.c.voice, questions.c.answer)
        .where(
            questions.c.channel_id == scopes.id_of(thread.channel),
            questions.c.thread == thread.id,
        )
        .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
        .limit(limit)
    ).all()
    return [
        (row.text, "" if row.voice == Voice.ABSENT.value else row.answer) for row in reversed(rows)
    ]


def asked_since(connection: Connection, channel: Channel, asker: str, since: datetime) -> int:
    """Return how many of a person's questions are there from a time on."""
    named = {**scopes.named(channel), "_asker": asker, "_since": since}
    return connection.execute(_ASKED, named).scalar_one()


def erase(connection: Connection, channel: Channel, *, asker: str, thread: str) -> list[str]:
    """Erase a channel's questions: a person's, a thread's or, where both are given, his in it.

    Returns the thread of each. Raises ValueError where neither is given.
    """
    if not asker and not thread:
        raise ValueError("whose questions, or where")
    chosen = questions.c.channel_id == scopes.id_of(channel)
    if asker:
        chosen = and_(chosen, questions.c.asker == asker)
    if thread:
        chosen = and_(chosen, questions.c.thread == thread)
    rows = connection.execute(select(questions.c.id, questions.c.thread).where(chosen)).all()
    erase_rows(connection, [row.id for row in rows])
    return [row.thread for row in rows]


def erase_rows(connection: Connection, ids: Sequence[int]) -> int:
    """Erase questions by their row ids, so that an older backup does not bring them back."""
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        forgets.note_questions(connection, some)
        connection.execute(delete(questions).where(questions.c.id.in_(few_lengths(some))))
    return len(ids)


def listed(
    connection: Connection, channel: Channel, *, limit: int, offset: int
) -> list[tuple[Question, Answer]]:
    """Return the channel's questions with their answers, newest first."""
    rows = connection.execute(
        select(questions)
        .where(questions.c.channel_id == scopes.id_of(channel))
        .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [_pair(channel, row) for row in rows]


_ASKED = select(func.count()).where(
    questions.c.channel_id == scopes.CHANNEL_ID,
    questions.c.asker == bindparam("_asker"),
    questions.c.asked_at >= bindparam("_since"),
)


def _mentioned(
    connection: Connection, channel: Channel, versions: set[str]
) -> dict[str, list[int]]:
    """Return the row ids of those of the versions that the channel mentions.

    One version may have several: the same words under two addresses.
    """
    rows = connection.execute(
        select(article_versions.c.id, article_versions.c.version)
        .join(mentions, mentions.c.version_id == article_versions.c.id)
        .where(
            mentions.c.channel_id == scopes.id_of(channel),
            article_versions.c.version.in_(few_lengths(versions)),
        )
        .distinct()
    )
    held: dict[str, list[int]] = {}
    for row in rows:
        held.setdefault(row.version, []).append(row.id)
    return held


def _pair(channel: Channel, row: Row[*tuple[Any, ...]]) -> tuple[Question, Answer]:
    question = Question(
        thread=Thread(channel=channel, id=row.thread),
        asker=row.asker,
        text=row.text,
        asked_at=row.asked_at,
    )
    answer = Answer(
        voice=Voice(row.voice),
        text=row.answer,
        quotes=row.quotes,
        confidence=row.confidence,
        method=Method(row.method),
        warnings=row.warnings,
        model=row.model,
        prompt_hash=row.prompt_hash,
    )
    return question, answer
