"""HTTP mode: signed requests to an app's own address."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier


@pytest.fixture
async def serve(slack):
    """Give a function that serves a handler and has the events sent to it."""
    async with contextlib.AsyncExitStack() as stack:

        async def serving(handler):
            site = web.Application()
            site.router.add_post("/slack/events", handler)
            runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.2)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            slack.http_to(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")

        yield serving


async def test_an_app_of_bolt_is_verified_and_hears(slack, client, serve):
    app = AsyncApp(client=client, signing_secret=slack.signing_secret)
    heard = []

    @app.event("message")
    async def hear(event):
        heard.append(event["text"])

    @app.command("/brief")
    async def brief(ack, command):
        await ack(f"reading {command['text']}")

    async def handler(request):
        body = await request.text()
        asked = AsyncBoltRequest(
            body=body, headers=dict(request.headers), query=request.query_string
        )
        done = await app.async_dispatch(asked)
        kind = done.headers.get("content-type", ["text/plain"])[0].partition(";")[0]
        return web.Response(status=done.status, text=done.body, content_type=kind)

    await serve(handler)
    assert await slack.verifies()
    slack.says("ada", "general", "hi")
    sent = slack.commands("ada", "general", "/brief", "a & b")
    assert await sent.done() == {"text": "reading a & b"}
    await slack.settled()
    assert heard == ["hi"]
    slack.http_skew = 600
    assert not await slack.verifies()
    slack.http_skew = 0
    slack.signing_secret = "another"  # noqa: S105 - guards nothing
    assert not await slack.verifies()


async def test_every_request_is_signed_and_repeated_with_its_reason(slack, serve):
    slack.deliveries.redeliver_after = 0.3
    verifier = SignatureVerifier(slack.signing_secret)
    seen = []

    async def handler(request):
        body = await request.text()
        assert verifier.is_valid_request(body, dict(request.headers))
        headers = request.headers
        seen.append((headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")))
        if len(seen) == 2:
            await asyncio.sleep(1)
        return web.Response(status=200 if len(seen) > 2 else 500)

    await serve(handler)
    slack.says("ada", "general", "hi")
    await slack.settled()
    assert seen[:3] == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
    assert slack.deliveries.all[0].acked


async def test_an_interaction_comes_as_a_form_and_once(slack, serve):
    seen = []

    async def handler(request):
        found = await request.post()
        seen.append((request.content_type, list(found)))
        return web.Response(status=500)

    await serve(handler)
    ts = slack.says("ada", "random", "hi")
    sent = slack.shortcut("ada", "random", ts, "brief_this")
    await sent.done()
    assert seen == [("application/x-www-form-urlencoded", ["payload"])]
    assert sent.failed == "http_error"


async def test_an_address_where_nobody_is_fails(slack, serve):
    slack.deliveries.retries = 0
    slack.http_to("http://127.0.0.1:1/")
    slack.says("ada", "general", "hi")
    await slack.settled()
    assert slack.deliveries.all[0].failed == "connection_failed"
