"""Which job is next: the order of what waits, in memory. It knows no clock and no database.

Jobs of one lock run one after the other in the order of their numbers. One that is parked stands
aside: it holds its lock no longer, and waits for it only when its time has come. Each queue has
so many places, and no workspace takes more than its share of them, nor a channel more of that than
it leaves to the others: so another's first job never waits for a slow page of theirs.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import Job, Queue

_SHARE = 0.75


def share_of(places: int) -> int:
    """Return how many of so many places one workspace may take: one is left, if there are two."""
    return max(1, min(math.ceil(places * _SHARE), places - 1))


def has_room(most: int, *, workspace: int, channel: int) -> bool:
    """Tell whether a channel may take one more of the `most` places of its workspace.

    `workspace` and `channel` are how many each has. Who has as many as are left takes no more:
    one channel alone takes half of them, a second one half of the rest, and a place is left for
    whoever comes next.
    """
    return channel < most - workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A job with its number, which grows with each that is enqueued."""

    number: int
    job: Job


@dataclass(slots=True)
class _Lock:
    """The jobs of one thread: who runs, who waits, and who of them stands at a counter."""

    running: int | None = None
    waiting: list[tuple[int, int]] = field(default_factory=list)  # (0 if it returns, number)
    offered: int | None = None


class Line:
    """The jobs that are not done. `places` is how many of each queue may run at a time."""

    def __init__(self, places: Mapping[Queue, int]) -> None:
        self._free = dict(places)
        self._most = {queue: share_of(count) for queue, count in places.items()}
        self._jobs: dict[int, Waiting] = {}
        self._locks: dict[str, _Lock] = {}
        # Of each queue and channel, the jobs at the head of their locks, best first.
        self._ready: dict[Queue, dict[str, list[tuple[int, int]]]] = {q: {} for q in places}
        self._running: Counter[tuple[Queue, str, str]] = Counter()
        self._parked: list[tuple[float, int]] = []

    def __len__(self) -> int:
        return len(self._jobs)

    def __contains__(self, number: int) -> bool:
        return number in self._jobs

    def add(self, waiting: Waiting, *, due: float | None = None) -> None:
        """Take in a job; one that is parked until `due` comes back then."""
        if waiting.number in self._jobs:
            return
        self._jobs[waiting.number] = waiting
        if due is None:
            self._join(waiting, returning=False)
        else:
            heapq.heappush(self._parked, (due, waiting.number))

    def take(self, now: float) -> Waiting | None:
        """Return the next job that may run, from then on running; None where there is none."""
        self._return_parked(now)
        for queue, free in self._free.items():
            if free:
                chosen = self._best(queue)
                if chosen is not None:
                    return self._start(chosen)
        return None

    def done(self, number: int) -> None:
        """Take out a job that ran."""
        waiting = self._stop(number)
        del self._jobs[waiting.number]
        self._forget_lock(waiting.job.lock)

    def park(self, number: int, *, due: float) -> None:
        """Let a job that ran stand aside until `due`."""
        self._stop(number)
        heapq.heappush(self._parked, (due, number))

    def next_due(self) -> float | None:
        """Return when the next parked job comes back."""
        return self._parked[0][0] if self._parked else None

    def _return_parked(self, now: float) -> None:
        while self._parked and self._parked[0][0] <= now:
            _, number = heapq.heappop(self._parked)
            self._join(self._jobs[number], returning=True)

    def _join(self, waiting: Waiting, *, returning: bool) -> None:
        lock = self._locks.setdefault(waiting.job.lock, _Lock())
        heapq.heappush(lock.waiting, (0 if returning else 1, waiting.number))
        self._offer(lock)

    def _offer(self, lock: _Lock) -> None:
        """Put the head of a free lock where it can be taken."""
        if lock.running is not None or not lock.waiting:
            return
        head = lock.waiting[0][1]
        if lock.offered == head:
            return
        lock.offered = head
        job = self._jobs[head].job
        ready = self._ready[job.queue].setdefault(job.channel, [])
        heapq.heappush(ready, (-job.priority, head))

    def _best(self, queue: Queue) -> Waiting | None:
        best: tuple[int, int] | None = None
        for channel in list(self._ready[queue]):
            ready = self._ready[queue][channel]
            while ready and not self._is_offered(ready[0][1]):
                heapq.heappop(ready)
            if not ready:
                del self._ready[queue][channel]
            elif self._has_room(self._jobs[ready[0][1]].job):
                best = min(best or ready[0], ready[0])
        return None if best is None else self._jobs[best[1]]

    def _has_room(self, job: Job) -> bool:
        workspace, channel = _shares(job)
        return has_room(
            self._most[job.queue],
            workspace=self._running[workspace],
            channel=self._running[channel],
        )

    def _is_offered(self, number: int) -> bool:
        waiting = self._jobs.get(number)
        lock = self._locks.get(waiting.job.lock) if waiting else None
        return lock is not None and lock.running is None and lock.offered == number

    def _start(self, waiting: Waiting) -> Waiting:
        job = waiting.job
        lock = self._locks[job.lock]
        heapq.heappop(lock.waiting)
        lock.running, lock.offered = waiting.number, None
        heapq.heappop(self._ready[job.queue][job.channel])
        self._free[job.queue] -= 1
        self._running.update(_shares(job))
        return waiting

    def _stop(self, number: int) -> Waiting:
        waiting = self._jobs[number]
        job = waiting.job
        lock = self._locks[job.lock]
        lock.running = None
        self._free[job.queue] += 1
        for share in _shares(job):
            self._running[share] -= 1
            if not self._running[share]:
                del self._running[share]
        self._offer(lock)
        return waiting

    def _forget_lock(self, name: str) -> None:
        lock = self._locks.get(name)
        if lock is not None and lock.running is None and not lock.waiting:
            del self._locks[name]


def _shares(job: Job) -> tuple[tuple[Queue, str, str], tuple[Queue, str, str]]:
    """Return what a job counts to: its workspace's share, and its channel's of that."""
    return (job.queue, job.workspace, ""), (job.queue, job.workspace, job.channel)
