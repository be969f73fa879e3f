"""Lists of values within a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

_Value = TypeVar("_Value")


def few_lengths(values: Iterable[_Value]) -> list[_Value]:
    """Return the values for an IN, the last repeated until they are a power of two.

    Every length is a statement of its own, and drivers keep prepared ones: 128 a connection on
    SQLite, up to 30 KB each.
    """
    found = list(values)
    if found:
        found += found[-1:] * ((1 << (len(found) - 1).bit_length()) - len(found))
    return found
