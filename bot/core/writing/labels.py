"""An article as numbered lines for a model, and the way back from a label to its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from bot.core.writing import evidence as proofs
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.model import Article

_LETTERS = {
    Part.HEADLINE: "H",
    Part.STANDFIRST: "S",
    Part.LEAD_BULLET: "B",
    Part.BODY: "P",
    Part.CAPTION: "C",
}
_WIDE = re.compile("[\u2e80-\U0010ffff]")
_ALONE = frozenset((Part.HEADLINE, Part.STANDFIRST))
ORDER = (Part.HEADLINE, Part.STANDFIRST, Part.BODY, Part.CAPTION)
"""What a model reads of an article; its lead bullets serve as a pattern only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """One text of an article by the label that a model knows it by: P3 is the third paragraph."""

    label: str
    article: Article
    part: Part
    paragraph: int
    text: str

    @property
    def line(self) -> str:
        """The text as one line behind its label."""
        return f"[{self.label}] {' '.join(self.text.split())}"


def labelled(
    article: Article, *, parts: Sequence[Part] = ORDER, number: int | None = None
) -> list[Labelled]:
    """Return the texts of an article in order; `number` is the article's among several."""
    before = "" if number is None else f"{number}."
    return [
        Labelled(
            label=f"{before}{_LETTERS[part]}{'' if part in _ALONE else paragraph + 1}",
            article=article,
            part=part,
            paragraph=paragraph,
            text=text,
        )
        for part, paragraph, text in proofs.texts(article, *parts)
    ]


def lines(texts: Iterable[Labelled]) -> str:
    """Return texts as a model reads them."""
    return "\n".join(one.line for one in texts)


def tokens_of(text: str) -> int:
    """Return about how many tokens a text is, rather too many: a word has one or two of them.

    Scripts without spaces between words have about one a character.
    """
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return (len(text) - wide) // 3 + wide + 1


def parted(texts: Sequence[Labelled], *, most: int) -> list[list[Labelled]]:
    """Cut texts into runs of at most `most` tokens, none of them in two but one that is longer."""
    runs: list[list[Labelled]] = [[]]
    room = most
    for one in texts:
        size = tokens_of(one.line) + 1
        if size > room and runs[-1]:
            runs.append([])
            room = most
        runs[-1].append(one)
        room -= size
    return [run for run in runs if run]


def mark_of(*inside: str) -> str:
    """Return the line that stands before and after some texts; none of them can foresee it."""
    hashed = sha256("\n".join(inside).encode("utf-8", "surrogatepass"))
    return f"=== {hashed.hexdigest()[:12]} ==="
