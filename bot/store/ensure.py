"""Rows that are there afterwards, whoever else makes the same ones at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Table
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert


def insert_missing(
    connection: Connection, table: Table[Any], values: Mapping[str, object]
) -> SqliteInsert | PostgresInsert:
    """Return a statement that inserts a row, or does nothing where a unique key is taken.

    On PostgreSQL it waits for whoever is about to take the key.
    """
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert  # noqa: PLC0415 - of two, only one is loaded
    else:
        from sqlalchemy.dialects.postgresql import insert  # type: ignore[assignment]  # noqa: PLC0415 - as above
    return insert(table).values(**values).on_conflict_do_nothing()


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
    known = select(table.c.id).where(*(table.c[name] == value for name, value in key.items()))
    if hold:
        known = known.with_for_update(read=hold == "shared", key_share=True)
    making = insert_missing(connection, table, {**key, **(others or {})}).returning(table.c.id)
    # Again only where somebody made the same row, and perhaps erased it since.
    while True:
        for statement in (known, making):
            found: int | None = connection.scalar(statement)
            if found is not None:
                return found
