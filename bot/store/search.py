"""Search over what one channel mentioned.

The full-text index only brings up candidates; they are counted and ranked among the channel's
own passages (`ranking`). FTS5's bm25() weighs words by what all channels of all workspaces
hold, so its order would let one channel see a shadow of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import column, func, select, table, text

from bot.model import Found, Passage
from bot.store import mentions as mention_rows
from bot.store import ranking, scopes
from bot.store.schema import mentions, passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.model import Channel


# Above this many passages, words that stand in more than this share of them are left out, but
# for the rarest few: they cost the most and tell the least (p50 51 -> 4 ms at 96,609 passages).
_LARGE = 2000
_COMMON = 0.02
_RAREST = 3

_MOST_TERMS = 64


def search(
    connection: Connection,
    channel: Channel,
    terms: Sequence[str],
    *,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> list[Found]:
    """Return the passages that `ports.Store.search` promises."""
    seen = _seen(channel, since, until)
    if terms:
        wanted = list(dict.fromkeys(term for term in terms if term.strip()))[:_MOST_TERMS]
        chosen = _best(connection, _visible(seen), wanted, limit)
    else:
        chosen = _openings(connection, seen, limit)
    return _found(connection, channel, seen, chosen)


def _seen(
    channel: Channel, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    """Return the conditions of the mentions that lend the channel their words."""
    conditions: list[ColumnElement[bool]] = [
        mentions.c.channel_id == scopes.id_of(channel),
        mentions.c.text_until.is_not(None),
    ]
    if since is not None:
        conditions.append(mentions.c.at >= since)
    if until is not None:
        conditions.append(mentions.c.at < until)
    return conditions


def _visible(seen: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    return passages.c.version_id.in_(select(mentions.c.version_id).where(*seen))


def _best(
    connection: Connection, visible: ColumnElement[bool], terms: Sequence[str], limit: int
) -> list[int]:
    total = _count(connection, visible)
    if total > _LARGE:
        terms = _telling(connection, visible, terms, total)
    if not terms:
        return []
    rows = connection.execute(
        select(passages.c.id, passages.c.terms).where(_holds_any(terms), visible)
    )
    return ranking.best([(row.id, row.terms) for row in rows], terms, total=total)[:limit]


def _telling(
    connection: Connection, visible: ColumnElement[bool], terms: Sequence[str], total: int
) -> list[str]:
    counts = {term: _count(connection, visible, _holds_any([term])) for term in terms}
    by_rarity = sorted((term for term in terms if counts[term]), key=lambda term: counts[term])
    return [
        term
        for rank, term in enumerate(by_rarity)
        if rank < _RAREST or counts[term] <= _COMMON * total
    ]


def _count(connection: Connection, *conditions: ColumnElement[bool]) -> int:
    return connection.execute(
        select(func.count()).select_from(passages).where(*conditions)
    ).scalar_one()


def _holds_any(terms: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a passage's terms hold one of these."""
    # The one part that is SQLite's own. Quoted, a term may hold anything but a NUL, which would
    # end the query.
    quoted = ('"{}"'.format(term.replace('"', '""').replace("\0", " ")) for term in terms)
    index = table("passages_fts", column("rowid"))
    return passages.c.id.in_(
        select(index.c.rowid).where(
            text("passages_fts MATCH :terms").bindparams(terms=" OR ".join(quoted))
        )
    )


def _openings(connection: Connection, seen: Sequence[ColumnElement[bool]], limit: int) -> list[int]:
    newest = (
        select(mentions.c.version_id, func.max(mentions.c.number).label("number"))
        .where(*seen)
        .group_by(mentions.c.version_id)
        .subquery()
    )
    # Passages are stored in the order of the text: the first of a version has the lowest id.
    opening = func.min(passages.c.id)
    rows = connection.execute(
        select(opening)
        .join(newest, newest.c.version_id == passages.c.version_id)
        .group_by(newest.c.version_id, newest.c.number)
        .order_by(newest.c.number.desc())
        .limit(limit)
    )
    return list(rows.scalars())


def _found(
    connection: Connection,
    channel: Channel,
    seen: Sequence[ColumnElement[bool]],
    chosen: Sequence[int],
) -> list[Found]:
    if not chosen:
        return []
    number = (
        select(func.max(mentions.c.number))
        .where(*seen, mentions.c.version_id == passages.c.version_id)
        .scalar_subquery()
    )
    rows = {
        row.id: row
        for row in connection.execute(
            select(*passages.c["id", "first", "last", "terms"], number.label("number")).where(
                passages.c.id.in_(chosen)
            )
        )
    }
    numbers = {row.number for row in rows.values()}
    by_number = {
        one.number: one
        for one in mention_rows.find(connection, channel, mentions.c.number.in_(numbers))
    }
    return [
        Found(
            mention=by_number[row.number],
            passage=Passage(first=row.first, last=row.last, terms=row.terms),
        )
        for row in (rows[one] for one in chosen)
    ]
