"""A session on PostgreSQL: one process of all has it, whatever becomes of that one."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.errors import WorkTaken
from bot.model import Queue
from bot.store import locks
from bot.store.sql import SqlStore
from bot.work import holding
from bot.work.procrastinate import ProcrastinateWork
from tests.postgres import Server
from tests.work.test_procrastinate import (
    PLACES,
    ROOT,
    Hands,
    disconnect,
    enqueue,
    job,
    running,
    stop,
    until,
    waiting,
)

SESSION = Queue.SESSION
NAME = "matrix/@briefbot:example.org"


@pytest.fixture
async def store(postgres_url: str) -> AsyncGenerator[SqlStore]:
    opened = await SqlStore.open(postgres_url, patience=5)
    yield opened
    await opened.close()


@pytest.fixture
def work(store: SqlStore, postgres_url: str) -> ProcrastinateWork:
    return ProcrastinateWork(store, url=postgres_url, places=PLACES)


@pytest.fixture
def other(store: SqlStore, postgres_url: str) -> ProcrastinateWork:
    return ProcrastinateWork(store, url=postgres_url, places=PLACES)


class Duty:
    def __init__(self) -> None:
        self.began = self.ended = 0

    @property
    def runs(self) -> bool:
        return self.began > self.ended

    async def __call__(self) -> None:
        self.began += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.ended += 1


@asynccontextmanager
async def held(
    work: ProcrastinateWork, duty: Duty, hands: Hands, *, name: str = NAME, grace: float = 5
) -> AsyncGenerator[asyncio.Task[None]]:
    task = asyncio.create_task(work.hold(name, duty, hands.handle, grace=grace))
    yield task
    if not task.done():
        await stop(task)


pytestmark = [pytest.mark.postgres, pytest.mark.timeout(90)]


async def test_one_has_it_and_another_takes_over(
    store: SqlStore, work: ProcrastinateWork, other: ProcrastinateWork
) -> None:
    first, second, mine, theirs = Duty(), Duty(), Hands(), Hands()
    async with held(work, first, mine) as task:
        await until(lambda: first.runs)
        async with held(other, second, theirs):
            await enqueue(store, work, job(1, queue=SESSION))
            await until(lambda: mine.ended == [1])
            await asyncio.sleep(1.5)
            assert (second.began, theirs.began) == (0, [])
            await stop(task)
            assert first.ended == 1
            await until(lambda: second.runs, within=5)
            await enqueue(store, work, job(2, queue=SESSION))
            await until(lambda: theirs.ended == [2])
    assert (first.began, second.began, mine.ended) == (1, 1, [1])


async def test_its_jobs_wait_where_nobody_has_it(store: SqlStore, work: ProcrastinateWork) -> None:
    worker, holder = Hands(), Hands()
    async with running(work, worker.handle):
        await enqueue(store, work, job(1, queue=SESSION), job(2), job(3, queue=Queue.POSTS))
        await until(lambda: sorted(worker.ended) == [2, 3])
        await asyncio.sleep(1.5)
        assert await waiting(work) == 1
        async with held(work, Duty(), holder):
            await until(lambda: holder.ended == [1])
            await enqueue(store, work, job(4))
            await until(lambda: 4 in worker.ended)
    assert (sorted(worker.ended), holder.ended) == ([2, 3, 4], [1])


async def test_two_sessions_are_held_beside_each_other(
    work: ProcrastinateWork, other: ProcrastinateWork
) -> None:
    first, second = Duty(), Duty()
    async with held(work, first, Hands()), held(other, second, Hands(), name="another"):
        await until(lambda: first.runs and second.runs)


async def test_who_loses_the_connection_breaks_off_and_tries_again(
    store: SqlStore, work: ProcrastinateWork, postgres_url: str
) -> None:
    duty, hands = Duty(), Hands()
    hands.hold(1)
    await enqueue(store, work, job(1, queue=SESSION))
    async with held(work, duty, hands, grace=60):
        await until(lambda: duty.runs and hands.running == {1})
        await disconnect(postgres_url, "briefbot session")
        await until(lambda: duty.ended == 1 and hands.running == set(), within=5)
        await until(lambda: duty.runs and hands.running == {1})
        hands.let_go()
        await until(lambda: hands.ended == [1])
        await enqueue(store, work, job(2, queue=SESSION))
        await until(lambda: hands.ended == [1, 2])
    assert (duty.began, duty.ended) == (2, 2)


async def test_who_was_without_the_server_for_a_while_goes_on(
    store: SqlStore, work: ProcrastinateWork, postgres_server: Server
) -> None:
    duty, hands = Duty(), Hands()
    async with held(work, duty, hands):
        await until(lambda: duty.runs)
        await asyncio.to_thread(postgres_server.stop)
        await until(lambda: not duty.runs)
        await asyncio.to_thread(postgres_server.start)
        await until(lambda: duty.runs, within=40)
        await enqueue(store, work, job(1, queue=SESSION))
        await until(lambda: hands.ended == [1], within=40)


async def test_what_a_killed_process_had_is_taken_over(
    store: SqlStore, work: ProcrastinateWork, postgres_url: str
) -> None:
    await enqueue(store, work, job(1, queue=SESSION))
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.work.worker",
        postgres_url,
        NAME,
        cwd=Path(ROOT),
        stdout=asyncio.subprocess.PIPE,
    )
    assert started.stdout is not None
    assert await started.stdout.readline() == b"1\n"
    duty, hands = Duty(), Hands()
    async with held(work, duty, hands):
        await asyncio.sleep(1.5)
        assert not duty.began
        started.send_signal(signal.SIGKILL)
        await started.wait()
        await until(lambda: duty.runs, within=5)
        # No worker leads here: whoever has the session hands out what the dead one had.
        await until(lambda: hands.ended == [1], within=25)


async def test_nobody_is_alone_where_somebody_has_a_session(work: ProcrastinateWork) -> None:
    duty = Duty()
    async with held(work, duty, Hands()):
        await until(lambda: duty.runs)
        await asyncio.sleep(1)
        with pytest.raises(WorkTaken):
            async with work.alone():
                pass


def test_the_lock_of_a_session_is_its_own() -> None:
    names = [f"matrix/@bot{number}:example.org" for number in range(1000)]
    numbers = [holding.session_of(name).numbers for name in names]
    assert len(set(numbers)) == len(names)
    assert numbers == [holding.session_of(name).numbers for name in names]
    assert {family for family, _ in numbers} == {locks.FAMILY}
    assert all(max(locks.UPGRADING, locks.ERASING) < one < 2**31 for _, one in numbers)
    assert holding.session_of("matrix").numbers == (0x62726966, 1845546326)
