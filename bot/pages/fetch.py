"""Fetches one page over HTTP, within bounds, from servers that may mean harm.

1. The guard judges the address, again for each redirect, and each IP address when it is dialled.
2. The status, the content encoding and the media type are judged before the body is read.
3. The body is unpacked and counted piece by piece, up to the cap.
4. Whatever goes wrong is a Failure, never an exception; one deadline holds for all of it.
"""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from yarl import URL

from bot.core.reading.urls import Refusal
from bot.model import Reason, Verdict
from bot.pages.guard import PrivateAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.reading.urls import Address
    from bot.pages.guard import Guard

MAX_REDIRECTS = 5
ATTEMPTS = 2

_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE = frozenset({404, 410})
_WALLS = frozenset({401, 402, 403, 406, 429, 999})
_PASSING = frozenset({502, 503, 504})
_NOT_TEXT = ("image/", "audio/", "video/", "font/", "model/")
_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_RAW_DEFLATE = -15
_GZIP = b"\x1f"  # the first byte of a member; a chunk may end behind it
_PIECE = 1 << 16
_HEADER_BYTES = 32_768  # real news sites send security policies past aiohttp's 8 kB
_ACCEPT = {
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,text/*;q=0.8,*/*;q=0.1",
    "Accept-Encoding": "gzip, deflate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body: where it came from in the end, the header's media type and charset, its bytes."""

    url: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no body, in the terms of a `model.Reading`."""

    verdict: Verdict
    reason: Reason
    detail: str = ""


class _Stopped(Exception):
    def __init__(self, verdict: Verdict, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.failure = Failure(verdict=verdict, reason=reason, detail=detail)


class _WorthRetrying(_Stopped):
    """What may well be gone in a moment."""


class Fetcher:
    """One HTTP session, opened when first needed. Keeps no cookies from one page to the next."""

    def __init__(
        self,
        guard: Guard,
        *,
        user_agent: str = "Briefbot",
        max_bytes: int = 5_000_000,
        max_pdf_bytes: int = 20_000_000,
        total_timeout: float = 10.0,
    ) -> None:
        self._guard = guard
        self._headers = {"User-Agent": user_agent, **_ACCEPT}
        self._max_bytes = max_bytes
        self._max_pdf_bytes = max_pdf_bytes
        self._total_timeout = total_timeout
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, url: str) -> Fetched | Failure:
        """Return what is behind a web address, or why it could not be had. Never raises."""
        try:
            async with asyncio.timeout(self._total_timeout):
                return await self._follow(url)
        except _Stopped as stopped:
            return stopped.failure
        except TimeoutError:
            seconds = f"{self._total_timeout:g}"
            return Failure(verdict=Verdict.UNREACHABLE, reason=Reason.TIMEOUT, detail=seconds)
        except (ValueError, AssertionError):  # what aiohttp and yarl raise for odd addresses
            return Failure(verdict=Verdict.REFUSED, reason=Reason.MALFORMED_URL)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _follow(self, url: str) -> Fetched:
        jar = aiohttp.CookieJar()  # some sites redirect until their cookie comes back
        for _ in range(MAX_REDIRECTS + 1):
            address = self._guard.admit(url)
            if isinstance(address, Refusal):
                raise _Stopped(Verdict.REFUSED, address.reason, address.detail)
            retrying = AsyncRetrying(
                retry=retry_if_exception_type(_WorthRetrying),
                stop=stop_after_attempt(ATTEMPTS),
                wait=wait_exponential(multiplier=0.2, max=1),
                reraise=True,
            )
            came: Fetched | str = await retrying(self._get, address, jar)
            if isinstance(came, Fetched):
                return came
            url = came
        raise _Stopped(Verdict.UNREACHABLE, Reason.TOO_MANY_REDIRECTS, str(MAX_REDIRECTS))

    async def _get(self, address: Address, jar: aiohttp.CookieJar) -> Fetched | str:
        """Return the body, or the address to which the server points."""
        url = URL(address.url, encoded=True)
        session = self._open()
        try:
            with self._guard.dialling(address):
                response = await session.get(
                    url, allow_redirects=False, cookies=jar.filter_cookies(url)
                )
            try:
                jar.update_cookies(response.cookies, url)
                location = response.headers.get("Location")
                if response.status in _MOVED and location:
                    return urljoin(address.url, location)
                return await self._take(address, response)
            finally:
                response.close()
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise _explained(error, address.host) from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    socket_factory=self._guard.socket_factory, force_close=True
                ),
                headers=self._headers,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=self._total_timeout),
                auto_decompress=False,  # ours counts before it unpacks
                trust_env=False,
                max_line_size=_HEADER_BYTES,
                max_field_size=_HEADER_BYTES,
            )
        return self._session

    async def _take(self, address: Address, response: aiohttp.ClientResponse) -> Fetched:
        _judge_status(response)
        content_type = response.headers.get("Content-Type", "")
        if content_type.strip().lower().startswith(_NOT_TEXT):
            media_type = content_type.partition(";")[0].strip().lower()
            raise _Stopped(Verdict.UNSUPPORTED, Reason.MEDIA_TYPE, media_type)
        unpacking = _Unpacking(_encoding(response))
        body, received = bytearray(), 0
        async for chunk in response.content.iter_any():
            received += len(chunk)  # which may unpack to nothing, for ever
            for piece in unpacking.feed(chunk):
                body += piece
                cap = self._max_pdf_bytes if body.startswith(b"%PDF-") else self._max_bytes
                if max(len(body), received) > cap:
                    raise _Stopped(Verdict.TOO_LARGE, Reason.NONE, str(cap))
            if unpacking.over:
                break
        unpacking.finish()
        return Fetched(url=address.url, content_type=content_type, data=bytes(body))


def _judge_status(response: aiohttp.ClientResponse) -> None:
    status, detail = response.status, str(response.status)
    if status in _GONE:
        raise _Stopped(Verdict.GONE, Reason.HTTP_STATUS, detail)
    if status in _WALLS or "cf-mitigated" in response.headers:
        raise _Stopped(Verdict.BOT_WALL, Reason.HTTP_STATUS, detail)
    if status in _PASSING:
        raise _WorthRetrying(Verdict.UNREACHABLE, Reason.SERVER_ERROR, detail)
    if status >= 500:  # noqa: PLR2004 - the class of server errors
        raise _Stopped(Verdict.UNREACHABLE, Reason.SERVER_ERROR, detail)
    if not 200 <= status < 300:  # noqa: PLR2004 - 101 would hand us a stream that is no HTTP
        raise _Stopped(Verdict.UNREACHABLE, Reason.HTTP_STATUS, detail)


def _encoding(response: aiohttp.ClientResponse) -> str:
    named = ",".join(response.headers.getall("Content-Encoding", ())).lower().split(",")
    codings = [coding.strip() for coding in named if coding.strip() not in {"", "identity"}]
    if len(codings) > 1 or not _WINDOW_BITS.keys() >= set(codings):
        raise _Stopped(Verdict.UNSUPPORTED, Reason.ENCODING, ", ".join(codings)[:100])
    return codings[0] if codings else ""


class _Unpacking:
    """Undoes a content encoding in pieces small enough to be counted.

    gzip may come in members, one after the other. Once something else stands behind the end,
    `over` is true, and nothing more is to be fed.
    """

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._inflater = zlib.decompressobj(_WINDOW_BITS[encoding]) if encoding else None
        self._fed = False
        self.over = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            yield data
            return
        if not self._fed and self._encoding == "deflate" and data[:1] and data[0] & 0x0F != 8:  # noqa: PLR2004 - zlib's mark
            self._inflater = zlib.decompressobj(_RAW_DEFLATE)  # as old servers send it
        self._fed = True
        piece = bytes(_PIECE)
        while data or len(piece) == _PIECE:  # a full piece may have left some behind
            if self._inflater.eof:
                self.over = bool(data) and not (data.startswith(_GZIP) and "gzip" in self._encoding)
                if self.over or not data:
                    return
                self._inflater = zlib.decompressobj(_WINDOW_BITS[self._encoding])
            try:
                piece = self._inflater.decompress(data, _PIECE)
            except zlib.error as error:
                raise _Stopped(Verdict.UNSUPPORTED, Reason.ENCODING, self._encoding) from error
            yield piece
            data = self._inflater.unconsumed_tail or self._inflater.unused_data

    def finish(self) -> None:
        """Refuse what was cut off: half an article would pass for the whole."""
        if self._fed and self._inflater is not None and not self._inflater.eof:
            raise _Stopped(Verdict.UNSUPPORTED, Reason.ENCODING, self._encoding)


_CAUSES: tuple[tuple[type[Exception], Verdict, Reason], ...] = (
    (aiohttp.ClientConnectorDNSError, Verdict.UNREACHABLE, Reason.NO_SUCH_HOST),
    (aiohttp.ClientSSLError, Verdict.UNREACHABLE, Reason.TLS),
    (aiohttp.ClientConnectorError, Verdict.UNREACHABLE, Reason.NO_CONNECTION),
    (aiohttp.InvalidURL, Verdict.REFUSED, Reason.MALFORMED_URL),
    # not HTTP, or headers past the cap
    (aiohttp.ClientResponseError, Verdict.UNREACHABLE, Reason.SERVER_ERROR),
)


def _explained(error: aiohttp.ClientError | OSError, host: str) -> _Stopped:
    """Say in our terms what aiohttp raised; what is left are connections that broke."""
    if isinstance(getattr(error, "os_error", None), PrivateAddress):
        return _Stopped(Verdict.REFUSED, Reason.PRIVATE_ADDRESS, host)
    for kind, verdict, reason in _CAUSES:
        if isinstance(error, kind):
            return _Stopped(verdict, reason, host)
    return _WorthRetrying(Verdict.UNREACHABLE, Reason.NO_CONNECTION, host)
