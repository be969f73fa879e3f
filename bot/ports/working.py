"""What the work needs: a queue, clocks, and somebody who watches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from datetime import datetime

    from bot.model import Backlog, Ending, Finish, Instant, Job, Verdict
    from bot.ports.transactions import Tx


class Work(Protocol):
    """What survives a crash: jobs that were asked for and are not done.

    A job may be run twice (its process died before it could say so), so whoever handles it
    looks first what was done already.
    """

    async def enqueue(self, tx: Tx, jobs: Sequence[Job]) -> None:
        """Add jobs within a transaction of the store: they exist once that is committed.

        One whose key waits or runs already is left as it is.
        """
        ...

    async def run(self, handle: Callable[[Job], Awaitable[Finish]], *, grace: float) -> None:
        """Hand out jobs until cancelled; then take no new ones and wait `grace` seconds.

        What still runs after that is cancelled and stays to be done. `handle` raises nothing but
        CancelledError. Raises WorkTaken where only one process may, and another does.
        """
        ...

    async def hold(
        self,
        name: str,
        duty: Callable[[], Awaitable[None]],
        handle: Callable[[Job], Awaitable[Finish]],
        *,
        grace: float,
    ) -> None:
        """Run `duty` for as long as this process alone holds what has this name, until cancelled.

        Meanwhile the jobs of the SESSION queue are handed out here, as by `run`, which leaves
        them alone where there may be other processes. What `duty` raises is raised.
        """
        ...

    async def lead(self, duty: Callable[[], Awaitable[None]]) -> None:
        """Run `duty` for as long as this process is the one that leads, until cancelled.

        Of all processes on one store, one leads at a time; `duty` is cancelled when it no longer
        does, and called again when it does again or `duty` returns.
        """
        ...

    def alone(self) -> AbstractAsyncContextManager[None]:
        """Keep others from doing the work in this block. Raises WorkTaken where one does."""
        ...

    async def missing(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Return those of the jobs that neither wait nor run."""
        ...

    async def backlog(self) -> Sequence[Backlog]:
        """Return what waits or runs, one entry a queue. Raises StoreError."""
        ...

    async def close(self) -> None:
        """Let go of everything that is held."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware, in UTC. It may jump when somebody sets it."""
        ...

    def instant(self) -> Instant:
        """Return the current moment on a clock that nobody sets."""
        ...


class Telemetry(Protocol):
    """What the operator can see. No text, address or name of anybody goes in."""

    def following(self, trace: str) -> AbstractContextManager[None]:
        """Have every log line inside carry the trace of one event."""
        ...

    def log(self, happened: str, **facts: str | float) -> None:
        """Write one line: a word for what happened, and its facts."""
        ...

    def trouble(self, happened: str, error: BaseException, **facts: str | float) -> None:
        """Write one line about an error, counted by its type, with where in our code it arose."""
        ...

    def accepted(self, platform: str) -> None:
        """Count an event that was taken in."""
        ...

    def ended(self, platform: str, ending: Ending, reason: str) -> None:
        """Count an event that ended."""
        ...

    def read(self, verdict: Verdict) -> None:
        """Count a page that was read, by what it turned out to be."""
        ...

    def took(self, step: str, seconds: float) -> None:
        """Note how long a step of the walk took."""
        ...

    def waiting(self, backlog: Sequence[Backlog]) -> None:
        """Note what waits."""
        ...

    def tokens(self, kind: str, count: int) -> None:
        """Count tokens of a model, by a word for their kind: those it took in, those it wrote."""
        ...
