"""Socket Mode, frame by frame, and with Slack's own client at the other end."""

from __future__ import annotations

import asyncio
import contextlib

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.standins.slack.talking import error


@pytest.fixture
async def connect(slack):
    """Give a function that opens a connection by hand, past its hello."""
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def connected():
            found = await AsyncWebClient(slack.app_token, base_url=slack.url).apps_connections_open(
                app_token=slack.app_token
            )
            socket = await stack.enter_async_context(session.ws_connect(found["url"]))
            socket.hello = await socket.receive_json()
            return socket

        yield connected


async def test_a_connection_is_greeted_and_sent_envelopes(slack, connect):
    socket = await connect()
    assert socket.hello["type"] == "hello"
    assert socket.hello["connection_info"] == {"app_id": "A0BRIEF"}
    assert (socket.hello["num_connections"], slack.sockets.count) == (1, 1)
    slack.says("ada", "general", "hi")
    envelope = await socket.receive_json(timeout=5)
    assert envelope["payload"]["event"]["text"] == "hi"
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("events_api", False)
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await slack.settled()
    sent = slack.commands("ada", "general", "/brief", "x")
    envelope = await socket.receive_json(timeout=5)
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "ok"}})
    assert await sent.done() == {"text": "ok"}


async def test_an_address_is_good_for_one_connection_and_needs_the_app_token(slack, client):
    assert await error(client.api_call("apps.connections.open")) == "not_allowed_token_type"
    address = slack.sockets.ticket()
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(address):
            pass
        for used in (address, f"{slack.root.replace('http', 'ws', 1)}/link/"):
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(used)


async def test_each_event_goes_to_one_of_several_connections(slack, connect):
    sockets = [await connect() for _ in range(3)]
    for number in range(6):
        slack.says("ada", "general", f"m{number}")
    found = [[await one.receive_json(timeout=5) for _ in range(2)] for one in sockets]
    said = sorted(one["payload"]["event"]["text"] for two in found for one in two)
    assert said == [f"m{number}" for number in range(6)]


async def test_what_is_not_acked_comes_again_three_times(slack, connect):
    slack.deliveries.redeliver_after = 0.02
    socket = await connect()
    slack.says("ada", "general", "hi")
    found = [await socket.receive_json(timeout=5) for _ in range(4)]
    assert [one["retry_attempt"] for one in found] == [0, 1, 2, 3]
    assert [one["retry_reason"] for one in found] == ["", "timeout", "timeout", "timeout"]
    assert len({one["envelope_id"] for one in found}) == 4
    assert len({one["payload"]["event_id"] for one in found}) == 1
    await slack.settled()
    (one,) = slack.deliveries.all
    assert (one.acked, one.failed, one.attempts) == (False, "timeout", 4)


async def test_events_wait_for_a_connection_and_commands_do_not(slack, connect):
    slack.deliveries.redeliver_after = 0.05
    slack.says("ada", "general", "hi")
    sent = slack.commands("ada", "general", "/brief")
    await sent.done()
    assert sent.failed == "dispatch_failed"
    with pytest.raises(TimeoutError, match=r"not acked: message \(1x\)"):
        await slack.settled(within=0.05)
    slack.deliveries.redeliver_after = 5
    socket = await connect()
    envelope = await socket.receive_json(timeout=5)
    await socket.send_json({"envelope_id": envelope["envelope_id"]})
    await slack.settled()


async def test_the_app_is_told_to_connect_anew(slack, connect):
    socket = await connect()
    slack.faults.disconnect("warning", close=False)
    frame = await socket.receive_json(timeout=5)
    assert (frame["type"], frame["reason"]) == ("disconnect", "warning")
    assert slack.sockets.count == 1
    slack.faults.disconnect()
    assert (await socket.receive_json(timeout=5))["reason"] == "refresh_requested"
    assert (await socket.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE


@pytest.mark.parametrize("how", ["warning", "refresh_requested", "broken"])
async def test_the_client_of_slack_comes_back_and_loses_nothing(slack, app, how):
    heard = []

    @app.event("message")
    async def hear(event):
        heard.append(event["text"])

    slack.deliveries.redeliver_after = 0.3
    await app.listen()
    slack.says("ada", "general", "one")
    await slack.settled()
    if how == "broken":
        slack.faults.break_off()
    else:
        slack.faults.disconnect(how, close=how != "warning")
    slack.says("ada", "general", "two")
    await slack.until(lambda: slack.sockets.connections >= 2)
    await slack.settled()
    await slack.until(lambda: {"one", "two"} <= set(heard))


async def test_frames_that_are_no_acks_are_kept(slack, connect):
    socket = await connect()
    await socket.send_json({"hello": 1})
    await slack.until(lambda: slack.sockets.stray_acks)
    assert slack.sockets.stray_acks == [{"hello": 1}]
    await asyncio.sleep(0)
