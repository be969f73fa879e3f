"""Search over what one channel mentioned.

The full-text index only brings up candidates; they are counted and ranked among the channel's
own passages (`ranking`). FTS5's bm25() weighs words by what all channels of all workspaces
hold, so its order would let one channel see a shadow of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import exists, func, select

from bot.model import Found, Passage
from bot.store import full_text, ranking, scopes, sources
from bot.store import mentions as mention_rows
from bot.store.lists import few_lengths
from bot.store.schema import mentions, passages

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.model import Channel, Outlet


# Above this many passages, words that stand in more than this share of them are left out, but
# for the rarest few: they cost the most and tell the least.
_LARGE = 2000
_COMMON = 0.1
_RAREST = 3

_MOST_TERMS = 64

# So many passages are read and ranked exactly; those that hold the weightiest terms.
_SHORTLIST = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which mentions are searched: those of a time, of outlets, of people, where any are named."""

    since: datetime | None = None
    until: datetime | None = None
    outlets: Sequence[Outlet] = ()
    posters: Sequence[str] = ()


def search(
    connection: Connection,
    channel: Channel,
    terms: Sequence[str],
    wanted: Wanted,
    *,
    limit: int,
) -> list[Found]:
    """Return the passages that `ports.Store.search` promises."""
    seen = _seen(connection, channel, wanted)
    if terms:
        sought = list(dict.fromkeys(term for term in terms if term.strip()))[:_MOST_TERMS]
        chosen = _best(connection, _visible(seen), sought, limit)
    else:
        chosen = _openings(connection, seen, limit)
    return _found(connection, channel, seen, chosen)


def _seen(connection: Connection, channel: Channel, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions of the mentions that lend the channel their words."""
    conditions: list[ColumnElement[bool]] = [
        mentions.c.channel_id == scopes.id_of(channel),
        mentions.c.text_until.is_not(None),
    ]
    if wanted.since is not None:
        conditions.append(mentions.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(mentions.c.at < wanted.until)
    if wanted.posters:
        conditions.append(mentions.c.poster.in_(few_lengths(wanted.posters)))
    if wanted.outlets:
        conditions.append(sources.any_of(connection, wanted.outlets))
    return conditions


def _visible(seen: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    return passages.c.version_id.in_(select(mentions.c.version_id).where(*seen))


def _best(
    connection: Connection, condition: ColumnElement[bool], terms: Sequence[str], limit: int
) -> list[int]:
    visible = full_text.visible(connection, condition)
    holders = _holders(connection, visible, terms)
    weights = ranking.weights(holders, total=len(visible.ids))
    covered = ranking.covered(holders, weights, visible.versions)
    likely = ranking.shortlist(holders, weights, covered, most=max(_SHORTLIST, limit))
    rows = connection.execute(
        select(passages.c.id, passages.c.terms).where(passages.c.id.in_(few_lengths(likely)))
    )
    texts = {row.id: row.terms for row in rows}
    return ranking.best(texts, holders, weights, covered)[:limit]


def _holders(
    connection: Connection, visible: full_text.Visible, terms: Sequence[str]
) -> dict[str, AbstractSet[int]]:
    """Return which of the channel's passages hold each term that tells something."""
    found = {term: full_text.holding(connection, term, visible) for term in terms}
    found = {term: ids for term, ids in found.items() if ids}
    if len(visible.ids) <= _LARGE:
        return found
    most = _COMMON * len(visible.ids)
    common = sorted(
        (term for term in found if len(found[term]) > most), key=lambda t: len(found[t])
    )
    rare = len(found) - len(common)
    for term in common[max(0, _RAREST - rare) :]:
        del found[term]
    return found


def _openings(connection: Connection, seen: Sequence[ColumnElement[bool]], limit: int) -> list[int]:
    newest = connection.scalars(
        select(mentions.c.version_id)
        .where(*seen, exists().where(passages.c.version_id == mentions.c.version_id))
        .group_by(mentions.c.version_id)
        .order_by(func.max(mentions.c.number).desc())
        .limit(limit)
    ).all()
    # Passages are stored in the order of the text: the first of a version has the lowest id.
    first = connection.execute(
        select(passages.c.version_id, func.min(passages.c.id).label("id"))
        .where(passages.c.version_id.in_(few_lengths(newest)))
        .group_by(passages.c.version_id)
    )
    opening = {row.version_id: row.id for row in first}
    return [opening[version] for version in newest]


def _found(
    connection: Connection,
    channel: Channel,
    seen: Sequence[ColumnElement[bool]],
    chosen: Sequence[int],
) -> list[Found]:
    rows = connection.execute(select(passages).where(passages.c.id.in_(few_lengths(chosen)))).all()
    newest = connection.execute(
        select(mentions.c.version_id, func.max(mentions.c.number).label("number"))
        .where(*seen, mentions.c.version_id.in_(few_lengths({row.version_id for row in rows})))
        .group_by(mentions.c.version_id)
    )
    number = {row.version_id: row.number for row in newest}
    by_number = {
        one.number: one
        for one in mention_rows.find(
            connection, channel, mention_rows.IN_NUMBERS, _numbers=few_lengths(number.values())
        )
    }
    found = {
        row.id: Found(
            mention=by_number[number[row.version_id]],
            passage=Passage(first=row.first, last=row.last, terms=row.terms),
        )
        for row in rows
    }
    return [found[one] for one in chosen]
