"""Units of work on worker threads: what `SqlStore` awaits.

SQLAlchemy Core on plain connections, one hop to a thread for each unit of work: its asyncio
extension would import the whole ORM, which a cold command line would feel.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import exc

from bot import errors
from bot.store.failures import is_busy, translated, user_name
from bot.store.groups import Groups
from bot.store.opening import CONNECTIONS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from sqlalchemy import Connection, Engine

    from bot.ports import Tx

T = TypeVar("T")

# For how long a thread waits for another process's lock before asking whether it still should:
# SQLite's own wait cannot be broken off.
_SLICE = 0.1


class SqlTx:
    """A write transaction: used by one thread at a time."""

    __slots__ = ("calls", "connection", "turn")

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.turn = asyncio.Lock()
        self.calls: list[Callable[[], None]] = []

    def on_commit(self, call: Callable[[], None]) -> None:
        """Have a function called once what was written is durable."""
        self.calls.append(call)


class Transactions:
    """Runs functions of a connection on threads, for reading or within a write transaction."""

    def __init__(self, path: Path, *, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._connections: Engine | None = None
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="store")
        # SQLite has one writer; waiting here costs no thread.
        self._groups = Groups(self)
        self._writer: Connection | None = None

    async def open(self, make: Callable[[], Engine]) -> None:
        """Make the connections with a function that may block."""

        def opened() -> None:
            self._connections = make()

        try:
            await self.hop(opened)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every connection, and let the threads go; a second time does nothing."""
        if self._connections is not None:
            connections, self._connections = self._connections, None
            await self.hop(connections.dispose)
        self._threads.shutdown(wait=False)

    async def hop(self, work: Callable[[], T]) -> T:
        """Run a function on a thread, its errors translated.

        A cancelled caller still waits until the thread is done: no connection is left to two.
        """

        def translating() -> T:
            with translated(self._path):
                return work()

        future = asyncio.get_running_loop().run_in_executor(self._threads, translating)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            while not future.done():
                await _undisturbed(future)
            if not future.cancelled():
                future.exception()  # seen: being cancelled comes first
            raise

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run a function on a snapshot of what is committed."""

        def reading() -> T:
            with self._connect() as connection:
                connection.exec_driver_sql("BEGIN")
                return work(connection)

        return await self.hop(reading)

    async def write(self, tx: Tx, work: Callable[[Connection], T]) -> T:
        """Run a function within a transaction that `begin` gave out."""
        if not isinstance(tx, SqlTx) or tx.connection is None:
            raise TypeError("this transaction is not, or no longer, one of this store")
        connection = tx.connection
        async with tx.turn:
            return await self.hop(lambda: work(connection))

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[SqlTx]:
        """Open a write transaction: durable at the end, rolled back by any exception."""
        tx = SqlTx()
        async with self._groups.member(tx.calls):
            tx.connection = self._writer
            try:
                yield tx
            finally:
                async with tx.turn:
                    tx.connection = None

    @asynccontextmanager
    async def between_writes(self) -> AsyncGenerator[None]:
        """Hold off the writers of this process."""
        async with self._groups.alone():
            yield

    # --- what a group does with the database ---

    async def open_group(self) -> None:
        """Begin a transaction: see `groups.Commands`."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        while not await self.hop(self._try_to_begin):
            if loop.time() >= deadline:
                raise errors.StoreBusy(str(self._path), user_name())

    async def savepoint(self) -> None:
        """Begin a savepoint."""
        await self._say("SAVEPOINT member")

    async def release(self) -> None:
        """Keep what was done since the savepoint."""
        await self._say("RELEASE member")

    async def undo(self) -> bool:
        """Undo what was done since the savepoint."""

        def undone() -> bool:
            writer = self._held()
            if not _in_transaction(writer):
                return False
            writer.exec_driver_sql("ROLLBACK TO member")
            writer.exec_driver_sql("RELEASE member")
            return True

        return await self.hop(undone)

    async def commit(self) -> None:
        """Make it durable."""

        def committed() -> None:
            writer = self._held()
            writer.exec_driver_sql("RELEASE member")
            writer.commit()
            self._let_go()

        await self.hop(committed)

    async def abandon(self) -> None:
        """Undo the whole transaction."""
        with suppress(errors.StoreError):
            await self.hop(self._let_go)

    def _held(self) -> Connection:
        if self._writer is None:
            raise TypeError("no transaction is open")
        return self._writer

    async def _say(self, statement: str) -> None:
        await self.hop(lambda: self._held().exec_driver_sql(statement))

    def _let_go(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()  # undoes what was not committed

    def _try_to_begin(self) -> bool:
        if self._writer is None:
            self._writer = self._connect()
        writer = self._writer
        writer.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(_SLICE)}")
        try:
            writer.exec_driver_sql("BEGIN IMMEDIATE")
        except exc.OperationalError as error:
            writer.rollback()
            if not is_busy(error):
                raise
            return False
        writer.exec_driver_sql(f"PRAGMA busy_timeout = {_milliseconds(self._patience)}")
        writer.exec_driver_sql("SAVEPOINT member")
        return True

    def _connect(self) -> Connection:
        if self._connections is None:
            raise TypeError("this store is not open")
        return self._connections.connect()


async def _undisturbed(future: asyncio.Future[T]) -> None:
    try:
        await asyncio.wait([future])
    except asyncio.CancelledError:
        # Cancelled once more; `hop` passes the first one on when the thread is done.
        return


def _milliseconds(seconds: float) -> int:
    return int(seconds * 1000)


def _in_transaction(connection: Connection) -> bool:
    driver = connection.connection.driver_connection
    return bool(driver is not None and driver.in_transaction)
