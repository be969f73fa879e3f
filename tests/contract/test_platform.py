"""What every platform promises, fake or real."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.errors import PlatformError, Rejected, SourceMissing, StoreError
from bot.model import (
    Channel,
    Line,
    Message,
    Post,
    Posted,
    PostRef,
    Sign,
    Thread,
    Upload,
    Workspace,
)
from bot.platforms.loopback import Loopback
from tests.fakes.desk import NOBODY
from tests.fakes.platform import FakePlatform
from tests.standins.chat import Chat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.ports import Platform

POST = Post(blocks=(Line(text="The ferry sails again."),))
OTHER = Post(blocks=(Line(text="It does not."),))


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

    @property
    def texts(self) -> list[str]:
        """What can be read there."""
        return [line.text for sent in self.platform.posts for line in sent.post.blocks]

    @property
    def at_work(self) -> list[bool]:
        """What was shown: whether we are at work."""
        return [sign is Sign.WORKING for _, _, sign in self.platform.shown]


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

    @property
    def texts(self) -> list[str]:
        return [post.text for post in self.chat.posts.all if not post.gone]

    @property
    def at_work(self) -> list[bool]:
        return [on for _, on in self.chat.working]


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


async def test_a_post_is_changed_as_often_as_one_likes(place):
    thread = Thread(channel=place.channel, id="1")
    ref = await place.platform.post(thread, POST, key="k1")
    await place.platform.post(thread, POST, key="k2")
    for _ in range(2):
        await place.platform.change(ref, OTHER)
    assert place.texts == ["It does not.", "The ferry sails again."]
    await asyncio.sleep(place.platform.settle)
    assert await place.platform.find(thread, "k1") == ref


async def test_a_post_is_taken_away_and_may_be_gone(place):
    thread = Thread(channel=place.channel, id="1")
    ref = await place.platform.post(thread, POST, key="k1")
    other = await place.platform.post(thread, OTHER, key="k2")
    for _ in range(2):
        await place.platform.retract(ref)
    assert place.texts == ["It does not."]
    await asyncio.sleep(place.platform.settle)
    assert await place.platform.find(thread, "k1") is None
    assert await place.platform.find(thread, "k2") == other


async def test_a_post_that_is_gone_takes_no_other_text(place):
    thread = Thread(channel=place.channel, id="1")
    ref = await place.platform.post(thread, POST, key="k1")
    await place.platform.retract(ref)
    for there in (ref, PostRef(thread=thread, id="never")):
        with pytest.raises(Rejected):
            await place.platform.change(there, OTHER)
    assert place.texts == []


async def test_how_far_a_message_is_is_shown_over_and_over(place):
    thread = Thread(channel=place.channel, id="1")
    for message in ("m1", ""):
        for sign in (Sign.WORKING, Sign.WORKING, Sign.DONE, Sign.REFUSED, Sign.NOTHING):
            await place.platform.show(thread, message, sign)
    assert place.at_work == [True, True, False, False, False] * 2
    assert place.texts == []


async def test_a_message_that_is_not_there_is_none(place):
    thread = Thread(channel=place.channel, id="1")
    assert await place.platform.fetch(thread, "never") is None


async def test_a_link_is_an_address_or_nothing(place):
    link = place.platform.link(Thread(channel=place.channel, id="1"))
    assert link == "" or link.startswith("https://")


async def test_a_key_has_its_moment(place):
    thread = Thread(channel=place.channel, id="1")
    for key in ("k1", "k2"):
        wait = place.platform.pace(thread, key)
        assert wait >= 0
        await asyncio.sleep(wait)
        assert place.platform.pace(thread, key) == 0


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


async def test_the_fake_fetches_paces_and_links_as_it_is_told_to():
    platform = FakePlatform()
    place = Fake(platform)
    thread = Thread(channel=place.channel, id="1")
    place.say("one")
    message = (await platform._said.get()).message
    platform.messages["m1"] = message
    assert await platform.fetch(thread, "m1") == message
    platform.paces["k1"] = 3.0
    assert [platform.pace(thread, "k1") for _ in range(2)] == [3.0, 0.0]
    assert platform.link(thread) == "https://fake.example/1"


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
