"""Durable work on SQLite: jobs in a table beside the store's own, done by one process.

A lock on a file keeps a second process out, so no job needs a lease: what the table holds when
the process starts is to be done. The order of what waits is kept in memory (`line`); the table
is the truth, and whatever other processes put into it is seen within a second.
"""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import StoreError, WorkTaken
from bot.model import Again, Backlog, Finish, Job, Queue
from bot.work import table
from bot.work.line import Line, Waiting
from bot.work.settling import Settling

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.ports import Clock, Tx
    from bot.work.rows import Rows

_LOOK_EVERY = 1.0
_CHUNK = 500


@dataclass(slots=True)
class _Running:
    """What a process holds while it does the work."""

    line: Line
    settling: Settling
    newest: int = 0
    # Done since we began to look: what we see then may be older.
    done: set[int] = field(default_factory=set)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: dict[asyncio.Task[None], int] = field(default_factory=dict)


class EmbeddedWork:
    """A `ports.Work` in the database of the store.

    `path` is the database file; `places` how many jobs of each queue run at a time.
    """

    def __init__(
        self, rows: Rows, *, path: Path, places: Mapping[Queue, int], clock: Clock
    ) -> None:
        self._rows = rows
        self._path = path
        self._places = places
        self._clock = clock
        self._running: _Running | None = None
        self._leads = asyncio.Event()
        self._over = asyncio.Event()

    async def enqueue(self, tx: Tx, jobs: Sequence[Job]) -> None:
        """Add jobs within a transaction: see `ports.Work.enqueue`."""
        now = table.naive(self._clock.now())
        added = await self._rows.within(tx, lambda connection: table.add(connection, jobs, now))
        tx.on_commit(lambda: self._take_in(added))

    async def run(self, handle: Callable[[Job], Awaitable[Finish]], *, grace: float) -> None:
        """Hand out jobs until cancelled: see `ports.Work.run`."""
        with alone(self._path):
            running = self._running = _Running(
                Line(self._places), Settling(self._rows, self._clock)
            )
            self._over.clear()
            self._leads.set()
            try:
                while True:
                    running.bell.clear()
                    await self._look(running)
                    await self._hand_out(running, handle)
            finally:
                self._running = None
                self._leads.clear()
                self._over.set()
                await _wind_up(running.tasks, grace)
                await running.settling.close()

    async def hold(
        self,
        name: str,  # noqa: ARG002 - whoever does the work has everything
        duty: Callable[[], Awaitable[None]],
        handle: Callable[[Job], Awaitable[Finish]],  # noqa: ARG002 - `run` has one
        *,
        grace: float,  # noqa: ARG002 - as above
    ) -> None:
        """Run `duty` while this process does the work, which is that of the session as well."""
        await self.lead(duty)

    async def lead(self, duty: Callable[[], Awaitable[None]]) -> None:
        """Run `duty` while this process does the work."""
        while True:
            await self._leads.wait()
            doing, over = asyncio.ensure_future(duty()), asyncio.ensure_future(self._over.wait())
            try:
                await asyncio.wait([doing, over], return_when=asyncio.FIRST_COMPLETED)
            finally:
                doing.cancel()
                over.cancel()
                await asyncio.wait([doing, over])
            if not doing.cancelled():
                doing.result()

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Keep others from doing the work in this block."""
        with alone(self._path):
            yield

    async def missing(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Return those of the jobs that the table does not hold."""
        known: set[str] = set()
        for start in range(0, len(jobs), _CHUNK):
            keys = [job.key for job in jobs[start : start + _CHUNK]]
            known.update(await self._rows.look(partial(table.known, keys=keys)))
        return [job for job in jobs if job.key not in known]

    async def backlog(self) -> Sequence[Backlog]:
        """Return what the table holds of each queue."""
        held = await self._rows.look(table.counted)
        now = table.naive(self._clock.now())
        return [
            Backlog(
                queue=queue,
                jobs=held[queue][0] if queue in held else 0,
                oldest=max(0.0, (now - held[queue][1]).total_seconds()) if queue in held else 0.0,
            )
            for queue in Queue
        ]

    async def close(self) -> None:
        """Nothing is held."""

    def _take_in(self, added: Sequence[Waiting]) -> None:
        running = self._running
        if running is not None:
            for waiting in added:
                running.line.add(waiting)
            running.bell.set()

    async def _look(self, running: _Running) -> None:
        """Take in what the table holds and the line does not: at the start all of it."""
        running.done.clear()
        try:
            newest = await self._rows.look(table.newest)
            if newest is None or newest <= running.newest:
                return
            found = await self._rows.look(partial(table.since, number=running.newest))
        except StoreError:
            return  # told by whoever needs the store next; we look again in a second
        now, wall = asyncio.get_running_loop().time(), table.naive(self._clock.now())
        for row in found:
            waiting = table.waiting(row)
            if waiting is not None and row.id not in running.done:
                running.line.add(waiting, due=table.due(row, now=now, wall=wall))
            running.newest = row.id

    async def _hand_out(
        self, running: _Running, handle: Callable[[Job], Awaitable[Finish]]
    ) -> None:
        """Start what may run, each time the bell rings, until it is time to look again."""
        loop = asyncio.get_running_loop()
        look_at = loop.time() + _LOOK_EVERY
        while (now := loop.time()) < look_at:
            while (waiting := running.line.take(now)) is not None:
                task = asyncio.create_task(self._do(running, waiting, handle))
                running.tasks[task] = waiting.number
                task.add_done_callback(running.tasks.pop)
            due = running.line.next_due()
            until = look_at if due is None else min(look_at, due)
            await _wait(running.bell, max(0.0, until - now))
            running.bell.clear()

    async def _do(
        self,
        running: _Running,
        waiting: Waiting,
        handle: Callable[[Job], Awaitable[Finish]],
    ) -> None:
        finish = await handle(waiting.job)
        await running.settling.settle(waiting.number, finish)
        if isinstance(finish, Again):
            due = asyncio.get_running_loop().time() + min(finish.after, table.LONGEST_PARK)
            running.line.park(waiting.number, due=due)
        else:
            running.line.done(waiting.number)
            running.done.add(waiting.number)
        running.bell.set()


async def _wait(bell: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await bell.wait()
    except TimeoutError:
        return


async def _wind_up(tasks: Mapping[asyncio.Task[None], int], grace: float) -> None:
    """Let jobs come to their end; cancel those that take too long. They stay in the table."""
    left = set(tasks)
    if left:
        _, left = await asyncio.wait(left, timeout=grace)
    for task in left:
        task.cancel()
    if left:
        await asyncio.wait(left)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock that says who does the work of a database. Raises WorkTaken."""
    place = path.with_name(f"{path.name}.work")
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with place.open("a+", encoding="utf-8") as lock:
        if sys.platform != "win32":
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                lock.seek(0)
                raise WorkTaken(str(path), lock.read(20).strip()) from error
        lock.seek(0)
        lock.truncate()
        lock.write(str(os.getpid()))
        lock.flush()
        yield
