"""Units of work on worker threads: what `SqlStore` awaits.

SQLAlchemy Core on plain connections, one hop to a thread for each unit of work: its asyncio
extension would import the whole ORM, which a cold command line would feel.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from bot import errors
from bot.store.failures import user_name
from bot.store.groups import Groups
from bot.store.one_writer import OneWriter

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from sqlalchemy import Connection, Engine

    from bot.ports import Tx
    from bot.store.kinds import Database

T = TypeVar("T")


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

    def __init__(self, database: Database, *, patience: float) -> None:
        self._database = database
        self._patience = patience
        self._connections: Engine | None = None
        self._threads = ThreadPoolExecutor(database.connections, thread_name_prefix="store")
        # Waiting here costs no thread. Where there is one writer, transactions share commits.
        self._writing = asyncio.Semaphore(database.writers)
        self._writer = OneWriter(self) if database.writers == 1 else None
        self._groups = Groups(self._writer) if self._writer is not None else None

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
            with self.connect() as connection:
                self._database.begin_read(connection)
                return work(connection)

        return await self.hop(reading)

    async def write(self, tx: Tx, work: Callable[[Connection], T]) -> T:
        """Run a function within a transaction that `begin` gave out."""
        connection = self.held(tx)
        async with cast("SqlTx", tx).turn:
            writer = self._writer
            return await self.hop(lambda: work(writer.catch_up() if writer else connection))

    def held(self, tx: Tx) -> Connection:
        """Return the connection of a transaction that `begin` gave out."""
        if not isinstance(tx, SqlTx) or tx.connection is None:
            raise TypeError("this transaction is not, or no longer, one of this store")
        return tx.connection

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[SqlTx]:
        """Open a write transaction: durable at the end, rolled back by any exception."""
        tx = SqlTx()
        async with self._held(tx):
            try:
                yield tx
            finally:
                async with tx.turn:
                    tx.connection = None

    @asynccontextmanager
    async def between_writes(self) -> AsyncGenerator[None]:
        """Hold off the writers of this process, where there is one at a time."""
        if self._groups is None:
            yield
            return
        async with self._groups.alone():
            yield

    async def open_writing(self) -> Connection:
        """Return a connection on which a write transaction has begun.

        Others are waited for up to the patience.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        opened: list[Connection] = []

        def begun() -> bool:
            if not opened:
                opened.append(self.connect())
            return self._database.begin_write(opened[0])

        try:
            while not await self.hop(begun):
                self._until(deadline, loop.time())
        except BaseException:
            if opened:
                await self.hop(opened[0].close)
            raise
        return opened[0]

    def _until(self, deadline: float, now: float) -> None:
        if now >= deadline:
            raise errors.StoreBusy(self._database.where, user_name())

    @asynccontextmanager
    async def _held(self, tx: SqlTx) -> AsyncGenerator[None]:
        """Lend a transaction its connection; commit or roll back what it wrote."""
        if self._groups is not None and self._writer is not None:
            async with self._groups.member(tx.calls):
                tx.connection = self._writer.connection
                yield
            return
        async with self._writing:
            connection = await self.open_writing()
            try:
                tx.connection = connection
                yield
                await self.hop(connection.commit)
            finally:
                await self.hop(connection.close)  # undoes what was not committed
        for call in tx.calls:
            call()

    def connect(self) -> Connection:
        """Take a connection; on a thread, since it may block."""
        if self._connections is None:
            raise TypeError("this store is not open")
        return self._connections.connect()


async def _undisturbed(future: asyncio.Future[T]) -> None:
    try:
        await asyncio.wait([future])
    except asyncio.CancelledError:
        # Cancelled once more; `hop` passes the first one on when the thread is done.
        return
