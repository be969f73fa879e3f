"""How likely two articles tell of one event."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.core.digesting.traits import Traits, Vector

_BIAS = -6.0
_WEIGHTS = (8.0, 6.0, 2.0, 5.0, 2.0, -0.15)
_FOREIGN_BIAS = -4.5
_FOREIGN_WEIGHTS = (8.0, 5.0, -0.15)
_MOST_DAYS = 30


def cosine(one: Vector, other: Vector) -> float:
    """Return how much of two vectors of length 1 is the same, 0 to 1."""
    if len(other) < len(one):
        one, other = other, one
    return sum(weight * other[term] for term, weight in one.items() if term in other)


def measures(one: Traits, other: Traits) -> tuple[float, ...]:
    """Return what speaks for and against one event: of two languages only what they share."""
    names, told = cosine(one.names, other.names), cosine(one.figures, other.figures)
    days = days_between(one, other)
    if one.language != other.language:
        return names, told, days
    return (
        cosine(one.all, other.all),
        cosine(one.opening, other.opening),
        cosine(one.headline, other.headline),
        names,
        told,
        days,
    )


def days_between(one: Traits, other: Traits) -> float:
    """Return how many days lie between two articles, 30 at most; 0 where one is undated."""
    if one.published is None or other.published is None:
        return 0.0
    return float(min(_MOST_DAYS, abs((one.published - other.published).days)))


def likeness(one: Traits, other: Traits) -> float:
    """Return 0 to 1, above a half where the two rather tell of one event than not."""
    found = measures(one, other)
    bias, weights = (
        (_BIAS, _WEIGHTS) if one.language == other.language else (_FOREIGN_BIAS, _FOREIGN_WEIGHTS)
    )
    total = bias + sum(weight * value for weight, value in zip(weights, found, strict=True))
    return 1 / (1 + math.exp(-total))
