"""The full-text index, which each database has in its own way.

It only brings up candidates: `ranking` orders them, so the order is the same on both.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import (
    Integer,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    table,
    text,
)

from bot.store.schema import passages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from collections.abc import Set as AbstractSet

    from sqlalchemy import ColumnElement, Connection, Select


@dataclass(frozen=True, slots=True, kw_only=True)
class Visible:
    """The passages that may be seen: their ids, and the version that each is of."""

    versions: Mapping[int, int]
    ids: AbstractSet[int]
    first: int
    last: int


def visible(connection: Connection, condition: ColumnElement[bool]) -> Visible:
    """Return the passages that meet a condition."""
    listed = _listed(connection)
    ids, versions = connection.execute(
        select(listed(passages.c.id), listed(passages.c.version_id)).where(condition)
    ).one()
    found = dict(zip(_numbers(ids), _numbers(versions), strict=True))
    return Visible(
        versions=found,
        ids=frozenset(found),
        first=min(found, default=0),
        last=max(found, default=0),
    )


def holding(connection: Connection, term: str, among: Visible) -> AbstractSet[int]:
    """Return those of some passages that hold a term; it may hold anything.

    All that hold it are looked up, and then ours picked out: ten times as fast as having the
    database ask of each one whose it is.
    """
    if not among.ids:
        return frozenset()
    candidates = (_in_fts5 if _on_sqlite(connection) else _in_gin)(term).subquery()
    ids = connection.scalar(
        select(_listed(connection)(candidates.c.id)),
        {"_first": among.first, "_last": among.last},
    )
    return among.ids & frozenset(_numbers(ids))


def _on_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _listed(connection: Connection) -> Callable[[ColumnElement[int]], ColumnElement[str]]:
    """Return what joins numbers with commas: one long text comes faster than many rows."""
    if _on_sqlite(connection):
        return func.group_concat
    return lambda column: func.string_agg(cast(column, Text), ",")


def _numbers(listed: str | None) -> list[int]:
    found: list[int] = json.loads(f"[{listed or ''}]")
    return found


def purge(connection: Connection) -> None:
    """Drop the words themselves of what was deleted from the index.

    FTS5 only marks what is deleted; merging its segments drops the words. In PostgreSQL, what is
    deleted is out of every query's sight once this is committed, and its rows and index entries
    lie in their pages until a vacuum (autovacuum, or VACUUM by hand) frees them for new rows;
    only VACUUM FULL or REINDEX takes the bytes out of the files at once. Its write-ahead log
    and the operator's own backups hold them for as long as they are kept.
    """
    if _on_sqlite(connection):
        connection.execute(text("INSERT INTO passages_fts(passages_fts) VALUES ('optimize')"))


def _in_fts5(term: str) -> Select[int]:
    # Quoted, a term may hold anything but a NUL, which would end the query.
    quoted = '"{}"'.format(term.replace('"', '""').replace("\0", " "))
    row: ColumnElement[int] = literal_column("rowid", Integer)
    return (
        select(row.label("id"))
        .select_from(table("passages_fts"))
        .where(
            text("passages_fts MATCH :term").bindparams(term=quoted),
            row.between(bindparam("_first"), bindparam("_last")),
        )
    )


def _in_gin(term: str) -> Select[int]:
    # A phrase is taken apart as the passage was, and no sign in it means anything: "1,500" is
    # "1" and "500" in a row, and a term without a letter or digit is in no passage, as in FTS5.
    return select(passages.c.id).where(
        text("passages.words @@ phraseto_tsquery('simple', :term)").bindparams(term=term),
        passages.c.id.between(bindparam("_first"), bindparam("_last")),
    )
