"""The order of what waits."""

import math

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from bot.model import Job, Queue, Task
from bot.work.line import Line, Waiting, share_of

BRIEFS, POSTS = Queue.BRIEFS, Queue.POSTS


def waiting(
    number: int,
    *,
    lock: str = "",
    priority: int = 0,
    workspace: str = "T1",
    queue: Queue = BRIEFS,
) -> Waiting:
    job = Job(
        task=Task.HANDLE,
        target=number,
        queue=queue,
        workspace=workspace,
        lock=lock or f"lock {number}",
        priority=priority,
    )
    return Waiting(number=number, job=job)


def line(*there: Waiting, places: int = 1) -> Line:
    made = Line({BRIEFS: places, POSTS: places})
    for one in there:
        made.add(one)
    return made


def taken(made: Line, now: float = 0.0) -> list[int]:
    """Take all that may run; return their numbers."""
    found = []
    while (one := made.take(now)) is not None:
        found.append(one.number)
    return found


def done_in_turn(made: Line, now: float = 0.0) -> list[int]:
    """Do everything, one after the other; return the numbers in their order."""
    found = []
    while (one := made.take(now)) is not None:
        found.append(one.number)
        made.done(one.number)
    return found


def test_nothing_comes_of_nothing() -> None:
    assert (taken(line()), line().next_due(), len(line())) == ([], None, 0)


def test_a_lock_is_given_in_the_order_of_the_numbers_whatever_the_priority() -> None:
    made = line(
        waiting(3, lock="a", priority=9), waiting(1, lock="a"), waiting(2, lock="a", priority=5)
    )
    assert done_in_turn(made) == [1, 2, 3]


def test_one_lock_runs_one_job_at_a_time() -> None:
    made = line(waiting(1, lock="a"), waiting(2, lock="a"), waiting(3), places=8)
    assert taken(made) == [1, 3]
    made.done(1)
    assert taken(made) == [2]


def test_an_earlier_number_goes_first_even_if_it_comes_later() -> None:
    made = line(waiting(5, lock="a"))
    made.add(waiting(4, lock="a"))
    assert done_in_turn(made) == [4, 5]


def test_a_lock_holds_across_queues() -> None:
    made = line(waiting(1, lock="a"), waiting(2, lock="a", queue=POSTS))
    assert taken(made) == [1]
    made.done(1)
    assert taken(made) == [2]


def test_higher_priority_runs_first_then_the_older() -> None:
    made = line(waiting(1, priority=-2), waiting(2), waiting(3, priority=1), waiting(4))
    assert done_in_turn(made) == [3, 2, 4, 1]


def test_priority_counts_across_workspaces() -> None:
    made = line(
        waiting(1, priority=-3), waiting(2, priority=-1, workspace="T2"), waiting(3, priority=-2)
    )
    assert done_in_turn(made) == [2, 3, 1]


def test_a_queue_has_so_many_places() -> None:
    made = line(*(waiting(n, workspace=f"T{n}") for n in range(1, 6)), places=3)
    made.add(waiting(9, queue=POSTS))
    assert sorted(taken(made)) == [1, 2, 3, 9]
    made.done(2)
    assert taken(made) == [4]


@pytest.mark.parametrize(("places", "most"), [(1, 1), (2, 1), (3, 2), (4, 3), (8, 6), (16, 12)])
def test_a_workspace_takes_no_more_than_its_share(places: int, most: int) -> None:
    made = line(*(waiting(n) for n in range(1, 40)), places=places)
    assert taken(made) == list(range(1, most + 1))
    made.add(waiting(99, workspace="T2"))
    assert taken(made) == ([99] if most < places else [])
    made.done(1)
    assert len(taken(made)) == 1


def test_what_is_parked_holds_nothing() -> None:
    made = line(waiting(1, lock="a"), waiting(2, lock="a"))
    made.take(0)
    made.park(1, due=10)
    assert made.next_due() == 10
    assert done_in_turn(made, 9.9) == [2]
    assert done_in_turn(made, 10) == [1]
    assert made.next_due() is None


def test_what_returns_goes_before_what_waits_but_not_before_what_runs() -> None:
    made = line(waiting(1, lock="a"), waiting(2, lock="a"), waiting(3, lock="a"), places=4)
    made.take(0)
    made.park(1, due=10)
    assert taken(made, 5) == [2]
    assert taken(made, 10) == []
    made.done(2)
    assert taken(made, 10) == [1]
    made.done(1)
    assert taken(made, 10) == [3]


def test_what_returns_is_taken_in_the_place_of_what_was_next() -> None:
    made = line(waiting(1, lock="a"), waiting(2, lock="a", priority=9))
    made.take(0)
    made.park(1, due=10)
    made.add(waiting(3, priority=10, workspace="T2"))
    assert taken(made, 0) == [3]
    made.done(3)
    assert done_in_turn(made, 10) == [1, 2]


def test_what_is_added_as_parked_comes_when_it_is_due() -> None:
    made = Line({BRIEFS: 1})
    made.add(waiting(1), due=5)
    assert (len(made), 1 in made, made.next_due()) == (1, True, 5)
    assert taken(made, 4) == []
    assert taken(made, 5) == [1]


def test_what_is_there_is_not_added_again() -> None:
    made = line(waiting(1), places=4)
    made.add(waiting(1))
    assert taken(made) == [1]
    made.add(waiting(1))
    assert taken(made) == []
    made.park(1, due=3)
    made.add(waiting(1))
    assert taken(made, 2) == []
    assert done_in_turn(made, 3) == [1]
    assert len(made) == 0


def test_a_line_that_is_empty_again_keeps_nothing() -> None:
    made = line(*(waiting(n, workspace=f"T{n}") for n in range(1, 9)), places=8)
    for number in taken(made):
        made.park(number, due=1)
    assert len(done_in_turn(made, 1)) == 8
    assert taken(made, 2) == []
    assert made._locks == {}
    assert made._running == {}
    assert all(ready == {} for ready in made._ready.values())


# --- against a simple model ------------------------------------------------------------------

PLACES = {Queue.QUESTIONS: 1, Queue.BRIEFS: 4, Queue.POSTS: 2, Queue.SESSION: 1}

numbers = st.data()


class AgainstModel(RuleBasedStateMachine):
    """The model keeps a list and looks through all of it each time."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Line(PLACES)
        self.jobs: dict[int, Job] = {}
        self.running: set[int] = set()
        self.parked: dict[int, float] = {}
        self.returned: set[int] = set()
        self.finished: set[int] = set()
        self.now = 0.0
        self.last = 0

    @initialize()
    def begin(self) -> None:
        self.now = 1.0

    @rule(
        lock=st.sampled_from("abcd"),
        priority=st.integers(-2, 2),
        workspace=st.sampled_from(["T1", "T2", "T3"]),
        queue=st.sampled_from(Queue),
        parked=st.none() | st.integers(0, 5),
        skipped=st.integers(0, 2),
    )
    def add(
        self,
        *,
        lock: str,
        priority: int,
        workspace: str,
        queue: Queue,
        parked: int | None,
        skipped: int,
    ) -> None:
        self.last += 1 + skipped
        one = waiting(
            self.last,
            # a lock is a thread, and a thread is in one workspace
            lock=f"{workspace}/{'xy'[ord(lock) % 2]}/{lock}",
            priority=priority,
            workspace=workspace,
            queue=queue,
        )
        due = None if parked is None else self.now + parked
        self.line.add(one, due=due)
        self.jobs[one.number] = one.job
        if due is not None:
            self.parked[one.number] = due

    @rule(data=numbers)
    @precondition(lambda self: self.jobs)
    def add_again(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.jobs)))
        self.line.add(Waiting(number=number, job=self.jobs[number]))

    @rule()
    def take(self) -> None:
        self.come_back()
        may_run = self.may_run()
        one = self.line.take(self.now)
        if one is None:
            assert may_run == []
            return
        assert one.job == self.jobs[one.number]
        queue = one.job.queue
        best = min(
            (number for number in may_run if self.jobs[number].queue is queue),
            key=lambda number: (-self.jobs[number].priority, number),
        )
        assert one.number == best
        self.running.add(one.number)
        self.returned.discard(one.number)

    @rule(data=numbers)
    @precondition(lambda self: self.running)
    def finish(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.running)))
        self.line.done(number)
        self.running.remove(number)
        self.finished.add(number)
        del self.jobs[number]

    @rule(data=numbers, after=st.integers(0, 5))
    @precondition(lambda self: self.running)
    def park(self, data: st.DataObject, after: int) -> None:
        number = data.draw(st.sampled_from(sorted(self.running)))
        self.line.park(number, due=self.now + after)
        self.running.remove(number)
        self.parked[number] = self.now + after

    @rule(passed=st.integers(0, 3))
    def wait(self, passed: int) -> None:
        self.now += passed

    @invariant()
    def nothing_is_lost(self) -> None:
        assert len(self.line) == len(self.jobs)
        assert all(number in self.line for number in self.jobs)
        assert not any(number in self.line for number in self.finished)
        assert self.line.next_due() == min(self.parked.values(), default=None)

    def teardown(self) -> None:
        for number in self.running:
            self.line.done(number)
        left = set(self.jobs) - self.running
        assert set(done_in_turn(self.line, math.inf)) == left
        assert len(self.line) == 0

    def come_back(self) -> None:
        for number in [one for one, due in self.parked.items() if due <= self.now]:
            del self.parked[number]
            self.returned.add(number)

    def may_run(self) -> list[int]:
        """Return all that may run: heads of free locks where there is room for them."""
        held = {self.jobs[number].lock for number in self.running}
        heads: dict[str, int] = {}
        for number in sorted(self.jobs, key=lambda one: (one not in self.returned, one)):
            if number not in self.running and number not in self.parked:
                heads.setdefault(self.jobs[number].lock, number)
        return [number for lock, number in heads.items() if lock not in held and self.room(number)]

    def room(self, number: int) -> bool:
        queue, workspace = self.jobs[number].queue, self.jobs[number].workspace
        there = [self.jobs[one] for one in self.running if self.jobs[one].queue is queue]
        theirs = [one for one in there if one.workspace == workspace]
        mine = [one for one in theirs if one.channel == self.jobs[number].channel]
        places, share = PLACES[queue], share_of(PLACES[queue])
        return len(there) < places and len(mine) < share - len(theirs)


AgainstModel.TestCase.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)
TestAgainstModel = AgainstModel.TestCase
