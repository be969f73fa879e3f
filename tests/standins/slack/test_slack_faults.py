"""Each thing that the stand-in can be told to do wrong."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.standins.slack import SlackServer
from tests.standins.slack.talking import error, refused

POST = {"channel": "C0GENERAL", "text": "hi"}


async def test_429_says_when_to_come_back(slack, client):
    slack.faults.throttle("chat.postMessage", 2, retry_after=7)
    await client.auth_test()
    for _ in range(2):
        found = await refused(client.chat_postMessage(**POST))
        assert (found.status_code, found.headers["Retry-After"]) == (429, "7")
    await client.chat_postMessage(**POST)
    assert [one.outcome for one in slack.calls] == ["ok", "ratelimited", "ratelimited", "ok"]
    assert slack.faults.counts["throttle"] == 2


async def test_500_and_errors_of_choice(slack, client):
    slack.faults.fail()
    found = await refused(client.chat_postMessage(**POST))
    assert found.status_code == 500
    slack.faults.refuse("chat.postMessage", "fatal_error")
    assert await error(client.chat_postMessage(**POST)) == "fatal_error"
    assert slack.messages("general") == []


@pytest.mark.parametrize(("kind", "posts"), [("drop_before", 0), ("drop_after", 1)])
async def test_a_dropped_connection_leaves_the_post_or_not(slack, client, kind, posts):
    getattr(slack.faults, kind)("chat.postMessage")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(**POST)
    assert len(slack.messages("general")) == posts
    assert slack.calls[-1].outcome == f"dropped {kind.removeprefix('drop_')}"


async def test_the_sdk_posts_twice_unless_it_is_told_not_to(slack):
    careless = AsyncWebClient(slack.bot_token, base_url=slack.url)
    slack.faults.drop_after("chat.postMessage")
    await careless.chat_postMessage(**POST)
    assert len(slack.messages("general")) == 2


async def test_a_late_commit_comes_after_the_connection_is_gone(slack, client):
    slack.faults.late("chat.postMessage", seconds=0.05)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(**POST)
    assert slack.messages("general") == []
    await slack.until(lambda: slack.messages("general"))
    assert slack.calls[-1].outcome == "late ok"


async def test_a_delay(slack, client):
    slack.faults.delay("chat.postMessage", seconds=0.02)
    await client.chat_postMessage(**POST)
    assert len(slack.messages("general")) == 1


async def test_an_event_comes_twice(slack, app):
    heard = []

    @app.event("message")
    async def hear(body):
        heard.append(body["event_id"])

    await app.listen()
    slack.faults.duplicate_next()
    slack.says("ada", "general", "one")
    await slack.until(lambda: len(heard) == 2)
    assert len(set(heard)) == 1
    await slack.settled()


async def test_an_event_is_overtaken(slack, app):
    heard = []

    @app.event("message")
    async def hear(event):
        heard.append(event["text"])

    await app.listen()
    slack.faults.hold_at_most = 5
    slack.faults.reorder_next()
    slack.says("ada", "general", "one")
    slack.says("ada", "general", "two")
    await slack.until(lambda: len(heard) == 2)
    assert heard == ["two", "one"]
    slack.faults.hold_at_most = 0.01
    slack.faults.reorder_next()
    slack.says("ada", "general", "three")  # nothing follows: it comes all the same
    await slack.until(lambda: len(heard) == 3)


async def test_an_ack_gets_lost(slack, app):
    heard = []

    @app.event("message")
    async def hear(body):
        heard.append(body["event_id"])

    slack.deliveries.redeliver_after = 0.05
    await app.listen()
    slack.faults.lose_acks()
    slack.says("ada", "general", "one")
    await slack.settled()
    assert slack.faults.counts["lost_ack"] == 1
    assert slack.deliveries.all[0].attempts >= 2
    await slack.until(lambda: len(heard) >= 2)


async def outcomes(seed):
    async with SlackServer(seed=seed, pace=0) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.url, retry_handlers=[])
        slack.faults.storm("chat.postMessage", fail=0.3, drop_after=0.2, throttle=0.1)
        for _ in range(30):
            try:
                await client.chat_postMessage(**POST)
            except (SlackApiError, aiohttp.ClientError):
                await client.auth_test()
        return [one.outcome for one in slack.calls if one.method != "auth.test"]


async def test_a_storm_is_the_same_again_from_the_same_seed():
    first, again, other = await outcomes(1), await outcomes(1), await outcomes(2)
    assert first == again != other
    assert {"ok", "internal_error", "dropped after", "ratelimited"} == set(first)


async def test_a_storm_that_cannot_be_is_refused(slack):
    for chances in ({"hail": 0.5}, {"refuse": 0.5}, {"fail": 0.6, "late": 0.6}):
        with pytest.raises(ValueError, match="no storm of"):
            slack.faults.storm(**chances)
    await asyncio.sleep(0)
