"""Sentences as bullets need them: what the splitter cuts wrongly in news is mended.

One stray quote mark makes it take all up to the next one for a single sentence; a clock time
makes it cut before the time zone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.language.sentences import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONG = 350
_INSIDE = re.compile(r"(?<=[^\W\d_]{2}[.!?])[\"”’']?\s+(?=[\"“‘']?[A-Z])")
_TAIL = 6
_STRAY = re.compile(r"(?<=[.!?])\s+[\"“‘']$")
_HOUR = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_AFTER_HOUR = re.compile(
    r"(?:E[SD]?T|C[SDE]?T|M[SD]T|P[SD]?T|GMT|BST|UTC|Eastern|Pacific|Central|local"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)


def cut(text: str, language: str | None) -> list[tuple[int, int]]:
    """Return the spans (start, end) of the sentences of one paragraph, in order."""
    return _mended(text, _loosened(text, split(text, language)))


def _loosened(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Cut very long spans wherever a sentence seems to end."""
    for start, end in spans:
        if end - start > _LONG:
            for match in _INSIDE.finditer(text, start, end):
                yield start, match.start() + len(match[0].rstrip())
                start = match.end()  # noqa: PLW2901 - the rest of the span is what is left to cut
        yield start, end


def _mended(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join "8 p.m." and "ET"; give an opening quote mark to the sentence that it opens."""
    mended: list[tuple[int, int]] = []
    for begins, end in spans:
        start = begins
        if mended:
            last, before = mended[-1]
            tail = text[max(last, before - _TAIL) : before]
            stray = _STRAY.search(tail)
            if stray:
                start = before - 1
                mended[-1] = (last, before - len(stray[0]))
            elif _HOUR.search(tail) and _AFTER_HOUR.match(text, start):
                start = last
                mended.pop()
        mended.append((start, end))
    return mended
