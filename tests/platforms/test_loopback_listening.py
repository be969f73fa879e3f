"""The chat server's platform: how it hears what is said."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from bot.errors import StoreError
from tests.fakes.desk import NOBODY
from tests.platforms.loopbacks import Ears, adapter, answering, listening
from tests.standins.chat import Chat, message_event


async def test_what_is_said_is_heard_in_order_and_acknowledged(chat, platform):
    ears = Ears()
    for number in range(500):
        chat.say(str(number))
    async with listening(platform, ears):
        await chat.until(lambda: chat.outbox.acked == 500)
    assert ears.texts == [str(number) for number in range(500)]
    assert chat.state()["violations"] == []


async def test_no_more_than_256_are_accepted_at_once(chat, platform):
    chat.change(window=1000)
    at_once, most, gate = 0, 0, asyncio.Event()

    async def accept(incoming):
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await gate.wait()
        at_once -= 1

    for number in range(600):
        chat.say(str(number))
    async with listening(platform, accept):
        await chat.until(lambda: at_once == 256)
        await asyncio.sleep(0.05)
        gate.set()
        await chat.until(lambda: chat.outbox.acked == 600)
    assert most == 256


async def test_what_could_not_be_accepted_is_not_acknowledged(chat, platform):
    seen = []

    async def accept(incoming):
        seen.append(incoming.key)
        if seen.count("bad") < 3 and incoming.key == "bad":
            raise StoreError("database")

    chat.change(redeliver=0.05)
    chat.say("x", key="bad")
    chat.say("y", key="good")
    async with listening(platform, accept):
        await chat.until(lambda: chat.outbox.acked == 2)
    assert seen[:2] == ["bad", "good"]
    assert seen.count("bad") >= 3


async def test_a_fault_of_our_own_ends_the_listening_loudly(chat, platform):
    async def accept(incoming):
        raise KeyError(incoming.key)

    chat.say("x", key="bad")
    with pytest.raises(ExceptionGroup) as caught:
        await platform.listen(accept, NOBODY)
    assert isinstance(caught.value.exceptions[0], KeyError)
    assert not platform.connected
    assert chat.outbox.acked == 0


MALFORMED = [
    "no event",
    {},
    {"kind": "posted"},
    {"kind": "whispered", "key": "k"},
    {**message_event("x", key="k"), "extra": 1},
    {**message_event("x", key="k"), "author": None},
    {**message_event("\ud800", key="k")},
    {**message_event("\0", key="k")},
]


async def test_malformed_events_are_acknowledged_counted_and_passed_over(chat, platform):
    ears = Ears()
    for event in MALFORMED:
        chat.inject(event)
    chat.say("well")
    async with listening(platform, ears):
        await chat.until(lambda: chat.outbox.acked == len(MALFORMED) + 1)
    assert ears.texts == ["well"]
    assert platform.malformed == len(MALFORMED)


FRAMES = [
    "",
    "nonsense",
    "[]",
    '{"event": {}}',
    '{"delivery": "1", "event": {}}',
    '{"delivery": true, "event": {}}',
    '{"delivery": 1.5, "event": {}}',
    "[" * 100_000,
    '{"delivery": ' + "9" * 5000 + "}",
]


async def test_frames_that_are_none_do_not_end_the_listening(chat, platform):
    ears = Ears()
    async with listening(platform, ears):
        await chat.until(lambda: platform.connected)
        for frame in FRAMES:
            await chat.outbox.socket.send_str(frame)
        await chat.outbox.socket.send_bytes(b"{}")
        chat.say("well")
        await chat.until(lambda: ears.texts == ["well"])
    assert platform.malformed == len(FRAMES) + 1
    assert chat.state()["violations"] == []
    assert chat.outbox.connections == 1


async def test_a_frame_with_too_much_in_it_is_acknowledged(chat, platform):
    ears = Ears()
    frame = '{"delivery": 1, "event": {}, "more": 1}'
    async with listening(platform, ears):
        await chat.until(lambda: platform.connected)
        await chat.outbox.socket.send_str(frame)
        await chat.until(lambda: chat.outbox.violations)  # the ack of what was never injected
    assert platform.malformed == 1


async def test_it_connects_again_when_the_server_is_back(chat, platform):
    ears = Ears()
    async with listening(platform, ears):
        chat.say("before")
        await chat.until(lambda: chat.outbox.acked == 1)
        chat.shut()
        await chat.until(lambda: not platform.connected)
        chat.say("meanwhile")
        await asyncio.sleep(0.1)
        await chat.open()
        await chat.until(lambda: chat.outbox.acked == 2)
        assert platform.connected
    assert ears.texts == ["before", "meanwhile"]


async def test_it_waits_for_a_server_that_is_not_there_yet(chat):
    chat.shut()
    ears = Ears()
    chat.say("early")
    async with adapter(chat.url) as platform, listening(platform, ears):
        await asyncio.sleep(0.2)
        assert not platform.connected
        await chat.open()
        await chat.until(lambda: ears.texts == ["early"])


async def test_it_outlives_a_server_that_knows_no_sockets():
    async with answering(b"hello") as platform, listening(platform, Ears()) as task:
        await asyncio.sleep(0.2)
        assert not task.done()
        assert not platform.connected


async def test_a_dead_peer_is_noticed():
    """A server that shakes hands and then neither speaks nor answers a ping."""
    met, over = asyncio.Semaphore(0), asyncio.Event()

    async def handle(request):
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        met.release()
        await over.wait()
        return socket

    serving = web.Server(handle, access_log=None)
    there = await asyncio.get_running_loop().create_server(serving, "127.0.0.1", 0)
    try:
        url = f"http://127.0.0.1:{there.sockets[0].getsockname()[1]}"
        async with adapter(url, timeout=0.2) as platform, listening(platform, Ears()):
            for _ in range(3):  # three connections, so two were given up
                async with asyncio.timeout(10):
                    await met.acquire()
    finally:
        over.set()
        there.close()
        await serving.shutdown(0.1)


async def test_two_listeners_follow_each_other(chat, platform):
    """The newer connection gets the events; neither fails."""
    first, second = Ears(), Ears()
    async with adapter(chat.url) as other, listening(platform, first):
        await chat.until(lambda: platform.connected)
        async with listening(other, second):
            await chat.until(lambda: chat.outbox.connections >= 2)
            for number in range(50):
                chat.say(str(number))
            await chat.until(lambda: chat.outbox.acked == 50)
    assert {*first.texts, *second.texts} == {str(number) for number in range(50)}
    assert chat.state()["violations"] == []


async def test_cancelled_listening_leaves_nothing_behind(chat):
    begun = asyncio.Event()

    async def accept(incoming):
        begun.set()
        await asyncio.Event().wait()

    for number in range(20):
        chat.say(str(number))
    before = asyncio.all_tasks()
    async with adapter(chat.url) as platform:
        task = asyncio.create_task(platform.listen(accept, NOBODY))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not platform.connected
    await chat.until(lambda: asyncio.all_tasks() - before == set())
    assert chat.outbox.acked == 0


async def test_duplicates_and_disorder_are_passed_on_and_acknowledged():
    ears = Ears()
    async with (
        Chat(seed=3, duplicate=0.3, reorder=0.3, redeliver=3600) as chat,
        adapter(chat.url) as platform,
        listening(platform, ears),
    ):
        for number in range(100):
            chat.say(str(number))
        await chat.until(lambda: chat.outbox.acked == 100)
        await chat.until(lambda: len(ears.heard) == 100 + chat.dice.counts["duplicate"])
    assert set(ears.texts) == {str(number) for number in range(100)}
    assert ears.texts != sorted(ears.texts, key=int)
    assert chat.dice.counts["duplicate"] > 0
    assert chat.state()["violations"] == []
