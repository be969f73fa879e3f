"""What is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class Verdict(StrEnum):
    """What a page turned out to be."""

    ARTICLE = "article"
    TEASER = "teaser"
    CONSENT_WALL = "consent_wall"
    BOT_WALL = "bot_wall"
    NEEDS_JAVASCRIPT = "needs_javascript"
    NOT_AN_ARTICLE = "not_an_article"
    GONE = "gone"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


class Reason(StrEnum):
    """Why a verdict other than article was given, as far as one thing can be named.

    BARE goes with any verdict: the page could not be taken apart (in time), and only its bare
    text was read, without lead bullets and captions.
    """

    NONE = ""
    MALFORMED_URL = "malformed_url"
    SCHEME = "scheme"
    PORT = "port"
    USER_INFO = "user_info"
    PRIVATE_ADDRESS = "private_address"
    DENIED_HOST = "denied_host"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    ENCODING = "encoding"
    NO_SUCH_HOST = "no_such_host"
    NO_CONNECTION = "no_connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server_error"
    HTTP_STATUS = "http_status"
    MEDIA_TYPE = "media_type"
    BINARY = "binary"
    EMPTY = "empty"
    NO_TEXT = "no_text"
    SCANNED_PDF = "scanned_pdf"
    ENCRYPTED_PDF = "encrypted_pdf"
    BROKEN_PDF = "broken_pdf"
    HOSTILE = "hostile"
    BARE = "bare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of what a publisher wrote, cut into its parts; never changed once stored.

    `url` is the canonical address, None for a text that came without one. `version` is the hash
    of all parts (`core.reading.identity`): the same words are the same version. `pages` holds,
    for a PDF, the page number (from 1) of each paragraph; otherwise it is empty.
    """

    url: str | None
    version: str
    headline: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    lead_bullets: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """What makes it the same article when read again: its address, or its own words."""
        return self.url or f"text:{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of trying to read one page, file or text.

    `source` is the address, path or name as it was given. `article` may be there for any
    verdict, holding the words that were seen; only ARTICLE and TEASER may be briefed. `share`
    is the part of the article that was read, 0 to 1, where it can be told. `detail` is data for
    the wording: a status code, a media type, a host, a cap in bytes.
    """

    source: str
    verdict: Verdict
    article: Article | None = None
    share: float | None = None
    reason: Reason = Reason.NONE
    detail: str = ""
