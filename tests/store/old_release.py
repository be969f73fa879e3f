"""Databases as an older release left them."""

import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert, inspect, select

from bot.store import copying, opening, upgrade
from bot.store.schema import metadata
from bot.store.sql import SqlStore
from tests.store.test_opening import SCRIPTS

Rows = list[tuple[Table[Any], list[dict[str, Any]]]]


async def filled_by_release(
    revision: str,
    where: Path | str,
    folder: Path,
    fill: Callable[[SqlStore], Awaitable[None]],
) -> None:
    """Make the tables of a revision, with what is filled in as far as there was room for it."""
    ours = await SqlStore.open(folder / "ours.db")
    await fill(ours)
    rows = await ours.look(_rows)
    await ours.close()
    later = [one.name for one in (SCRIPTS / "versions").iterdir() if one.name[:4] > revision]
    shutil.copytree(
        SCRIPTS, folder / "old", ignore=shutil.ignore_patterns("__pycache__", *_python(later))
    )
    with pytest.MonkeyPatch.context() as past:
        past.setattr(upgrade, "_SCRIPTS", folder / "old")
        past.setattr(opening, "HEAD", revision)
        store = await SqlStore.open(where)
        async with store.begin() as tx:
            await store.within(tx, lambda connection: _put(connection, rows))
        await store.close()


def _python(names: list[str]) -> list[str]:
    return [name for name in names if name.endswith(".py") and name[0].isdigit()]


def _rows(connection: Connection) -> Rows:
    return [
        (table, [dict(row._mapping) for row in connection.execute(select(table))])
        for table in metadata.sorted_tables
    ]


def _put(connection: Connection, rows: Rows) -> None:
    old = inspect(connection)
    for table, given in rows:
        if not old.has_table(table.name):
            continue
        known = {one["name"] for one in old.get_columns(table.name)}
        for row in given:
            there = {name: value for name, value in row.items() if name in known}
            connection.execute(insert(table).values(there))
        if connection.dialect.name == "postgresql" and "id" in table.c:
            copying._count_on(connection, table)
