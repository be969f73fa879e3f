"""PostgreSQL: many processes, and many write transactions of each, at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import IsolationLevel
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import StrDumperUnknown, TextLoader
from sqlalchemy import URL, create_engine, event

from bot import errors
from bot.store import locks, migrations, opening
from bot.store.failures import user_name
from bot.store.postgres_failures import translated

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from psycopg.abc import Buffer
    from sqlalchemy import Connection, Engine

# libpq's own names. A server that is gone without a word is noticed within about a minute,
# rather than after the quarter of an hour that TCP would take.
_USUAL = {
    "application_name": "briefbot",
    "client_encoding": "UTF8",
    "connect_timeout": "10",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_DRIVER = "postgresql+psycopg://"

# PostgreSQL keeps no NUL in a text, SQLite does: written as two letters, the first of which
# nobody types.
_ESCAPE = "\x1a"
_PLAIN, _NUL = f"{_ESCAPE}1", f"{_ESCAPE}0"


class Postgres:
    """A `kinds.Database` at an address, `postgresql://user:password@host/name` and its like.

    Locks of others are waited for up to `patience` seconds each. Raises StoreUnreachable for
    what is no such address.
    """

    connections = 10
    writers = 6  # what they hold up shall not hold up the readers

    def __init__(self, url: str, *, patience: float) -> None:
        self._patience = patience
        if url.startswith(_DRIVER):
            url = url.replace(_DRIVER, "postgresql://", 1)
        try:
            given = conninfo_to_dict(url)
        except psycopg.Error:  # it may quote the password
            raise errors.StoreUnreachable("postgresql://", user_name(), "no address") from None
        self._parameters: dict[str, Any] = {**_USUAL, **given}
        self._user = str(given.get("user") or user_name())
        self._where = _shown(given)

    @property
    def where(self) -> str:
        """The address without its password."""
        return self._where

    def open(self) -> Engine:
        """Return connections to the database, its tables made or upgraded where needed.

        Raises StoreTooNew for tables that this Briefbot cannot use, and what is translated.
        """
        engine = create_engine(
            URL.create("postgresql+psycopg"),
            connect_args=self._parameters,
            isolation_level="READ COMMITTED",
            use_native_hstore=False,
            pool_size=self.connections,
            max_overflow=0,
            pool_timeout=self._patience,
            # A connection that died since it was last used (the server was restarted) is noticed
            # and replaced before anything is asked of it.
            pool_pre_ping=True,
            # Errors end up in logs; people's texts must not.
            hide_parameters=True,
        )
        event.listen(engine, "connect", _take_any_text)
        try:
            self._bring_up_to_date(engine)
        except BaseException:
            engine.dispose()
            raise
        return engine

    def begin_read(self, connection: Connection) -> None:
        """Begin a transaction that sees one state and cannot write; it begins with its query."""
        _choose(connection, IsolationLevel.REPEATABLE_READ, read_only=True)

    def begin_write(self, connection: Connection) -> bool:
        """Begin a write transaction; it waits for each lock only so long."""
        _choose(connection, IsolationLevel.READ_COMMITTED, read_only=None)
        locks.be_patient(connection, self._patience)
        return True

    def clean_up(self) -> bool:
        """Nothing is left outside the tables: see `full_text.purge` on what vacuum does."""
        return True

    def software(self, connection: Connection) -> str:
        """Return the version of the server."""
        version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        return f"PostgreSQL {version.split()[0]}"

    def translated(self) -> AbstractContextManager[None]:
        """Turn errors of PostgreSQL into a StoreError about this address."""
        return translated(self._where, self._user)

    def _bring_up_to_date(self, engine: Engine) -> None:
        with engine.connect() as connection:
            revision, _ = migrations.revisions(connection)
        if revision != opening.HEAD:
            from bot.store.postgres_upgrade import upgrade  # noqa: PLC0415 - Alembic when needed

            upgrade(engine, self._where, self._user, patience=self._patience)


def _choose(connection: Connection, level: IsolationLevel, *, read_only: bool | None) -> None:
    # Said within BEGIN, at no cost. None leaves it to the server, which may be a standby: with
    # SQLAlchemy's own option a connection once read from would ask for the right to write.
    driver: Any = connection.connection.driver_connection
    driver.isolation_level, driver.read_only = level, read_only


def _shown(parameters: dict[str, Any]) -> str:
    user, name = parameters.get("user"), parameters.get("dbname")
    port = parameters.get("port")
    host = parameters.get("host") or parameters.get("hostaddr") or ""
    return "".join(
        [
            "postgresql://",
            f"{user}@" if user else "",
            str(host),
            f":{port}" if port else "",
            f"/{name}" if name else "",
        ]
    )


def _take_any_text(connection: psycopg.Connection, _: object) -> None:
    connection.adapters.register_dumper(str, _AnyTextDumper)
    for kind in ("text", "varchar"):
        connection.adapters.register_loader(kind, _AnyTextLoader)


class _AnyTextDumper(StrDumperUnknown):
    def dump(self, obj: str) -> Buffer | None:
        if "\0" in obj or _ESCAPE in obj:
            obj = obj.replace(_ESCAPE, _PLAIN).replace("\0", _NUL)
        return super().dump(obj)


class _AnyTextLoader(TextLoader):
    def load(self, data: Buffer) -> str | bytes:
        text = super().load(data)
        if isinstance(text, str) and _ESCAPE in text:
            return text.replace(_NUL, "\0").replace(_PLAIN, _ESCAPE)
        return text
