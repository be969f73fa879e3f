"""The chat server's events: delivered until they are acked, and who was answered."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager

import aiohttp
import pytest

from tests.standins.chat import message_event
from tests.standins.talking import POST, send, state


async def receive(socket):
    return json.loads(await socket.receive_str(timeout=10))


@asynccontextmanager
async def socket(client):
    async with client.ws_connect("/events") as opened:
        yield opened


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
    made = {"id": "p1", "answers": "e1", "at": post["at"], "changes": 0, "gone": False}
    assert {**POST, **made} == post
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
