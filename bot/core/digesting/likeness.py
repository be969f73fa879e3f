"""How likely two articles tell of one event.

A logistic sum of few measures, fitted to the labelled days marked "tune" in `seeds/days` and to
every other one of the real pairs of `benchmarks/story_pairs.json`, and rounded.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.digesting.traits import Traits, Vector

_BIAS, _OPENING, _FIGURES = -6.3, 15.0, 4.5
_FOREIGN_BIAS, _NAMES, _FOREIGN_FIGURES = -8.3, 10.0, 10.5
_DAY, _MOST_DAYS = -0.5, 14
_WEEKDAY = 1.0
_ONE_OUTLET = -2.2
"""An outlet that writes of an affair again mostly has something new to tell."""


def likeness(one: Traits, other: Traits) -> float:
    """Return how likely two articles tell of one event, 0 to 1.

    In one language all words of their openings count, in two only names, and numbers more. Days
    between them, other days of the week and being of one outlet speak against it.
    """
    shared = len(one.figures & other.figures)
    told = shared / (shared + 1)
    if one.language == other.language:
        total = _BIAS + _OPENING * cosine(one.opening, other.opening) + _FIGURES * told
    else:
        total = _FOREIGN_BIAS + _NAMES * cosine(one.names, other.names) + _FOREIGN_FIGURES * told
    total += _DAY * _days_between(one, other)
    if one.weekdays and other.weekdays:
        total += -_WEEKDAY if one.weekdays.isdisjoint(other.weekdays) else _WEEKDAY
    if one.outlet == other.outlet:
        total += _ONE_OUTLET
    return 1 / (1 + math.exp(-total))


def cosine(one: Vector, other: Vector) -> float:
    """Return how much of two vectors of length 1 is the same, 0 to 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def _days_between(one: Traits, other: Traits) -> int:
    """How many days lie between two articles, 14 at most; 0 where one is undated."""
    if one.published is None or other.published is None:
        return 0
    return min(_MOST_DAYS, abs((one.published - other.published).days))
