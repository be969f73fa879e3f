"""Durable work on PostgreSQL: what the port promises, with real workers and a real server."""

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import procrastinate
import psycopg
import pytest
from procrastinate import exceptions
from procrastinate.manager import JobManager

from bot.errors import WorkTaken
from bot.model import Again, Done, Finish, Job, Queue, Task
from bot.store.sql import SqlStore
from bot.work.fetching import FairJobs
from bot.work.procrastinate import ProcrastinateWork
from tests.postgres import Server, name_of
from tests.store.samples import NOON, posted

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(90)]

ROOT = Path(__file__).parents[2]
PLACES = dict.fromkeys(Queue, 4)
HERE = [queue for queue in Queue if queue is not Queue.SESSION]


def job(
    target: int,
    *,
    lock: str = "",
    workspace: str = "a",
    queue: Queue = Queue.BRIEFS,
    priority: int = 0,
) -> Job:
    return Job(
        task=Task.HANDLE,
        target=target,
        queue=queue,
        workspace=workspace,
        lock=lock or f"thread{target}",
        priority=priority,
    )


class Hands:
    """Does jobs: those that are held wait until they are let go; `finishes` says what then."""

    def __init__(self) -> None:
        self.began: list[int] = []
        self.ended: list[int] = []
        self.running: set[int] = set()
        self.most = 0
        self.held: dict[int, asyncio.Event] = {}
        self.finishes: dict[int, list[Finish]] = {}

    def hold(self, *targets: int) -> None:
        self.held |= {target: asyncio.Event() for target in targets}

    def let_go(self, *targets: int) -> None:
        for target in targets or list(self.held):
            self.held[target].set()

    async def handle(self, job: Job) -> Finish:
        self.began.append(job.target)
        self.running.add(job.target)
        self.most = max(self.most, len(self.running))
        try:
            if job.target in self.held:
                await self.held[job.target].wait()
        finally:
            self.running.remove(job.target)
        self.ended.append(job.target)
        left = self.finishes.get(job.target)
        return left.pop(0) if left else Done()


async def until(reached: Callable[[], object], *, within: float = 20) -> None:
    async with asyncio.timeout(within):
        while not reached():  # noqa: ASYNC110 - what is waited for is a test's own condition
            await asyncio.sleep(0.01)


@pytest.fixture
async def store(postgres_url: str) -> AsyncGenerator[SqlStore]:
    opened = await SqlStore.open(postgres_url, patience=5)
    yield opened
    await opened.close()


@pytest.fixture
def work(store: SqlStore, postgres_url: str) -> ProcrastinateWork:
    return ProcrastinateWork(store, url=postgres_url, places=PLACES)


async def enqueue(store: SqlStore, work: ProcrastinateWork, *jobs: Job) -> None:
    async with store.begin() as tx:
        await work.enqueue(tx, jobs)


async def waiting(work: ProcrastinateWork) -> int:
    return sum(one.jobs for one in await work.backlog())


@asynccontextmanager
async def running(
    work: ProcrastinateWork, handle: Callable[[Job], Awaitable[Finish]], *, grace: float = 5
) -> AsyncGenerator[asyncio.Task[None]]:
    task = asyncio.create_task(work.run(handle, grace=grace))
    yield task
    await stop(task)


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task], timeout=30)
    assert task.cancelled()


# --- enqueueing -------------------------------------------------------------------------------


async def test_jobs_are_undone_with_the_rows_beside_them(
    store: SqlStore, work: ProcrastinateWork
) -> None:
    async def begun() -> None:
        sent = posted()
        async with store.begin() as tx:
            await store.add_event(
                tx, sent, thread=sent.message.thread, message=sent.message.id, at=NOON
            )
            await work.enqueue(tx, [job(1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await begun()
    assert await waiting(work) == 0
    assert await store.open_events(after=0, limit=9) == []


async def test_the_same_job_is_there_once_while_it_waits_or_runs(
    store: SqlStore, work: ProcrastinateWork
) -> None:
    hands = Hands()
    hands.hold(1)
    await enqueue(store, work, job(1), job(1))
    await enqueue(store, work, job(1))
    assert await waiting(work) == 1
    async with running(work, hands.handle):
        await until(lambda: hands.running)
        await enqueue(store, work, job(1), job(2))
        assert await work.missing([job(1), job(3)]) == [job(3)]
        hands.let_go()
        await until(lambda: sorted(hands.ended) == [1, 2])
        await enqueue(store, work, job(1))
        await until(lambda: sorted(hands.ended) == [1, 1, 2])
    assert await waiting(work) == 0


async def test_the_same_job_enqueued_at_once_is_there_once(
    store: SqlStore, work: ProcrastinateWork
) -> None:
    await asyncio.gather(*(enqueue(store, work, job(1)) for _ in range(12)))
    assert await waiting(work) == 1


@pytest.mark.parametrize("name", ["\0", "\x1a0", "%s", "{}", "ł“\\'\"", "x" * 3000])
async def test_whatever_a_thread_is_called(
    store: SqlStore, work: ProcrastinateWork, name: str
) -> None:
    """Ids are the platforms' words: what they are made of is not ours to choose."""
    hands, given = Hands(), []

    async def handle(one: Job) -> Finish:
        given.append(one)
        return await hands.handle(one)

    jobs = [job(1, lock=name, workspace=name), job(2, lock=name)]
    await enqueue(store, work, *jobs)
    async with running(work, handle):
        await until(lambda: hands.ended == [1, 2])
    assert [(one.lock, one.workspace) for one in given] == [(name, name), (name, "a")]


async def test_any_spelling_of_an_address_will_do(store: SqlStore, postgres_url: str) -> None:
    url = postgres_url.replace("postgresql://", "postgresql+psycopg://", 1)
    work, hands = ProcrastinateWork(store, url=url, places=PLACES), Hands()
    await enqueue(store, work, job(1))
    async with running(work, hands.handle), work_led(work):
        await until(lambda: hands.ended == [1])


@asynccontextmanager
async def work_led(work: ProcrastinateWork) -> AsyncGenerator[asyncio.Event]:
    """Have this one lead where it may; the event says that it does."""
    leads = asyncio.Event()

    async def duty() -> None:
        leads.set()
        try:
            await asyncio.Event().wait()
        finally:
            leads.clear()

    task = asyncio.create_task(work.lead(duty))
    yield leads
    await stop(task)


# --- order ------------------------------------------------------------------------------------


async def test_one_thread_is_served_in_its_order_whatever_the_priorities(
    store: SqlStore, work: ProcrastinateWork
) -> None:
    hands = Hands()
    queues = [Queue.BRIEFS, Queue.QUESTIONS, Queue.POSTS]
    for number in range(9):
        given = job(number, lock="t", queue=queues[number % 3], priority=(number * 5) % 7 - 3)
        await enqueue(store, work, given)
    async with running(work, hands.handle):
        await until(lambda: len(hands.ended) == 9)
    assert hands.ended == list(range(9))
    assert hands.most == 1


async def test_a_job_that_came_while_one_of_its_thread_ran_waits_for_its_second_try(
    store: SqlStore, work: ProcrastinateWork
) -> None:
    hands = Hands()
    hands.hold(1, 3)
    hands.finishes[1] = [Again(after=0)]
    await enqueue(store, work, job(1, lock="t", priority=-5))
    async with running(work, hands.handle):
        await until(lambda: hands.running == {1})
        await enqueue(store, work, job(2, lock="t", priority=0))
        hands.let_go(1)
        await until(lambda: len(hands.ended) == 3)
    assert hands.began == [1, 1, 2]


async def test_higher_priority_goes_first_among_threads(
    store: SqlStore, work: ProcrastinateWork
) -> None:
    hands = Hands()
    await enqueue(store, work, *(job(number, priority=number) for number in (1, 3, 2)))
    one = ProcrastinateWork(store, url=work._url, places=dict.fromkeys(Queue, 1))
    async with running(one, hands.handle):
        await until(lambda: len(hands.ended) == 3)
    assert hands.ended == [3, 2, 1]


async def test_a_parked_job_holds_up_nobody_and_then_waits_for_its_lock(
    store: SqlStore, work: ProcrastinateWork
) -> None:
    hands = Hands()
    hands.finishes[1] = [Again(after=1.5)]
    hands.hold(2)
    await enqueue(store, work, job(1, lock="t"), job(2, lock="t"), job(3, lock="t"))
    async with running(work, hands.handle):
        await until(lambda: hands.running == {2})
        await asyncio.sleep(2.5)  # the time of the first one comes, and its lock is held
        assert hands.running == {2}
        hands.let_go()
        await until(lambda: len(hands.ended) == 4)
    assert hands.began == [1, 2, 1, 3]
    assert hands.most == 1


async def test_who_waits_for_a_lock_is_woken_when_it_is_free(
    store: SqlStore, work: ProcrastinateWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever queue: with a minute between two looks, only being told will do."""
    monkeypatch.setattr("bot.work.procrastinate._POLL", 60.0)
    hands = Hands()
    hands.hold(1)
    hands.finishes[2] = [Again(after=60)]
    async with running(work, hands.handle):
        await enqueue(store, work, job(1, lock="t"))
        await until(lambda: hands.running == {1})
        await enqueue(store, work, job(2, lock="t", queue=Queue.QUESTIONS), job(3, lock="t"))
        await asyncio.sleep(0.3)
        hands.let_go()
        await until(lambda: hands.ended == [1, 2, 3])


# --- shares -----------------------------------------------------------------------------------


async def test_no_workspace_takes_more_than_its_share(
    store: SqlStore, work: ProcrastinateWork
) -> None:
    hands = Hands()
    hands.hold(*range(100))
    await enqueue(store, work, *(job(number) for number in range(100)))
    async with running(work, hands.handle):
        await until(lambda: len(hands.running) == 3)
        await asyncio.sleep(1.2)
        assert hands.running == {0, 1, 2}
        assert hands.began == [0, 1, 2]  # nobody is taken only to be put back
        await enqueue(store, work, job(1000, workspace="b"))
        await until(lambda: 1000 in hands.ended)
        hands.let_go()
        await until(lambda: len(hands.ended) == 101)
    assert hands.most == 4


async def test_who_waits_for_a_share_is_woken_when_there_is_room(
    store: SqlStore, work: ProcrastinateWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.work.procrastinate._POLL", 60.0)
    hands = Hands()
    await enqueue(store, work, *(job(number) for number in range(30)))
    async with running(work, hands.handle):
        await until(lambda: len(hands.ended) == 30)
    assert hands.ended[:3] == [0, 1, 2]


# --- the end of a worker ----------------------------------------------------------------------


async def test_a_worker_that_is_stopped_ends_what_it_can_and_hands_back_the_rest(
    store: SqlStore, work: ProcrastinateWork, postgres_url: str
) -> None:
    hands = Hands()
    hands.hold(1, 2)
    await enqueue(store, work, job(1), job(2), job(3, lock="thread2"))
    async with running(work, hands.handle, grace=0.5) as task:
        await until(lambda: hands.running == {1, 2})
        task.cancel()
        hands.let_go(1)
        await until(task.done)
    assert hands.ended == [1]
    assert await waiting(work) == 2
    other, again = ProcrastinateWork(store, url=postgres_url, places=PLACES), Hands()
    async with running(other, again.handle):
        await until(lambda: again.ended == [2, 3])


@asynccontextmanager
async def process(url: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.work.worker",
        url,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    yield started
    if started.returncode is None:
        started.kill()
    await started.wait()


async def test_the_jobs_of_a_killed_process_are_done_by_another(
    store: SqlStore, work: ProcrastinateWork, postgres_url: str
) -> None:
    await enqueue(store, work, job(1), job(2, queue=Queue.POSTS), job(3, lock="thread1"))
    async with process(postgres_url) as other:
        assert other.stdout is not None
        taken = [int(await other.stdout.readline()) for _ in range(2)]
        other.send_signal(signal.SIGKILL)
        await other.wait()
    hands = Hands()
    async with running(work, hands.handle), work_led(work):
        await until(lambda: len(hands.ended) == 3, within=25)
    assert sorted(taken) == [1, 2]
    assert sorted(hands.ended) == [1, 2, 3]
    assert hands.ended.index(1) < hands.ended.index(3)


async def test_a_worker_given_up_for_dead_does_not_end_what_another_does_now(
    store: SqlStore, work: ProcrastinateWork, postgres_url: str
) -> None:
    """It was only slow: the job stays the other's, with its lock."""
    slow, other = Hands(), Hands()
    slow.hold(1)
    other.hold(1)
    await enqueue(store, work, job(1, lock="t"), job(2, lock="t"))
    async with running(work, slow.handle):
        await until(lambda: slow.running == {1})
        async with await psycopg.AsyncConnection.connect(postgres_url) as connection:
            await connection.execute(
                "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL "
                "WHERE status = 'doing'"
            )
        second = ProcrastinateWork(store, url=postgres_url, places=PLACES)
        async with running(second, other.handle):
            await until(lambda: other.running | slow.running == {1})
            await until(lambda: len(other.began) + len(slow.began) == 2)
            done_by = other if other.began else slow  # told now: what begins later is another run
            slow.let_go()
            await until(lambda: 1 in slow.ended)
            await asyncio.sleep(0.7)
            if done_by is other:
                assert 2 not in [*slow.began, *other.began], (slow.began, other.began)
            other.let_go()
            await until(lambda: 2 in [*slow.ended, *other.ended])


# --- leading ----------------------------------------------------------------------------------


async def test_one_leads_and_another_takes_over(
    store: SqlStore, work: ProcrastinateWork, postgres_url: str
) -> None:
    other = ProcrastinateWork(store, url=postgres_url, places=PLACES)
    async with work_led(work) as first:
        await asyncio.wait_for(first.wait(), 20)
        async with work_led(other) as second:
            await asyncio.sleep(1.5)
            assert first.is_set()
            assert not second.is_set()
            with pytest.raises(WorkTaken):
                async with other.alone():
                    pass
            await disconnect(postgres_url, "briefbot leader")
            await until(lambda: first.is_set() != second.is_set())
    async with work_led(other) as second:
        await asyncio.wait_for(second.wait(), 20)


async def disconnect(url: str, application: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = %s AND datname = %s AND pid <> pg_backend_pid()",
            (application, name_of(url)),
        )


async def test_a_duty_that_ends_is_done_again(work: ProcrastinateWork) -> None:
    done: list[int] = []

    async def duty() -> None:
        done.append(1)

    task = asyncio.create_task(work.lead(duty))
    await until(lambda: len(done) >= 2)
    await stop(task)


async def test_nobody_is_alone_where_a_worker_works(
    work: ProcrastinateWork, store: SqlStore
) -> None:
    async with work.alone():
        pass
    hands = Hands()
    await enqueue(store, work, job(1))
    async with running(work, hands.handle):
        await until(lambda: hands.ended)
        with pytest.raises(WorkTaken):
            async with work.alone():
                pass
    async with work.alone():
        pass


# --- a server that goes away ------------------------------------------------------------------


@pytest.mark.parametrize("times", [1, 3])
async def test_a_worker_goes_on_when_its_connections_break(
    store: SqlStore, work: ProcrastinateWork, postgres_url: str, times: int
) -> None:
    hands = Hands()
    async with running(work, hands.handle), work_led(work):
        for number in range(times):
            await enqueue(store, work, job(number))
            await until(lambda number=number: number in hands.ended)
            await disconnect(postgres_url, "briefbot worker")
        for queue in HERE:
            await enqueue(store, work, job(100, queue=queue), job(200 + len(queue), queue=queue))
        await until(lambda: len(set(hands.ended)) >= times + 2)
        await asyncio.sleep(1.5)
        await enqueue(store, work, *(job(300 + n, queue=queue) for n, queue in enumerate(HERE)))
        await until(lambda: {300, 301, 302} <= set(hands.ended))


async def test_a_worker_goes_on_when_the_server_was_restarted(
    store: SqlStore, work: ProcrastinateWork, postgres_server: Server
) -> None:
    hands = Hands()
    hands.hold(1)
    await enqueue(store, work, job(1), job(2, lock="thread1"))
    async with running(work, hands.handle), work_led(work) as leads:
        await until(lambda: hands.running == {1} and leads.is_set())
        await asyncio.to_thread(postgres_server.stop)
        hands.let_go()  # ends while that cannot be stored
        await asyncio.sleep(1)
        await asyncio.to_thread(postgres_server.start)
        await until(lambda: 2 in hands.ended, within=40)
        await enqueue_all_queues(store, work)
        await until(lambda: {10, 11, 12} <= set(hands.ended), within=40)
        await until(leads.is_set)
    assert await waiting(work) == 0


async def enqueue_all_queues(store: SqlStore, work: ProcrastinateWork) -> None:
    jobs: Sequence[Job] = [job(10 + n, queue=queue) for n, queue in enumerate(HERE)]
    await enqueue(store, work, *jobs)


async def test_a_worker_can_be_stopped_while_the_server_is_away(
    store: SqlStore, work: ProcrastinateWork, postgres_server: Server
) -> None:
    hands = Hands()
    hands.hold(1)
    await enqueue(store, work, job(1))
    task = asyncio.create_task(work.run(hands.handle, grace=0.5))
    await until(lambda: hands.running == {1})
    await asyncio.to_thread(postgres_server.stop)
    try:
        await stop(task)
    finally:
        await asyncio.to_thread(postgres_server.start)
    assert await waiting(work) == 1


async def test_a_worker_goes_on_when_what_it_needs_breaks_in_the_middle(
    store: SqlStore, work: ProcrastinateWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of its queues ends with an error: all of them begin anew."""
    fetch, broken = FairJobs.fetch_job, [1, 1]

    async def breaking(self: FairJobs, **given: Any) -> Any:
        if broken and given["queues"] == ["questions"]:
            broken.pop()
            raise exceptions.ConnectorException
        return await fetch(self, **given)

    monkeypatch.setattr(FairJobs, "fetch_job", breaking)
    hands = Hands()
    async with running(work, hands.handle) as task:
        await until(lambda: not broken)
        await enqueue_all_queues(store, work)
        await until(lambda: {10, 11, 12} <= set(hands.ended))
        assert not task.done()


async def test_a_worker_that_stops_by_itself_begins_anew(
    store: SqlStore, work: ProcrastinateWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[str] = []
    run_worker = procrastinate.App.run_worker_async

    async def ending(self: procrastinate.App, **given: Any) -> None:
        started.extend(given["queues"])
        if started.count("posts") == 1 and given["queues"] == ["posts"]:
            return
        await run_worker(self, **given)

    monkeypatch.setattr(procrastinate.App, "run_worker_async", ending)
    hands = Hands()
    async with running(work, hands.handle):
        await enqueue_all_queues(store, work)
        await until(lambda: {10, 11, 12} <= set(hands.ended))
    assert started.count("posts") == 2


# --- being cancelled at an unlucky moment -----------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (procrastinate.PsycopgConnector, "open_async"),
        (JobManager, "prune_stalled_workers"),
        (JobManager, "register_worker"),
    ],
)
async def test_a_worker_stops_though_a_connection_came_as_it_was_cancelled(
    store: SqlStore,
    work: ProcrastinateWork,
    monkeypatch: pytest.MonkeyPatch,
    owner: type,
    name: str,
) -> None:
    """`asyncio.wait_for` returns what came at that moment, and forgets that it was cancelled."""
    original, reached = getattr(owner, name), asyncio.Event()

    async def forgetful(self: object, *given: Any, **more: Any) -> Any:
        reached.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(30)
        return await original(self, *given, **more)

    monkeypatch.setattr(owner, name, forgetful)
    hands = Hands()
    hands.hold(1)
    await enqueue(store, work, job(1))
    task = asyncio.create_task(work.run(hands.handle, grace=0.1))
    await asyncio.wait_for(reached.wait(), 20)
    await stop(task)
    async with work.alone():
        assert await waiting(work) == 1
