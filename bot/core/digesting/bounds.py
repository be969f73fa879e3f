"""How exact a number is, and whether two of them can both be right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from bot.core.language.words import language_or_english

_LOOK_BACK = 32
_LEAST_ROUND = 100
"""From here on a whole number may be rounded without saying so."""
_ROUNDED, _FEWER_PLACES, _CONVERTED = Decimal("0.03"), Decimal("0.05"), Decimal("0.06")
_BEYOND, _UP_TO = Decimal("0.25"), Decimal("0.15")
_SHORT_OF, _NEAR = Decimal("0.12"), Decimal("0.075")
_NOT_ALL = Decimal("0.99")
_ABOUT = Decimal("0.05")
_HELD = frozenset(("near", "under"))
_ENDS = frozenset(("from", "to"))
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A value with the bounds that make it true, times a factor in a unit that all are turned to.

    `how` is the kind of the word before it, empty for an exact one; `step` the place of its last
    digit that is not 0: 100 for 200, 0.1 for 6.4.
    """

    value: Decimal
    low: Decimal
    high: Decimal
    step: Decimal
    factor: Decimal = _ONE
    how: str = ""

    @property
    def size(self) -> Decimal:
        """The value in the unit that all are turned to."""
        return self.value * self.factor

    @property
    def is_range(self) -> bool:
        """Whether it is one end of a range: "10 to 15"."""
        return self.how in _ENDS


def amount(value: Decimal, how: str, factor: Decimal = _ONE) -> Amount:
    """Return an amount; `how` is the kind of a word before it, or empty for an exact one.

    "More than 200" reaches to the next round number at most: one would say more than 300.
    """
    size = abs(value)
    step = _step(value)
    low = high = value
    match how:
        case "least":
            high = value + min(step, size * _BEYOND) * _NOT_ALL
        case "most":
            low = value - size * _UP_TO
        case "under":
            low = value - size * _SHORT_OF
        case "near":
            low, high = value - size * _NEAR, value + size * _NEAR
        case _:
            pass
    return Amount(value=value, low=low, high=high, step=step, factor=factor, how=how)


def agree(one: Amount, other: Amount) -> bool:
    """Tell whether two amounts can both be right: within bounds, by rounding or by conversion.

    Two that are told with one kind of word ("nearly nine", "almost ten") are held to their values.
    """
    apart = abs(one.size - other.size)
    largest = max(abs(one.size), abs(other.size))
    if one.is_range and other.is_range:
        # the one's low end is no other figure for the other's high end
        return one.how != other.how or one.size == other.size or _rounded(one, other)
    if one.how == other.how and one.how in _HELD:
        return apart <= (_ABOUT if one.how == "near" else 0) * largest or _rounded(one, other)
    if _within(one, other) or _within(other, one):
        return True
    if one.factor != other.factor:
        return apart <= _CONVERTED * largest
    return _rounded(one, other)


def _within(one: Amount, other: Amount) -> bool:
    return other.low * other.factor <= one.size <= other.high * other.factor


def _rounded(one: Amount, other: Amount) -> bool:
    coarse, fine = sorted((one, other), key=lambda each: each.step, reverse=True)
    return one.factor == other.factor and _rounds(fine, coarse)


def bound(text: str, start: int, language: str) -> tuple[str, int]:
    """Return what kind of word stands before a number at `start`, and where it begins.

    An empty kind and `start` itself where there is none.
    """
    before = text[max(0, start - _LOOK_BACK) : start]
    match = _pattern(language_or_english(language)).search(before)
    if match is None or match.lastgroup is None:
        return "", start
    return match.lastgroup, start - len(before) + match.start()


def _rounds(fine: Amount, coarse: Amount) -> bool:
    """Whether one value is the other one with fewer digits, and not far from it."""
    if coarse.step == fine.step:
        return False
    if coarse.step * round(fine.value / coarse.step) != coarse.value:
        return False
    apart = abs(fine.value - coarse.value) / max(abs(fine.value), abs(coarse.value))
    if fine.step < 1:
        return apart <= _FEWER_PLACES
    return abs(coarse.value) >= _LEAST_ROUND and apart <= _ROUNDED


def _step(value: Decimal) -> Decimal:
    exponent = value.normalize().as_tuple().exponent
    return Decimal(10) ** exponent if isinstance(exponent, int) else _ONE


@cache
def _pattern(code: str) -> re.Pattern[str]:
    """Every word that may stand before a number, the longest first, in a group of its kind."""
    lists = _lists()
    kinds = {kind: words for (known, kind), words in lists.items() if known in (code, "en")}
    if (code, "least") in lists:
        kinds = {kind: words for (known, kind), words in lists.items() if known == code}
    groups = [
        f"(?P<{kind}>{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
        for kind, words in kinds.items()
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})\s+(?:the\s|an?\s)?$", re.IGNORECASE)


@cache
def _lists() -> dict[tuple[str, str], tuple[str, ...]]:
    """Read bounds.txt: the words by language and kind."""
    found = {}
    path = files("bot.core.digesting").joinpath("data/bounds.txt")
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            head, _, listed = line.partition(":")
            code, kind = head.split()
            found[code, kind] = tuple(word.strip() for word in listed.split(","))
    return found
