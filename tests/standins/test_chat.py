"""The chat server that the other tests rely on: that it is as strict, and as bad, as it says."""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.standins.chat import Chat, message_event

POST = {"workspace": "W1", "channel": "C1", "thread": "m1", "key": "k1", "text": "hello"}
PLACE = {name: POST[name] for name in ("workspace", "channel", "thread", "key")}


@pytest.fixture
async def chat():
    async with Chat(seed=1, redeliver=3600) as serving:
        yield serving


@pytest.fixture
async def client(chat):
    async with aiohttp.ClientSession(chat.url) as session:
        yield session


async def send(client, **changes):
    async with client.post("/posts", json={**POST, **changes}) as answer:
        return answer.status, await answer.json(), answer.headers.get("Retry-After")


async def look(client, **changes):
    async with client.get("/posts", params={**PLACE, **changes}) as answer:
        return answer.status, await answer.json()


async def control(client, **wanted):
    async with client.post("/control", json=wanted) as answer:
        return answer.status, await answer.json()


async def state(client):
    async with client.get("/control/state") as answer:
        return await answer.json()


async def receive(socket):
    return json.loads(await socket.receive_str(timeout=10))


@asynccontextmanager
async def socket(client):
    async with client.ws_connect("/events") as opened:
        yield opened


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
    for path in ("/posts", "/control"):
        async with client.post(path, data=body) as answer:
            assert answer.status == 400


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
        {"next": ["unheard_of"]},
        {"next": "slow"},
    ],
)
async def test_control_takes_only_what_it_knows(chat, client, wanted):
    before = dict(vars(chat.faults))
    assert (await control(client, **wanted))[0] == 400
    assert vars(chat.faults) == before


async def test_the_network_is_cut_and_comes_back(chat, client):
    async with socket(client) as opened:
        assert (await control(client, network_cut=0.1))[0] == 200
        assert (await opened.receive(timeout=10)).type is not aiohttp.WSMsgType.TEXT
    await chat.until(lambda: chat.dice.counts["network_cut"])
    with pytest.raises(aiohttp.ClientConnectorError):
        await send(client)
    await chat.until(lambda: chat._listening is not None)
    assert (await send(client))[0] == 200


# --- events ----------------------------------------------------------------------------------


async def test_events_come_in_order_and_are_done_once_acked(chat, client):
    async with client.post("/control/events", json=[{"key": "a"}, {"key": "b"}]) as answer:
        assert await answer.json() == {"injected": 2}
    async with socket(client) as opened:
        assert await receive(opened) == {"delivery": 1, "event": {"key": "a"}}
        assert await receive(opened) == {"delivery": 2, "event": {"key": "b"}}
        await opened.send_str('{"ack": 2}')
        await chat.until(lambda: chat.outbox.acked == 1)
    async with socket(client) as opened:
        assert (await receive(opened))["delivery"] == 1
        await opened.send_str('{"ack": 1}')
        await chat.until(lambda: chat.outbox.acked == 2)
    told = await state(client)
    assert (told["injected"], told["acked"], told["unacked"], told["waiting"]) == (2, 2, 0, 0)
    assert told["violations"] == []


async def test_only_so_many_are_unacked_at_a_time(chat, client):
    chat.change(window=2)
    for number in range(3):
        chat.inject({"key": str(number)})
    async with socket(client) as opened:
        assert [(await receive(opened))["delivery"] for _ in range(2)] == [1, 2]
        with pytest.raises(TimeoutError):
            await opened.receive(timeout=0.05)
        await opened.send_str('{"ack": 2}')
        assert (await receive(opened))["delivery"] == 3


async def test_what_is_not_acked_comes_again(chat, client):
    chat.change(redeliver=0.02)
    chat.inject({"key": "a"})
    async with socket(client) as opened:
        assert [(await receive(opened))["delivery"] for _ in range(3)] == [1, 1, 1]


async def test_an_acked_event_may_come_again_once(chat, client):
    chat.change(duplicate=1)
    chat.inject({"key": "a"})
    async with socket(client) as opened:
        await receive(opened)
        await opened.send_str('{"ack": 1}')
        assert (await receive(opened))["delivery"] == 1
        await opened.send_str('{"ack": 1}')
        with pytest.raises(TimeoutError):
            await opened.receive(timeout=0.05)
    assert chat.state()["violations"] == []


async def test_events_may_come_out_of_order(chat, client):
    chat.change(reorder=1)
    for number in range(3):
        chat.inject({"key": str(number)})
    async with socket(client) as opened:
        assert [(await receive(opened))["delivery"] for _ in range(3)] == [2, 3, 1]


async def test_a_newer_connection_takes_over(chat, client):
    async with socket(client) as older, socket(client) as newer:
        message = await older.receive(timeout=10)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4000)
        chat.inject({"key": "a"})
        assert (await receive(newer))["delivery"] == 1


@pytest.mark.parametrize("said", ["", "[]", '{"ack": "1"}', '{"ack": 9}', '{"ack": 1, "b": 1}'])
async def test_what_is_no_ack_is_noted(chat, client, said):
    chat.inject({"key": "a"})
    async with socket(client) as opened:
        await opened.send_str(said)
        await chat.until(lambda: chat.outbox.violations)
    assert chat.outbox.acked == 0


async def test_acking_more_often_than_delivered_is_noted(chat, client):
    chat.inject({"key": "a"})
    async with socket(client) as opened:
        await receive(opened)
        await opened.send_str('{"ack": 1}')
        await opened.send_str('{"ack": 1}')
        await chat.until(lambda: chat.outbox.violations)


# --- who was answered ------------------------------------------------------------------------


async def test_a_post_answers_who_waits_in_its_thread(chat, client):
    first = chat.say("one", key="e1", message="m1")
    chat.say("two", key="e2", thread="m1", message="m2")
    chat.inject(first)  # the same again: one answer is due
    await send(client, key="k1")
    await send(client, key="k2")
    await send(client, key="k3", thread="m7")
    told = await state(client)
    assert (told["answered"], told["answered_twice"]) == (2, {})
    assert told["unprompted"] == ["p3"]
    await send(client, key="k4")
    await send(client, key="k1")
    assert (await state(client))["answered_twice"] == {"e1": ["p1", "p5"], "e2": ["p2", "p4"]}


async def test_the_history_has_the_times(chat, client):
    chat.say("one", key="e1", message="m1")
    async with socket(client) as opened:
        await receive(opened)
        await opened.send_str('{"ack": 1}')
        await chat.until(lambda: chat.outbox.acked)
    await send(client)
    async with client.get("/control/posts") as answer:
        told = await answer.json()
    ((event,), (post,)) = told["events"], told["posts"]
    assert {**POST, "id": "p1", "answers": "e1", "at": post["at"]} == post
    assert (event["key"], event["deliveries"]) == ("e1", 1)
    assert event["posts"] == [["p1", post["at"]]]
    assert event["injected"] <= event["first"] <= event["acked"] <= post["at"] <= told["now"]
    async with client.get("/control/event", params={"key": "e1"}) as answer:
        assert await answer.json() == event
    async with client.get("/control/event", params={"key": "e2"}) as answer:
        assert (answer.status, await answer.json()) == (404, {"error": "no_such_event"})


def test_an_event_is_made_of_its_words():
    event = message_event("hello", key="e1")
    assert (event["kind"], event["message"], event["thread"]) == ("posted", "m-e1", None)
    assert message_event("hello", key="e1") == event


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
