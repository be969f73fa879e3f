"""The chat server's platform: what it says, and what it makes of what the server does."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.errors import (
    ConfigurationError,
    NotSent,
    Rejected,
    SourceMissing,
    StoreError,
    Throttled,
    Unsure,
)
from bot.model import Channel, Line, Post, Thread, Upload, Workspace
from bot.platforms.loopback import Loopback
from tests.standins.chat import Chat, message_event

CHANNEL = Channel(workspace=Workspace(platform="loopback", id="W1"), id="C1")
THREAD = Thread(channel=CHANNEL, id="1")
POST = Post(blocks=(Line(text="The ferry sails again."),))
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@pytest.fixture
async def chat():
    async with Chat(seed=1, redeliver=3600) as serving:
        yield serving


@asynccontextmanager
async def adapter(url: str, *, timeout: float = 5.0, grace: float = 0.1):  # noqa: ASYNC109 - the adapter's own
    platform = Loopback(url, timeout=timeout, grace=grace)
    try:
        yield platform
    finally:
        await platform.close()


@pytest.fixture
async def platform(chat):
    async with adapter(chat.url) as made:
        yield made


@asynccontextmanager
async def answering(body: bytes = b"", status: int = 200, **headers: str):
    """A server that says the same to everything."""

    async def handle(request):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers=names)

    serving = web.Server(handle, access_log=None)
    listening = await asyncio.get_running_loop().create_server(serving, "127.0.0.1", 0)
    try:
        async with adapter(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}") as made:
            yield made
    finally:
        listening.close()
        await serving.shutdown(0.1)


@asynccontextmanager
async def listening(platform, accept):
    task = asyncio.create_task(platform.listen(accept))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Ears:
    """Accepts everything, and remembers it."""

    def __init__(self) -> None:
        self.heard = []

    async def __call__(self, incoming) -> None:
        self.heard.append(incoming)

    @property
    def texts(self) -> list[str]:
        return [one.message.text for one in self.heard]


# --- posting ---------------------------------------------------------------------------------


async def test_a_post_says_where_it_is_and_what(chat, platform):
    ref = await platform.post(THREAD, POST, key="k1")
    (there,) = chat.posts.all
    assert (ref.thread, ref.id) == (THREAD, there.id)
    assert (there.workspace, there.channel, there.thread) == ("W1", "C1", "1")
    assert (there.key, there.text) == ("k1", "The ferry sails again.")


async def test_throttled_says_for_how_long_and_nothing_is_there(chat, platform):
    chat.change(retry_after=2.5)
    chat.dice.ask_for("throttle")
    with pytest.raises(Throttled) as caught:
        await platform.post(THREAD, POST, key="k1")
    assert caught.value.after == 2.5
    assert chat.posts.all == []


@pytest.mark.parametrize(
    ("header", "after"), [("7", 7), ("soon", 1), ("", 1), ("-3", 1), ("inf", 1), ("nan", 1)]
)
async def test_a_wait_that_cannot_be_read_is_a_second(header, after):
    async with answering(status=429, Retry_After=header) as platform:
        with pytest.raises(Throttled) as caught:
            await platform.post(THREAD, POST, key="k1")
        assert caught.value.after == after
        with pytest.raises(Throttled):
            await platform.find(THREAD, "k1")


@pytest.mark.parametrize("status", [400, 403, 404, 409])
async def test_a_refusal_is_for_good_and_has_the_servers_word(status):
    async with answering(b'{"error": "no_such_channel"}', status) as platform:
        with pytest.raises(Rejected) as caught:
            await platform.post(THREAD, POST, key="k1")
    assert caught.value.detail == "no_such_channel"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"error": 3}', b"\xff", b"[" * 100_000])
async def test_a_refusal_without_a_word_has_its_status(body):
    async with answering(body, 403) as platform:
        with pytest.raises(Rejected) as caught:
            await platform.post(THREAD, POST, key="k1")
    assert caught.value.detail == "403"


async def test_an_unknown_channel_is_refused(chat, platform):
    chat.change(refused=["C1"])
    with pytest.raises(Rejected) as caught:
        await platform.post(THREAD, POST, key="k1")
    assert caught.value.detail == "no_such_channel"


async def test_without_a_connection_nothing_was_sent():
    async with adapter(NOWHERE) as platform:
        with pytest.raises(NotSent):
            await platform.post(THREAD, POST, key="k1")
        with pytest.raises(NotSent):
            await platform.find(THREAD, "k1")


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [("fail_before", 0), ("fail_after", 1), ("drop_before", 0), ("drop_after", 1)],
)
async def test_after_it_went_out_nobody_knows_and_it_went_out_once(chat, platform, fault, arrived):
    await platform.post(THREAD, POST, key="k0")  # so that a connection is there to be used again
    chat.dice.ask_for(fault)
    with pytest.raises(Unsure):
        await platform.post(THREAD, POST, key="k1")
    assert len(chat.posts.all) == 1 + arrived
    assert chat.dice.counts == {fault: 1}
    assert (await platform.find(THREAD, "k1") is not None) is bool(arrived)


async def test_a_reply_that_comes_too_late_leaves_it_unsure(chat):
    chat.change(slow_for=60)
    chat.dice.ask_for("slow")
    async with adapter(chat.url, timeout=0.2) as platform:
        with pytest.raises(Unsure):
            await platform.post(THREAD, POST, key="k1")
        assert await platform.find(THREAD, "k1") is not None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"id": ""}', b'{"id": 7}', b"\xff", b"[" * 100_000]
)
async def test_an_answer_that_makes_no_sense_leaves_it_unsure(body):
    async with answering(body) as platform:
        with pytest.raises(Unsure):
            await platform.post(THREAD, POST, key="k1")


@pytest.mark.parametrize("status", [201, 204, 307, 401, 413, 502, 503])
async def test_an_answer_of_another_kind_leaves_it_unsure(status):
    async with answering(b'{"id": "p1"}', status, Location="/elsewhere") as platform:
        with pytest.raises(Unsure, match=str(status)):
            await platform.post(THREAD, POST, key="k1")


# --- looking for a post ----------------------------------------------------------------------


async def test_a_late_commit_is_seen_once_things_have_settled(chat):
    chat.change(late=0.1, lag=0.1)
    chat.dice.ask_for("drop_late")
    async with adapter(chat.url, timeout=0.2, grace=0.4) as platform:
        with pytest.raises(Unsure):
            await platform.post(THREAD, POST, key="k1")
        assert await platform.find(THREAD, "k1") is None
        await chat.until(lambda: chat.posts.all)
        assert await platform.find(THREAD, "k1") is None, "the history lags"
        await asyncio.sleep(platform.settle)
        assert (await platform.find(THREAD, "k1")).id == chat.posts.all[0].id


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"post": 7}', b'{"post": {}}', b"null", b"\xff", b"[" * 100_000]
)
async def test_no_sense_is_not_taken_for_no_post(body):
    async with answering(body) as platform:
        with pytest.raises(NotSent):
            await platform.find(THREAD, "k1")


@pytest.mark.parametrize("status", [204, 302, 400, 404, 500])
async def test_a_refusal_is_not_taken_for_no_post(status):
    async with answering(b'{"post": null}', status, Location="/elsewhere") as platform:
        with pytest.raises(NotSent, match=str(status)):
            await platform.find(THREAD, "k1")


async def test_look_ups_fail_as_the_server_does(chat, platform):
    chat.dice.ask_for("lookup_throttle", "lookup_fail")
    with pytest.raises(Throttled):
        await platform.find(THREAD, "k1")
    with pytest.raises(NotSent):
        await platform.find(THREAD, "k1")
    assert await platform.find(THREAD, "k1") is None


# --- listening -------------------------------------------------------------------------------


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
        await platform.listen(accept)
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
        task = asyncio.create_task(platform.listen(accept))
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


# --- the rest --------------------------------------------------------------------------------


def test_it_settles_after_a_time_out_and_the_servers_grace():
    platform = Loopback(NOWHERE, timeout=3, grace=1.5)
    assert (platform.name, platform.settle, platform.connected) == ("loopback", 4.5, False)
    assert platform.malformed == 0


@pytest.mark.parametrize(
    "url", ["", "chat", "https://127.0.0.1:1", "http://chat.example:80", "http://", "ws://[", "x:y"]
)
def test_only_a_server_on_this_machine_will_do(url):
    with pytest.raises(ConfigurationError) as caught:
        Loopback(url)
    assert caught.value.names == ("BRIEFBOT_LOOPBACK_URL",)


async def test_proxies_of_the_environment_are_not_used(chat, platform, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, NOWHERE)
    await platform.post(THREAD, POST, key="k1")
    assert len(chat.posts.all) == 1


async def test_nothing_is_uploaded_here():
    with pytest.raises(SourceMissing):
        await Loopback(NOWHERE).download(Upload(name="a", media_type="", size=1, handle="h"))
