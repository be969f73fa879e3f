"""Clean the lines of an extracted body: what is no part of the article goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.core.reading.credit_lines import read_credit
from bot.core.reading.furniture import is_furniture, names_makers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOT_WORD = re.compile(r"[\W_]+")
_NEAR = 40
_TOP = 4
_MAX_CREDIT = 80
_MAX_BESIDE_NAMES = 12


def bare(text: str) -> str:
    """Return the letters and digits of a text, case folded: what makes two lines the same."""
    return _NOT_WORD.sub("", text).casefold()


def clean(
    lines: Iterable[str],
    *,
    titles: Sequence[str] = (),
    apart: Sequence[str] = (),
    authors: Sequence[str] = (),
) -> list[str]:
    """Return the lines that belong to the body, in order.

    `titles` are names of the page, `apart` the texts kept in other parts of the article
    (standfirst, lead bullets, captions): a line that only repeats one of them is dropped, also
    when either goes on for up to 40 letters (a photographer's name). Near the top, lines go that
    hold only a date or the `authors`.
    """
    known = {bare(text) for text in titles}
    elsewhere = {bare(text) for text in apart}
    kept: list[str] = []
    for line in lines:
        text = bare(line)
        if not text or text in known or _repeats(text, elsewhere):
            continue
        if is_furniture(line) or (len(kept) < _TOP and _is_credit(line, text, authors)):
            continue
        kept.append(line)
    return _without_end(kept)


def _repeats(text: str, elsewhere: set[str]) -> bool:
    """Tell whether a line is one of the texts kept apart, give or take a credit at its end."""
    if text in elsewhere:
        return True
    return len(text) >= _NEAR and any(
        abs(len(text) - len(other)) <= _NEAR and (text.startswith(other) or other.startswith(text))
        for other in elsewhere
        if len(other) >= _NEAR
    )


def _is_credit(line: str, text: str, authors: Sequence[str]) -> bool:
    """Tell whether a line near the top only says who wrote the text or when."""
    if len(line) > _MAX_CREDIT:
        return False
    if read_credit(line[:1].upper() + line[1:]) is not None:
        return True
    rest = text
    for name in authors:
        rest = rest.replace(bare(name), "")
    return rest != text and len(rest) < _MAX_BESIDE_NAMES


def _without_end(kept: list[str]) -> list[str]:
    """Drop the lines at the end that name those who made the text."""
    while kept and names_makers(kept[-1]):
        kept.pop()
    return kept
