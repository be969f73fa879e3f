"""What people type, made plain: case, dashes, quotes and stray marks do not matter."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_QUOTES = "\"'`“”„‘’‚«»‹›"
_TRAILING = ".,;!"
_SLIPS = 0.6
_WORDS_OF_A_NAME = 3


def plain(text: str) -> str:
    """Return what was typed with plain dashes and single spaces, without marks around it."""
    text = " ".join(text.translate(_DASHES).split())
    before = None
    while text != before:
        before = text
        text = text.strip(_QUOTES + " ").rstrip(_TRAILING)
    return text


def closest(word: str, known: Iterable[str], *, likeness: float = _SLIPS) -> str:
    """Return which of the words known a mistyped one comes closest to; empty for none."""
    close = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=likeness)
    return close[0] if close else ""


def as_name(text: str) -> str:
    """Return what was typed as names are spelt ("Own wording" is own_wording)."""
    return re.sub(r"[\s_-]+", "_", plain(text).lower())


_BETWEEN = re.compile(r"^(?:[=:]|to\b|is\b)\s*", re.IGNORECASE)
_ATTACHED = re.compile(r"^([\w-]+)[=:]\s*(?=\S)")


def name_and_rest(text: str, known: Iterable[str]) -> tuple[str, str]:
    """Split a text into a known name, of up to three words, and what follows it.

    Where the text begins with none of them, the first word stands for the name. What people put
    between the two ("=", ":", "to") goes.
    """
    names = set(known)
    text = plain(text)
    attached = _ATTACHED.match(text)
    if attached and as_name(attached[1]) in names:
        return as_name(attached[1]), plain(text[attached.end() :])
    words = text.split()
    length = next(
        (
            count
            for count in range(min(_WORDS_OF_A_NAME, len(words)), 0, -1)
            if as_name(" ".join(words[:count]).rstrip("=:")) in names
        ),
        1,
    )
    name = as_name(" ".join(words[:length]).rstrip("=:"))
    return name, plain(_BETWEEN.sub("", " ".join(words[length:])))
