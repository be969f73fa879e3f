"""Reads where the links of a formatted message lead.

With libxml2's parser, one event after the other: no tree is built, so that nothing can be nested
too deep, and what is malformed takes no longer than the rest (html.parser takes half a minute for
64 KB of unclosed quotes).
"""

from __future__ import annotations

import re

from lxml import etree

PERMALINKS = "matrix.to"
USER = re.compile(r"https?://matrix\.to/#/((?:@|%40)[^?/\s]+)(?:\?\S*)?", re.IGNORECASE)
"""The address of a pill; its id may be escaped."""

_MOST = 65_536
_REPLY = "mx-reply"


class _Links:
    """Collects where links lead, but for those of the message that is answered."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._quoted = 0

    def start(self, tag: str | bytes, attrib: dict[str | bytes, str | bytes]) -> None:
        if tag == _REPLY:
            self._quoted += 1
        elif tag == "a" and not self._quoted:
            hrefs = (value for name, value in attrib.items() if name == "href")
            self.found.extend(href.strip() for href in hrefs if isinstance(href, str))

    def end(self, tag: str | bytes) -> None:
        if tag == _REPLY and self._quoted:
            self._quoted -= 1

    def data(self, data: str | bytes) -> None:
        """Pass over what is said."""

    def comment(self, text: str | bytes) -> None:
        """Pass over comments."""

    def close(self) -> str:
        return ""


def hrefs(html: str) -> list[str]:
    """Return where the links of a message lead, in order; of a long one only of its beginning."""
    html = html[:_MOST].replace("\x00", "")
    if "<" not in html:
        return []
    links = _Links()
    parser = etree.HTMLParser(target=links)
    try:
        parser.feed(html)
        parser.close()
    except (etree.LxmlError, UnicodeError):
        return []
    return links.found
