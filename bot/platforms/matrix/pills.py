"""Reads where the links of a formatted message lead.

With libxml2's parser, one event after the other: no tree is built, so that nothing can be nested
too deep, and what is malformed takes no longer than the rest (html.parser takes half a minute for
64 KB of unclosed quotes).
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import unquote

from lxml import etree

_USER = re.compile(
    r"(?:https?://(?:www\.)?matrix\.to/#/(?:@|%40)|matrix:u/)([^?/\s]+)(?:[?/]\S*)?", re.IGNORECASE
)
_PERMALINK = re.compile(r"https?://(?:www\.)?matrix\.to(?![^/?#\s])|matrix:", re.IGNORECASE)
_MOST = 65_536
_LONGEST_WORDS = 300
_REPLY = "mx-reply"


class _Links:
    """Collects where links lead, but for those of the message that is answered."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self._quoted = 0
        self._open = False

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        if tag == _REPLY:
            self._quoted += 1
        elif tag == "a" and not self._quoted:
            hrefs = (value for name, value in attrib.items() if name == "href")
            self.found.extend((href.strip(), "") for href in hrefs if isinstance(href, str))
            self._open = True

    def end(self, tag: str | bytes) -> None:
        if tag == _REPLY and self._quoted:
            self._quoted -= 1
        self._open = self._open and tag != "a"

    def data(self, data: str | bytes) -> None:
        """Keep the words of a link; pass over what else is said."""
        if self._open and self.found and isinstance(data, str):
            href, words = self.found[-1]
            self.found[-1] = href, (words + data)[:_LONGEST_WORDS]

    def comment(self, text: str | bytes) -> None:
        """Pass over comments."""

    def close(self) -> str:
        return ""


def sound(text: str) -> str:
    """Return a text without what JSON can hold and no text can: lone surrogates, and NUL."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def hrefs(html: str) -> list[str]:
    """Return where the links of a message lead, in order; of a long one only of its beginning."""
    return [href for href, _ in links(html)]


def links(html: str) -> list[tuple[str, str]]:
    """Return where the links of a message lead, each with the beginning of its words."""
    html = sound(html[:_MOST])
    if "<" not in html:
        return []
    links = _Links()
    parser = etree.HTMLParser(target=links)
    with suppress(etree.LxmlError):  # what was found until then counts
        parser.feed(html)
        parser.close()
    return links.found


def person_of(address: str) -> str:
    """Return the id of the person whom an address stands for, or nothing."""
    match = _USER.fullmatch(address)
    return f"@{unquote(match[1])}" if match else ""


def is_permalink(address: str) -> bool:
    """Tell whether an address stands for something in Matrix itself: no article is there."""
    return _PERMALINK.match(address) is not None
