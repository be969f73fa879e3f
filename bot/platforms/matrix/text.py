"""Text for Matrix: what it may hold, whom it may name, and what of it does nothing.

The words of an article are data, but clients act on words: they make links of addresses and of
the ids of people and rooms, in `body` and in the HTML alike; old ones ping a whole room for an
`@room`, and take lines that begin with `>` for the message that is answered. HTML can be escaped,
this cannot. A character without width, put in between, would part such words too, but nobody
sees it, so it would be a trap for whoever copies them. A sign that looks the same is read as
before, and is to no client what it looks like.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from urllib.parse import quote, unquote, urlsplit

from bot.core.talking.visible import web

PERMALINKS = "matrix.to"

_LONGEST_ID = 255
_PERSON = re.compile(
    r"@[!-9;-~]+:(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?",
)
_ROOM = re.compile(r"@(?=room(?![A-Za-z0-9_]))", re.IGNORECASE)
_QUOTING = re.compile(r"^(\s*)>", re.MULTILINE)
_COMMANDING = re.compile(r"^(\s*)!(?=\w)", re.MULTILINE)  # other bots listen too
_WORD = re.compile(r"\S+")
_CALLING = re.compile(r"@(?=\S)")
_SIGIL = re.compile(r"[@#!$+&]")
_LOCAL = re.compile(r"(?<=localh)o(?=st)", re.IGNORECASE)
_COLON = re.compile(r":(?=\S)")
_NO_TIME = re.compile(r":(?=[^\s\d])|(?<!\d):(?=\d)")
# A full stop before what may be a top-level domain, or in a number of four parts. Those of
# abbreviations (U.S., e.g.), of numbers and at the end of a sentence are none of these.
_DOT = re.compile(
    r"(?<=[^\s.])\.(?=[^\W\d_][^\s.,;:!?…)\]}'\"”’»])|(?<=\d)\.(?=\d{1,3}\.\d{1,3}\.\d)"
)


def literal(text: str) -> str:
    """Return a cleaned text such that all of it is shown as it is and does nothing.

    Each character becomes one, so that the parts of a text stay where they are. It still has to
    be escaped for HTML.
    """
    text = _QUOTING.sub("\\1\u203a", text)
    text = _COMMANDING.sub("\\1\u01c3", text)
    return _WORD.sub(_inert, text)


def _inert(match: re.Match[str]) -> str:
    word = match[0]
    colon = _COLON if _SIGIL.search(word) else _NO_TIME
    word = _LOCAL.sub("\u043e", colon.sub("\ua789", word))
    return _DOT.sub("\u2024", _CALLING.sub("\ufe6b", word))


def is_person(who: str) -> bool:
    """Tell whether this is a person's id, as old servers may have given them out too.

    One that begins as the call for a whole room does is nobody's here.
    """
    return len(who) <= _LONGEST_ID and bool(_PERSON.fullmatch(who)) and not _ROOM.search(who)


def person(who: str) -> str:
    """Return the address that makes a person's id a pill."""
    return f"https://{PERMALINKS}/#/{quote(who, safe='@:')}"


def article_url(url: str | None) -> str:
    """Return an address that can stand behind a headline, or nothing: never a person or room."""
    address = web(url)
    return "" if address and _host(address) == PERMALINKS else address


def line_url(url: str) -> str:
    """Return an address that can stand behind a line of ours, or nothing: never a person."""
    address = web(url)
    if address and _host(address) == PERMALINKS:
        target = unquote(urlsplit(address).fragment)
        return address if target.startswith("/!") else ""
    return address


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").rstrip(".").removeprefix("www.")


def shown(url: str) -> str:
    """Return an address as it stands in plain text, where it must not call a room together."""
    return _ROOM.sub("%40", url)


def escaped(text: str) -> str:
    """Return a literal text for HTML."""
    return escape(text, quote=False).replace("\n", "<br>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Weighs in bytes what goes into an event, as plain text and once more in HTML.

    `escaping`: before the client encrypts it, it writes what is not ASCII in escapes, which makes
    six bytes of a letter's two and twelve of an emoji's four.
    """

    escaping: bool

    def text(self, text: str) -> int:
        """Return what a literal text weighs."""
        return self._json(text) + self._json(escaped(text))

    def address(self, url: str) -> int:
        """Return what an address weighs, as an attribute in HTML."""
        return self._json(shown(url)) + self._json(escape(url))

    def _json(self, text: str) -> int:
        return len(json.dumps(text, ensure_ascii=self.escaping).encode()) - 2
