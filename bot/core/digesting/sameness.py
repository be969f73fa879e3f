"""Whether two numbers of two articles on one event are of the same thing.

A logistic sum, fitted to the days marked "tune" in `seeds/days` and to the real pairs of one event
in `benchmarks/story_pairs.json`: to figures that two articles share, one of them changed, against
those that only one of them has; rounded, then set by hand where that showed fewer wrong ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering.terms import weights
from bot.core.digesting.likeness import cosine
from bot.core.digesting.quantity import CLOCKS

if TYPE_CHECKING:
    from bot.core.digesting.contexts import Told
    from bot.core.digesting.quantity import Quantity

_BIAS, _NEAR, _SENTENCE = -0.3, 2.5, 2.1
_COUNTED, _OTHER_COUNTED, _COUNTS_NOTHING = 0.4, -0.55, -1.25
_SMALL_COUNTED, _STATE, _TOP = 1.2, 1.3, 0.65
_RATIO, _FAR, _FAR_RATIO = -4.5, -1.9, 0.6
_OPENING = 3
"""So many paragraphs of the body are its top, the headline with them."""
SMALL = 13
"""Up to here a number counts whatever: two banks, two customers."""
_YEARS, _DAY_MINUTES = 20.0, 1440.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """How a kind of number starts, and what it counts that no others of the kind are left.

    `near` is what likeness counts beyond the usual, `least` how much of it there has to be,
    `least_alone` where no others of the kind are left.
    """

    bias: float
    alone: float = 3.4
    near: float = 0.0
    least: float = 0.0
    least_alone: float = 0.0


_KINDS = {
    "count": _Kind(bias=0.6),
    "small": _Kind(bias=-1.8),
    "year": _Kind(bias=-0.5, least=0.4),
    "age": _Kind(bias=-0.1),
    "unit percent": _Kind(bias=-0.3, alone=5.5),
    "time": _Kind(bias=0.4, alone=1.0),
    "money": _Kind(bias=1.2, alone=4.0),
    "measure": _Kind(bias=2.1),
    "other": _Kind(bias=-0.3, near=4.7),
}
_MEASURES = frozenset(("length", "area", "mass", "volume", "speed", "temperature"))
_UNSCALED = frozenset(("score", "date", "elapsed"))


def comparable(one: Told, other: Told) -> bool:
    """Tell whether two numbers can be of one thing at all."""
    first, second = one.quantity, other.quantity
    if first.kind != second.kind:
        return {first.kind, second.kind} <= CLOCKS
    if first.kind != "count":
        return True
    if one.state and other.state and one.state != other.state:
        return False
    return _is_whole(first) == _is_whole(second)


def sameness(one: Told, other: Told, language: str | None, alone: float) -> float:
    """Return how likely two numbers are of one thing, over 0 where rather than not.

    `language` is that of both articles, None where they have two; `alone` is 1 where no other
    numbers of the kind are left in them, and the less the more there are.
    """
    near = likeness_of(one, other, language)
    shared = _shared(one.sentence, other.sentence, language) if language else 0.0
    kind = _kind(one.quantity, other.quantity)
    rule = _KINDS[kind]
    if near + shared < (rule.least if alone < 1 else rule.least_alone):
        return -math.inf
    total = _BIAS + rule.bias + rule.alone * alone + (_NEAR + rule.near) * near
    total += _SENTENCE * shared
    if kind in ("count", "small"):
        total += _by_counted(one, other, small=kind == "small", foreign=language is None)
    if one.state and one.state == other.state:
        total += _STATE
    if max(one.depth, other.depth) < _OPENING:
        total += _TOP
    ratio = _apart(one.quantity, other.quantity)
    return total + _RATIO * ratio + (_FAR if ratio > _FAR_RATIO else 0.0)


def likeness_of(one: Told, other: Told, language: str | None) -> float:
    """Return how alike the words round two numbers are, 0 to 1."""
    if language is None:
        return cosine(one.foreign, other.foreign)
    return cosine(one.near, other.near)


def _kind(one: Quantity, other: Quantity) -> str:
    if one.kind == "count":
        return "small" if min(one.amount.value, other.amount.value) < SMALL else "count"
    if one.kind in _KINDS:
        return one.kind
    if one.kind.startswith("unit "):
        return "money"
    return "measure" if one.kind in _MEASURES else "other"


def _by_counted(one: Told, other: Told, *, small: bool, foreign: bool) -> float:
    """What the words behind two numbers say of their being of one thing."""
    if one.counted & other.counted:
        return _COUNTED + (_SMALL_COUNTED if small else 0.0)
    if small and one.state != other.state:
        return -math.inf
    if not (one.counted and other.counted):
        return _COUNTS_NOTHING
    if foreign:
        return 0.0
    return -math.inf if small else _OTHER_COUNTED


def _apart(one: Quantity, other: Quantity) -> float:
    """How far two values lie apart: powers of ten, up to 2; years and times by difference."""
    first, second = abs(float(one.amount.size)), abs(float(other.amount.size))
    if one.kind in CLOCKS:
        minutes = abs(first - second) % _DAY_MINUTES
        return 2 * min(minutes, _DAY_MINUTES - minutes) / _DAY_MINUTES
    if one.kind == "year":
        return min(2.0, abs(first - second) / _YEARS)
    if one.kind in _UNSCALED or one.kind.startswith("label"):
        return 0.0
    if not first or not second:
        return 1.0
    return min(2.0, abs(math.log10(first / second)))


def _shared(one: frozenset[str], other: frozenset[str], language: str) -> float:
    """The cosine of two sentences by the weights of their words, without how often they stand."""
    weighed = weights(language)
    both, first, second = (
        sum(weighed[term] ** 2 for term in terms) for terms in (one & other, one, other)
    )
    return both / math.sqrt(first * second) if both else 0.0


def _is_whole(quantity: Quantity) -> bool:
    return quantity.amount.value % 1 == 0
