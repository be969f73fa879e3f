"""What every platform promises, fake or real."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.errors import PlatformError, SourceMissing, StoreError
from bot.model import Channel, Line, Message, Post, Posted, Thread, Upload, Workspace
from bot.platforms.loopback import Loopback
from tests.fakes.desk import NOBODY
from tests.fakes.platform import FakePlatform
from tests.standins.chat import Chat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.ports import Platform

POST = Post(blocks=(Line(text="The ferry sails again."),))


@dataclass
class Fake:
    """The platform in memory, and the world around it."""

    platform: FakePlatform

    def say(self, text: str) -> None:
        number = f"{text}-1"
        thread = Thread(channel=self.channel, id=number)
        message = Message(
            thread=thread,
            id=number,
            author="ada",
            text=text,
            sent_at=datetime(2026, 3, 4, 12, tzinfo=UTC),
        )
        self.platform.say(Posted(key=text, message=message, mentions_us=True))

    @property
    def channel(self) -> Channel:
        return Channel(workspace=Workspace(platform="fake", id="W1"), id="C1")

    @property
    def acked(self) -> int:
        return len(self.platform.accepted)

    @property
    def posts(self) -> int:
        return len(self.platform.posts)


@dataclass
class Real:
    """The chat server's platform, and the world around it."""

    platform: Platform
    chat: Chat

    def say(self, text: str) -> None:
        self.chat.say(text, key=text)

    @property
    def channel(self) -> Channel:
        return Channel(workspace=Workspace(platform="loopback", id="W1"), id="C1")

    @property
    def acked(self) -> int:
        return self.chat.state()["acked"]

    @property
    def posts(self) -> int:
        return len(self.chat.posts.all)


@pytest.fixture(params=["fake", "loopback"])
async def place(request):
    if request.param == "fake":
        yield Fake(FakePlatform())
        return
    async with Chat(seed=1, redeliver=0.05, lag=0.05) as chat:
        platform = Loopback(chat.url, timeout=0.2, grace=0.1)
        yield Real(platform, chat)
        await platform.close()


@asynccontextmanager
async def heard(place: Fake | Real, accept: Callable[..., Awaitable[None]]):
    listening = asyncio.create_task(place.platform.listen(accept, NOBODY))
    yield
    listening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listening
    assert not place.platform.connected


async def until(reached: Callable[[], object]) -> None:
    async with asyncio.timeout(10):
        while not reached():  # noqa: ASYNC110 - whatever a test waits for
            await asyncio.sleep(0.005)


async def test_a_post_arrives_once_and_is_found_by_its_key(place):
    thread = Thread(channel=place.channel, id="1")
    ref = await place.platform.post(thread, POST, key="k1")
    assert ref.thread == thread
    await asyncio.sleep(place.platform.settle)
    assert await place.platform.find(thread, "k1") == ref
    assert place.posts == 1


async def test_what_was_not_posted_there_is_not_found(place):
    thread = Thread(channel=place.channel, id="1")
    await place.platform.post(thread, POST, key="k1")
    await asyncio.sleep(place.platform.settle)
    assert await place.platform.find(thread, "k2") is None
    elsewhere = Thread(channel=place.channel, id="2")
    assert await place.platform.find(elsewhere, "k1") is None


async def test_an_event_is_acknowledged_once_it_was_accepted_not_before(place):
    met, gate = asyncio.Queue(), asyncio.Event()

    async def accept(incoming):
        met.put_nowait(incoming)
        await gate.wait()

    place.say("one")
    async with heard(place, accept):
        first = await met.get()
        assert (first.key, first.message.text) == ("one", "one")
        assert first.message.thread.channel.workspace.platform == place.platform.name
        assert place.platform.connected
        await asyncio.sleep(0.01)
        assert place.acked == 0
        gate.set()
        await until(lambda: place.acked == 1)


async def test_events_are_accepted_while_others_still_are(place):
    waiting = asyncio.Barrier(3)

    async def accept(incoming):
        await waiting.wait()

    for text in ("one", "two", "three"):
        place.say(text)
    async with heard(place, accept):
        await until(lambda: place.acked == 3)


async def test_what_could_not_be_accepted_is_delivered_again(place):
    seen = []

    async def accept(incoming):
        seen.append(incoming.key)
        if len(seen) < 3:
            raise StoreError("database")

    place.say("one")
    async with heard(place, accept):
        await until(lambda: place.acked == 1)
    assert len(seen) >= 3
    assert set(seen) == {"one"}


async def test_what_was_being_accepted_when_listening_ended_is_delivered_to_the_next(place):
    begun, seen = asyncio.Event(), []

    async def never(incoming):
        begun.set()
        await asyncio.Event().wait()

    async def accept(incoming):
        seen.append(incoming.key)

    place.say("one")
    async with heard(place, never):
        await begun.wait()
    assert place.acked == 0
    async with heard(place, accept):
        await until(lambda: place.acked == 1)
    assert set(seen) == {"one"}


async def test_a_file_that_is_not_there_is_missing(place):
    with pytest.raises(SourceMissing):
        await place.platform.download(Upload(name="a.pdf", media_type="", size=1, handle="x"))


async def test_a_closed_platform_holds_nothing_and_may_be_closed_again(place):
    await place.platform.post(Thread(channel=place.channel, id="1"), POST, key="k1")
    await place.platform.close()
    await place.platform.close()


async def test_the_fake_fails_as_it_is_told_to():
    platform = FakePlatform()
    thread = Thread(channel=Fake(platform).channel, id="1")
    platform.fail_before(PlatformError("fake", "before"))
    platform.succeed()
    platform.fail_after(PlatformError("fake", "after"))
    platform.fail_find(PlatformError("fake", "blind"))
    with pytest.raises(PlatformError, match="before"):
        await platform.post(thread, POST, key="k1")
    assert platform.posts == []
    ref = await platform.post(thread, POST, key="k1")
    with pytest.raises(PlatformError, match="after"):
        await platform.post(thread, POST, key="k2")
    with pytest.raises(PlatformError, match="blind"):
        await platform.find(thread, "k1")
    assert await platform.find(thread, "k1") == ref
    assert await platform.find(thread, "k2") is not None
    assert platform.sent == ["k1", "k1", "k2"]
