"""Group commit: write transactions that come at the same time share one commit.

SQLite has one writer, and a durable commit waits for the disk. So whoever ends a transaction
while others wait for their turn leaves the commit to the last of them: each is a savepoint in
one transaction, and none of them is told that it is done before the commit that holds it is.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine

_MOST = 64
"""So many transactions share a commit at the most, so that the first does not wait long."""


class Commands(Protocol):
    """What a group does with the database; each raises StoreError."""

    async def open_group(self) -> None:
        """Begin a transaction, and a savepoint in it."""

    async def savepoint(self) -> None:
        """Begin a savepoint in the open transaction."""

    async def release(self) -> None:
        """Keep what was done since the savepoint."""

    async def undo(self) -> bool:
        """Undo what was done since the savepoint; False where the whole transaction is gone."""

    async def commit(self) -> None:
        """Keep what was done since the savepoint, and make the transaction durable."""

    async def abandon(self) -> None:
        """Undo the whole transaction, if there is one; raises nothing."""


class _Group:
    """Members of one transaction, and whether it became durable."""

    def __init__(self) -> None:
        self.members = 0
        self.durable: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def succeed(self) -> None:
        self.durable.set_result(None)

    def fail(self, error: BaseException) -> None:
        self.durable.set_exception(error)
        self.durable.exception()  # seen, even where no member is left to wait


class Groups:
    """Hands out turns to write."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._group: _Group | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def member(self, calls: list[Callable[[], None]]) -> AsyncGenerator[None]:
        """Run a block as one transaction: undone by any exception, durable when it is over.

        `calls` are made once it is durable. Raises StoreError, and what the block raises.
        """
        await self._take_turn()
        try:
            group = await self._enter()
            try:
                yield
            except BaseException as error:
                await _to_the_end(self._undo(group, error))
                raise
            group.durable.add_done_callback(lambda done: _call(calls, done))
            await _to_the_end(self._leave(group))
        finally:
            self._turn.release()
        await asyncio.shield(group.durable)

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Hold off every writer of this process, with nothing left uncommitted."""
        await self._take_turn()
        try:
            await _to_the_end(self._finish())
            yield
        finally:
            self._turn.release()

    async def _take_turn(self) -> None:
        self._waiting += 1
        try:
            await self._turn.acquire()
        except BaseException:
            self._waiting -= 1
            if self._group is not None and not self._waiting:
                # The others left the commit to us.
                closing = asyncio.create_task(self._close_group())
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)
            raise
        self._waiting -= 1

    async def _close_group(self) -> None:
        async with self._turn:
            await self._finish()

    async def _enter(self) -> _Group:
        group = self._group
        if group is None:
            try:
                await self._commands.open_group()
            except BaseException:
                await self._commands.abandon()
                raise
            self._group = group = _Group()
            return group
        try:
            await _to_the_end(self._commands.savepoint())
        except asyncio.CancelledError as error:
            await _to_the_end(self._undo(group, error))
            raise
        except BaseException as error:
            await _to_the_end(self._lose(group, error))
            raise
        return group

    async def _leave(self, group: _Group) -> None:
        group.members += 1
        more = self._waiting and group.members < _MOST
        try:
            await (self._commands.release() if more else self._commands.commit())
        except BaseException as error:
            await self._lose(group, error)
            raise
        if not more:
            self._group = None
            group.succeed()

    async def _undo(self, group: _Group, error: BaseException) -> None:
        """Undo one member; a full disk may have undone them all."""
        try:
            whole = await self._commands.undo()
        except StoreError as worse:
            await self._lose(group, worse)
            return
        if not whole:
            await self._lose(group, error)
        elif not self._waiting:
            await self._finish()

    async def _finish(self) -> None:
        """Make durable what others left to be committed."""
        group = self._group
        if group is None:
            return
        if not group.members:
            self._group = None
            await self._commands.abandon()
            group.succeed()
            return
        try:
            await self._commands.savepoint()
            await self._commands.commit()
        except BaseException as error:
            await self._lose(group, error)
            if not isinstance(error, StoreError):
                raise
        else:
            self._group = None
            group.succeed()

    async def _lose(self, group: _Group, error: BaseException) -> None:
        self._group = None
        await self._commands.abandon()
        lost = error if isinstance(error, StoreError) else StoreError("", detail="undone")
        group.fail(lost)


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Do what the whole group rests on, even if the one who does it is cancelled meanwhile.

    He is cancelled when it is done.
    """
    doing = asyncio.ensure_future(work)
    try:
        await asyncio.shield(doing)
    except asyncio.CancelledError:
        while not doing.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([doing])
        if not doing.cancelled():
            doing.exception()  # seen: being cancelled comes first
        raise


def _call(calls: list[Callable[[], None]], done: asyncio.Future[None]) -> None:
    if done.cancelled() or done.exception() is not None:
        return
    for call in calls:
        call()
