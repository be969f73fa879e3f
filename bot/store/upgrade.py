"""Bringing a database file to the newest schema; imported only when that is needed.

One process at a time (a lock file beside the database), in one transaction: a kill at any
moment leaves the old state. What was there is copied first.
"""

from __future__ import annotations

import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot import errors
from bot.store import backups
from bot.store.database import connect
from bot.store.failures import DamagedError, user_name

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from typing import TextIO

if sys.platform != "win32":
    import fcntl

_SCRIPTS = Path(__file__).parent / "migrations"
_PAUSE = 0.05


def upgrade(path: Path, *, patience: float) -> None:
    """Run the migrations that the file lacks.

    Raises StoreTooNew for a revision that this Briefbot does not know, StoreBusy where another
    process upgrades for longer than `patience` seconds, DamagedError for a database of
    somebody else's.
    """
    with _alone(path, patience), closing(connect(path, patience)) as connection:
        # WAL is a lasting property of the file; it cannot be set inside a transaction.
        connection.execute("PRAGMA journal_mode = WAL")
        revision = _known_revision(connection, path)
        if revision is not None:
            backups.make(path, connection, revision)
        _migrate(connection)


def _known_revision(connection: sqlite3.Connection, path: Path) -> str | None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return None
    if "alembic_version" not in tables:
        raise DamagedError
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        raise DamagedError
    if row[0] not in known_revisions():
        raise errors.StoreTooNew(str(path), user_name(), row[0])
    return str(row[0])


def _migrate(raw: sqlite3.Connection) -> None:
    borrowed = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    with borrowed.connect() as connection:
        # Batch migrations rebuild tables, which foreign keys would take for deletions.
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        connection.commit()


def config() -> Config:
    """Return where Alembic finds the migrations; its connection is still to be added."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return made


def known_revisions() -> frozenset[str]:
    """Return the revisions that this Briefbot has a migration to."""
    script = ScriptDirectory.from_config(config())
    return frozenset(one.revision for one in script.walk_revisions())


@contextmanager
def _alone(path: Path, patience: float) -> Iterator[None]:
    with path.with_name(f"{path.name}.lock").open("w", encoding="utf-8") as lock:
        _acquire(lock, path, patience)
        yield  # closing the file lets go of the lock, as does the death of the process


def _acquire(lock: TextIO, path: Path, patience: float) -> None:
    if sys.platform == "win32":
        return  # there BEGIN IMMEDIATE alone keeps two upgrades apart
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise errors.StoreBusy(str(path), user_name()) from error
            time.sleep(_PAUSE)
        else:
            return
