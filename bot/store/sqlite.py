"""SQLite: one file, one writer at a time."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import exc

from bot.store import backups, database, opening
from bot.store.failures import is_busy, translated

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy import Connection, Engine

# For how long a thread waits for another process's lock before asking whether it still should:
# SQLite's own wait cannot be broken off.
_SLICE = 0.1


class Sqlite:
    """A `kinds.Database` in the file at `path`.

    Locks of other processes are waited for up to `patience` seconds.
    """

    connections = opening.CONNECTIONS
    writers = 1

    def __init__(self, path: Path, *, patience: float) -> None:
        self._path = path
        self._patience = patience

    @property
    def where(self) -> str:
        """The path of the file."""
        return str(self._path)

    def open(self) -> Engine:
        """Return connections to the file: see `opening.open_database`."""
        return opening.open_database(self._path, patience=self._patience)

    def begin_read(self, connection: Connection) -> None:
        """Begin a transaction; its first query takes the snapshot."""
        connection.exec_driver_sql("BEGIN")

    def begin_write(self, connection: Connection) -> bool:
        """Take the one write lock, or say that it could not be had within a moment."""
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(_SLICE)}")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except exc.OperationalError as error:
            connection.rollback()
            if not is_busy(error):
                raise
            return False
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(self._patience)}")
        return True

    def clean_up(self) -> bool:
        """Remove the copies and empty the write-ahead log; False where a reader holds it up."""
        backups.erase(self._path)
        return database.empty_log(self._path)

    def software(self, connection: Connection) -> str:  # noqa: ARG002 - the library is the server
        """Return the version of the library."""
        return f"SQLite {sqlite3.sqlite_version}"

    def translated(self) -> AbstractContextManager[None]:
        """Turn errors of SQLite and of the file system into a StoreError about the file."""
        return translated(self._path)


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)
