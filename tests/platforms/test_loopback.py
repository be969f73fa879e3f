"""The chat server's platform: what it says, and what it makes of what the server does."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import (
    ConfigurationError,
    NotSent,
    Rejected,
    SourceMissing,
    Throttled,
    Unsure,
)
from bot.model import Upload
from bot.platforms.loopback import Loopback
from tests.platforms.loopbacks import NOWHERE, POST, THREAD, adapter, answering
from tests.standins.chat import Chat

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


# --- posting once ----------------------------------------------------------------------------


async def post_once(platform, key: str) -> None:
    """What the ledger does, without a ledger: never again before it was looked for."""
    known = True
    while True:
        try:
            if not known and await platform.find(THREAD, key) is not None:
                return
            known = True
            await platform.post(THREAD, POST, key=key)
        except Throttled as error:
            await asyncio.sleep(error.after)
        except NotSent:
            await asyncio.sleep(0.01)
        except Unsure:
            known = False
            await asyncio.sleep(platform.settle)
        else:
            return


async def test_whatever_goes_wrong_each_key_is_posted_once():
    sure = ("throttle", "fail_before", "fail_after", "drop_before", "drop_after", "drop_late")
    async with (
        Chat(seed=5, **dict.fromkeys(sure, 0.1), slow=0.1, lookup_throttle=0.1) as chat,
        adapter(chat.url, timeout=0.3, grace=0.3) as platform,
    ):
        chat.change(lookup_fail=0.1, slow_for=0.4, retry_after=0.01, late=0.05, lag=0.05)
        keys = [f"k{number}" for number in range(60)]
        posting = asyncio.gather(*(post_once(platform, key) for key in keys))
        await asyncio.sleep(0.01)
        chat.cut(0.05)
        async with asyncio.timeout(60):
            await posting
        told = chat.state()
        assert (told["posts"], told["keys"], told["duplicates"]) == (60, 60, {})
        assert {*sure, "slow", "lookup_throttle", "lookup_fail"} < told["faults"].keys()


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
