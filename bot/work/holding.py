"""What one process of all has at a time: the lead, or a platform's session.

It is a lock of PostgreSQL, held by a connection: however its process ends, the server gives it
to the next within seconds. Whoever holds one looks after the jobs of workers that died.
"""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psycopg

from bot.model import Again
from bot.work.fetching import end_if_cancelled

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from bot.model import Finish, Job

STALLED = 10.0
"""Seconds after which a worker that has not been heard of is given up for dead."""

HEARTBEAT = 2.0
PAUSE = 1.0

_PATIENCE = 5.0
_LEADER = 0x42726965_66626F74  # "Briefbot"; numbers of 64 bits are apart from pairs of 32
_FAMILY = 0x62726966  # that of the store's own advisory locks, whose second numbers are small
_SESSIONS = 1 << 30

_TAKE = {
    1: "SELECT pg_try_advisory_lock(%s)",
    2: "SELECT pg_try_advisory_lock(%s::int, %s::int)",
}
# A holder whose machine is gone without a word is noticed within half a minute.
_NOTICED = (
    "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
)
_HAND_OUT = (
    "UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1, scheduled_at = NULL, "
    "abort_requested = false "
    "WHERE status = 'doing' AND (worker_id IS NULL OR worker_id IN (SELECT id "
    "FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %s)))"
)
_PRUNE = (
    "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => %s)"
)


class _LostError(Exception):
    """The connection that holds, or was to hold, the lock is gone."""


class Jobs:
    """Does jobs, until they are broken off: then they stay to be done, as do those that come."""

    def __init__(self, handle: Callable[[Job], Awaitable[Finish]]) -> None:
        self._handle = handle
        self._running: set[asyncio.Future[Finish]] = set()
        self._over = False

    def begin(self) -> None:
        """Do jobs from now on."""
        self._over = False

    async def handle(self, job: Job) -> Finish:
        """Do one job."""
        if self._over:
            return Again(after=0)
        doing = asyncio.ensure_future(self._handle(job))
        self._running.add(doing)
        doing.add_done_callback(self._running.discard)
        return await doing

    def break_off(self) -> None:
        """Cancel what is being done."""
        self._over = True
        for one in self._running:
            one.cancel()


@dataclass(frozen=True, slots=True)
class Lock:
    """The numbers of an advisory lock, and what is shown of the connection that holds it."""

    numbers: tuple[int] | tuple[int, int]
    shown: str


LEADER = Lock((_LEADER,), "briefbot leader")


def session_of(name: str) -> Lock:
    """Return the lock of a session by its name: the same in every process and version."""
    digest = int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
    return Lock((_FAMILY, _SESSIONS | digest % _SESSIONS), "briefbot session")


def _nothing() -> None:
    """Nothing is to be done."""


async def while_held(
    url: str,
    lock: Lock,
    work: Callable[[], Coroutine[Any, Any, None]],
    *,
    lost: Callable[[], None] = _nothing,
) -> None:
    """Work while the lock is held; once it is lost, call `lost`, cancel the work, and try again.

    Raises what the work raises.
    """
    while True:
        with suppress(_LostError):
            async with await _connected(url, lock) as connection:
                await _until_taken(connection, lock)
                await _work(connection, work, lost)
                return
        end_if_cancelled()
        await asyncio.sleep(PAUSE)


async def again(duty: Callable[[], Awaitable[None]]) -> None:
    """Do a duty again whenever it returns."""
    while True:
        await duty()
        await asyncio.sleep(PAUSE)


async def until_one_ends(*works: Coroutine[Any, Any, None]) -> None:
    """Run all until one ends, then end the others. Raises why it did."""
    # No TaskGroup: a task that was in one may take itself for cancelled (Python 3.11).
    tasks = [asyncio.create_task(one) for one in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.wait(tasks)
    for error in [one.exception() for one in tasks if not one.cancelled()]:
        if error is not None:
            raise error


async def is_led(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Tell whether another process leads; where none does, this connection keeps them from it."""
    return not await _taken(connection, LEADER)


async def _connected(url: str, lock: Lock) -> psycopg.AsyncConnection[Any]:
    with _losing():
        return await psycopg.AsyncConnection.connect(
            url, autocommit=True, application_name=lock.shown
        )


async def _until_taken(connection: psycopg.AsyncConnection[Any], lock: Lock) -> None:
    with _losing():
        await connection.execute(_NOTICED)
        while True:
            if await _taken(connection, lock):
                return
            await asyncio.sleep(PAUSE)


async def _taken(connection: psycopg.AsyncConnection[Any], lock: Lock) -> bool:
    """Take a lock; False where somebody else holds it."""
    cursor = await connection.execute(_TAKE[len(lock.numbers)], lock.numbers)
    row = await cursor.fetchone()
    return bool(row and row[0])


async def _work(
    connection: psycopg.AsyncConnection[Any],
    work: Callable[[], Coroutine[Any, Any, None]],
    lost: Callable[[], None],
) -> None:
    doing = asyncio.create_task(work())
    try:
        while not doing.done():
            await _look_after_stalled_jobs(connection)
            await asyncio.wait([doing], timeout=HEARTBEAT)
    except _LostError:
        end_if_cancelled()
        lost()
        raise
    finally:
        doing.cancel()
        await asyncio.wait([doing])
    doing.result()


async def _look_after_stalled_jobs(connection: psycopg.AsyncConnection[Any]) -> None:
    """Hand out what dead workers had. Raises _LostError where the lock went with its connection."""
    with _losing():
        async with asyncio.timeout(_PATIENCE):
            await connection.execute(_HAND_OUT, (STALLED,))
            await connection.execute(_PRUNE, (STALLED,))


@contextmanager
def _losing() -> Iterator[None]:
    try:
        yield
    except (psycopg.Error, TimeoutError) as error:
        raise _LostError from error
