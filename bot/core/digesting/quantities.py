"""The numbers of a sentence with what they measure: people, miles, money, days, times, scores."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core.digesting.bounds import amount, bound
from bot.core.digesting.measures import measure
from bot.core.digesting.moments import moments
from bot.core.digesting.quantity import Quantity, exact
from bot.core.writing.figures import figures

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.writing.figures import Figure

_SCORE = re.compile(r"(?<![\w.,–-])(\d{1,3})\s?[-–:]\s?(\d{1,3})(?![\w.,]*\d)(?!-)")
_COUNTED = re.compile(r"[\s-](?!(?:in|on|at|to|by|win|loss|and|defeat|victory)\b)[a-zà-ÿ]+")
# part of a name: A9, BT-220
_GLUED = re.compile(r"(?:[^\W\d_]|\b[A-Z]+-)$")
_FAHRENHEIT = re.compile(r"\s?(?:°\s?|degrees?\s)?F")
# 250 000 euros
_GROUPS = re.compile(r"(?<![\d.,])(\d{1,3}|(?<=\s)\d{3}) (?=\d{3}(?!\d))")
_BY_SPACE = frozenset(("fr", "es"))
_BETWEEN = ("between", "zwischen", "entre")
_TO = re.compile(r"[^\d\s]{0,3}\s?(?:[-–]|\s(?:to|or|bis|oder|à|ou|a|o)\s)\s?[$£€]?")
_AND = re.compile(r"(?:\s\w+)?\s(?:and|und|et|y)\s[$£€]?")


def quantities(text: str, language: str) -> list[Quantity]:
    """Return the numbers of a sentence in order; those that are part of a name are none."""
    text = _GROUPS.sub("\\1\N{NO-BREAK SPACE}", text) if language in _BY_SPACE else text
    found: list[Quantity] = []
    plain = (_plain(text, number, language) for number in figures(text, language))
    for one in (*moments(text, language), *_scores(text), *plain):
        if not _overlaps(one, found) and not _is_in_word(text, one):
            found.append(one)
    return _ranges(sorted(found, key=lambda one: one.start), text)


def _plain(text: str, number: Figure, language: str) -> Quantity:
    how, start = bound(text, number.start, language)
    kind, factor, end = measure(text, number)
    value = number.value
    if kind == "temperature":
        if _FAHRENHEIT.match(text, number.end):
            value = ((value - 32) / Decimal("1.8")).quantize(Decimal("0.1"))
        value = abs(value)  # "minus 9" and "nine below zero"
    if text[end : end + 1] == "+":
        how, end = "least", end + 1
    return Quantity(
        kind=kind,
        amount=amount(value, how, factor),
        start=start,
        end=end,
        at=(number.start, number.end),
    )


def _scores(text: str) -> Iterator[Quantity]:
    """Results of matches, whichever side is named first; "10-15 people" is none."""
    for match in _SCORE.finditer(text):
        one, other = int(match[1]), int(match[2])
        if one >= other or not _COUNTED.match(text, match.end()):
            yield exact("score", max(one, other) * 1000 + min(one, other), *match.span())


def _ranges(found: Sequence[Quantity], text: str) -> list[Quantity]:
    """Give "10 to 15" and "between 10 and 15" the bounds of both, so that 12 is neither."""
    mended = list(found)
    for at, (one, other) in enumerate(pairwise(found)):
        between = text[one.at[1] : other.at[0]]
        opens = text[: one.start].rstrip().casefold().endswith(_BETWEEN)
        ranges = _TO.fullmatch(between) or (opens and _AND.fullmatch(between))
        low, high = one.amount.low, other.amount.high
        if ranges and low < high and one.kind in (other.kind, "count"):
            for place, end in ((at, "from"), (at + 1, "to")):
                both = replace(
                    found[place].amount,
                    low=low,
                    high=high,
                    factor=other.amount.factor,
                    how=end,
                )
                mended[place] = replace(mended[place], kind=other.kind, amount=both)
    return mended


def _overlaps(one: Quantity, found: Sequence[Quantity]) -> bool:
    return any(one.at[0] < other.at[1] and other.at[0] < one.at[1] for other in found)


def _is_in_word(text: str, one: Quantity) -> bool:
    """Whether a number is part of a name: A9, BT-220, TV5Monde."""
    start, end = one.at
    if not text[start].isdecimal():
        return False
    return bool(_GLUED.search(text[:start])) or (one.kind == "count" and text[end:][:1].isalpha())
