"""The chat server that the other tests rely on: that it is as strict, and as bad, as it says."""

from __future__ import annotations

import asyncio
import json
import sys

import aiohttp
import pytest

from tests.standins.chat import Chat
from tests.standins.talking import PLACE, change, control, look, retract, send, state

# --- posts -----------------------------------------------------------------------------------


async def test_a_post_is_kept_and_found(chat, client):
    assert await look(client) == (200, {"post": None})
    assert await send(client) == (200, {"id": "p1"}, None)
    assert await look(client) == (200, {"post": {"id": "p1"}})
    assert await look(client, key="k2") == (200, {"post": None})
    assert await look(client, thread="m2") == (200, {"post": None})
    assert chat.posts.all[0].text == "hello"


async def test_a_key_that_comes_twice_is_two_posts_and_is_told(client):
    await send(client)
    await send(client)
    told = await state(client)
    assert (told["posts"], told["keys"]) == (2, 1)
    assert told["duplicates"] == {"k1": ["p1", "p2"]}
    assert await look(client) == (200, {"post": {"id": "p1"}})


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"more": 1}, 400, "unknown_field:more"),
        ({"key": ""}, 400, "bad_field:key"),
        ({"thread": None}, 400, "bad_field:thread"),
        ({"text": 7}, 400, "bad_field:text"),
        ({"text": "x" * 12_001}, 400, "text_too_long"),
        ({"text": "<!here>"}, 400, "unescaped"),
        ({"text": "a & b"}, 400, "unescaped"),
        ({"text": "a\x1bb"}, 400, "unescaped"),
        ({"channel": "C9"}, 404, "no_such_channel"),
    ],
)
async def test_what_is_wrong_with_a_post_is_refused_with_a_reason(
    chat, client, changes, status, error
):
    await control(client, refused=["C9"])
    assert (await send(client, **changes))[:2] == (status, {"error": error})
    assert chat.posts.all == []


async def test_a_post_up_to_the_bound_and_escaped_is_taken(client):
    assert (await send(client, text="&amp;&lt;&gt;\n" + "x" * 11_986))[0] == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
async def test_a_body_that_is_no_object_is_refused(client, body):
    for method, path in (
        *(("POST", "/posts"), ("POST", "/control"), ("POST", "/working")),
        *(("PUT", "/posts"), ("DELETE", "/posts")),
    ):
        async with client.request(method, path, data=body) as answer:
            assert answer.status == 400


# --- posts that are there --------------------------------------------------------------------


async def test_a_post_gets_another_text_and_answers_whom_it_answered(chat, client):
    chat.say("hello?", key="e1", thread="m1")
    await send(client)
    for _ in range(2):
        assert await change(client) == (200, {"id": "p1"})
    (post,) = chat.posts.all
    assert (post.text, post.changes, post.gone, post.answers) == ("other", 2, False, "e1")
    assert chat.posts.answers["e1"] == chat.posts.by_key["k1"] == [post]
    assert (await state(client))["duplicates"] == {}


async def test_a_post_that_was_taken_away_is_found_no_more_but_counted(chat, client):
    await send(client)
    await send(client, key="k2")
    for _ in range(2):
        assert await retract(client) == (200, {})
    assert await look(client) == (200, {"post": None})
    assert await look(client, key="k2") == (200, {"post": {"id": "p2"}})
    told = await state(client)
    assert (told["posts"], told["gone"]) == (2, 1)
    assert [one["gone"] for one in chat.history()["posts"]] == [True, False]
    assert await change(client) == (404, {"error": "no_such_post"})


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"more": 1}, 400, "unknown_field:more"),
        ({"key": "k1"}, 400, "unknown_field:key"),
        ({"post": ""}, 400, "bad_field:post"),
        ({"thread": None}, 400, "bad_field:thread"),
        ({"post": "p2"}, 404, "no_such_post"),
        ({"thread": "m2"}, 404, "no_such_post"),
        ({"channel": "C2"}, 404, "no_such_post"),
        ({"channel": "C9"}, 404, "no_such_channel"),
    ],
)
async def test_what_is_no_post_is_neither_changed_nor_taken_away(
    chat, client, changes, status, error
):
    await send(client)
    await control(client, refused=["C9"])
    assert await change(client, **changes) == (status, {"error": error})
    assert await retract(client, **changes) == (status, {"error": error})
    assert [(post.text, post.gone) for post in chat.posts.all] == [("hello", False)]


@pytest.mark.parametrize(
    ("text", "error"),
    [("x" * 12_001, "text_too_long"), ("<!here>", "unescaped"), ("", "bad_field:text")],
)
async def test_another_text_is_held_to_the_same_rules(client, text, error):
    await send(client)
    assert await change(client, text=text) == (400, {"error": error})
    assert await retract(client, text="more") == (400, {"error": "unknown_field:text"})


async def test_a_look_up_is_as_strict(client):
    assert await look(client, more="1") == (400, {"error": "unknown_field:more"})
    assert await look(client, key="") == (400, {"error": "bad_field:key"})
    async with client.get("/posts", params=[*PLACE.items(), ("key", "k2")]) as answer:
        assert await answer.json() == {"error": "field_twice"}
    async with client.get("/elsewhere") as answer:
        assert answer.status == 404


async def test_a_channel_takes_one_post_a_while(chat, client):
    await control(client, rate=600)
    assert (await send(client))[0] == 200
    status, error, wait = await send(client, key="k2")
    assert (status, error) == (429, {"error": "rate"})
    assert 0 < float(wait) <= 600
    assert (await send(client, key="k3", channel="C2"))[0] == 200
    assert len(chat.posts.all) == 2


async def test_history_lags(chat, client):
    await control(client, lag=3600)
    await send(client)
    assert await look(client) == (200, {"post": None})
    await control(client, lag=0)
    assert await look(client) == (200, {"post": {"id": "p1"}})


# --- faults ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "status", "kept"),
    [("throttle", 429, 0), ("fail_before", 500, 0), ("fail_after", 500, 1), ("slow", 200, 1)],
)
async def test_a_fault_that_is_answered(chat, client, fault, status, kept):
    await control(client, next=["none", fault], retry_after=2, slow_for=0.01)
    assert (await send(client, key="k0"))[0] == 200
    found, _, wait = await send(client)
    assert (found, wait) == (status, "2" if fault == "throttle" else None)
    assert len(chat.posts.by_key["k1"]) == kept
    assert (await state(client))["faults"] == {fault: 1}


@pytest.mark.parametrize(("fault", "kept"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_connection_that_is_dropped(chat, client, fault, kept):
    await control(client, next=[fault])
    with pytest.raises((aiohttp.ClientConnectionError, ConnectionError)):
        await send(client)
    assert len(chat.posts.all) == kept


async def test_a_late_commit_comes_though_whoever_asked_is_gone(chat, client):
    await control(client, next=["drop_late"], late=0.05)
    async with aiohttp.ClientSession(chat.url) as other:
        with pytest.raises((aiohttp.ClientConnectionError, ConnectionError)):
            await send(other)
    assert (chat.posts.all, chat.state()["late"]) == ([], 1)
    await chat.until(lambda: chat.posts.all)
    assert chat.state()["late"] == 0


async def test_look_ups_fail_too(client):
    await control(client, next=["lookup_fail", "lookup_throttle"])
    assert (await look(client))[0] == 500
    assert (await look(client))[0] == 429
    assert (await look(client))[0] == 200


async def test_chance_is_seeded():
    async def rolled(seed: int) -> list[str]:
        chat = Chat(seed=seed, fail_before=0.3, drop_after=0.3)
        return [chat.dice.of_post() for _ in range(50)]

    assert await rolled(1) == await rolled(1) != await rolled(2)
    assert set(await rolled(1)) == {"none", "fail_before", "drop_after"}


@pytest.mark.parametrize(
    "wanted",
    [
        {"unheard_of": 1},
        {"slow": 2},
        {"slow": True},
        {"lag": -1},
        {"slow": 0.6, "throttle": 0.6},
        {"window": 0},
        {"refused": "C1"},
        {"network_cut": 0},
        {"network_cut": "long"},
        {"next": ["unheard_of"], "lag": 1},
        {"network_cut": -1, "lag": 1},
        {"next": "slow"},
    ],
)
async def test_control_takes_only_what_it_knows(chat, client, wanted):
    before = dict(vars(chat.faults))
    assert (await control(client, **wanted))[0] == 400
    assert vars(chat.faults) == before


async def test_the_network_is_cut_and_comes_back(chat, client):
    async with client.ws_connect("/events") as opened:
        assert (await control(client, network_cut=0.1))[0] == 200
        assert (await opened.receive(timeout=10)).type is not aiohttp.WSMsgType.TEXT
    await chat.until(lambda: chat.dice.counts["network_cut"])
    with pytest.raises(aiohttp.ClientConnectorError):
        await send(client)
    await chat.until(lambda: chat._listening is not None)
    assert (await send(client))[0] == 200


# --- as a program ----------------------------------------------------------------------------


async def test_it_runs_as_a_program_until_its_input_ends():
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.standins.chat", "--until-eof"),
        *("--seed", "7", "--control", '{"lag": 0.5}'),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(30):
        ready = json.loads(await program.stdout.readline())
        async with aiohttp.ClientSession(ready["url"]) as client:
            assert (await send(client))[0] == 200
            assert (await state(client))["posts"] == 1
        program.stdin.close()
        assert await program.wait() == 0
