"""Calling Slack's Web API: nothing is tried twice here, and every failure has its meaning.

The SDK's own retries are off: it would post a second time where only the reply was lost.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import NotSent, Rejected, Throttled, Unsure
from bot.platforms.slack.events import NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.errors import PlatformError

    Json = Mapping[str, Any]

_TOO_MANY = 429
_BROKEN = 500
_UNKNOWN_WAIT = 1.0
# What Slack says where something of its own broke: it may have been done all the same.
_THEIR_FAULT = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
)
_MOST_KEYS = 10_000
_WITH_JSON = ("chat.", "views.")
"""The methods that take blocks; Slack's others do not read JSON."""


class Calls:
    """The methods of the Web API. `timeout` bounds each call, in seconds."""

    def __init__(self, *, token: str, url: str, timeout: float) -> None:
        self._token, self._url, self._timeout = token, url, timeout
        self._client: AsyncWebClient | None = None

    @property
    def client(self) -> AsyncWebClient:
        """The SDK's client, without retries, all calls over the same connections."""
        if self._client is None:
            session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(
                    total=self._timeout,
                    connect=self._timeout / 2,  # sooner than `total`, which cannot tell
                ),
                trust_env=True,
            )
            self._client = AsyncWebClient(
                token=self._token, base_url=self._url, session=session, retry_handlers=[]
            )
        return self._client

    async def __call__(self, method: str, **arguments: object) -> Json:
        """Call a method and return its answer.

        Raises Throttled or NotSent where nothing was done, Unsure where that is not known,
        Rejected with Slack's word for it where it never will be.
        """
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            if method.startswith(_WITH_JSON):
                answer = await self.client.api_call(method, json=given)
            else:
                answer = await self.client.api_call(method, params=given)
        except SlackApiError as error:
            raise _meaning(error) from error
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(NAME, type(error).__name__) from error  # no byte of it went out
        except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError, ValueError) as error:
            raise Unsure(NAME, type(error).__name__) from error
        data = answer.data
        return data if isinstance(data, dict) else {}

    async def respond(self, url: str, answer: Json) -> None:
        """Answer a shortcut or a press at the address that came with it. Raises PlatformError."""
        try:
            async with self.session.post(url, json=answer) as answered:
                if answered.status != 200:  # noqa: PLR2004 - HTTP's OK
                    raise Rejected(NAME, f"HTTP {answered.status}")
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise Unsure(NAME, type(error).__name__) from error

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections that the calls use."""
        session = self.client.session
        assert session is not None  # noqa: S101 - it was made with one
        return session

    async def close(self) -> None:
        """Close every connection."""
        client, self._client = self._client, None
        if client is not None and client.session is not None:
            await client.session.close()


def _meaning(error: SlackApiError) -> PlatformError:
    answer = error.response
    status = getattr(answer, "status_code", 0)
    data = getattr(answer, "data", None)
    word = str(data.get("error") or "") if isinstance(data, dict) else ""
    if status == _TOO_MANY or word in ("ratelimited", "rate_limited"):
        return Throttled(NAME, _wait(answer.headers))
    if status >= _BROKEN or not word or word in _THEIR_FAULT:
        return Unsure(NAME, word or f"HTTP {status}")
    return Rejected(NAME, word)


def _wait(headers: Mapping[str, Any]) -> float:
    found = {name.lower(): value for name, value in headers.items()}.get("retry-after")
    try:
        return float(found if isinstance(found, str) else str(found))
    except ValueError:
        return _UNKNOWN_WAIT


class Pace:
    """At most one post a channel in `every` seconds, each at its own moment.

    `now` tells seconds on a clock that nobody sets.
    """

    def __init__(self, *, every: float, now: Callable[[], float]) -> None:
        self._every, self._now = every, now
        self._free: dict[str, float] = {}
        self._moments: dict[str, float] = {}
        self._went: dict[str, float] = {}

    def went(self, channel: str) -> None:
        """Take in that a post has gone out: on a busy machine that is later than it might have."""
        self._went[channel] = self._now()

    def wait(self, channel: str, key: str) -> float:
        """Return in how many seconds a post may go out; with 0, its moment is used up."""
        now = self._now()
        if len(self._moments) > _MOST_KEYS:
            self._moments.clear()  # what was given up; whoever still waits gets a later moment
        moment = self._moments.get(key)
        if moment is None:
            moment = max(now, self._free.get(channel, now))
            self._free[channel] = moment + self._every
        if moment <= now:
            moment = max(moment, self._went.get(channel, -math.inf) + self._every)
        if moment <= now:
            self._moments.pop(key, None)
            self._tidy(now)
            return 0.0
        self._moments[key] = moment
        return moment - now

    def _tidy(self, now: float) -> None:
        if len(self._free) > _MOST_KEYS:
            self._free = {name: free for name, free in self._free.items() if free > now}
        if len(self._went) > _MOST_KEYS:
            self._went.clear()  # what was long ago counts no more
