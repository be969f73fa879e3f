"""What can be seen of a text: no platform is sent more of it than that.

Articles and messages hold characters that nobody sees and that do something all the same: they
turn words round, hide in them, or part them. Only what a reader sees goes out.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator

ELLIPSIS = "…"
LONGEST_URL = 1000

_JOINERS = frozenset("\u200c\u200d")
_DRAWING = frozenset("\ufe0e\ufe0f")  # whether a symbol is drawn as an emoji
# Signs of Arabic, Syriac and Kaithi that Unicode counts among the invisible, yet are seen.
_SEEN = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
# Letters, marks and symbols that are drawn as nothing.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0")
_BREAKS = re.compile("\r\n?|[\u2028\u2029\u0085\x0b\x0c]")
_SPACES = re.compile(r"[^\S\n]+")
_COLUMNS = re.compile(r"(?<=\S) {2,}(?=\S)")
_PLAIN = re.compile("[\n -~\xa1-\xac\xae-\u033f\u2010-\u2027\u2030-\u205e\u20ac]*")
_WEB = re.compile(r"https?://[^\s<>|\"`\\^{}]+", re.IGNORECASE)


def clean(text: str) -> str:
    """Return a text without what nobody sees: controls, bidi signs, fillers, lone surrogates.

    Line breaks stay, as one each; the joiners stay where they stand inside a word or an emoji.
    """
    if not _PLAIN.fullmatch(text):
        text = "".join(_visible(_BREAKS.sub("\n", text)))
    return _SPACES.sub(" ", text)


def one_line(text: str) -> str:
    """Return a text cleaned and on one line, without spaces around it."""
    return " ".join(clean(text).split())


def sentence(text: str) -> str:
    """Return a sentence of ours cleaned; what stood in columns has a point between."""
    return clean(_COLUMNS.sub(" · ", text)).strip()


def _visible(text: str) -> Iterator[str]:
    last = ""
    for at, char in enumerate(text):
        if char in _JOINERS:
            keep = _joins(last) and _joins(text[at + 1 : at + 2])
        elif char in _DRAWING:
            keep = bool(last) and (unicodedata.category(last) == "So" or last in "#*0123456789")
        elif char == "\t":
            char, keep = " ", True  # noqa: PLW2901 - a tab is a space here
        else:
            keep = char == "\n" or _is_seen(char)
        if keep:
            yield char
            last = char


def _is_seen(char: str) -> bool:
    if char in _SEEN:
        return True
    if char in _BLANK or "\U000e0100" <= char <= "\U000e01ef" or "\ufe00" <= char <= "\ufe0f":
        return False
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


def _joins(char: str) -> bool:
    """Whether a joiner may stand beside a character: letters, their marks, and emoji."""
    return bool(char) and (
        (unicodedata.category(char)[0] in "LM" and char not in _BLANK)
        or unicodedata.category(char) in {"So", "Sk"}
    )


def web(url: str | None) -> str:
    """Return an address that can stand behind a link, or nothing: http and https alone."""
    if not url or len(url) > LONGEST_URL or clean(url) != url or not _WEB.fullmatch(url):
        return ""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return ""
    return url if host else ""
