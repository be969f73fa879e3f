"""Leave to ask a model: whose text may go to one, and what it costs."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import NoLeave
from bot.flows.observed import Uncounted
from bot.flows.spending import Spending
from bot.model import Budget, Channel, ChannelSettings, Purpose, Tokens, Workspace
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore
from tests.fakes.telemetry import FakeTelemetry

TODAY = date(2026, 3, 4)
CHANNEL = Channel(workspace=Workspace(platform="t", id="w"), id="c")
OTHER = Channel(workspace=CHANNEL.workspace, id="d")


@pytest.fixture
def store():
    return FakeStore()


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
def spending(store, clock):
    return Spending(
        store=store,
        clock=clock,
        telemetry=FakeTelemetry(),
        budget=Budget(a_day=1_000, a_channel=600),
        local=False,
    )


def leave(spending, channel=CHANNEL, *, private=False, **kept):
    settings = ChannelSettings(**kept)
    return spending.leave(channel, Purpose.BRIEF, private=private, kept=settings)


async def used(store):
    return {
        (one.channel.id, one.day): (one.calls, one.tokens.total, one.reserved)
        for one in await store.usage(CHANNEL.workspace, since=date(2026, 1, 1))
    }


async def test_tokens_are_set_aside_and_counted_when_it_is_over(store, spending):
    mine = leave(spending)
    await mine.reserve("m", 400)
    assert await used(store) == {("c", TODAY): (0, 0, 400)}
    await mine.settle("m", 400, Tokens(taken_in=100, written=20))
    assert await used(store) == {("c", TODAY): (1, 120, 0)}


async def test_a_channel_that_spent_its_share_is_told_and_others_are_not(store, spending):
    await leave(spending).reserve("m", 500)
    with pytest.raises(NoLeave) as caught:
        await leave(spending).reserve("m", 200)
    assert (caught.value.detail, caught.value.model) == ("channel_spent", "m")
    await leave(spending, OTHER).reserve("m", 200)
    assert await used(store) == {("c", TODAY): (0, 0, 500), ("d", TODAY): (0, 0, 200)}


async def test_a_workspace_that_spent_its_day_is_told_and_may_go_on_tomorrow(spending, clock):
    await leave(spending).reserve("m", 600)
    with pytest.raises(NoLeave) as caught:
        await leave(spending, OTHER).reserve("m", 500)
    assert caught.value.detail == "workspace_spent"
    clock.wait(days=1)
    await leave(spending, OTHER).reserve("m", 500)


async def test_who_brings_the_day_to_four_fifths_is_told_once(spending):
    first, second, third = leave(spending), leave(spending, OTHER), leave(spending, OTHER)
    await first.reserve("m", 500)
    await second.reserve("m", 300)
    await third.reserve("m", 100)

    assert [one.nearly for one in (first, second, third)] == [False, True, False]
    assert [line.happened for line in spending.telemetry.lines] == ["budget_nearly_spent"]
    assert spending.telemetry.lines[0].facts == {}


async def test_a_call_that_ends_after_midnight_is_the_old_days(store, spending, clock):
    mine = leave(spending)
    await mine.reserve("m", 100)
    clock.wait(hours=13)
    await mine.settle("m", 100, Tokens(taken_in=50))
    assert await used(store) == {("c", TODAY): (1, 50, 0)}


async def test_of_two_calls_over_midnight_each_is_settled_on_its_own_day(store, spending, clock):
    mine = leave(spending)
    await mine.reserve("m", 100)
    clock.wait(hours=13)
    await mine.reserve("m", 300)
    await mine.settle("m", 300, Tokens(taken_in=30))
    await mine.settle("m", 100, Tokens(taken_in=10))
    assert await used(store) == {
        ("c", TODAY): (1, 10, 0),
        ("c", date(2026, 3, 5)): (1, 30, 0),
    }


async def test_private_text_goes_to_no_model_unless_somebody_said_so(store, spending):
    denied = leave(spending, private=True)
    with pytest.raises(NoLeave) as caught:
        await denied.reserve("m", 1)
    assert caught.value.detail == "private"
    await denied.settle("m", 1, Tokens())
    assert await used(store) == {}
    await leave(spending, private=True, model_private=True).reserve("m", 1)
    assert await used(store) == {("c", TODAY): (0, 0, 1)}


async def test_private_text_may_go_to_a_server_of_the_operators_own(store, clock):
    own = Spending(
        store=store,
        clock=clock,
        telemetry=FakeTelemetry(),
        budget=Budget(a_day=10, a_channel=10),
        local=True,
    )
    await leave(own, private=True).reserve("m", 5)
    assert await used(store) == {("c", TODAY): (0, 0, 5)}


async def test_what_belongs_to_no_channel_is_not_counted():
    leave = Uncounted()
    await leave.reserve("m", 10**9)
    await leave.settle("m", 10**9, Tokens(taken_in=10**9))
    assert not leave.nearly
