"""Work in memory: jobs that live as long as the object."""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import WorkTaken
from bot.model import Again, Backlog, Queue

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence

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

    `time` tells seconds; by default it is the loop's.
    """

    def __init__(
        self,
        places: Mapping[Queue, int] | None = None,
        *,
        time: Callable[[], float] | None = None,
    ) -> None:
        self.entries: list[Entry] = []
        self._places = places or _PLACES
        self._time = time
        self._last = 0
        self._bell = asyncio.Event()
        self._leads = asyncio.Event()
        self._over = asyncio.Event()

    @property
    def jobs(self) -> list[Job]:
        return [one.job for one in self.entries]

    async def enqueue(self, tx: Tx, jobs: Sequence[Job]) -> None:
        tx.on_commit(lambda: self._add(jobs))

    async def run(self, handle: Callable[[Job], Awaitable[Finish]], *, grace: float) -> None:
        async def do(entry: Entry) -> None:
            self.settle(entry, await handle(entry.job))

        async with self.alone():
            tasks: dict[asyncio.Task[None], Entry] = {}
            self._leads.set()
            self._over.clear()
            try:
                while True:
                    self._bell.clear()
                    while (entry := self.take()) is not None:
                        tasks[asyncio.create_task(do(entry))] = entry
                    await self._wait()
            finally:
                self._leads.clear()
                self._over.set()
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

    def take(self) -> Entry | None:
        """Return the next job that may run, from then on running."""
        running = [one.job for one in self.entries if one.runs]
        places = Counter(job.queue for job in running)
        shares = Counter((job.queue, job.workspace) for job in running)
        ready = [
            one
            for one in self._heads({job.lock for job in running})
            if places[one.job.queue] < self._places[one.job.queue]
            and shares[one.job.queue, one.job.workspace] < self._share(one.job.queue)
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
        self._bell.set()

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
        self._bell.set()

    def _now(self) -> float:
        return asyncio.get_running_loop().time() if self._time is None else self._time()

    async def _wait(self) -> None:
        due = [one.due for one in self.entries if one.due is not None and not one.runs]
        try:
            async with asyncio.timeout(max(0.0, min(due) - self._now()) if due else None):
                await self._bell.wait()
        except TimeoutError:
            return
