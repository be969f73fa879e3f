"""The one connection that writes, where a database has one writer: what a group commits on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from bot.errors import StoreError

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from sqlalchemy import Connection

T = TypeVar("T")

_SAVEPOINT = "SAVEPOINT member"
_RELEASE = "RELEASE member"


class Hops(Protocol):
    """What runs functions on threads, and opens transactions there."""

    async def hop(self, work: Callable[[], T]) -> T:
        """Run a function on a thread, its errors translated."""
        ...

    async def open_writing(self) -> Connection:
        """Return a connection on which a write transaction has begun."""
        ...


class OneWriter:
    """Implements `groups.Commands`.

    A hop to a thread costs more than most statements, so the small ones go with the next.
    """

    def __init__(self, hops: Hops) -> None:
        self._hops = hops
        self.connection: Connection | None = None
        self._first: list[str] = []

    async def open_group(self) -> None:
        """Begin a transaction, and a savepoint in it."""
        self.connection = await self._hops.open_writing()
        self._first = [_SAVEPOINT]

    async def savepoint(self) -> None:
        """Begin a savepoint."""
        self._first.append(_SAVEPOINT)

    async def release(self) -> None:
        """Keep what was done since the savepoint."""
        self._first.append(_RELEASE)

    def catch_up(self) -> Connection:
        """Do what is to come first; return the connection. On a thread."""
        if self.connection is None:
            raise TypeError("no transaction is open")
        while self._first:
            # By the driver: ten times as fast, and nothing of SQLAlchemy's is needed.
            _driver(self.connection).execute(self._first[0])
            del self._first[0]
        return self.connection

    async def undo(self) -> bool:
        """Undo what was done since the savepoint; False where all of it is gone already."""

        def undone() -> bool:
            if self.connection is None or not _driver(self.connection).in_transaction:
                return False
            if self._first[-1:] == [_SAVEPOINT]:
                self._first.pop()  # nothing was done since
                return True
            _driver(self.connection).execute("ROLLBACK TO member")
            self._first.append(_RELEASE)
            return True

        return await self._hops.hop(undone)

    async def commit(self) -> None:
        """Make it durable."""

        def committed() -> None:
            self._first.append(_RELEASE)
            self.catch_up().commit()
            self._let_go()

        await self._hops.hop(committed)

    async def abandon(self) -> None:
        """Undo the whole transaction."""
        with suppress(StoreError):
            await self._hops.hop(self._let_go)

    def _let_go(self) -> None:
        connection, self.connection = self.connection, None
        self._first = []
        if connection is not None:
            connection.close()  # undoes what was not committed


def _driver(connection: Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.driver_connection)
