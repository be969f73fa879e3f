"""Requests to a homeserver, each made once: who tries again is decided elsewhere."""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.errors import NotSent, PlatformError, Rejected, Throttled, Unsure
from bot.platforms.matrix.parsing import parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "matrix"
"""The platform's name."""

CLIENT = "/_matrix/client/v3"
MEDIA = "/_matrix/client/v1/media"

Json = dict[str, Any]

_TROUBLE = (aiohttp.ClientError, OSError, TimeoutError, ValueError, RecursionError)
_NOT_OUT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_UNKNOWN_WAIT = 5.0
_LONGEST_WAIT = 3600.0
_LARGEST = 256_000_000
_CHUNK = 65_536
SIGNED_OUT = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})


class Calls:
    """A homeserver's HTTP API. `timeout` bounds each request in seconds."""

    def __init__(self, url: str, *, timeout: float) -> None:
        self.url = url.rstrip("/")
        self.token = ""
        self.timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def get(
        self, path: str, *, query: Mapping[str, str] | None = None, patience: float = 0.0
    ) -> Json:
        """Ask for something, which may take `patience` seconds more than usual.

        Raises PlatformError, Rejected with the server's code.
        """
        return await self._call("GET", path, query=query, patience=patience)

    async def look(self, path: str) -> tuple[int, Json]:
        """Ask for what may well not be there: return the status and what came back."""
        return await self._exchange("GET", path, None)

    async def put(self, path: str, body: Mapping[str, Any], *, sends: bool = False) -> Json:
        """Put something. Where it `sends`, a lost answer is Unsure. Raises PlatformError."""
        return await self._call("PUT", path, body=body, lost=Unsure if sends else NotSent)

    async def post(self, path: str, body: Mapping[str, Any]) -> Json:
        """Have something done. Raises PlatformError."""
        return await self._call("POST", path, body=body)

    async def post_or_challenge(self, path: str, body: Mapping[str, Any]) -> tuple[int, Json]:
        """Have something done that may need a password: return the status and what came back."""
        return await self._exchange("POST", path, body)

    async def _call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
        patience: float = 0.0,
        lost: type[PlatformError] = NotSent,
    ) -> Json:
        status, found = await self._exchange(
            method, path, body, query=query, patience=patience, lost=lost
        )
        if status == HTTPStatus.OK:
            return found
        raise refusal(status, found)

    async def _exchange(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        *,
        query: Mapping[str, str] | None = None,
        patience: float = 0.0,
        lost: type[PlatformError] = NotSent,
    ) -> tuple[int, Json]:
        """Return the status, below 500 and not 429, with the JSON that came back."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        # Path segments are escaped by whoever makes them: an id may hold a slash.
        address = URL(self.url + path, encoded=True)
        try:
            async with self.session.request(
                method,
                address.update_query(query) if query else address,
                json=body,
                headers=headers,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(
                    total=self.timeout + patience,
                    connect=self.timeout / 2,
                    ceil_threshold=math.inf,
                ),
            ) as answer:
                status = answer.status
                found = _object(await _read(answer), status)
                if status == HTTPStatus.TOO_MANY_REQUESTS:
                    raise Throttled(NAME, _wait(answer, found))
                if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < HTTPStatus.OK:
                    raise lost(NAME, str(status))
                return status, found
        except _NOT_OUT as error:
            raise NotSent(NAME, type(error).__name__) from error  # no byte of it went out
        except _TROUBLE as error:
            raise lost(NAME, type(error).__name__) from error

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections, opened when first needed."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            )
        return self._session

    async def close(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()


def refusal(status: int, found: Json) -> PlatformError:
    """Return what an answer that is no success means.

    A homeserver says why it refuses. Who does not is a proxy before it, which answers 404 or 403,
    or sends us elsewhere, while the homeserver is away: then it is worth another try.
    """
    code = found.get("errcode")
    return Rejected(NAME, code) if code and isinstance(code, str) else NotSent(NAME, str(status))


def in_path(part: str) -> str:
    """Return an id as it stands in a path."""
    return quote(part, safe="")


def room_path(room: str, *rest: str, version: str = "v3") -> str:
    """Return the path of a room, or of something in it."""
    return "/".join((f"/_matrix/client/{version}", "rooms", in_path(room), *map(in_path, rest)))


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    data = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        data += chunk
        if len(data) > _LARGEST:
            raise ValueError("too large")
    return bytes(data)


def _object(data: bytes, status: int) -> Json:
    try:
        found = parsed(data)
    except (ValueError, RecursionError):
        if status == HTTPStatus.OK:
            raise
        return {}  # a proxy's page: its status says enough
    if isinstance(found, dict):
        return found
    if status == HTTPStatus.OK:
        raise ValueError("no object")
    return {}


def _wait(answer: aiohttp.ClientResponse, found: Json) -> float:
    """Return the seconds that the server asks to wait for."""
    told = found.get("retry_after_ms")
    if isinstance(told, int | float) and 0 <= told < math.inf:
        return min(told, _LONGEST_WAIT * 1000) / 1000
    try:
        seconds = float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return _UNKNOWN_WAIT
    return min(seconds, _LONGEST_WAIT) if seconds >= 0 else _UNKNOWN_WAIT
