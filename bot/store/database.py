"""The database file: how we connect to it, and its write-ahead log."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# foreign_keys: cascades are how things are forgotten. secure_delete: what is deleted is
# overwritten. temp_store: no text in temporary files. synchronous=FULL: a commit waits for the
# disk, since an event that was acknowledged must survive a power cut as well (0.5 ms on an SSD,
# shared by the transactions of a group). cache_size: half a MB a connection (the default is 2);
# the system caches the file anyway.
_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -512",
)


def connect(path: Path, patience: float) -> sqlite3.Connection:
    """Open one connection; transactions begin only where BEGIN is said.

    Statements wait up to `patience` seconds for another process's lock.
    """
    connection = sqlite3.connect(
        path, timeout=patience, isolation_level=None, check_same_thread=False
    )
    try:
        for pragma in _PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def empty_log(path: Path) -> bool:
    """Write the write-ahead log into the database and cut it to nothing.

    Returns False where another reader or writer holds it: then it has to be tried again.
    """
    try:
        with closing(connect(path, patience=0)) as connection:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return not busy


def log_of(path: Path) -> Path:
    """Return where the write-ahead log of a database file lies."""
    return path.with_name(f"{path.name}-wal")
