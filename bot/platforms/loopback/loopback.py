"""The adapter of the chat server: translates and calls; nothing is tried twice."""

from __future__ import annotations

import json
import math
from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn

import aiohttp
from yarl import URL

from bot.errors import (
    ConfigurationError,
    NotSent,
    PlatformError,
    Rejected,
    SourceMissing,
    Throttled,
    Unsure,
)
from bot.model import PostRef, Sign
from bot.platforms.loopback.events import NAME
from bot.platforms.loopback.listening import Listening
from bot.platforms.loopback.text import text_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AbstractAsyncContextManager

    from bot.model import Channel, Incoming, Message, Post, Thread, Upload
    from bot.ports import Desk

_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_REFUSED = frozenset({400, 403, 404, 409})
_TROUBLE = (aiohttp.ClientError, OSError, TimeoutError, ValueError, RecursionError)
_UNKNOWN_WAIT = 1.0


class Loopback:
    """A chat server on this machine, spoken to over HTTP.

    `timeout` bounds each request in seconds, `grace` is how long after that the server may take
    until what it did is seen. `malformed` counts the events that could not be read. Raises
    ConfigurationError where `url` is not the address of a server on this machine.
    """

    def __init__(self, url: str, *, timeout: float = 5.0, grace: float = 2.0) -> None:
        self._url = _checked(url)
        self._timeout = timeout
        self._grace = grace
        self._session: aiohttp.ClientSession | None = None
        self._listening = Listening()

    @property
    def name(self) -> str:
        """The platform's name."""
        return NAME

    @property
    def session(self) -> str:
        """Nothing: any number of processes may listen."""
        return ""

    async def moderates(self, channel: Channel, who: str) -> bool:  # noqa: ARG002 - see below
        """Tell nothing: that is not known here."""
        return False

    @property
    def settle(self) -> float:
        """Seconds after which `find` is sure: a request's time-out, and the server's grace."""
        return self._timeout + self._grace

    @property
    def connected(self) -> bool:
        """Whether the socket that brings events is open."""
        return self._listening.connected

    @property
    def malformed(self) -> int:
        """How many events could not be read; they are acknowledged, or they would never end."""
        return self._listening.malformed

    async def listen(
        self,
        accept: Callable[[Incoming], Awaitable[None]],
        desk: Desk,  # noqa: ARG002 - nobody comes to the desk
    ) -> None:
        """Receive events until cancelled, up to 256 being accepted at once.

        Where `accept` raises a BriefbotError, the event is left unacknowledged; any other error
        is a fault in this program and ends the listening, in an ExceptionGroup.
        """
        await self._listening.run(self._socket, accept)

    def _socket(self) -> AbstractAsyncContextManager[aiohttp.ClientWebSocketResponse]:
        return self._open().ws_connect(
            self._url / "events",
            decode_text=True,
            heartbeat=self._timeout,
            timeout=aiohttp.ClientWSTimeout(ws_close=min(1.0, self._timeout)),
        )

    def pace(self, thread: Thread, key: str) -> float:  # noqa: ARG002 - the server says so itself
        """Return 0: as many posts as one likes."""
        return 0.0

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:
        """Send a post once. Raises Throttled, NotSent, Rejected, or Unsure once it went out."""
        body = {**_place(thread), "key": key, "text": text_of(post)}
        try:
            async with self._open().post(
                self._url / "posts", json=body, allow_redirects=False
            ) as answer:
                if answer.status in _REFUSED:
                    raise Rejected(NAME, await _reason(answer))
                if answer.status != HTTPStatus.OK:
                    _raise_for(answer, Unsure)
                return PostRef(thread=thread, id=_id(json.loads(await answer.read())))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(NAME, type(error).__name__) from error  # no byte of it went out
        except _TROUBLE as error:
            raise Unsure(NAME, type(error).__name__) from error

    async def show(
        self,
        thread: Thread,
        message: str,  # noqa: ARG002 - the server shows it in the thread
        sign: Sign,
    ) -> None:
        """Tell the server whether we are at work. Raises Throttled or NotSent."""
        on = sign is Sign.WORKING
        await self._tell("POST", "working", {**_place(thread), "on": on})

    async def change(self, ref: PostRef, post: Post) -> None:
        """Give a post another text. Raises Throttled, NotSent or Rejected."""
        body = {**_place(ref.thread), "post": ref.id, "text": text_of(post)}
        await self._tell("PUT", "posts", body)

    async def retract(self, ref: PostRef) -> None:
        """Take a post away. Raises Throttled, NotSent or Rejected."""
        await self._tell("DELETE", "posts", {**_place(ref.thread), "post": ref.id})

    async def _tell(self, method: str, path: str, body: Mapping[str, object]) -> None:
        try:
            async with self._open().request(
                method, self._url / path, json=body, allow_redirects=False
            ) as answer:
                if answer.status in _REFUSED:
                    raise Rejected(NAME, await _reason(answer))
                if answer.status != HTTPStatus.OK:
                    _raise_for(answer, NotSent)
        except _TROUBLE as error:
            raise NotSent(NAME, type(error).__name__) from error

    async def fetch(
        self,
        thread: Thread,  # noqa: ARG002 - see below
        message: str,  # noqa: ARG002 - likewise
    ) -> Message | None:
        """Return None: events bring their messages with them."""
        return None

    def link(self, thread: Thread) -> str:  # noqa: ARG002 - as above
        """Return nothing: its messages have no addresses."""
        return ""

    async def find(self, thread: Thread, key: str) -> PostRef | None:
        """Look for the post with this key. Raises Throttled or NotSent: nothing is known then."""
        asked = {**_place(thread), "key": key}
        try:
            async with self._open().get(
                self._url / "posts", params=asked, allow_redirects=False
            ) as answer:
                if answer.status != HTTPStatus.OK:
                    _raise_for(answer, NotSent)
                found = json.loads(await answer.read())
                if found == {"post": None}:
                    return None
                return PostRef(thread=thread, id=_id(_field(found, "post")))
        except _TROUBLE as error:
            raise NotSent(NAME, type(error).__name__) from error

    async def download(self, upload: Upload) -> bytes:
        """Refuse: nothing is uploaded here."""
        raise SourceMissing(upload.name)

    async def close(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(
                    total=self._timeout,
                    connect=self._timeout / 2,  # sooner than `total`, which cannot tell
                    ceil_threshold=math.inf,  # aiohttp rounds long time-outs up, past `settle`
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


def _checked(url: str) -> URL:
    try:
        address = URL(url)
        if address.scheme == "http" and address.host in _HERE and address.port:
            return address
    except ValueError:
        pass
    raise ConfigurationError("no http address of this machine", ["BRIEFBOT_LOOPBACK_URL"])


def _place(thread: Thread) -> dict[str, str]:
    channel = thread.channel
    return {"workspace": channel.workspace.id, "channel": channel.id, "thread": thread.id}


def _raise_for(answer: aiohttp.ClientResponse, otherwise: type[PlatformError]) -> NoReturn:
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Throttled(NAME, _wait(answer.headers.get("Retry-After", "")))
    raise otherwise(NAME, str(answer.status))


def _wait(header: str) -> float:
    try:
        seconds = float(header)
    except ValueError:
        return _UNKNOWN_WAIT
    return seconds if 0 <= seconds < math.inf else _UNKNOWN_WAIT


async def _reason(answer: aiohttp.ClientResponse) -> str:
    """Return the server's word for a refusal; that it refused is known without one."""
    try:
        word = _field(json.loads(await answer.read()), "error")
    except _TROUBLE:
        return str(answer.status)
    return word if isinstance(word, str) and word else str(answer.status)


def _id(post: object) -> str:
    found = _field(post, "id")
    if not isinstance(found, str) or not found:
        raise ValueError("id")
    return found


def _field(value: object, name: str) -> object:
    if not isinstance(value, dict) or name not in value:
        raise ValueError(name)
    return value[name]
