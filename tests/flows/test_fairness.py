"""Who goes next where one workspace or channel floods: counted in jobs, not in time."""

import asyncio
import math
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.working import share
from bot.flows.intake import Intake
from bot.model import (
    Again,
    Channel,
    Done,
    Finish,
    Job,
    Message,
    Posted,
    Queue,
    Task,
    Thread,
    Workspace,
)
from bot.store.sql import SqlStore
from bot.work.embedded import EmbeddedWork
from bot.work.line import Line, Waiting
from tests.fakes.clock import FakeClock
from tests.fakes.telemetry import FakeTelemetry
from tests.store.samples import NOON, empty_database

PLACES = {Queue.QUESTIONS: 4, Queue.BRIEFS: 8, Queue.POSTS: 16, Queue.SESSION: 16}
FLOOD = 1000
SHARE = math.ceil(PLACES[Queue.BRIEFS] * 0.75)
CHANNELS = 9  # of a workspace that floods

pytestmark = pytest.mark.timeout(90)


# --- the line ---------------------------------------------------------------------------------


def waiting(
    number: int,
    workspace: str = "a",
    *,
    queue: Queue = Queue.BRIEFS,
    lock: str = "",
    priority: int = 0,
) -> Waiting:
    job = Job(
        task=Task.HANDLE,
        target=number,
        queue=queue,
        workspace=workspace,
        lock=lock or f"{workspace}/{number % CHANNELS}/{number}",
        priority=priority,
    )
    return Waiting(number=number, job=job)


def flood(line: Line, count: int = FLOOD, *, priority: bool = True) -> None:
    for number in range(count):
        line.add(waiting(number, priority=share.priority(number) if priority else 0))


def taken(line: Line) -> list[int]:
    """Take all that may run now."""
    found = []
    while (one := line.take(0)) is not None:
        found.append(one.number)
    return found


def test_a_flood_alone_takes_its_share_and_no_more():
    line = Line(PLACES)
    flood(line)
    assert len(taken(line)) == SHARE
    assert PLACES[Queue.BRIEFS] > SHARE


def busy(line: Line, channel: str, first: int) -> list[int]:
    """Let a channel have much to do, and take what may run of it."""
    for number in range(first, first + 100):
        line.add(waiting(number, lock=f"a/{channel}/{number}", priority=-9))
    return taken(line)


@pytest.mark.parametrize(
    ("places", "alone", "second"), [(2, 1, 0), (4, 2, 1), (8, 3, 2), (16, 6, 3)]
)
def test_a_channel_takes_no_more_than_it_leaves_to_the_others(places, alone, second):
    line = Line({Queue.BRIEFS: places})
    assert len(busy(line, "busy", 0)) == alone
    assert len(busy(line, "slow", 100)) == second


def test_a_channel_s_first_link_does_not_wait_for_two_others_of_its_workspace():
    line = Line(PLACES)
    busy(line, "busy", 0)
    busy(line, "slow", 100)
    line.add(waiting(FLOOD, lock=f"a/quiet/{FLOOD}"))
    assert taken(line) == [FLOOD]


def test_what_a_channel_gives_back_goes_to_whoever_has_less():
    line = Line(PLACES)
    first = busy(line, "busy", 0)
    busy(line, "slow", 100)
    for number in range(FLOOD, FLOOD + 3):
        line.add(waiting(number, lock=f"a/quiet/{number}"))
    assert taken(line) == [FLOOD]
    line.done(first[0])
    assert taken(line) == []  # it leaves as many as it has
    line.done(first[1])
    assert taken(line) == [FLOOD + 1]


@pytest.mark.parametrize("places", [2, 3, 4, 8, 64])
def test_another_s_link_finds_a_free_place(places: int):
    line = Line({Queue.BRIEFS: places})
    flood(line)
    taken(line)
    line.add(waiting(FLOOD, "b"))
    assert taken(line) == [FLOOD]


@pytest.mark.parametrize("others", [1, 2, 5, 20])
def test_with_every_place_taken_another_s_link_waits_for_one_job(others: int):
    """Other workspaces hold the places that the flood may not take."""
    line = Line(PLACES)
    flood(line)
    running = taken(line)
    for number in range(others):
        line.add(waiting(FLOOD + number, f"other{number}"))
    running += taken(line)
    line.add(waiting(2 * FLOOD, "b"))
    handled = 0
    while 2 * FLOOD not in running:
        line.done(running.pop(0))
        handled += 1
        running += taken(line)
    assert handled <= max(0, others - (PLACES[Queue.BRIEFS] - SHARE)) + 1


def test_a_flood_that_fills_no_lock_lets_a_question_through_at_once():
    line = Line(PLACES)
    flood(line)
    taken(line)
    line.add(waiting(FLOOD, "b", queue=Queue.QUESTIONS))
    line.add(waiting(FLOOD + 1, "a", queue=Queue.QUESTIONS))
    assert taken(line) == [FLOOD, FLOOD + 1]


def test_a_flood_of_equal_priority_too_leaves_places():
    line = Line(PLACES)
    flood(line, priority=False)
    running = taken(line)
    line.add(waiting(FLOOD, "b", priority=-9))
    running += taken(line)
    assert FLOOD in running


def test_a_flood_in_one_thread_takes_one_place():
    line = Line(PLACES)
    for number in range(FLOOD):
        line.add(waiting(number, lock="t"))
    assert taken(line) == [0]
    line.done(0)
    assert taken(line) == [1]


def test_every_job_of_a_flood_is_done_once_and_its_threads_in_order():
    line = Line(PLACES)
    for number in range(FLOOD):
        line.add(waiting(number, lock=f"t{number % 7}", priority=-(number % 5)))
    done: list[int] = []
    running = taken(line)
    while running:
        assert len(running) <= SHARE
        assert len({number % 7 for number in running}) == len(running)
        number = running.pop(len(done) % len(running))
        line.done(number)
        done.append(number)
        running += taken(line)
    assert sorted(done) == list(range(FLOOD))
    for thread in range(7):
        own = [number for number in done if number % 7 == thread]
        assert own == sorted(own)
    assert len(line) == 0


def test_those_that_are_parked_take_no_place():
    line = Line(PLACES)
    flood(line, 20)
    first = taken(line)
    for number in first:
        line.park(number, due=10)
    second = taken(line)
    assert len(second) == SHARE
    assert not set(first) & set(second)
    for number in second:
        line.park(number, due=20)
    assert line.next_due() == 10


# --- the queue with its table -----------------------------------------------------------------


class Hands:
    """Does jobs one turn of the loop at a time; keeps the order and how many ran at a time."""

    def __init__(self) -> None:
        self.began: list[Job] = []
        self.ended: list[Job] = []
        self.running: list[Job] = []
        self.most: dict[str, int] = {}
        self.open = asyncio.Event()
        self.open.set()

    async def handle(self, job: Job) -> Finish:
        self.began.append(job)
        self.running.append(job)
        together = sum(one.workspace == job.workspace for one in self.running if _same(one, job))
        self.most[job.workspace] = max(self.most.get(job.workspace, 0), together)
        await asyncio.sleep(0)
        await self.open.wait()
        self.running.remove(job)
        self.ended.append(job)
        return Done()

    def before(self, workspace: str) -> int:
        """Return how many jobs of others began before the first one of a workspace."""
        return next(n for n, one in enumerate(self.began) if one.workspace.endswith(workspace))


def _same(one: Job, other: Job) -> bool:
    return one.queue is other.queue


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[SqlStore]:
    opened = await SqlStore.open(empty_database(tmp_path), patience=5)
    yield opened
    await opened.close()


@pytest.fixture
def work(store: SqlStore) -> EmbeddedWork:
    return EmbeddedWork(store, path=Path(store.where), places=PLACES, clock=FakeClock())


@asynccontextmanager
async def running(work: EmbeddedWork, hands: Hands) -> AsyncGenerator[None]:
    task = asyncio.create_task(work.run(hands.handle, grace=5))
    yield
    hands.open.set()
    task.cancel()
    await asyncio.wait([task])


def said(workspace: str, number: int, text: str, channel: str = "c") -> Posted:
    place = Channel(workspace=Workspace(platform="fake", id=workspace), id=channel)
    message = Message(
        thread=Thread(channel=place, id=f"{number}"),
        id=f"{number}",
        author="ada",
        text=text,
        sent_at=NOON,
    )
    return Posted(key=f"{workspace}{number}", message=message, mentions_us=True)


def link(workspace: str, number: int) -> Posted:
    channel = f"c{number % CHANNELS}"
    return said(workspace, number, f"http://site.example/{number}", channel)


async def until(reached: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not reached():  # noqa: ASYNC110 - what is waited for is a test's own condition
            await asyncio.sleep(0.01)


@pytest.fixture
def intake(store: SqlStore, work: EmbeddedWork) -> Intake:
    return Intake(
        store=store, work=work, platforms={}, clock=FakeClock(), telemetry=FakeTelemetry()
    )


async def flood_in(intake: Intake, count: int) -> None:
    for start in range(0, count, 100):
        numbers = range(start, min(start + 100, count))
        await asyncio.gather(*(intake.accept(link("a", number)) for number in numbers))


async def test_another_s_question_and_link_do_not_wait_for_a_flood(
    intake: Intake, work: EmbeddedWork
) -> None:
    """A thousand links of A wait, its places are taken; B speaks."""
    hands = Hands()
    hands.open.clear()
    async with running(work, hands):
        await flood_in(intake, FLOOD)
        await until(lambda: len(hands.running) == SHARE)
        assert len(hands.began) == SHARE
        await intake.accept(said("b", 1, "What did the mayor say about the ferry?"))
        await intake.accept(link("b", 2))
        await until(lambda: len(hands.running) == SHARE + 2)
        assert [one.workspace for one in hands.began[SHARE:]] == ["fake/b", "fake/b"]
        hands.open.set()
        await until(lambda: len(hands.ended) == FLOOD + 2)
    assert hands.most["fake/a"] <= SHARE


async def test_with_all_places_taken_another_s_link_is_next(
    intake: Intake, work: EmbeddedWork
) -> None:
    hands = Hands()
    hands.open.clear()
    async with running(work, hands):
        await flood_in(intake, 200)
        for number in range(PLACES[Queue.BRIEFS] - SHARE):
            await intake.accept(link("c", number))
        await until(lambda: len(hands.running) == PLACES[Queue.BRIEFS])
        await intake.accept(link("b", 1))
        hands.open.set()
        await until(lambda: len(hands.ended) == 203)
    assert hands.before("/b") <= 2 * PLACES[Queue.BRIEFS]


async def test_what_a_flood_left_at_a_restart_is_as_fair(
    intake: Intake, work: EmbeddedWork, store: SqlStore
) -> None:
    """What was accepted before the start is read from the table."""
    await flood_in(intake, 300)
    await intake.accept(said("b", 1, "What did the mayor say about the ferry?"))
    await intake.accept(link("b", 2))
    hands = Hands()
    async with running(work, hands):
        await until(lambda: len(hands.ended) == 302)
    briefs = [one.workspace for one in hands.began if one.queue is Queue.BRIEFS]
    assert briefs.index("fake/b") <= PLACES[Queue.BRIEFS]
    assert hands.most["fake/a"] <= SHARE


async def test_a_platform_that_asks_to_wait_holds_up_nobody_else(
    store: SqlStore, work: EmbeddedWork
) -> None:
    """A's posts are put off again and again; B's are posted meanwhile."""
    posts = [waiting(n, "a", queue=Queue.POSTS).job for n in range(100)]
    posts += [waiting(1000 + n, "b", queue=Queue.POSTS).job for n in range(5)]
    async with store.begin() as tx:
        await work.enqueue(tx, posts)
    hands = Hands()

    async def handle(job: Job) -> Finish:
        await hands.handle(job)
        return Again(after=3600) if job.workspace == "a" else Done()

    task = asyncio.create_task(work.run(handle, grace=5))
    await until(lambda: len(hands.ended) == 105)
    task.cancel()
    await asyncio.wait([task])
    assert hands.before("b") <= PLACES[Queue.POSTS]


def test_the_more_wait_the_later_is_the_next():
    priorities = [share.priority(count) for count in range(FLOOD)]
    assert priorities == sorted(priorities, reverse=True)
    assert priorities[0] == 0
    assert priorities[1] < 0
