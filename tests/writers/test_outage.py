"""A server that does not answer is left alone for a while, and tried again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.errors import (
    ModelBroken,
    ModelRejected,
    ModelThrottled,
    ModelTimedOut,
    ModelTooLong,
    ModelUnreachable,
)
from bot.model import Method
from bot.writers.model import Outage
from tests.fakes.clock import FakeClock
from tests.fakes.telemetry import FakeTelemetry
from tests.writers.asking import BRIDGE, RecordingLeave, question

UNREACHABLE, TIMED_OUT = ModelUnreachable("m", "HTTP 503"), ModelTimedOut("m", "2 s")


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def telemetry():
    return FakeTelemetry()


@pytest.fixture
def outage(clock, telemetry):
    return Outage(clock=clock, telemetry=telemetry)


def call(outage, error=None):
    """Make a call that raises this; return whether it was made."""
    made = False
    try:
        with outage.call("m"):
            made = True
            if error is not None:
                raise error
    except type(error or UNREACHABLE):
        pass
    return made


def happened(telemetry):
    return [(line.happened, *line.facts.values()) for line in telemetry.lines]


@pytest.mark.parametrize("error", [UNREACHABLE, TIMED_OUT])
def test_after_three_failures_in_a_row_no_call_is_made(outage, clock, telemetry, error):
    assert [call(outage, error) for _ in range(3)] == [True] * 3
    assert happened(telemetry) == [("model_paused", 30.0)]
    with pytest.raises(ModelUnreachable) as raised:
        outage.check("m")
    assert raised.value.detail == "paused"
    assert not call(outage)
    clock.wait(seconds=29.9)
    assert not call(outage)
    clock.wait(seconds=0.1)
    assert call(outage)


@pytest.mark.parametrize(
    "error",
    [
        None,
        ModelRejected("m", "HTTP 400"),
        ModelThrottled("m", 1.0),
        ModelTooLong("m", "HTTP 413"),
        ModelBroken("m", "form"),
    ],
)
def test_any_answer_sets_the_count_back(outage, telemetry, error):
    for _ in range(4):
        assert call(outage, UNREACHABLE)
        assert call(outage, TIMED_OUT)
        assert call(outage, error)
    assert telemetry.lines == []


def test_the_pause_doubles_up_to_five_minutes_while_one_call_at_a_time_tries(
    outage, clock, telemetry
):
    for _ in range(3):
        call(outage, UNREACHABLE)
    for pause in (30, 60, 120, 240, 300, 300):
        assert happened(telemetry)[-1] == ("model_paused", float(pause))
        clock.wait(seconds=pause - 0.1)
        assert not call(outage)
        clock.wait(seconds=0.1)
        assert call(outage, TIMED_OUT)
        assert not call(outage)
    clock.wait(seconds=300)
    assert call(outage)
    assert happened(telemetry)[-1] == ("model_back",)
    assert [call(outage, UNREACHABLE) for _ in range(2)] == [True, True]
    assert happened(telemetry)[-1] == ("model_back",)
    call(outage, UNREACHABLE)
    assert happened(telemetry)[-1] == ("model_paused", 30.0)


def test_while_one_call_tries_no_other_is_made(outage, clock):
    for _ in range(3):
        call(outage, UNREACHABLE)
    clock.wait(seconds=30)
    with outage.call("m"):
        assert not call(outage)
    assert call(outage)


def test_a_call_that_is_broken_off_tells_nothing(outage, clock):
    for _ in range(3):
        call(outage, UNREACHABLE)
    clock.wait(seconds=30)
    with pytest.raises(asyncio.CancelledError), outage.call("m"):
        raise asyncio.CancelledError
    assert call(outage, UNREACHABLE)  # the next one tries
    assert not call(outage)


def test_calls_that_began_before_the_pause_do_not_lengthen_it(outage, clock, telemetry):
    def slow():
        with outage.call("m"):
            for _ in range(3):
                call(outage, UNREACHABLE)
            raise UNREACHABLE

    with pytest.raises(ModelUnreachable):
        slow()
    assert happened(telemetry) == [("model_paused", 30.0)]
    clock.wait(seconds=30)
    assert call(outage)


def test_the_clock_on_the_wall_does_not_matter(outage, clock):
    for _ in range(3):
        call(outage, UNREACHABLE)
    clock.jump(days=1)
    assert not call(outage)


# --- with the server -------------------------------------------------------------------------


async def test_a_server_in_an_outage_is_asked_no_more_until_it_may_be_back(model, writing, clock):
    model.change(behaviour="stalls")
    writer, leave = writing(timeout=0.2, name="stand-in"), RecordingLeave()
    writer.outage.clock = clock
    for _ in range(3):
        brief = await writer.brief(BRIDGE, bullets=3, leave=leave)
        assert brief.warnings == ("model_timed_out",)
    asked, counted = len(model.requests), len(leave.settled)
    assert counted == 3

    writer = replace(writer, timeout=60.0)
    brief = await writer.brief(BRIDGE, bullets=3, leave=leave)
    answer = await writer.answer([BRIDGE], question("How much steel?"), leave=leave)
    assert brief.warnings == answer.warnings == ("model_unreachable",)
    assert brief.method is Method.EXTRACTIVE
    assert (len(model.requests), len(leave.settled), leave.open) == (asked, counted, 0)

    clock.wait(seconds=30)
    model.change(behaviour="obeys")
    brief = await writer.brief(BRIDGE, bullets=3, leave=leave)
    assert (brief.method, brief.warnings) == (Method.ABSTRACTIVE, ())
    told = [one.happened for one in writer.telemetry.lines if one.error is None]
    assert told == ["model_paused", "model_back"]


async def test_where_the_server_names_the_model_that_is_a_call_too(model, writing):
    model.shut()
    writer, leave = writing(timeout=0.2), RecordingLeave()
    for _ in range(4):
        brief = await writer.brief(BRIDGE, bullets=3, leave=leave)
        assert brief.warnings == ("model_unreachable",)
    await model.open()
    assert writer.telemetry.troubles[-1].facts == {"detail": "paused"}
    assert model.requests == []
