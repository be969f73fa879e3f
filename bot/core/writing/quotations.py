"""What stands in quote marks in a text, whichever marks there are and however they are nested."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = re.compile(r"[\"“”„‟«»〝〞＂「」『』]")
_SINGLE = re.compile(r"(?:(?<=[\s(\[—–:-])|^)['‘]((?:[^'‘’]|(?<=\w)['’](?=\w))+)['’](?!\w)")
# What an editor put in brackets is not part of a quotation; one inside it is looked at by itself.
_APART = re.compile(rf"\[[^\]]*\]|{_MARK.pattern}")
_OPENS_AFTER = " \u00a0\u202f([{—–-:/\"“”„«»'‘‚"
_CLOSES_BEFORE = " \u00a0\u202f)]}—–-:;,.!?…\"“”„«»'’"
_OPENING, _CLOSING = "«„〝「『", "»〞」』"


def quotations(text: str) -> tuple[str, ...]:
    """Return what stands in quote marks, those inside others too, each once.

    What is opened and never closed goes to the end; what is closed and was never opened begins at
    the end of the quotation before. Straight marks behind a number are inches.
    """
    found = [*_in_marks(text), *(match[1] for match in _SINGLE.finditer(text))]
    return tuple(one for one in found if re.search(r"\w", one))


def outside(text: str) -> str:
    """Return a text without what stands in quote marks."""
    for quotation in sorted(quotations(text), key=len, reverse=True):  # those inside others last
        text = text.replace(quotation, " ")
    return text


def pieces_of(quotation: str) -> list[str]:
    """Return the parts of a quotation that have to stand in the text, each by itself."""
    return [piece for piece in _APART.split(quotation) if re.search(r"\w", piece)]


def _in_marks(text: str) -> Iterator[str]:
    opened: list[int] = []
    last = 0
    for match in _MARK.finditer(text):
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        if _opens(match[0], before, after, inside=bool(opened)):
            opened.append(match.end())
        elif opened or match[0] != '"':
            yield text[opened.pop() if opened else last : match.start()]
            last = match.end()
    if opened:
        yield text[opened[0] :]


def _opens(mark: str, before: str, after: str, *, inside: bool) -> bool:
    """Whether a quote mark opens, by what stands round it: one language's “ is another's end."""
    free_before, free_after = before in _OPENS_AFTER, after in _CLOSES_BEFORE
    if free_before != free_after:
        return free_before
    if mark in _OPENING + _CLOSING:
        return mark in _OPENING
    return not inside and not before.isdigit()  # of inches
