"""What is done until it is done, and what is given up."""

import pytest

from bot.errors import NotSent, Rejected, StoreError, Throttled
from bot.platforms.matrix import surely as module
from bot.platforms.matrix.surely import surely
from tests.fakes.telemetry import FakeTelemetry


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    async def no_time(_):
        pass

    monkeypatch.setattr(module.asyncio, "sleep", no_time)


class Failing:
    def __init__(self, error, times):
        self.error, self.left = error, times

    async def __call__(self):
        if self.left:
            self.left -= 1
            raise self.error
        return "done"


@pytest.mark.parametrize(
    ("error", "times"),
    [(NotSent("matrix"), 30), (Throttled("matrix", 1.0), 30), (StoreError("briefbot.db"), 500)],
)
async def test_while_a_server_is_renewed_or_the_store_is_away_nothing_is_given_up(error, times):
    assert await surely(Failing(error, times), FakeTelemetry()) == "done"


async def test_what_is_refused_is_given_up_and_told():
    telemetry = FakeTelemetry()
    refused = Failing(Rejected("matrix", "M_FORBIDDEN"), 1000)
    assert await surely(refused, telemetry) is None
    assert len(telemetry.troubles) == 1
    assert refused.left > 900


async def test_one_event_that_a_server_always_breaks_at_does_not_halt_all_for_ever():
    assert await surely(Failing(NotSent("matrix", "500"), 10_000), FakeTelemetry()) is None
