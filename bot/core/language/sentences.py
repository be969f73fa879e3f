"""Where sentences begin and end.

What the splitter cuts wrongly in news is mended: one stray quote mark makes it take all up to the
next one for a single sentence; a clock time makes it cut before the time zone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sentencex import get_sentence_boundaries

from bot.core.language.words import language_or_english, well_formed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The splitter's time grows with the square of a text full of odd quote marks; news paragraphs
# are far below this.
_WINDOW = 20_000
_LONG = 350
_INSIDE = re.compile(r"(?<=[^\W\d_]{2}[.!?])[\"”’']?\s+(?=[\"“‘']?[A-Z])")
_TAIL = 6
_STRAY = re.compile(r"(?<=[.!?])\s+[\"“‘']$")
_HOUR = re.compile(r"\b[ap]\.m\.$", re.IGNORECASE)
_AFTER_HOUR = re.compile(
    r"(?:E[SD]?T|C[SDE]?T|M[SD]T|P[SD]?T|GMT|BST|UTC|Eastern|Pacific|Central|local"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)


def split(text: str, language: str | None = None) -> tuple[tuple[int, int], ...]:
    """Return the spans (start, end) of the sentences of one paragraph, in order, trimmed.

    Every character that is not white space is in exactly one span. An unknown language is split
    as English.
    """
    return tuple(_mended(text, _trimmed(text, language)))


def split_closely(text: str, language: str | None = None) -> tuple[tuple[int, int], ...]:
    """Return what `split` does, with spans over 350 characters cut wherever a sentence may end.

    For bullets, which must be short. Answering does without: of 2,910 questions of SQuAD 2.0 two
    more find their answer first.
    """
    return tuple(_mended(text, _loosened(text, _trimmed(text, language))))


def _trimmed(text: str, language: str | None) -> list[tuple[int, int]]:
    """The spans without the white space round them, each with a word where there is any."""
    spans: list[tuple[int, int]] = []
    for start, end in _boundaries(text, language_or_english(language)):
        piece = text[start:end]
        trimmed = start + len(piece) - len(piece.lstrip())
        ending = trimmed + len(piece.strip())
        if trimmed >= ending:
            continue
        if spans and not _has_word(text[trimmed:ending]):
            # a stray quote mark or bracket belongs to the sentence that it closes
            spans[-1] = (spans[-1][0], ending)
        else:
            spans.append((trimmed, ending))
    if len(spans) > 1 and not _has_word(text[slice(*spans[0])]):
        spans[:2] = [(spans[0][0], spans[1][1])]
    return spans


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


def _boundaries(text: str, language: str) -> list[tuple[int, int]]:
    """The splitter's spans; a long text goes through it window by window.

    The last sentence of a window may be cut short, so the next window begins with it.
    """
    found: list[tuple[int, int]] = []
    text = well_formed(text)
    at = 0
    while at < len(text):
        window = text[at : at + _WINDOW]
        spans = [
            (at + boundary["start_index"], at + boundary["end_index"])
            for boundary in get_sentence_boundaries(language, window)
        ]
        if at + len(window) < len(text) and len(spans) > 1:
            spans.pop()
        found.extend(spans)
        at = spans[-1][1] if spans else len(text)
    return found


def _has_word(piece: str) -> bool:
    return any(character.isalnum() for character in piece)
