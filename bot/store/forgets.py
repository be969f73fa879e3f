"""What was forgotten, so that it stays so when an older backup comes back.

A mention is named by its channel, its number and a digest of its article's key, a question by its
channel and a digest of all that it is: nothing of either can be read from that.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from bot.model import Channel, DeliveryState, Workspace
from bot.store import scopes
from bot.store.ensure import insert_missing
from bot.store.lists import few_lengths
from bot.store.schema import (
    article_versions,
    articles,
    channels,
    deliveries,
    facts,
    forgets,
    mentions,
    questions,
    workspaces,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

RESTORED = "restored"
"""The fact that holds when this store was last restored from a backup."""

_ERA = "before the restore"
_QUESTION = 0
"""Stands for the number, which counts from 1, where what was forgotten is a question."""

_QUESTIONS = select(*questions.c["id", "channel_id", "thread", "asker", "asked_at", "text"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Forget:
    """That a mention was forgotten; with `number` 0, that a question was."""

    platform: str
    workspace: str
    channel: str
    number: int
    digest: str

    @property
    def place(self) -> Channel:
        """The channel that it was forgotten in."""
        return Channel(
            workspace=Workspace(platform=self.platform, id=self.workspace), id=self.channel
        )


def note(connection: Connection, ids: Sequence[int]) -> None:
    """Write down that these mentions (by row id) are being forgotten; while they are there."""
    rows = connection.execute(
        select(mentions.c.channel_id, mentions.c.number, articles.c.key)
        .join(article_versions, article_versions.c.id == mentions.c.version_id)
        .join(articles, articles.c.id == article_versions.c.article_id)
        .where(mentions.c.id.in_(few_lengths(ids)))
    ).all()
    if rows:
        connection.execute(
            insert(forgets),
            [
                {"channel_id": row.channel_id, "number": row.number, "digest": _digest(row.key)}
                for row in rows
            ],
        )


def note_questions(connection: Connection, ids: Sequence[int]) -> None:
    """Write down that these questions (by row id) are being forgotten, while they are there.

    Those that rest on a mention go with it, however often.
    """
    rows = connection.execute(_QUESTIONS.where(questions.c.id.in_(few_lengths(ids)))).all()
    if rows:
        connection.execute(
            insert(forgets),
            [
                {"channel_id": row.channel_id, "number": _QUESTION, "digest": _digest_of(row)}
                for row in rows
            ],
        )


def questions_still_there(connection: Connection, given: Iterable[Forget]) -> list[int]:
    """Return the row ids of the forgotten questions that are there (again)."""
    digests: dict[Channel, set[str]] = {}
    for one in given:
        if one.number == _QUESTION:
            digests.setdefault(one.place, set()).add(one.digest)
    return [
        row.id
        for channel, known in digests.items()
        for row in connection.execute(
            _QUESTIONS.where(questions.c.channel_id == scopes.id_of(channel))
        )
        if _digest_of(row) in known
    ]


def noted(connection: Connection) -> list[Forget]:
    """Return all that was written down."""
    rows = connection.execute(
        select(
            workspaces.c.platform,
            workspaces.c.external_id.label("workspace"),
            channels.c.external_id.label("channel"),
            forgets.c.number,
            forgets.c.digest,
        )
        .join(channels, channels.c.id == forgets.c.channel_id)
        .join(workspaces, workspaces.c.id == channels.c.workspace_id)
        .order_by(forgets.c.id)
    )
    return [Forget(**row._mapping) for row in rows]  # noqa: SLF001 - its public name


def keep(connection: Connection, given: Iterable[Forget]) -> None:
    """Write down what another database had written down, as far as it is not here."""
    here = set(noted(connection))
    for one in dict.fromkeys(given):
        _, channel_id = scopes.ensure(connection, one.place)
        if one not in here:
            connection.execute(
                insert(forgets).values(channel_id=channel_id, number=one.number, digest=one.digest)
            )
        # Else the number would be given to something new, which might be taken for the old.
        connection.execute(
            update(channels)
            .where(channels.c.id == channel_id, channels.c.last_number < one.number)
            .values(last_number=one.number)
        )


def still_there(connection: Connection, given: Iterable[Forget]) -> dict[Channel, list[int]]:
    """Return which of the forgotten mentions are there (again), by channel."""
    found: dict[Channel, list[int]] = {}
    for one in given:
        channel = one.place
        key = connection.scalar(
            select(articles.c.key)
            .join(article_versions, article_versions.c.article_id == articles.c.id)
            .join(mentions, mentions.c.version_id == article_versions.c.id)
            .where(mentions.c.channel_id == scopes.id_of(channel), mentions.c.number == one.number)
        )
        if key is not None and _digest(key) == one.digest:
            found.setdefault(channel, []).append(one.number)
    return found


def mark_restored(connection: Connection, now: datetime) -> None:
    """Say that this is an older state: whatever it has not posted may have been posted since."""
    connection.execute(update(facts).where(facts.c.name == RESTORED).values(value=now.isoformat()))
    insert_missing(connection, facts, {"name": RESTORED, "value": now.isoformat()})
    known = [
        state.value
        for state in (DeliveryState.POSTED, DeliveryState.RETRACTED, DeliveryState.SENDING)
    ]
    connection.execute(
        update(deliveries).where(deliveries.c.state.not_in(known)).values(suspect=True)
    )
    connection.execute(
        update(deliveries)
        .where(deliveries.c.state == DeliveryState.SENDING.value)
        .values(tried_era=_ERA)
    )


def _digest_of(question: Row[*tuple[Any, ...]]) -> str:
    at = question.asked_at.isoformat()
    return _digest(f"{question.thread}\0{question.asker}\0{at}\0{question.text}")


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
