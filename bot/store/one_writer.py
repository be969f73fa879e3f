"""The one connection that writes, where a database has one writer: what a group commits on."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

T = TypeVar("T")


class Hops(Protocol):
    """What runs functions on threads, and opens connections there."""

    async def hop(self, work: Callable[[], T]) -> T:
        """Run a function on a thread, its errors translated."""
        ...

    def connect(self) -> Connection:
        """Take a connection."""
        ...

    async def begin_on(self, connection: Connection) -> None:
        """Begin a write transaction on a connection."""
        ...


class OneWriter:
    """Implements `groups.Commands`."""

    def __init__(self, hops: Hops) -> None:
        self._hops = hops
        self.connection: Connection | None = None

    async def open_group(self) -> None:
        """Begin a transaction, and a savepoint in it."""
        self.connection = await self._hops.hop(self._hops.connect)
        await self._hops.begin_on(self.connection)
        await self.savepoint()

    async def savepoint(self) -> None:
        """Begin a savepoint."""
        await self._say("SAVEPOINT member")

    async def release(self) -> None:
        """Keep what was done since the savepoint."""
        await self._say("RELEASE member")

    async def undo(self) -> bool:
        """Undo what was done since the savepoint; False where all of it is gone already."""

        def undone() -> bool:
            connection = self._held()
            if not _in_transaction(connection):
                return False
            connection.exec_driver_sql("ROLLBACK TO member")
            connection.exec_driver_sql("RELEASE member")
            return True

        return await self._hops.hop(undone)

    async def commit(self) -> None:
        """Make it durable."""

        def committed() -> None:
            connection = self._held()
            connection.exec_driver_sql("RELEASE member")
            connection.commit()
            self._let_go()

        await self._hops.hop(committed)

    async def abandon(self) -> None:
        """Undo the whole transaction."""
        with suppress(StoreError):
            await self._hops.hop(self._let_go)

    def _held(self) -> Connection:
        if self.connection is None:
            raise TypeError("no transaction is open")
        return self.connection

    async def _say(self, statement: str) -> None:
        await self._hops.hop(lambda: self._held().exec_driver_sql(statement))

    def _let_go(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()  # undoes what was not committed


def _in_transaction(connection: Connection) -> bool:
    driver = connection.connection.driver_connection
    return bool(driver is not None and driver.in_transaction)
