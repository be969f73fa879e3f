"""Rows that are there afterwards, whoever else makes the same ones at the same time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import bindparam, select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection, Insert, Select, Table


@cache
def inserting(
    dialect: str, table: Table[Any], returning: ColumnElement[Any] | None = None
) -> Insert:
    """Return a statement that inserts a row, or does nothing where a unique key is taken.

    On PostgreSQL it waits for whoever is about to take the key.
    """
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415 - of two, only one is loaded
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]  # noqa: PLC0415 - as above
    statement = insert(table).on_conflict_do_nothing()
    return statement if returning is None else statement.returning(returning)


def insert_missing(
    connection: Connection,
    table: Table[Any],
    values: Mapping[str, object],
    *,
    returning: ColumnElement[Any] | None = None,
) -> Any:
    """Insert a row unless a unique key is taken; return what is asked for, None where it was."""
    statement = inserting(connection.dialect.name, table, returning)
    done = connection.execute(statement, dict(values))
    return None if returning is None else done.scalar()


def ensure(
    connection: Connection,
    table: Table[Any],
    key: Mapping[str, object],
    others: Mapping[str, object] | None = None,
    *,
    hold: Literal["alone", "shared"] | None = None,
) -> int:
    """Return the id of the row with this key, inserted with the other values where missing.

    `hold` keeps others off the row until the transaction ends: all who hold it, or those alone
    who would erase it.
    """
    known = _known(table, tuple(key), hold)
    # Again only where somebody made the same row, and perhaps erased it since.
    while True:
        found: int | None = connection.scalar(known, {f"_{name}": key[name] for name in key})
        if found is None:
            values = {**key, **(others or {})}
            found = insert_missing(connection, table, values, returning=table.c.id)
        if found is not None:
            return found


@cache
def _known(
    table: Table[Any], key: tuple[str, ...], hold: Literal["alone", "shared"] | None
) -> Select[int]:
    known = select(table.c.id).where(*(table.c[name] == bindparam(f"_{name}") for name in key))
    return known.with_for_update(read=hold == "shared", key_share=True) if hold else known
