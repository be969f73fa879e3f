"""Receiving what Slack delivers: over a socket that is kept open, or over HTTP."""

from __future__ import annotations

import asyncio
import random
from typing import TYPE_CHECKING

import aiohttp
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import ConfigurationError, NotSent, PlatformError, Rejected
from bot.platforms.slack.events import NAME
from bot.platforms.slack.signed import Signed, Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from aiohttp import web
    from slack_bolt.async_app import AsyncApp

    from bot.platforms.slack.calls import Calls
    from bot.platforms.slack.door import Door
    from bot.ports import Telemetry

_SHORTEST, _LONGEST = 1.0, 60.0  # seconds between two attempts to connect
_LOST = (
    aiohttp.ClientError,
    SlackApiError,
    SlackClientError,
    PlatformError,
    OSError,
    TimeoutError,
)
_BAD_TOKEN = frozenset({"invalid_auth", "not_authed", "not_allowed_token_type"})
_PATIENCE = 30.0  # seconds for a socket to open, after which we begin anew
_LOOKS = 4  # without a connection, after which we begin anew
_REFUSED_WITH = {Verdict.UNSIGNED: 401, Verdict.UNDER_WAY: 503, Verdict.ANSWERED: 200}


class Receiving:
    """Receives events: with `app_token` over a socket, else over HTTP with `signing_secret`.

    `heartbeat` are the seconds after which it is noticed that the socket is gone.
    """

    def __init__(
        self,
        calls: Calls,
        *,
        app_token: str | None,
        signing_secret: str | None,
        heartbeat: float,
        now: Callable[[], datetime],
        telemetry: Telemetry,
    ) -> None:
        self._calls, self._heartbeat, self._telemetry = calls, heartbeat, telemetry
        self._app_token = app_token
        self._secret = signing_secret if app_token is None else None
        self._signed = Signed(self._secret, now=now) if self._secret else None
        self._app: AsyncApp | None = None
        self._handler: AsyncSocketModeHandler | None = None

    @property
    def connected(self) -> bool:
        """Whether events can be received."""
        if self._app_token is None:
            return self._app is not None
        session = self._handler.client.current_session if self._handler else None
        return session is not None and not session.closed

    async def run(self, door: Callable[[], Awaitable[Door]]) -> None:
        """Receive events until cancelled; `door` opens where Slack takes our token.

        Raises ConfigurationError where Slack knows none of the tokens.
        """
        pause, loop = _SHORTEST, asyncio.get_running_loop()
        while True:
            began = loop.time()
            try:
                await self._receive(await door())
            except _LOST as error:
                word = _word_of(error)
                if word in _BAD_TOKEN:
                    raise ConfigurationError(f"slack_{word}", ["SLACK_BOT_TOKEN"]) from error
                known = isinstance(error, PlatformError)
                lost = error if known else NotSent(NAME, word or type(error).__name__)
                self._telemetry.trouble("not_connected", lost, platform=NAME)
            if loop.time() - began > _LONGEST:  # it held for a while
                pause = _SHORTEST
            await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - keeps no secret
            pause = min(2 * pause, _LONGEST)

    async def _receive(self, door: Door) -> None:
        """Receive events until cancelled, or until the connection is lost for a while."""
        app = door.app(signing_secret=self._secret)
        if self._app_token is None:
            self._app = app
            await asyncio.Event().wait()
            return
        # The SDK asks for a socket in vain for ever, each time at once, and tells nobody why.
        await self._calls.client.apps_connections_open(app_token=self._app_token)
        handler = AsyncSocketModeHandler(
            app, self._app_token, web_client=self._calls.client, ping_interval=self._heartbeat
        )
        try:
            async with asyncio.timeout(_PATIENCE):
                await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt's own
            self._handler = handler
            await self._lost()
        finally:
            self._handler = None
            await handler.close_async()  # type: ignore[no-untyped-call] # as above

    async def _lost(self) -> None:
        """Wait until the SDK, which connects again by itself, has not managed to for a while.

        It would try for ever, each time at once: with a token that was revoked, too.
        """
        looks = 0
        while looks < _LOOKS:
            await asyncio.sleep(self._heartbeat)
            looks = 0 if self.connected else looks + 1

    async def request(self, request: web.BaseRequest) -> web.Response:
        """Answer one HTTP request of Slack's; 401 what is not signed, 503 while we do not listen.

        The same request acts once; where it was answered, it is acknowledged again.
        """
        from aiohttp.web import Response  # noqa: PLC0415 - only where there is a web server

        if self._app is None or self._signed is None:
            return Response(status=503)
        given = self._signed.look(await request.read(), request.headers)
        if given.verdict is not Verdict.NEW:
            return Response(status=_REFUSED_WITH[given.verdict])
        answered = False
        try:
            asked = AsyncBoltRequest(body=given.body, headers=dict(request.headers))
            answer = await self._app.async_dispatch(asked)
            answered = answer.status == 200  # noqa: PLR2004 - HTTP's OK
        finally:
            self._signed.done(given.signature, answered=answered)
        return await to_aiohttp_response(answer)


def _word_of(error: BaseException) -> str:
    """Return Slack's word for why it refused; empty where it was not Slack that refused."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error") or "")
    return error.detail if isinstance(error, Rejected) else ""
