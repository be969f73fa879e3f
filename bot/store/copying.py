"""All rows from one database to another, of whichever kind, and the proof that they are the same.

The queue's own tables stay behind: what is open is told by the inbox and the ledger.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, func, insert, select, text

from bot.store.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection, Row, Table

_AT_ONCE = 1000


def is_empty(connection: Connection) -> bool:
    """Tell whether a database holds nothing yet."""
    return all(
        connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
        for table in metadata.sorted_tables
    )


def copy(source: Connection, target: Connection) -> None:
    """Copy every row with its id, from tables that others point at to those that point."""
    for table in metadata.sorted_tables:
        for rows in _rows(source, table):
            target.execute(insert(table), [dict(row._mapping) for row in rows])  # noqa: SLF001 - its public name
    if target.dialect.name == "postgresql":
        for table in metadata.sorted_tables:
            if "id" in table.c:
                _count_on(target, table)


def fingerprint(connection: Connection) -> dict[str, str]:
    """Return of each table how many rows it has and a digest of them all."""
    prints: dict[str, str] = {}
    for table in metadata.sorted_tables:
        digest, count = hashlib.sha256(), 0
        for rows in _rows(connection, table):
            for row in rows:
                digest.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
                count += 1
        prints[table.name] = f"{count} {digest.hexdigest()}"
    return prints


def counts(prints: Mapping[str, str]) -> dict[str, int]:
    """Return how many rows of each table a fingerprint counted."""
    return {table: int(value.split()[0]) for table, value in prints.items()}


def in_order(table: Table[Any], dialect: str) -> list[ColumnElement[Any]]:
    """Return what rows are sorted by to come in the same order from every database.

    PostgreSQL sorts text as the language of its cluster does, SQLite by its bytes.
    """
    by_bytes = dialect == "postgresql"
    return [
        column.collate("C") if by_bytes and isinstance(column.type, Text) else column
        for column in table.primary_key.columns
    ]


def _rows(connection: Connection, table: Table[Any]) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    ordered = select(table).order_by(*in_order(table, connection.dialect.name))
    yield from connection.execute(ordered, execution_options={"yield_per": _AT_ONCE}).partitions()


def _count_on(connection: Connection, table: Table[Any]) -> None:
    """Have PostgreSQL give the next row a number that is not taken."""
    connection.execute(
        text(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 - our own table's name
            f"coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table.name}"
        )
    )
