"""What is next with a line of the ledger."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.working.posting import Look, Next, Nothing, Send, Wait, step
from bot.model import (
    Channel,
    Delivery,
    DeliveryState,
    Instant,
    Line,
    Post,
    Thread,
    Workspace,
)

HERE = "this start"
SETTLE = 10.0

THREAD = Thread(channel=Channel(workspace=Workspace(platform="slack", id="T1"), id="news"), id="1")
LINE = Delivery(
    id=1,
    key="k",
    trace="t",
    event=1,
    thread=THREAD,
    state=DeliveryState.NEW,
    post=Post(blocks=(Line(text="Hello"),)),
)

seconds = st.floats(0, 1e6)
instants = st.builds(Instant, era=st.sampled_from([HERE, "another"]), seconds=seconds)
lines = st.builds(
    replace,
    st.just(LINE),
    state=st.sampled_from(DeliveryState),
    tried=st.none() | instants,
    suspect=st.booleans(),
    failures=st.integers(0, 50),
    turn=st.integers(0, 50),
)


def at(moment: float) -> Instant:
    return Instant(era=HERE, seconds=moment)


def sending(tried: Instant | None) -> Delivery:
    return replace(LINE, state=DeliveryState.SENDING, tried=tried)


def next_of(line: Delivery, now: float, *, seen: float = 0.0, settle: float = SETTLE) -> Next:
    return step(line, now=at(now), seen=at(seen), settle=settle)


def test_what_is_new_is_sent() -> None:
    assert next_of(LINE, 5) == Send()


def test_what_is_new_after_a_restore_is_looked_for_first() -> None:
    assert next_of(replace(LINE, suspect=True), 5) == Look()


@pytest.mark.parametrize(
    "state", [DeliveryState.POSTED, DeliveryState.UNCERTAIN, DeliveryState.FAILED]
)
def test_what_is_over_is_let_be(state: DeliveryState) -> None:
    assert next_of(replace(LINE, state=state, suspect=True, tried=at(0)), 5) == Nothing()


def test_what_is_being_sent_is_looked_for_when_looking_is_sure() -> None:
    assert next_of(sending(at(100)), 100) == Wait(seconds=10)
    assert next_of(sending(at(100)), 109.5) == Wait(seconds=0.5)
    assert next_of(sending(at(100)), 110) == Look()


def test_what_was_sent_in_another_era_is_waited_for_from_when_we_saw_it() -> None:
    elsewhere = sending(Instant(era="another", seconds=99_999))
    assert next_of(elsewhere, 50, seen=45) == Wait(seconds=5)
    assert next_of(elsewhere, 55, seen=45) == Look()
    assert next_of(sending(Instant(era="another", seconds=0)), 50, seen=50) == Wait(seconds=10)


def test_what_does_not_say_when_it_was_sent_is_waited_for_as_well() -> None:
    assert next_of(sending(None), 50, seen=45) == Wait(seconds=5)


@given(lines, seconds, seconds, st.floats(0, 100))
def test_what_may_have_arrived_is_never_sent_without_a_look(
    line: Delivery, now: float, seen: float, settle: float
) -> None:
    decided = next_of(line, now, seen=seen, settle=settle)
    if line.state is DeliveryState.SENDING or line.suspect:
        assert decided != Send()
    if isinstance(decided, Send):
        assert line.state is DeliveryState.NEW


@given(lines, seconds, seconds, st.floats(0, 100))
def test_nothing_is_looked_for_before_the_platform_must_know(
    line: Delivery, now: float, seen: float, settle: float
) -> None:
    if line.state is not DeliveryState.SENDING:
        return
    here = line.tried is not None and line.tried.era == HERE
    began = line.tried.seconds if here and line.tried is not None else seen
    decided = next_of(line, now, seen=seen, settle=settle)
    if isinstance(decided, Look):
        assert now >= began + settle
    else:
        assert isinstance(decided, Wait)
        assert decided.seconds > 0


@given(st.one_of(st.none(), instants), seconds, st.floats(0, 100))
def test_the_wait_comes_to_its_end(tried: Instant | None, now: float, settle: float) -> None:
    decided = next_of(sending(tried), now, seen=now, settle=settle)
    if isinstance(decided, Wait):
        later = now + decided.seconds + 1e-3
        assert next_of(sending(tried), later, seen=now, settle=settle) == Look()
