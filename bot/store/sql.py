"""The store in SQL: `ports.Store` over the queries of this folder."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bot.errors import StoreBusy, StoreError, StoreNotEmpty
from bot.store import (
    copying,
    deliveries,
    digests,
    forget,
    forget_channels,
    forgets,
    remembering,
    scopes,
    usage,
)
from bot.store.briefed import Briefed
from bot.store.digested import Digested
from bot.store.durable import Durable
from bot.store.metered import Metered
from bot.store.noted import Noted
from bot.store.placed import Placed
from bot.store.sqlite import Sqlite
from bot.store.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.model import Channel, Forgotten, Workspace
    from bot.ports import Tx
    from bot.store.forgets import Forget
    from bot.store.kinds import Database

T = TypeVar("T")

# How often SQLite's log is tried to be emptied after a forget while others read, and how many
# seconds apart.
_TRIES = 40
_PAUSE = 0.05


_POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")


class SqlStore(Briefed, Placed, Durable, Digested, Metered, Noted):
    """A `ports.Store` in a SQLite file or on PostgreSQL. Made by `open`, and to be closed."""

    def __init__(self, database: Database, transactions: Transactions) -> None:
        self._database = database
        self._transactions = transactions
        self._traces_left = False

    @classmethod
    async def open(cls, where: Path | str, *, patience: float = 30.0) -> SqlStore:
        """Open the database, made or brought to the newest schema where needed.

        `where` is the path of a SQLite file, or an address of PostgreSQL (`postgresql://...`).
        Locks of others are waited for up to `patience` seconds. Raises StoreUnreachable,
        StoreReadOnly, StoreCorrupt, StoreTooNew, StoreBusy or DiskFull. A file that this user
        may only read is opened all the same; writing raises StoreReadOnly.
        """
        database = _database(where, patience)
        transactions = Transactions(database, patience=patience)
        await transactions.open()
        return cls(database, transactions)

    async def close(self) -> None:
        """Let go of the database; the last to do so empties its log."""
        if self._traces_left or self._notes_dropped:
            await self._clean_up(tries=1)
        await self._transactions.close()

    @property
    def where(self) -> str:
        """The path of the file, or the address of the server without its password."""
        return self._database.where

    async def software(self) -> str:
        """Return the name and version of the database."""
        return await self._transactions.read(self._database.software)

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[Tx]:
        """Open a write transaction: see `ports.Store.begin`."""
        async with self._transactions.begin() as tx:
            yield tx
        if self._traces_left:
            await self._clean_up(tries=1)

    async def forget(self, channel: Channel, numbers: Sequence[int]) -> Forgotten:
        """Erase mentions and what rests on them alone: see `ports.Store.forget`."""
        return await self._erase(lambda connection: forget.forget(connection, channel, numbers))

    async def forget_asked(
        self, channel: Channel, *, asker: str = "", thread: str = ""
    ) -> Forgotten:
        """Erase questions with their answers: see `ports.Store.forget_asked`."""
        return await self._erase(
            lambda connection: forget.forget_asked(connection, channel, asker=asker, thread=thread)
        )

    async def forget_channel(self, channel: Channel, *, but: int | None = None) -> Forgotten:
        """Erase all of a channel: see `ports.Store.forget_channel`."""
        return await self._erase(
            lambda connection: forget_channels.forget_channel(connection, channel, but=but)
        )

    async def expire(self, now: datetime) -> Forgotten:
        """Erase what is older than its channel keeps it: see `ports.Store.expire`."""
        due = await self._transactions.read(lambda connection: _due(connection, now))
        for expire in due.plain:
            async with self._transactions.begin() as tx:
                await self._transactions.write(tx, partial(expire, now=now))
        gone = forget.NOTHING
        if due.channels:
            gone = await self._erase(
                partial(forget_channels.expire_channels, now=now), leaves_traces=True
            )
        if due.text:
            gone = gone.plus(await self._erase(partial(forget.expire, now=now)))
        if self._notes_dropped:
            self._traces_left = True
            await self._clean_up(tries=_TRIES)
        return gone

    # --- for the queue, which keeps its jobs beside our rows ---

    async def within(self, tx: Tx, work: Callable[[Connection], T]) -> T:
        """Run a function on the connection of a transaction."""
        return await self._transactions.write(tx, work)

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run a function on a snapshot of what is committed."""
        return await self._transactions.read(work)

    # --- for the operator: all of it, moving and keeping ---

    async def copy_to(self, other: SqlStore) -> dict[str, int]:
        """Copy every row into an empty store; return how many of each table there are.

        Raises StoreNotEmpty where it holds anything, StoreError where the copy is not the same,
        StoreBusy where somebody wrote here meanwhile.
        """
        async with other.begin() as tx:
            if not await other.within(tx, copying.is_empty):
                raise StoreNotEmpty(other.where)

            def copied(source: Connection) -> dict[str, str]:
                copying.copy(source, other.held(tx))
                return copying.fingerprint(source)

            ours = await self.look(copied)
            theirs = await other.within(tx, copying.fingerprint)
            if ours != theirs:
                raise StoreError(other.where, detail="differs")
            if await self.look(copying.fingerprint) != ours:
                raise StoreBusy(self.where)
        return copying.counts(ours)

    def held(self, tx: Tx) -> Connection:
        """Return the connection of a transaction, for a thread that has it to itself."""
        return self._transactions.held(tx)

    async def workspaces(self) -> Sequence[Workspace]:
        """Return the workspaces that ever kept anything here, by platform and id."""
        return await self.look(scopes.all_workspaces)

    async def forgotten(self) -> Sequence[Forget]:
        """Return what was ever forgotten, without its text."""
        return await self.look(forgets.noted)

    async def restored(self, forgotten: Sequence[Forget], now: datetime) -> Forgotten:
        """Make an older state fit to go on from: forget again what was forgotten since.

        Whatever it has not posted is looked for before it is posted.
        """
        async with self.begin() as tx:
            await self.within(tx, lambda connection: forgets.mark_restored(connection, now))
        gone = forget.NOTHING
        there = await self.look(lambda connection: forgets.still_there(connection, forgotten))
        for channel, numbers in there.items():
            gone = gone.plus(await self.forget(channel, numbers))
        gone = gone.plus(
            await self._erase(lambda connection: forget.forget_again(connection, forgotten))
        )
        async with self.begin() as tx:
            await self.within(tx, lambda connection: forgets.keep(connection, forgotten))
        return gone

    async def _erase(
        self, work: Callable[[Connection], Forgotten], *, leaves_traces: bool = False
    ) -> Forgotten:
        """Erase, and clean up where the receipt counts anything or traces are left anyway."""
        async with self._transactions.begin() as tx:
            gone = await self._transactions.write(tx, work)
            if leaves_traces or gone != forget.NOTHING:
                self._traces_left = True
        if self._traces_left:
            await self._clean_up(tries=_TRIES)
        return gone

    async def _clean_up(self, *, tries: int) -> None:
        """Take away what lies outside the tables, or leave it to the next commit, close or start.

        A reader of another process holds up SQLite's log; what waits for it is overwritten in
        the database by then.
        """
        self._notes_dropped = False
        for attempt in range(tries):
            if attempt:
                await asyncio.sleep(_PAUSE)
            async with self._transactions.between_writes():
                done = await self._transactions.hop(self._database.clean_up)
            if done:
                self._traces_left = False
                return


class _Due(NamedTuple):
    text: bool
    channels: bool
    plain: Sequence[Callable[..., None]]


_PLAIN = (deliveries, remembering, digests, usage)
"""Where rows just go when they are old."""


def _due(connection: Connection, now: datetime) -> _Due:
    return _Due(
        text=forget.anything_due(connection, now),
        channels=forget_channels.is_any_channel_due(connection, now),
        plain=[one.expire for one in _PLAIN if one.anything_due(connection, now)],
    )


def _database(where: Path | str, patience: float) -> Database:
    if isinstance(where, str) and where.startswith(_POSTGRES):
        from bot.store.postgres import Postgres  # noqa: PLC0415 - psycopg only when needed

        return Postgres(where, patience=patience)
    return Sqlite(Path(where), patience=patience)
