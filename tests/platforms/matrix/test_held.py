"""How long a message waits for its key: by a clock that nobody sets, and past a restart."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from bot.model import Instant
from bot.platforms.matrix.held import Held
from bot.platforms.matrix.noted import Noted
from tests.fakes.telemetry import FakeTelemetry

ROOM = "!r:example.org"
EVENT = {
    "event_id": "$e",
    "type": "m.room.encrypted",
    "sender": "@ann:example.org",
    "content": {"session_id": "s"},
}


class Waiting:
    """One message that is held, and what became of it."""

    def __init__(self):
        self.moment = Instant(era="this start", seconds=100.0)
        self.key = False
        self.heard, self.lost = [], []
        cipher = SimpleNamespace(decrypt=lambda _, event: event if self.key else None)
        self.noted = Noted(self, "an account", FakeTelemetry())
        self.held = Held(
            SimpleNamespace(cipher=cipher),
            self.noted,
            grace=300.0,
            clock=self,
            telemetry=FakeTelemetry(),
        )

    def instant(self):
        return self.moment

    def now(self):
        return datetime(2026, 3, 4, tzinfo=UTC)

    async def note(self, _, changes):
        """Take notes as the store does."""

    async def stored(self):
        await self.noted.store()

    async def look(self, keys=frozenset()):
        async def to(those, event):
            those.append(event["event_id"])

        await self.held.try_again(
            keys,
            heard=lambda _, event, __: to(self.heard, event),
            lost=lambda _, event, _since: to(self.lost, event),
        )
        await self.stored()


@pytest.fixture
async def waiting():
    one = Waiting()
    one.held.hold(ROOM, EVENT, session="s")
    await one.stored()
    return one


async def test_it_is_heard_once_its_key_is_there(waiting):
    await waiting.look()
    waiting.key = True
    await waiting.look(frozenset({"s"}))
    await waiting.look()
    assert (waiting.heard, waiting.lost) == (["$e"], [])


async def test_without_a_key_it_is_lost_after_the_grace(waiting):
    waiting.moment = Instant(era="this start", seconds=399.0)
    await waiting.look()
    assert waiting.lost == []
    waiting.moment = Instant(era="this start", seconds=401.0)
    await waiting.look()
    assert waiting.lost == ["$e"]


async def test_after_a_start_of_the_machine_the_grace_begins_anew(waiting):
    waiting.moment = Instant(era="another", seconds=5.0)
    await waiting.look()
    waiting.moment = Instant(era="another", seconds=304.0)
    await waiting.look()
    assert waiting.lost == []
    waiting.moment = Instant(era="another", seconds=306.0)
    await waiting.look()
    assert waiting.lost == ["$e"]
