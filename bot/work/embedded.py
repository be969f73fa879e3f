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
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from bot.errors import StoreError, WorkTaken
from bot.model import Again, Backlog, Finish, Job, Queue, Task
from bot.work.line import Line, Waiting

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Row

    from bot.ports import Clock, Tx
    from bot.work.rows import Rows

_LOOK_EVERY = 1.0
_LONGEST_PARK = 3600.0
_PAUSE = 0.5
_CHUNK = 500

# As migration 0002 makes it; times are UTC without saying so.
_jobs = Table(
    "jobs",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("key", Text),
    Column("task", Text),
    Column("target", Integer),
    Column("queue", Text),
    Column("workspace", Text),
    Column("lock", Text),
    Column("priority", Integer),
    Column("at", DateTime),
    Column("parked_at", DateTime),
    Column("parked_until", DateTime),
)


_ADDED = insert(_jobs).on_conflict_do_nothing().returning(_jobs.c.id)
_PARKED = update(_jobs).where(_jobs.c.id == bindparam("_id"))
_GONE = delete(_jobs).where(_jobs.c.id == bindparam("_id"))
_NEWEST = select(func.max(_jobs.c.id))
_SINCE = select(_jobs).where(_jobs.c.id > bindparam("_id")).order_by(_jobs.c.id)


@dataclass(slots=True)
class _Running:
    """What a process holds while it does the work."""

    line: Line
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
        now = _naive(self._clock.now())
        added = await self._rows.within(tx, lambda connection: _add(connection, jobs, now))
        tx.on_commit(lambda: self._take_in(added))

    async def run(self, handle: Callable[[Job], Awaitable[Finish]], *, grace: float) -> None:
        """Hand out jobs until cancelled: see `ports.Work.run`."""
        with alone(self._path):
            running = self._running = _Running(Line(self._places))
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
            known.update(await self._rows.look(partial(_known, keys=keys)))
        return [job for job in jobs if job.key not in known]

    async def backlog(self) -> Sequence[Backlog]:
        """Return what the table holds of each queue."""
        query = select(_jobs.c.queue, func.count(), func.min(_jobs.c.at)).group_by(_jobs.c.queue)
        counted = await self._rows.look(lambda c: c.execute(query).all())
        held = {queue: (count, first) for queue, count, first in counted}
        now = _naive(self._clock.now())
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
            newest = await self._rows.look(lambda c: c.scalar(_NEWEST))
            if newest is None or newest <= running.newest:
                return
            since = {"_id": running.newest}
            found = await self._rows.look(lambda c: c.execute(_SINCE, since).all())
        except StoreError:
            return  # told by whoever needs the store next; we look again in a second
        now, wall = asyncio.get_running_loop().time(), _naive(self._clock.now())
        for row in found:
            waiting = _waiting(row)
            if waiting is not None and row.id not in running.done:
                running.line.add(waiting, due=_due(row, now=now, wall=wall))
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
        await self._settle(waiting.number, finish)
        if isinstance(finish, Again):
            due = asyncio.get_running_loop().time() + min(finish.after, _LONGEST_PARK)
            running.line.park(waiting.number, due=due)
        else:
            running.line.done(waiting.number)
            running.done.add(waiting.number)
        running.bell.set()

    async def _settle(self, number: int, finish: Finish) -> None:
        """Store what became of a job, as soon as that is possible."""
        while True:
            now = _naive(self._clock.now())
            try:
                async with self._rows.begin() as tx:
                    await self._rows.within(
                        tx, partial(_settle, number=number, finish=finish, now=now)
                    )
            except StoreError:
                await asyncio.sleep(_PAUSE)
            else:
                return


def _add(connection: Connection, jobs: Sequence[Job], now: datetime) -> list[Waiting]:
    added = []
    for job in jobs:
        number = connection.scalar(
            _ADDED,
            {
                "key": job.key,
                "task": job.task.value,
                "target": job.target,
                "queue": job.queue.value,
                "workspace": job.workspace,
                "lock": job.lock,
                "priority": job.priority,
                "at": now,
            },
        )
        if number is not None:
            added.append(Waiting(number=number, job=job))
    return added


def _known(connection: Connection, *, keys: Sequence[str]) -> Sequence[str]:
    return connection.scalars(select(_jobs.c.key).where(_jobs.c.key.in_(keys))).all()


def _settle(connection: Connection, *, number: int, finish: Finish, now: datetime) -> None:
    if isinstance(finish, Again):
        until = now + timedelta(seconds=min(finish.after, _LONGEST_PARK))
        connection.execute(_PARKED, {"_id": number, "parked_at": now, "parked_until": until})
    else:
        connection.execute(_GONE, {"_id": number})


def _waiting(row: Row[*tuple[Any, ...]]) -> Waiting | None:
    """Return a job, or None for one of a later version: it stays until that is back."""
    if row.task not in set(Task) or row.queue not in set(Queue):
        return None
    job = Job(
        task=Task(row.task),
        target=row.target,
        queue=Queue(row.queue),
        workspace=row.workspace,
        lock=row.lock,
        priority=row.priority,
    )
    return Waiting(number=row.id, job=job)


def _due(row: Row[*tuple[Any, ...]], *, now: float, wall: datetime) -> float | None:
    """Return when a stored job may run, in the loop's time; None for one that is not parked."""
    if row.parked_until is None:
        return None
    if row.parked_at > wall:
        return now  # the clock was set back: what it said then means nothing
    left: timedelta = row.parked_until - wall
    return now + min(max(0.0, left.total_seconds()), _LONGEST_PARK)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


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
