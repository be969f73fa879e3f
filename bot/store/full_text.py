"""The full-text index, which each database has in its own way.

It only brings up candidates: `ranking` orders them, so the order is the same on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import join, literal_column, select, table, text

from bot.store.schema import passages

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Connection, Select


def holding(
    connection: Connection, visible: ColumnElement[bool], term: str, *, most: int | None = None
) -> frozenset[int]:
    """Return the visible passages that hold a term, no more than `most`; it may hold anything."""
    on_sqlite = connection.dialect.name == "sqlite"
    candidates = _in_fts5(term) if on_sqlite else _in_gin(term)
    return frozenset(connection.scalars(candidates.where(visible).limit(most)))


def purge(connection: Connection) -> None:
    """Drop the words themselves of what was deleted from the index.

    FTS5 only marks what is deleted; merging its segments drops the words. In PostgreSQL, what is
    deleted is out of every query's sight once this is committed, and its rows and index entries
    lie in their pages until a vacuum (autovacuum, or VACUUM by hand) frees them for new rows;
    only VACUUM FULL or REINDEX takes the bytes out of the files at once. Its write-ahead log
    and the operator's own backups hold them for as long as they are kept.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO passages_fts(passages_fts) VALUES ('optimize')"))


def _in_fts5(term: str) -> Select[int]:
    # Quoted, a term may hold anything but a NUL, which would end the query. The plus sign makes
    # it start with the index, rather than ask it about each passage.
    quoted = '"{}"'.format(term.replace('"', '""').replace("\0", " "))
    return (
        select(passages.c.id)
        .select_from(
            join(
                table("passages_fts"),
                passages,
                passages.c.id == literal_column("+passages_fts.rowid"),
            )
        )
        .where(text("passages_fts MATCH :term").bindparams(term=quoted))
    )


def _in_gin(term: str) -> Select[int]:
    # A phrase is taken apart as the passage was, and no sign in it means anything: "1,500" is
    # "1" and "500" in a row, and a term without a letter or digit is in no passage, as in FTS5.
    return select(passages.c.id).where(
        text("passages.words @@ phraseto_tsquery('simple', :term)").bindparams(term=term)
    )
