"""The briefs of mentions, and what is said to be wrong with them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, insert, select

from bot.model import Brief, Mention, Method, Strike
from bot.store import locks, retention, scopes, settings
from bot.store.ensure import insert_missing
from bot.store.lists import few_lengths
from bot.store.schema import article_versions, briefs, mentions, strikes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row


def add(connection: Connection, mention: Mention, brief: Brief, at: datetime) -> Mention:
    """Store a brief of a mention; one of a mention that was forgotten meanwhile is not kept."""
    if brief.version != mention.article.version:
        raise ValueError("a brief belongs to the version that it was written from")
    channel = mention.thread.channel
    locks.hold_channel(connection, channel)
    mention_id = connection.scalar(_ID_OF, {**scopes.named(channel), "_number": mention.number})
    if mention_id is not None:
        connection.execute(
            _BRIEFED,
            {
                "mention_id": mention_id,
                "at": at,
                "method": brief.method.value,
                "bullets": brief.bullets,
                "warnings": brief.warnings,
                "model": brief.model,
                "prompt_hash": brief.prompt_hash,
                "until": retention.brief_deadline(settings.read(connection, channel), at),
            },
        )
    return replace(mention, brief=brief, strikes=())


def strike(connection: Connection, mention: Mention, given: Strike) -> None:
    """Keep that a bullet is said to be wrong; not where its brief is no longer the newest."""
    channel = mention.thread.channel
    locks.hold_channel(connection, channel)
    row = connection.execute(
        _NEWEST_OF, {**scopes.named(channel), "_number": mention.number}
    ).first()
    if row is None or read(row) != mention.brief:
        return
    insert_missing(
        connection,
        strikes,
        {
            "brief_id": row.brief_id,
            "bullet": given.bullet,
            "who": given.who,
            "why": given.why,
            "at": given.at,
        },
    )


def struck(connection: Connection, brief_ids: Iterable[int]) -> dict[int, tuple[Strike, ...]]:
    """Return the strikes of these briefs, by bullet."""
    found: dict[int, tuple[Strike, ...]] = {}
    ids = few_lengths(brief_ids)
    if not ids:
        return found
    for row in connection.execute(_STRIKES, {"_briefs": ids}):
        one = Strike(bullet=row.bullet, who=row.who, why=row.why, at=row.at)
        found[row.brief_id] = (*found.get(row.brief_id, ()), one)
    return found


def read(row: Row[*tuple[Any, ...]]) -> Brief:
    """Return the brief of a row that selects COLUMNS, and the version of its article."""
    return Brief(
        version=row.version,
        method=Method(row.method),
        bullets=row.bullets,
        warnings=row.warnings,
        model=row.model,
        prompt_hash=row.prompt_hash,
    )


_newer = briefs.alias("newer")
NEWEST = (
    select(_newer.c.id)
    .where(_newer.c.mention_id == mentions.c.id)
    .order_by(_newer.c.at.desc(), _newer.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
"""The row id of the newest brief of a row of mentions."""

COLUMNS = (
    briefs.c.id.label("brief_id"),
    *briefs.c["method", "bullets", "warnings", "model", "prompt_hash"],
)
IS_STRUCK = exists().where(strikes.c.brief_id == briefs.c.id)

_BRIEFED = insert(briefs)
_MENTIONED = (
    mentions.c.channel_id == scopes.CHANNEL_ID,
    mentions.c.number == bindparam("_number"),
)
_ID_OF = select(mentions.c.id).where(*_MENTIONED)
_NEWEST_OF = (
    select(*COLUMNS, article_versions.c.version)
    .join(mentions, mentions.c.id == briefs.c.mention_id)
    .join(article_versions, article_versions.c.id == mentions.c.version_id)
    .where(*_MENTIONED, briefs.c.id == NEWEST)
)
_STRIKES = (
    select(strikes)
    .where(strikes.c.brief_id.in_(bindparam("_briefs", expanding=True)))
    .order_by(strikes.c.brief_id, strikes.c.bullet)
)
