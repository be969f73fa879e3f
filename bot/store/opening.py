"""Opening the database: made, upgraded or taken as it is.

A file that is up to date costs one query, and Alembic is not imported for it.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from sqlalchemy import URL, create_engine
from sqlalchemy.pool import QueuePool

from bot.store.database import connect, empty_log, log_of
from bot.store.failures import DamagedError

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

HEAD = "0006"
"""The newest revision under `migrations/versions`."""

CONNECTIONS = 5
"""One for the writer, the others for readers."""


_SMALLEST = 512  # bytes: one page of SQLite's smallest size


def open_database(path: Path, *, patience: float) -> Engine:
    """Return connections to an up-to-date database, made or upgraded where needed.

    Statements wait up to `patience` seconds for another process's lock. Raises StoreTooNew,
    StoreBusy, and what `failures.translated` translates.
    """
    _make_place(path)
    _empty_left_over_log(path)
    with closing(connect(path, patience)) as connection:
        revision = _revision(connection)
    if revision != HEAD:
        from bot.store.upgrade import upgrade  # noqa: PLC0415 - Alembic only when needed

        upgrade(path, patience=patience)
    return create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        creator=lambda: connect(path, patience),
        poolclass=QueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        # The one used last comes first: the others' caches stay small where little is read at once.
        pool_use_lifo=True,
        # Errors end up in logs; people's texts must not.
        hide_parameters=True,
    )


def _make_place(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        # SQLite would make it readable to all; its log inherits what the file has.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError as error:
        # SQLite would take so few bytes for nothing at all, and write over them.
        if path.is_file() and 0 < path.stat().st_size < _SMALLEST:
            raise DamagedError from error


def _empty_left_over_log(path: Path) -> None:
    # Left by a kill, and it may hold what was forgotten just before. Where another process is
    # at work the log is its own: that one empties it.
    log = log_of(path)
    if log.exists() and log.stat().st_size and os.access(path, os.W_OK):
        empty_log(path)


def _revision(connection: sqlite3.Connection) -> str | None:
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:  # anything but "no such table"
            raise
        return None
    return str(row[0]) if row else None
