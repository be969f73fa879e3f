"""What every queue promises, with the store that its jobs live beside.

To add another: one more parameter and one more branch in `_made`.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import StoreBusy
from bot.model import Again, Done, Finish, Instant, Job, Queue, Task
from bot.ports import Store, Work
from bot.store.sql import SqlStore
from bot.work.embedded import EmbeddedWork
from tests.fakes.store import FakeStore
from tests.fakes.work import FakeWork
from tests.store.samples import empty_database

PLACES = {Queue.QUESTIONS: 1, Queue.BRIEFS: 4, Queue.POSTS: 2, Queue.SESSION: 2}
GRACE = 20.0
MOMENT = 0.05


class WallClock:
    """The machine's: a queue measures by it how long a job waits."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def instant(self) -> Instant:
        return Instant(era="here", seconds=asyncio.get_running_loop().time())


@dataclass(frozen=True)
class Pair:
    work: Work
    store: Store


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Pair]:
    made = await _made(request, tmp_path)
    yield made
    await made.work.close()
    await made.store.close()


async def _made(request: pytest.FixtureRequest, folder: Path) -> Pair:
    if request.param == "memory":
        return Pair(FakeWork(PLACES), FakeStore())
    if request.param == "sqlite":
        path = empty_database(folder)
        store = await SqlStore.open(path, patience=5)
        return Pair(EmbeddedWork(store, path=path, places=PLACES, clock=WallClock()), store)
    from bot.work.procrastinate import ProcrastinateWork  # noqa: PLC0415 - not where it is unused

    url = request.getfixturevalue("postgres_url")
    store = await SqlStore.open(url, patience=5)
    return Pair(ProcrastinateWork(store, url=url, places=PLACES), store)


def job(
    target: int,
    *,
    lock: str = "",
    priority: int = 0,
    workspace: str = "slack/T1",
    queue: Queue = Queue.BRIEFS,
) -> Job:
    return Job(
        task=Task.HANDLE,
        target=target,
        queue=queue,
        workspace=workspace,
        lock=lock or f"lock {target}",
        priority=priority,
    )


async def add(pair: Pair, *jobs: Job) -> None:
    async with pair.store.begin() as tx:
        await pair.work.enqueue(tx, jobs)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - of many, none with an Event
            await asyncio.sleep(0.005)


@dataclass
class Hands:
    """Does jobs: each waits for its gate, if it has one, and ends as it is told, else is done."""

    began: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    gates: dict[int, asyncio.Event] = field(default_factory=dict)
    finishes: dict[int, list[Finish]] = field(default_factory=dict)

    def hold(self, *targets: int) -> None:
        self.gates.update({target: asyncio.Event() for target in targets})

    def let_go(self, *targets: int) -> None:
        for target in targets:
            self.gates[target].set()

    async def handle(self, given: Job) -> Finish:
        self.began.append(given.target)
        self.jobs.append(given)
        try:
            if given.target in self.gates:
                await self.gates[given.target].wait()
        except asyncio.CancelledError:
            self.cancelled.append(given.target)
            raise
        self.ended.append(given.target)
        planned = self.finishes.get(given.target)
        return planned.pop(0) if planned else Done()


@asynccontextmanager
async def running(
    pair: Pair, hands: Hands, *, grace: float = GRACE
) -> AsyncGenerator[asyncio.Task[None]]:
    """Hand out jobs in this block; all gates open at its end."""
    task = asyncio.create_task(pair.work.run(hands.handle, grace=grace))
    try:
        yield task
    finally:
        hands.let_go(*hands.gates)
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()


async def gone(pair: Pair, *jobs: Job) -> None:
    """Wait until none of the jobs waits or runs."""
    async with asyncio.timeout(60):
        while len(await pair.work.missing(jobs)) < len(jobs):  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


# --- adding ----------------------------------------------------------------------------------


async def test_a_job_is_there_once_its_transaction_is(pair: Pair) -> None:
    given = job(1)
    async with pair.store.begin() as tx:
        await pair.work.enqueue(tx, [given])
        assert await pair.work.missing([given]) == [given]
    assert await pair.work.missing([given, job(2)]) == [job(2)]


async def test_a_job_comes_out_as_it_was_put_in(pair: Pair) -> None:
    given = Job(
        task=Task.DELIVER,
        target=7,
        queue=Queue.POSTS,
        workspace="matrix/ø",
        lock='post:"a"/1',
        priority=-3,
    )
    hands = Hands()
    async with running(pair, hands):
        await add(pair, given)
        await until(lambda: hands.ended == [7])
        await gone(pair, given)
    assert hands.jobs == [given]


async def test_what_was_rolled_back_is_not_done(pair: Pair) -> None:
    async def half_done() -> None:
        async with pair.store.begin() as tx:
            await pair.work.enqueue(tx, [job(1)])
            raise ZeroDivisionError

    hands = Hands()
    async with running(pair, hands):
        with pytest.raises(ZeroDivisionError):
            await half_done()
        assert await pair.work.missing([job(1)]) == [job(1)]
        await add(pair, job(2))
        await until(lambda: 2 in hands.ended)
    assert hands.began == [2]


async def test_what_waits_is_not_added_again(pair: Pair) -> None:
    await add(pair, job(1, priority=2), job(1))
    await add(pair, job(1), job(2))
    hands = Hands()
    async with running(pair, hands):
        await gone(pair, job(1), job(2))
    assert sorted(hands.began) == [1, 2]


async def test_what_runs_is_not_added_again_but_what_is_done_is(pair: Pair) -> None:
    hands = Hands()
    hands.hold(1)
    async with running(pair, hands):
        await add(pair, job(1))
        await until(lambda: hands.began == [1])
        await add(pair, job(1))
        hands.let_go(1)
        await gone(pair, job(1))
        await add(pair, job(2))
        await gone(pair, job(2))
        assert hands.began == [1, 2]
        await add(pair, job(1))
        await gone(pair, job(1))
    assert hands.began == [1, 2, 1]


async def test_what_is_done_does_not_come_back(pair: Pair) -> None:
    hands = Hands()
    async with running(pair, hands):
        await add(pair, job(1))
        await gone(pair, job(1))
    async with running(pair, hands):
        await add(pair, job(2))
        await gone(pair, job(2))
    assert hands.began == [1, 2]


# --- coming back -----------------------------------------------------------------------------


async def test_what_is_to_be_run_again_comes_back(pair: Pair) -> None:
    hands = Hands(finishes={1: [Again(after=MOMENT), Again(after=0)]})
    async with running(pair, hands):
        await add(pair, job(1))
        await gone(pair, job(1))
    assert hands.ended == [1, 1, 1]


async def test_what_waits_for_its_next_try_holds_nothing_up(pair: Pair) -> None:
    hands = Hands(finishes={1: [Again(after=600)]})
    async with running(pair, hands):
        await add(pair, job(1, lock="same"), job(2, lock="same"))
        await until(lambda: 2 in hands.ended)
        assert hands.ended == [1, 2]
        assert await pair.work.missing([job(1)]) == []
        await add(pair, job(1, lock="same"))  # no new one while it waits
        await add(pair, job(3, lock="same"))
        await gone(pair, job(3))
    assert hands.ended == [1, 2, 3]


# --- order -----------------------------------------------------------------------------------


async def test_one_lock_s_jobs_run_one_by_one_in_their_order(pair: Pair) -> None:
    first, second, third = (job(n, lock="same", priority=n) for n in (1, 2, 3))
    await add(pair, first, second)
    await add(pair, third)
    hands = Hands()
    hands.hold(1, 2)
    async with running(pair, hands):
        await add(pair, job(9))
        await until(lambda: 1 in hands.began and 9 in hands.ended)
        assert 2 not in hands.began
        hands.let_go(1)
        await until(lambda: 2 in hands.began)
        assert 3 not in hands.began
        hands.let_go(2)
        await gone(pair, third)
    assert [one for one in hands.ended if one != 9] == [1, 2, 3]


async def test_what_matters_more_runs_first(pair: Pair) -> None:
    jobs = [job(n, priority=-n, queue=Queue.QUESTIONS) for n in (3, 1, 4, 2)]
    await add(pair, *jobs)
    hands = Hands()
    async with running(pair, hands):
        await gone(pair, *jobs)
    assert hands.began == [1, 2, 3, 4]


async def test_of_the_same_priority_the_older_runs_first(pair: Pair) -> None:
    jobs = [job(n, queue=Queue.QUESTIONS) for n in (3, 1, 2)]
    await add(pair, *jobs)
    hands = Hands()
    async with running(pair, hands):
        await gone(pair, *jobs)
    assert hands.began == [3, 1, 2]


async def test_one_kind_of_work_does_not_hold_up_another(pair: Pair) -> None:
    hands = Hands()
    hands.hold(*range(10))
    async with running(pair, hands):
        await add(pair, *(job(n, workspace=f"slack/T{n}") for n in range(10)))
        await until(lambda: len(hands.began) == 4)
        await add(pair, job(11, queue=Queue.QUESTIONS), job(12, queue=Queue.POSTS))
        await until(lambda: {11, 12} <= set(hands.ended))
        assert len(hands.began) == 6


async def test_one_workspace_s_flood_does_not_hold_up_another_s_job(pair: Pair) -> None:
    flood = [job(n) for n in range(1, 13)]
    await add(pair, *flood)
    hands = Hands()
    hands.hold(*range(1, 13))
    async with running(pair, hands):
        await until(lambda: len(hands.began) == 3)
        await add(pair, job(99, workspace="slack/T2"))
        await until(lambda: 99 in hands.ended)
        assert len(hands.began) == 4
        hands.let_go(*range(1, 13))
        await gone(pair, *flood)
    assert sorted(hands.ended) == [*range(1, 13), 99]


# --- stopping --------------------------------------------------------------------------------


async def test_who_is_stopped_finishes_what_runs_and_begins_nothing(pair: Pair) -> None:
    hands = Hands()
    hands.hold(1)
    async with running(pair, hands) as task:
        await add(pair, job(1, lock="same"), job(2, lock="same"))
        await until(lambda: hands.began == [1])
        task.cancel()
        await asyncio.sleep(MOMENT)
        assert not task.done()
        hands.let_go(1)
        async with asyncio.timeout(60):
            await asyncio.wait([task])
    assert (hands.began, hands.ended, hands.cancelled) == ([1], [1], [])
    assert await pair.work.missing([job(1), job(2)]) == [job(1)]


async def test_what_takes_longer_is_handed_back(pair: Pair) -> None:
    hands = Hands()
    hands.hold(1)
    async with running(pair, hands, grace=MOMENT) as task:
        await add(pair, job(1))
        await until(lambda: hands.began == [1])
        task.cancel()
        async with asyncio.timeout(60):
            await asyncio.wait([task])
    assert (hands.ended, hands.cancelled) == ([], [1])
    assert await pair.work.missing([job(1)]) == []
    again = Hands()
    async with running(pair, again):
        await gone(pair, job(1))
    assert again.ended == [1]


# --- what is told of it ----------------------------------------------------------------------


async def test_the_backlog_has_an_entry_for_each_queue(pair: Pair) -> None:
    empty = await pair.work.backlog()
    assert {one.queue: (one.jobs, one.oldest) for one in empty} == dict.fromkeys(Queue, (0, 0.0))
    await add(pair, job(1), job(2), job(3, queue=Queue.POSTS))
    hands = Hands()
    hands.hold(1, 2)
    async with running(pair, hands):
        await until(lambda: {1, 2} <= set(hands.began))
        await gone(pair, job(3))
        counted = {one.queue: one for one in await pair.work.backlog()}
        assert [counted[queue].jobs for queue in Queue] == [0, 2, 0, 0]
        assert all(one.oldest >= 0 for one in counted.values())


async def test_nothing_is_missing_of_nothing(pair: Pair) -> None:
    assert await pair.work.missing([]) == []
    many = [job(number) for number in range(1200)]
    await add(pair, *many[:1100])
    assert await pair.work.missing(many) == many[1100:]


# --- leading ---------------------------------------------------------------------------------


async def test_who_leads_does_the_duty_and_again_when_it_returns(pair: Pair) -> None:
    calls: list[str] = []

    async def duty() -> None:
        calls.append("began")
        if len(calls) > 2:
            try:
                await asyncio.Event().wait()
            finally:
                calls.append("stopped")

    async with running(pair, Hands()):
        leading = asyncio.create_task(pair.work.lead(duty))
        await until(lambda: len(calls) == 3)
        leading.cancel()
        async with asyncio.timeout(60):
            await asyncio.wait([leading])
    assert leading.cancelled()
    assert calls == ["began"] * 3 + ["stopped"]


# --- a session -------------------------------------------------------------------------------


class Duty:
    """What is to be done while a session is held."""

    def __init__(self, error: Exception | None = None) -> None:
        self.began = 0
        self.ended = 0
        self.error = error

    @property
    def runs(self) -> bool:
        return self.began > self.ended

    async def __call__(self) -> None:
        self.began += 1
        try:
            if self.error is not None:
                raise self.error
            await asyncio.Event().wait()
        finally:
            self.ended += 1


@asynccontextmanager
async def holding(
    pair: Pair, duty: Duty, hands: Hands, *, name: str = "matrix/@bot", grace: float = GRACE
) -> AsyncGenerator[asyncio.Task[None]]:
    """Hold a session in this block, or wait for it; all gates open at its end."""
    task = asyncio.create_task(pair.work.hold(name, duty, hands.handle, grace=grace))
    try:
        yield task
    finally:
        hands.let_go(*hands.gates)
        task.cancel()
        async with asyncio.timeout(60):
            await asyncio.wait([task])
        if not task.cancelled():
            task.result()


async def test_who_holds_a_session_does_its_duty_and_its_jobs(pair: Pair) -> None:
    duty, hands = Duty(), Hands()
    async with running(pair, hands), holding(pair, duty, hands):
        await add(pair, job(1, queue=Queue.SESSION), job(2), job(3, queue=Queue.SESSION))
        await until(lambda: duty.runs and len(hands.ended) == 3)
        await gone(pair, job(1), job(2), job(3))
    assert (duty.began, duty.ended) == (1, 1)
    assert sorted(hands.ended) == [1, 2, 3]


async def test_jobs_of_a_thread_keep_their_order_across_queues(pair: Pair) -> None:
    hands = Hands()
    hands.hold(1)
    jobs = [
        job(1, lock="same"),
        job(2, lock="same", queue=Queue.SESSION),
        job(3, lock="same"),
    ]
    await add(pair, *jobs)
    async with running(pair, hands), holding(pair, Duty(), hands):
        await until(lambda: hands.began == [1])
        await asyncio.sleep(MOMENT)
        hands.let_go(1)
        await gone(pair, *jobs)
    assert hands.ended == [1, 2, 3]


async def test_what_the_duty_raises_is_raised(pair: Pair) -> None:
    async with running(pair, Hands()):
        for error in (ZeroDivisionError(), TimeoutError(), StoreBusy("x")):
            with pytest.raises(type(error)):
                async with asyncio.timeout(60):
                    await pair.work.hold("s", Duty(error), Hands().handle, grace=GRACE)


async def test_who_gives_a_session_up_finishes_what_runs(pair: Pair) -> None:
    hands, duty = Hands(), Duty()
    hands.hold(1)
    async with running(pair, hands) as worker, holding(pair, duty, hands) as task:
        await add(pair, job(1, queue=Queue.SESSION))
        await until(lambda: hands.began == [1] and duty.runs)
        task.cancel()
        worker.cancel()
        await until(lambda: not duty.runs)
        hands.let_go(1)
        async with asyncio.timeout(60):
            await asyncio.wait([task, worker])
    assert (hands.ended, hands.cancelled) == ([1], [])
    assert await pair.work.missing([job(1)]) == [job(1)]
