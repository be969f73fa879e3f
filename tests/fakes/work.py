"""Work in memory: jobs that live as long as the object."""

from __future__ import annotations

import asyncio
import math
from collections import Counter, defaultdict
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import WorkTaken
from bot.model import Again, Backlog, Queue

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence

    from bot.model import Finish, Job
    from bot.ports import Tx

_PLACES = dict.fromkeys(Queue, 4)


@dataclass
class Entry:
    """A job that is not done; `due` is when it comes back, `returned` that it did before."""

    number: int
    job: Job
    at: float
    runs: bool = False
    due: float | None = None
    returned: bool = False


class FakeWork:
    """A `ports.Work`: `run` hands jobs out; a test may as well `take` and `settle` them itself.

    `time` tells seconds; by default it is the loop's. Where the sessions are `apart`, there may be
    other processes: their jobs are handed out by `hold` alone.
    """

    def __init__(
        self,
        places: Mapping[Queue, int] | None = None,
        *,
        time: Callable[[], float] | None = None,
        apart: bool = False,
    ) -> None:
        self.entries: list[Entry] = []
        self._places = places or _PLACES
        self._time = time
        self._last = 0
        self._apart = apart
        self._sessions: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._bells: set[asyncio.Event] = set()
        self._leads = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def jobs(self) -> list[Job]:
        return [one.job for one in self.entries]

    async def enqueue(self, tx: Tx, jobs: Sequence[Job]) -> None:
        tx.on_commit(lambda: self._add(jobs))

    async def run(self, handle: Callable[[Job], Awaitable[Finish]], *, grace: float) -> None:
        async with self.alone():
            self._leads.set()
            self._over.clear()
            try:
                queues = set(Queue) - {Queue.SESSION} if self._apart else set(Queue)
                await self._hand_out(queues, handle, grace)
            finally:
                self._leads.clear()
                self._over.set()

    async def hold(
        self,
        name: str,
        duty: Callable[[], Awaitable[None]],
        handle: Callable[[Job], Awaitable[Finish]],
        *,
        grace: float,
    ) -> None:
        if not self._apart:
            await self.lead(duty)
            return
        async with self._sessions[name]:
            works = [
                asyncio.ensure_future(self._hand_out({Queue.SESSION}, handle, grace)),
                asyncio.ensure_future(_again(duty)),
            ]
            try:
                await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in works:
                    one.cancel()
                await asyncio.wait(works)
            for one in works:
                if not one.cancelled():
                    one.result()

    async def _hand_out(
        self, queues: set[Queue], handle: Callable[[Job], Awaitable[Finish]], grace: float
    ) -> None:
        async def do(entry: Entry) -> None:
            self.settle(entry, await handle(entry.job))

        tasks: dict[asyncio.Task[None], Entry] = {}
        bell = asyncio.Event()
        self._bells.add(bell)
        try:
            while True:
                bell.clear()
                while (entry := self.take(queues)) is not None:
                    tasks[asyncio.create_task(do(entry))] = entry
                await self._wait(bell, queues)
        finally:
            self._bells.remove(bell)
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=grace)
                for task in late:
                    task.cancel()
                await asyncio.wait(tasks)
            for entry in tasks.values():
                entry.runs = False

    async def lead(self, duty: Callable[[], Awaitable[None]]) -> None:
        while True:
            await self._leads.wait()
            doing = asyncio.ensure_future(duty())
            over = asyncio.ensure_future(self._over.wait())
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
        if self._leads.is_set():
            raise WorkTaken("memory")
        yield

    async def missing(self, jobs: Sequence[Job]) -> Sequence[Job]:
        known = {job.key for job in self.jobs}
        return [job for job in jobs if job.key not in known]

    async def backlog(self) -> Sequence[Backlog]:
        found = []
        for queue in Queue:
            ages = [self._now() - one.at for one in self.entries if one.job.queue is queue]
            found.append(Backlog(queue=queue, jobs=len(ages), oldest=max(ages, default=0.0)))
        return found

    async def close(self) -> None:
        """Nothing is held."""

    def take(self, queues: Collection[Queue] = frozenset(Queue)) -> Entry | None:
        """Return the next job of these queues that may run, from then on running."""
        running = [one.job for one in self.entries if one.runs]
        places = Counter(job.queue for job in running)
        shares = Counter((job.queue, job.workspace) for job in running)
        channels = Counter((job.queue, job.channel) for job in running)
        ready = [
            one
            for one in self._heads({job.lock for job in running})
            if one.job.queue in queues
            and places[one.job.queue] < self._places[one.job.queue]
            and channels[one.job.queue, one.job.channel]
            < self._share(one.job.queue) - shares[one.job.queue, one.job.workspace]
        ]
        if not ready:
            return None
        first = min(ready, key=lambda one: (-one.job.priority, one.number))
        first.runs, first.due = True, None
        return first

    def settle(self, entry: Entry, finish: Finish) -> None:
        """Record what became of a job that was taken."""
        if isinstance(finish, Again):
            entry.runs, entry.returned = False, True
            entry.due = self._now() + finish.after
        else:
            self.entries.remove(entry)
        self._ring()

    def _heads(self, held: set[str]) -> list[Entry]:
        """Return the first of each lock that nobody holds; who returns goes before who waits."""
        heads: dict[str, Entry] = {}
        for one in sorted(self.entries, key=lambda one: (not one.returned, one.number)):
            parked = one.due is not None and one.due > self._now()
            if not one.runs and not parked and one.job.lock not in held:
                heads.setdefault(one.job.lock, one)
        return list(heads.values())

    def _share(self, queue: Queue) -> int:
        return math.ceil(self._places[queue] * 0.75)

    def _add(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            if job.key not in {one.key for one in self.jobs}:
                self._last += 1
                self.entries.append(Entry(self._last, job, self._now()))
        self._ring()

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()

    def _now(self) -> float:
        return asyncio.get_running_loop().time() if self._time is None else self._time()

    async def _wait(self, bell: asyncio.Event, queues: set[Queue]) -> None:
        waiting = [one for one in self.entries if one.job.queue in queues and not one.runs]
        due = [one.due for one in waiting if one.due is not None]
        try:
            async with asyncio.timeout(max(0.0, min(due) - self._now()) if due else None):
                await bell.wait()
        except TimeoutError:
            return


async def _again(duty: Callable[[], Awaitable[None]]) -> None:
    while True:
        await duty()
        await asyncio.sleep(0)
