"""The store in SQL: `ports.Store` over the queries of this folder."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bot.errors import StoreBusy, StoreError, StoreNotEmpty
from bot.model import Mention
from bot.store import answers, copying, deliveries, forget, forgets, mentions, scopes, search, usage
from bot.store import settings as setting_rows
from bot.store.durable import Durable
from bot.store.metered import Metered
from bot.store.sqlite import Sqlite
from bot.store.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.model import (
        Answer,
        Article,
        Brief,
        Channel,
        ChannelSettings,
        Forgotten,
        Found,
        Origin,
        Passage,
        Question,
        SettingChange,
        Thread,
        Workspace,
    )
    from bot.ports import Tx
    from bot.store.forgets import Forget
    from bot.store.kinds import Database

T = TypeVar("T")

# How often SQLite's log is tried to be emptied after a forget while others read, and how many
# seconds apart.
_TRIES = 40
_PAUSE = 0.05


_POSTGRES = ("postgresql://", "postgres://", "postgresql+psycopg://")


class SqlStore(Durable, Metered):
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
        if self._traces_left:
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

    async def add_mention(
        self,
        tx: Tx,
        *,
        thread: Thread,
        message: str,
        poster: str,
        at: datetime,
        origin: Origin,
        source: str,
        article: Article,
        passages: Sequence[Passage],
    ) -> Mention:
        """Store an article and what mentions it: see `ports.Store.add_mention`."""
        given = Mention(
            number=0,
            message=message,
            thread=thread,
            poster=poster,
            at=at,
            origin=origin,
            source=source,
            article=article,
        )
        return await self._transactions.write(
            tx, lambda connection: mentions.add(connection, given, passages)
        )

    async def add_brief(self, tx: Tx, mention: Mention, brief: Brief, at: datetime) -> Mention:
        """Store a brief: see `ports.Store.add_brief`."""
        return await self._transactions.write(
            tx, lambda connection: mentions.add_brief(connection, mention, brief, at)
        )

    async def add_answer(self, tx: Tx, question: Question, answer: Answer) -> bool:
        """Store a question with its answer: see `ports.Store.add_answer`."""
        return await self._transactions.write(
            tx, lambda connection: answers.add(connection, question, answer)
        )

    async def mentions(self, channel: Channel, *, limit: int, offset: int = 0) -> Sequence[Mention]:
        """Return the channel's mentions, newest first."""
        return await self._transactions.read(
            lambda connection: mentions.find(connection, channel, limit=limit, offset=offset)
        )

    async def mention(self, channel: Channel, number: int) -> Mention | None:
        """Return the mention with this number."""
        found = await self._transactions.read(
            lambda connection: mentions.find(
                connection, channel, mentions.BY_NUMBER, _number=number
            )
        )
        return found[0] if found else None

    async def mentions_of(self, channel: Channel, key: str) -> Sequence[Mention]:
        """Return the channel's mentions of one article, newest first."""
        return await self._transactions.read(
            lambda connection: mentions.find(connection, channel, mentions.OF_ARTICLE, _key=key)
        )

    async def mentions_in(self, thread: Thread) -> Sequence[Mention]:
        """Return what was brought up in one thread, newest first."""
        return await self._transactions.read(
            lambda connection: mentions.find(
                connection, thread.channel, mentions.IN_THREAD, _thread=thread.id
            )
        )

    async def exchanges(self, thread: Thread, *, limit: int) -> Sequence[tuple[str, str]]:
        """Return a thread's last questions with the words answered, oldest first."""
        return await self._transactions.read(
            lambda connection: answers.exchanges(connection, thread, limit=limit)
        )

    async def last_question(self, thread: Thread) -> Question | None:
        """Return what was asked last in a thread, with the question before it."""
        return await self._transactions.read(
            lambda connection: answers.last_question(connection, thread)
        )

    async def answers(
        self, channel: Channel, *, limit: int, offset: int = 0
    ) -> Sequence[tuple[Question, Answer]]:
        """Return the channel's questions with their answers, newest first."""
        return await self._transactions.read(
            lambda connection: answers.listed(connection, channel, limit=limit, offset=offset)
        )

    async def search(
        self,
        channel: Channel,
        terms: Sequence[str],
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[Found]:
        """Return passages that hold any of the terms: see `ports.Store.search`."""
        return await self._transactions.read(
            lambda connection: search.search(
                connection, channel, terms, since=since, until=until, limit=limit
            )
        )

    async def channel_settings(self, channel: Channel) -> ChannelSettings:
        """Return the channel's settings; the defaults where nothing was set."""
        return await self._transactions.read(
            lambda connection: setting_rows.read(connection, channel)
        )

    async def change_settings(
        self,
        tx: Tx,
        channel: Channel,
        settings: ChannelSettings,
        changes: Sequence[SettingChange],
    ) -> None:
        """Replace a channel's settings and add to its change log."""
        await self._transactions.write(
            tx, lambda connection: setting_rows.change(connection, channel, settings, changes)
        )

    async def setting_changes(self, channel: Channel) -> Sequence[SettingChange]:
        """Return the channel's change log, oldest first."""
        return await self._transactions.read(
            lambda connection: setting_rows.log(connection, channel)
        )

    async def forget(self, channel: Channel, numbers: Sequence[int]) -> Forgotten:
        """Erase mentions and what rests on them alone: see `ports.Store.forget`."""
        return await self._erase(lambda connection: forget.forget(connection, channel, numbers))

    async def expire(self, now: datetime) -> Forgotten:
        """Erase what is older than its channel keeps it: see `ports.Store.expire`."""
        due = await self._transactions.read(lambda connection: _due(connection, now))
        for is_due, expire in ((due.ledger, deliveries.expire), (due.usage, usage.expire)):
            if is_due:
                async with self._transactions.begin() as tx:
                    await self._transactions.write(tx, partial(expire, now=now))
        if not due.text:
            return forget.NOTHING
        return await self._erase(lambda connection: forget.expire(connection, now))

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
        async with self.begin() as tx:
            await self.within(tx, lambda connection: forgets.keep(connection, forgotten))
        return gone

    async def _erase(self, work: Callable[[Connection], Forgotten]) -> Forgotten:
        async with self._transactions.begin() as tx:
            gone = await self._transactions.write(tx, work)
            if gone != forget.NOTHING:
                self._traces_left = True
        if self._traces_left:
            await self._clean_up(tries=_TRIES)
        return gone

    async def _clean_up(self, *, tries: int) -> None:
        """Take away what lies outside the tables, or leave it to the next commit, close or start.

        A reader of another process holds up SQLite's log; what waits for it is overwritten in
        the database by then.
        """
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
    ledger: bool
    usage: bool


def _due(connection: Connection, now: datetime) -> _Due:
    return _Due(
        text=forget.anything_due(connection, now),
        ledger=deliveries.anything_due(connection, now),
        usage=usage.anything_due(connection, now),
    )


def _database(where: Path | str, patience: float) -> Database:
    if isinstance(where, str) and where.startswith(_POSTGRES):
        from bot.store.postgres import Postgres  # noqa: PLC0415 - psycopg only when needed

        return Postgres(where, patience=patience)
    return Sqlite(Path(where), patience=patience)
