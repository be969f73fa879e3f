"""Make an Article out of its parts: cleaned characters, and the hash that names the version."""

from __future__ import annotations

import json
import re
import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.model import Article

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_VERSION_DIGITS = 16
_SPACE = re.compile(r"\s+")
_LONE = re.compile("[\ud800-\udfff]")
# Cc but white space, and Cf with the soft hyphen, bidi marks and tags; joiners are looked at below.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# A joiner between two letters is spelling (Persian, Malayalam), after an emoji part of it.
_STRAY_JOINER = re.compile(
    "(?<![\\w\u0900-\u0dff\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])[\u200c\u200d]+|[\u200c\u200d]+(?![\\w\u2600-\u27bf\U0001f000-\U0001faff])"
)


def article(
    *,
    url: str | None,
    headline: str | None = None,
    standfirst: str | None = None,
    authors: Iterable[str] = (),
    publisher: str | None = None,
    published: date | None = None,
    language: str | None = None,
    lead_bullets: Iterable[str] = (),
    paragraphs: Iterable[str] = (),
    captions: Iterable[str] = (),
    pages: Iterable[int] = (),
) -> Article:
    """Build an Article whose every text is clean and whose `version` is the hash of its parts.

    Texts come out as `clean` leaves them; those that are then empty are left out (with their
    page number). The version is the first 16 hexadecimal digits of the SHA-256 of all parts but
    the address, so that the same words at another address are the same version.

    Raises:
        ValueError: `pages` is neither empty nor as long as `paragraphs`.
    """
    body = [(clean(text), number) for text, number in _numbered(paragraphs, pages)]
    body = [(text, number) for text, number in body if text]
    parts = {
        "headline": clean(headline or "") or None,
        "standfirst": clean(standfirst or "") or None,
        "authors": _clean_all(authors),
        "publisher": clean(publisher or "") or None,
        "published": published,
        "language": language,
        "lead_bullets": _clean_all(lead_bullets),
        "paragraphs": tuple(text for text, _ in body),
        "captions": _clean_all(captions),
        "pages": tuple(number for _, number in body if number),
    }
    canonical = json.dumps(
        parts, ensure_ascii=True, sort_keys=True, default=str, separators=(",", ":")
    )
    version = sha256(canonical.encode("ascii")).hexdigest()[:_VERSION_DIGITS]
    return Article(url=url, version=version, **parts)  # type: ignore[arg-type]


def _numbered(paragraphs: Iterable[str], pages: Iterable[int]) -> list[tuple[str, int]]:
    texts, numbers = list(paragraphs), list(pages)
    return list(zip(texts, numbers or [0] * len(texts), strict=True))


def _clean_all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in map(clean, texts) if text)


def clean(text: str) -> str:
    """Return a text in NFC, on one line, without characters that nobody sees.

    White space of any kind becomes single spaces. Zero-width joiners stay where they belong to
    the spelling of a word or to an emoji. Lone surrogates go, so that the result is UTF-8.
    """
    text = _LONE.sub("", unicodedata.normalize("NFC", text))
    text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", text).strip()
