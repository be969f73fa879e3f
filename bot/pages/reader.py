"""Reads addresses, files and texts: fetch, tell what it is, have it taken apart.

1. `fetch` brings the bytes of an address, within bounds (imported when first needed).
2. `kind_of` looks at the bytes themselves; what a header or a name says comes second.
3. `sandbox` runs the extraction; a page on which it hangs is read once more, without finesse.
4. Every outcome is a Reading.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING

from bot.model import Reading, Reason, Verdict
from bot.pages import charsets
from bot.pages.sandbox import Crashed, Sandbox, SandboxError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.pages.fetch import Fetcher

SHORT_TEXT = 20_000
"""Characters of a plain text that is read right here: a process would take longer than it."""

_PDF_SHARE = 0.7  # of the deadline, so that a long PDF is read in part and not in vain
_HEAD = 8_192
_MAGIC = (
    *(b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"\x7fELF", b"\x1f\x8b"),
    *(b"BZh", b"7z\xbc\xaf", b"Rar!", b"\xd0\xcf\x11\xe0", b"OggS", b"ID3", b"\xfd7zXZ"),
)
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # byte order marks of UTF-16 and UTF-32
_CONTROL = bytes({*range(9), 11, *range(14, 27), *range(28, 32), 127})
_MOSTLY_CONTROL = 0.05
# Possessive: each prolog and comment matches one way only, so that no page makes it try many.
_MARKUP = re.compile(
    rb"\s*+(?:(?:<\?xml[^>]*+>|(?><!--.*?-->))\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|article|section|main|div|h1|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MARKDOWN_TYPES = frozenset({"text/markdown", "text/x-markdown"})
_VAGUE_TYPES = frozenset({"", "text/plain", "application/octet-stream", "binary/octet-stream"})


class Kind(Enum):
    """What some bytes are, as far as we can read them."""

    HTML = auto()
    PDF = auto()
    TEXT = auto()
    MARKDOWN = auto()
    BINARY = auto()
    OTHER = auto()


class PageReader:
    """The `ports.Pages` of the real world.

    `sandbox` may be one that was warmed before anything else was imported; it is ours to close.
    """

    def __init__(
        self,
        *,
        allow_hosts: Sequence[str] = (),
        deny_hosts: Sequence[str] = (),
        user_agent: str = "Briefbot",
        total_timeout: float = 10.0,
        max_bytes: int = 5_000_000,
        max_pdf_bytes: int = 20_000_000,
        deadline: float = 4.0,
        sandbox: Sandbox | None = None,
    ) -> None:
        self._hosts = (allow_hosts, deny_hosts)
        self._user_agent = user_agent
        self._total_timeout = total_timeout
        self._max_bytes = max_bytes
        self._max_pdf_bytes = max_pdf_bytes
        self._sandbox = sandbox or Sandbox()
        self._sandbox.deadline = deadline
        self._fetcher: Fetcher | None = None

    def warm(self) -> None:
        """Start what takes a while to start, and do not wait for it; needs no event loop."""
        self._sandbox.warm()

    async def close(self) -> None:
        """End the child processes and let go of the connections."""
        self._sandbox.close()
        if self._fetcher is not None:
            await self._fetcher.close()

    async def read(self, url: str) -> Reading:
        """Fetch and read one address. `article.url` is that of where its redirects ended."""
        from bot.pages.fetch import Failure  # noqa: PLC0415 - aiohttp costs a cold start 200 ms

        came = await self._open().fetch(url)
        if isinstance(came, Failure):
            return Reading(source=url, verdict=came.verdict, reason=came.reason, detail=came.detail)
        reading = await self._sort(came.data, came.url, came.content_type, url=came.url)
        return replace(reading, source=url)

    async def read_bytes(self, data: bytes, *, source: str, media_type: str = "") -> Reading:
        """Read a file or a pasted text; what it is told by its bytes, then by its name."""
        return await self._sort(data, source, media_type, url=None)

    async def extract(self, html: str, *, url: str | None) -> Reading:
        """Read a page that somebody else fetched."""
        if len(html) > self._max_bytes:
            return _too_large(url or "", self._max_bytes)
        return await self._page(html, "", url)

    async def _sort(self, data: bytes, source: str, media_type: str, *, url: str | None) -> Reading:
        kind = kind_of(data, media_type, source)
        cap = self._max_pdf_bytes if kind is Kind.PDF else self._max_bytes
        if len(data) > cap:
            return _too_large(source, cap)
        return await self._take_apart(kind, data, source, media_type, url)

    async def _take_apart(
        self, kind: Kind, data: bytes, source: str, media_type: str, url: str | None
    ) -> Reading:
        match kind:
            case Kind.HTML:
                return replace(await self._page(data, media_type, url), source=source)
            case Kind.PDF:
                seconds = _PDF_SHARE * self._sandbox.deadline
                return await self._within(source, _pdf, data, source, url, seconds)
            case Kind.TEXT | Kind.MARKDOWN:
                text = charsets.decode(data, media_type)
                job = (text, source, url, kind is Kind.MARKDOWN)
                if len(text) <= SHORT_TEXT:
                    return _text(*job)
                return await self._within(source, _text, *job)
            case Kind.BINARY:
                return _unsupported(source, Reason.BINARY)
            case Kind.OTHER:
                return _unsupported(source, Reason.MEDIA_TYPE, _bare_type(media_type))

    async def _page(self, page: bytes | str, content_type: str, url: str | None) -> Reading:
        job = (page, content_type, url)
        try:
            return await self._run(_html, *job)
        except SandboxError as error:  # it hangs, bursts or trips the extraction; its words may do
            found = await self._within(url or "", _bare, *job)
            if found.reason:
                return found
            return replace(found, reason=Reason.BARE, detail=str(error))

    async def _within(
        self, source: str, function: Callable[..., Reading], *args: object
    ) -> Reading:
        try:
            return await self._run(function, *args)
        except SandboxError as error:
            return _unsupported(source, Reason.HOSTILE, str(error))

    async def _run(self, function: Callable[..., Reading], *args: object) -> Reading:
        reading = await self._sandbox.run(function, *args)
        if not isinstance(reading, Reading):  # the page has taken the worker over
            raise Crashed("no Reading")
        return reading

    def _open(self) -> Fetcher:
        if self._fetcher is None:
            from bot.pages.fetch import Fetcher  # noqa: PLC0415 - as in `read`
            from bot.pages.guard import Guard  # noqa: PLC0415 - as in `read`

            self._fetcher = Fetcher(
                Guard(*self._hosts),
                user_agent=self._user_agent,
                max_bytes=self._max_bytes,
                max_pdf_bytes=self._max_pdf_bytes,
                total_timeout=self._total_timeout,
            )
        return self._fetcher


def kind_of(data: bytes, media_type: str = "", name: str = "") -> Kind:
    """Tell what some bytes are: by themselves, then by their media type, then by their name.

    `media_type` may be a whole Content-Type header.
    """
    head, named = data[:_HEAD], _bare_type(media_type)
    suffix = name.lower().rpartition(".")[2]
    if head.lstrip().startswith(b"%PDF-"):
        return Kind.PDF
    if not head.startswith(_WIDE) and _is_binary(head):
        return Kind.BINARY
    if named == "application/pdf" or (suffix == "pdf" and named in _VAGUE_TYPES):
        return Kind.PDF  # a broken one, and told as such
    if named not in _HTML_TYPES | _MARKDOWN_TYPES | _VAGUE_TYPES and not _MARKUP.match(head):
        return Kind.OTHER
    return _kind_of_text(head, named, suffix)


def _kind_of_text(head: bytes, named: str, suffix: str) -> Kind:
    if named in _MARKDOWN_TYPES or suffix in {"md", "markdown"}:
        return Kind.MARKDOWN
    if _MARKUP.match(head) or (named in _HTML_TYPES and (b"<" in head or head.startswith(_WIDE))):
        return Kind.HTML
    return Kind.HTML if suffix in {"html", "htm", "xhtml"} else Kind.TEXT


def _is_binary(head: bytes) -> bool:
    controls = len(head) - len(head.translate(None, _CONTROL))
    return head.startswith(_MAGIC) or controls > len(head) * _MOSTLY_CONTROL


def _bare_type(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _too_large(source: str, cap: int) -> Reading:
    return Reading(source=source, verdict=Verdict.TOO_LARGE, detail=str(cap))


def _unsupported(source: str, reason: Reason, detail: str = "") -> Reading:
    return Reading(source=source, verdict=Verdict.UNSUPPORTED, reason=reason, detail=detail)


# --- what runs in the sandbox ----------------------------------------------------------------

_SAMPLE = """<!doctype html><html lang="en"><head><title>The lamp is lit again</title>
<link rel="canonical" href="https://news.example.co.uk/lamp">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The lamp is lit again",
"author": {"name": "A. Keeper"}, "datePublished": "2024-05-01"}</script></head><body><article>
<h1>The lamp is lit again</h1><ul><li>The lamp had been dark for a year</li></ul><figure>
<figcaption>The lamp by night</figcaption></figure><p>The keeper lit the lamp on Monday, and the
boats came home by it for the first time in a year.</p><p>\u201cWe had missed it,\u201d said one
of the skippers, who had sailed by the stars until then.</p></article></body></html>"""


def rehearse() -> None:
    """Read a page of our own, so that those of others find every table loaded: 40 ms each."""
    _html(_SAMPLE, "", None)


def rehearse_addresses() -> None:
    """Load the list of domains under which anybody can register, which addresses need: 40 ms."""
    from bot.core.reading.urls import canonical  # noqa: PLC0415 - stays in the child

    canonical("https://www.news.example.co.uk/lamp?utm_source=x")


def rehearse_others() -> None:
    """The same for what is read more rarely."""
    _pdf(b"%PDF-1.4", "", None, seconds=1.0)
    _text(_SAMPLE, "", None, markdown=True)


def _html(page: bytes | str, content_type: str, url: str | None) -> Reading:
    from bot.pages.html import extract  # noqa: PLC0415 - lxml stays in the child

    html = page if isinstance(page, str) else charsets.decode(page, content_type, is_page=True)
    return extract.extract(html, url)


def _bare(page: bytes | str, content_type: str, url: str | None) -> Reading:
    from bot.pages.html import extract  # noqa: PLC0415 - lxml stays in the child

    html = page if isinstance(page, str) else charsets.decode(page, content_type, is_page=True)
    return extract.bare(html, url)


def _pdf(data: bytes, source: str, url: str | None, seconds: float) -> Reading:
    from bot.pages.pdf import extract_pdf  # noqa: PLC0415 - pypdf stays in the child

    return extract_pdf(data, source, url, seconds=seconds)


def _text(text: str, source: str, url: str | None, markdown: bool) -> Reading:
    from bot.core.reading.text import read_text  # noqa: PLC0415 - not needed for pages

    return read_text(text, source=source, url=url, markdown=markdown)
