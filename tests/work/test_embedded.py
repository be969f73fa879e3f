"""Durable work on SQLite: what only it does."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection

from bot.errors import StoreError, WorkTaken
from bot.model import Again, Done, Finish, Job, Queue
from bot.store.sql import SqlStore
from bot.work.embedded import EmbeddedWork
from tests.contract.test_work import PLACES, Hands, Pair, add, gone, job, running, until
from tests.fakes.clock import FakeClock
from tests.store.samples import empty_database

T = TypeVar("T")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return empty_database(tmp_path)


@pytest.fixture
async def store(path: Path) -> AsyncGenerator[SqlStore]:
    opened = await SqlStore.open(path, patience=0.1)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def pair(store: SqlStore, path: Path, clock: FakeClock) -> Pair:
    return Pair(EmbeddedWork(store, path=path, places=PLACES, clock=clock), store)


def rows(path: Path) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as other:
        return other.execute("SELECT target, parked_until FROM jobs ORDER BY id").fetchall()


# --- one process -----------------------------------------------------------------------------

_HOLD = """
import sys
from pathlib import Path
from bot.work.embedded import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


async def test_a_second_process_is_told_who_does_the_work(pair: Pair, path: Path) -> None:
    other = subprocess.Popen(  # noqa: ASYNC220, S603 - our own script, gone in a moment
        [sys.executable, "-c", _HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(WorkTaken) as raised:
            await pair.work.run(Hands().handle, grace=0)
        assert (raised.value.path, raised.value.holder) == (str(path), str(other.pid))
        other.kill()
    hands = Hands()
    async with running(pair, hands):  # the dead hold nothing
        await add(pair, job(1))
        await gone(pair, job(1))
    assert hands.ended == [1]


async def test_nobody_else_does_the_work_while_we_do(pair: Pair, path: Path) -> None:
    hands = Hands()
    async with running(pair, hands):
        await add(pair, job(1))
        await gone(pair, job(1))
        with pytest.raises(WorkTaken) as raised:
            async with pair.work.alone():
                raise AssertionError
        assert raised.value.holder == str(os.getpid())
    async with pair.work.alone():
        with pytest.raises(WorkTaken):
            await pair.work.run(hands.handle, grace=0)


async def test_what_other_processes_put_in_is_seen(pair: Pair, path: Path) -> None:
    there = await SqlStore.open(path, patience=5)
    elsewhere = Pair(EmbeddedWork(there, path=path, places=PLACES, clock=FakeClock()), there)
    hands = Hands()
    async with running(pair, hands):
        await add(pair, job(1))
        await add(elsewhere, job(2))
        await add(pair, job(3))
        await gone(pair, job(1), job(2), job(3))
    await there.close()
    assert sorted(hands.ended) == [1, 2, 3]


# --- clocks ----------------------------------------------------------------------------------


async def test_what_was_parked_stays_so_over_a_restart(
    pair: Pair, path: Path, clock: FakeClock
) -> None:
    hands = Hands(finishes={1: [Again(after=100)]})
    async with running(pair, hands):
        await add(pair, job(1), job(2))
        await until(lambda: rows(path) != [] and rows(path)[0][1] is not None)
        await gone(pair, job(2))
    clock.wait(seconds=50)
    async with running(pair, hands):
        await add(pair, job(3))
        await gone(pair, job(3))
    assert hands.ended.count(1) == 1
    clock.wait(seconds=50)
    async with running(pair, hands):
        await gone(pair, job(1))
    assert hands.ended.count(1) == 2


async def test_a_clock_that_is_set_back_delays_nothing(
    pair: Pair, path: Path, clock: FakeClock
) -> None:
    hands = Hands(finishes={1: [Again(after=100)]})
    async with running(pair, hands):
        await add(pair, job(1))
        await until(lambda: rows(path) != [] and rows(path)[0][1] is not None)
    clock.jump(days=-1)
    async with running(pair, hands):
        await gone(pair, job(1))
    assert hands.ended == [1, 1]


async def test_a_clock_that_is_set_while_we_run_delays_nothing(
    pair: Pair, clock: FakeClock
) -> None:
    hands = Hands(finishes={1: [Again(after=0.05)]})
    hands.hold(1)
    async with running(pair, hands):
        await add(pair, job(1))
        clock.jump(days=-1)
        hands.let_go(1)
        await gone(pair, job(1))
    assert hands.ended == [1, 1]


async def test_a_clock_that_is_set_back_does_not_make_the_backlog_younger_than_new(
    pair: Pair, clock: FakeClock
) -> None:
    await add(pair, job(1))
    clock.wait(seconds=90)
    assert [one.oldest for one in await pair.work.backlog()] == [0, 90, 0, 0]
    clock.jump(days=-1)
    assert [one.oldest for one in await pair.work.backlog()] == [0, 0, 0, 0]


# --- trouble with the store ------------------------------------------------------------------


async def test_what_became_of_a_job_is_stored_as_soon_as_that_is_possible(
    pair: Pair, path: Path
) -> None:
    hands = Hands(finishes={2: [Again(after=0)]})
    hands.hold(1, 2)
    async with running(pair, hands):
        await add(pair, job(1), job(2))
        await until(lambda: len(hands.began) == 2)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            hands.let_go(1, 2)
            await until(lambda: len(hands.ended) == 2)
            await asyncio.sleep(0.3)  # longer than the store's patience
            assert await pair.work.missing([job(1), job(2)]) == []
            other.execute("ROLLBACK")
        await gone(pair, job(1), job(2))
    assert sorted(hands.began) == [1, 2, 2]


class Stubborn:
    """A store whose reads can be made to fail, or be held up once they have been made."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self.begin, self.within = store.begin, store.within
        self.fails = False
        self.held: asyncio.Event | None = None
        self.looking = asyncio.Event()

    async def look(self, work: Callable[[Connection], T]) -> T:
        if self.fails:
            raise StoreError("there", detail="away")
        found = await self._store.look(work)
        if self.held is not None and isinstance(found, list) and found:
            self.looking.set()
            await self.held.wait()
        return found


@asynccontextmanager
async def stubborn(
    store: SqlStore, path: Path, clock: FakeClock
) -> AsyncGenerator[tuple[Stubborn, Pair]]:
    rows = Stubborn(store)
    yield rows, Pair(EmbeddedWork(rows, path=path, places=PLACES, clock=clock), store)


async def test_a_store_that_is_away_for_a_while_is_looked_at_again(
    store: SqlStore, path: Path, clock: FakeClock
) -> None:
    async with stubborn(store, path, clock) as (rows, pair):
        await add(pair, job(1))
        rows.fails = True
        hands = Hands()
        async with running(pair, hands):
            await asyncio.sleep(0.05)
            assert hands.began == []
            rows.fails = False
            await gone(pair, job(1))
        assert hands.ended == [1]


async def test_what_is_done_while_we_look_is_not_done_again(
    store: SqlStore, path: Path, clock: FakeClock
) -> None:
    async with stubborn(store, path, clock) as (rows, pair):
        hands = Hands()
        async with running(pair, hands):
            number = await _seen_under_way(rows, pair, hands)
            hands.let_go(number)
            await until(lambda: number in hands.ended)
            async with asyncio.timeout(60):
                while await store.look(_count):  # noqa: ASYNC110 - no Event tells of it
                    await asyncio.sleep(0.01)
            assert rows.held is not None
            rows.held.set()
            rows.held = None
            await add(pair, job(number + 1))
            await gone(pair, job(number + 1))
        assert hands.began == list(range(1, number + 2))


async def _seen_under_way(rows: Stubborn, pair: Pair, hands: Hands) -> int:
    """Begin jobs until a look at the table has seen one that is under way; return its number.

    A look that was made before the job could be waited for sees nothing new the next time.
    """
    number = 0
    while not rows.looking.is_set():
        number += 1
        hands.hold(number)
        await add(pair, job(number))
        await until(lambda: number in hands.began)  # noqa: B023 - it is over before the next one
        rows.held = asyncio.Event()
        with suppress(TimeoutError):
            async with asyncio.timeout(3):
                await rows.looking.wait()
                break
        rows.held = None
        hands.let_go(number)
    return number


def _count(connection: Connection) -> int:
    return len(connection.exec_driver_sql("SELECT id FROM jobs").all())


# --- leading ---------------------------------------------------------------------------------


async def test_who_does_the_work_leads_and_nobody_else(pair: Pair) -> None:
    calls: list[str] = []

    async def duty() -> None:
        calls.append("began")
        try:
            await asyncio.Event().wait()
        finally:
            calls.append("stopped")

    leading = asyncio.create_task(pair.work.lead(duty))
    await asyncio.sleep(0.02)
    assert calls == []
    async with running(pair, Hands()):
        await until(lambda: calls == ["began"])
    await until(lambda: calls == ["began", "stopped"])
    async with running(pair, Hands()):
        await until(lambda: calls == ["began", "stopped", "began"])
        leading.cancel()
        await asyncio.wait([leading])
    assert calls == ["began", "stopped"] * 2


async def test_an_error_of_the_duty_is_told(pair: Pair) -> None:
    async def duty() -> None:
        raise ZeroDivisionError

    async with running(pair, Hands()):
        with pytest.raises(ZeroDivisionError):
            await pair.work.lead(duty)


# --- stopping --------------------------------------------------------------------------------


async def test_what_was_running_when_the_process_died_is_run_by_the_next(
    pair: Pair, path: Path
) -> None:
    await add(pair, job(1, lock="a"), job(2, lock="a", priority=5), job(3, queue=Queue.POSTS))
    assert [target for target, _ in rows(path)] == [1, 2, 3]
    done: list[int] = []

    async def handle(given: Job) -> Finish:
        done.append(given.target)
        return Done()

    task = asyncio.create_task(pair.work.run(handle, grace=1))
    await gone(pair, job(1), job(2), job(3))
    task.cancel()
    await asyncio.wait([task])
    assert [one for one in done if one != 3] == [1, 2]
    assert rows(path) == []
    await pair.work.close()
