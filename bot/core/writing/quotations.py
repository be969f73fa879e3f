"""What stands in quote marks in a text, whichever marks there are and however they are nested."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENS, _CLOSES = '“„‟«»"＂〝「『', '”“‟»«"＂〞」』'
_MARK = re.compile(r"[“”„‟«»\"＂〝〞「」『』]")
_SINGLE = re.compile(r"(?:(?<=[\s(\[—–:-])|^)['‘]((?:[^'‘’]|(?<=\w)['’](?=\w))+)['’](?!\w)")
# By itself each of them mostly opens or closes; „so“ and »so« are the exceptions.
_MOSTLY_OPENS, _MOSTLY_CLOSES = "“„«〝「『", "”»〞」』"


def quotations(text: str) -> tuple[str, ...]:
    """Return what stands in quote marks, the outermost of those that are nested.

    What is opened and never closed goes to the end; what is closed and was never opened begins at
    the end of the quotation before. Straight marks behind a number are inches.
    """
    found: list[str] = []
    outside: list[str] = []
    start = last = depth = 0
    for at, opening in _marks(text):
        if opening:
            if not depth:
                outside.append(text[last:at])
                start = at + 1
            depth += 1
        elif depth > 1:
            depth -= 1
        elif depth or text[at] != '"':
            found.append(text[start if depth else last : at])
            last, depth = at + 1, 0
    if depth:
        found.append(text[start:])
    else:
        outside.append(text[last:])
    found += [match[1] for piece in outside for match in _SINGLE.finditer(piece)]
    return tuple(one for one in found if re.search(r"\w", one))


def _marks(text: str) -> Iterator[tuple[int, bool]]:
    """Yield where the marks are, and whether each opens: what stands beside it says so first."""
    depth = 0
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        free_before = not before or before.isspace() or before in "([—–-/'‘" or before in _OPENS
        free_after = not after or after.isspace() or after in ".,;:!?)]—–-/'’" or after in _CLOSES
        if free_before == free_after:
            opening = mark in _MOSTLY_OPENS or (mark not in _MOSTLY_CLOSES and not depth)
            if mark == "“" and depth and "„" in text[:at]:
                opening = False
        else:
            opening = free_before
        depth = max(0, depth + (1 if opening else -1))
        yield at, opening
