"""Clean the lines of an extracted body: what is no part of the article goes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NOT_WORD = re.compile(r"\W+")
_MIN_TITLE = 12


def bare(text: str) -> str:
    """Return the letters and digits of a text, case folded: what makes two lines the same."""
    return _NOT_WORD.sub("", text).casefold()


def clean(
    lines: Iterable[str],
    *,
    titles: Sequence[str] = (),
    apart: Sequence[str] = (),
) -> list[str]:
    """Return the lines that belong to the body, in order.

    `titles` are names of the page, `apart` the texts kept in other parts of the article
    (standfirst, lead bullets, captions): a line that only repeats one of them is dropped.
    """
    known = {bare(text) for text in (*titles, *apart)}
    return [line for line in lines if bare(line) and bare(line) not in known]
