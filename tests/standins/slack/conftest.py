"""A Slack for each test, a client of the SDK, and an app that listens over Socket Mode."""

import contextlib

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.standins.slack import SlackServer


@pytest.fixture
async def slack():
    async with SlackServer(seed=1, pace=0, redeliver_after=5) as serving:
        yield serving


@pytest.fixture
def client(slack):
    return AsyncWebClient(slack.bot_token, base_url=slack.url, retry_handlers=[])


@pytest.fixture
async def app(slack, client):
    """Give an app of Bolt that is connected once the test calls `await app.listen()`."""
    made = AsyncApp(client=client, ignoring_self_events_enabled=False)
    async with contextlib.AsyncExitStack() as stack:

        async def listen():
            own = AsyncWebClient(slack.app_token, base_url=slack.url)
            handler = AsyncSocketModeHandler(made, slack.app_token, web_client=own, ping_interval=1)
            stack.push_async_callback(handler.close_async)
            await handler.connect_async()

        made.listen = listen
        yield made
