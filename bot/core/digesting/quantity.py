"""A number in a text, with what it measures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.core.digesting.bounds import amount

if TYPE_CHECKING:
    from bot.core.digesting.bounds import Amount

CLOCKS = frozenset(("clock", "half clock"))
"""Times of day; of a half one it is not told whether it is before noon."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number at text[start:end], with the words that bound it and its unit.

    `kind` is what it measures ("count" where only the words round it tell), and `at` where the
    number itself stands. Only quantities of a kind can be compared.
    """

    kind: str
    amount: Amount
    start: int
    end: int
    at: tuple[int, int]


def exact(kind: str, value: int, start: int, end: int) -> Quantity:
    """Return a quantity that is told exactly and fills its span."""
    return Quantity(
        kind=kind, amount=amount(Decimal(value), ""), start=start, end=end, at=(start, end)
    )
