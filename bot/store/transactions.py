"""Units of work on worker threads: what `SqlStore` awaits.

SQLAlchemy Core on plain connections, one hop to a thread for each unit of work: its asyncio
extension would import the whole ORM, which a cold command line would feel.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar

from bot import errors
from bot.store.failures import user_name

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from sqlalchemy import Connection, Engine

    from bot.ports import Tx
    from bot.store.kinds import Database

T = TypeVar("T")


class SqlTx:
    """A write transaction: a connection of its own, used by one thread at a time."""

    __slots__ = ("connection", "turn")

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self.turn = asyncio.Lock()


class Transactions:
    """Runs functions of a connection on threads, for reading or within a write transaction."""

    def __init__(self, database: Database, *, patience: float) -> None:
        self._database = database
        self._patience = patience
        self._connections: Engine | None = None
        self._threads = ThreadPoolExecutor(database.connections, thread_name_prefix="store")
        # Waiting here costs no thread.
        self._writing = asyncio.Semaphore(database.writers)

    async def open(self) -> None:
        """Make the connections."""

        def opened() -> None:
            self._connections = self._database.open()

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
            with self._database.translated():
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
                self._database.begin_read(connection)
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
        """Open a write transaction: committed at the end, rolled back by any exception."""
        async with self._writing:
            tx = SqlTx()
            try:
                await self._lock_database(tx)
                yield tx
                await self.write(tx, lambda connection: connection.commit())
            finally:
                if tx.connection is not None:
                    # Undoes what was not committed.
                    await self.hop(tx.connection.close)
                    tx.connection = None

    @asynccontextmanager
    async def between_writes(self) -> AsyncGenerator[None]:
        """Hold off the writers of this process, where there is one at a time."""
        async with self._writing:
            yield

    async def _lock_database(self, tx: SqlTx) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        while not await self.hop(lambda: self._try_to_begin(tx)):
            if loop.time() >= deadline:
                raise errors.StoreBusy(self._database.where, user_name())

    def _try_to_begin(self, tx: SqlTx) -> bool:
        if tx.connection is None:
            tx.connection = self._connect()
        return self._database.begin_write(tx.connection)

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
