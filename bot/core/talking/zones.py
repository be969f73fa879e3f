"""Time zones as people name them: by their whole name, or by a city alone."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from bot.core.talking.spelling import closest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_REGIONS = frozenset(
    {
        *("africa", "america", "antarctica", "arctic", "asia"),
        *("atlantic", "australia", "europe", "indian", "pacific"),
    }
)
_LIKE = 0.75


def zone(typed: str) -> str | None:
    """Return the IANA name of a zone that is typed in any case, or of a city; None for none."""
    named = typed.strip().lower().replace(" ", "_")
    return _by_name().get(named) or _by_city().get(named)


def nearly(typed: str) -> str:
    """Return the zone that was perhaps meant; empty for none."""
    named = typed.strip().lower().replace(" ", "_")
    alike = [one for one in (*_by_name(), *_by_city()) if one[0] == named[:1]]
    near = closest(named, alike, likeness=_LIKE)
    return zone(near) or "" if near else ""


@cache
def most_words() -> int:
    """Return how many words the longest name of a city has."""
    return max(city.count("_") + 1 for city in _by_city())


@cache
def _by_name() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones()}


@cache
def _by_city() -> Mapping[str, str]:
    cities: dict[str, list[str]] = defaultdict(list)
    for name in available_timezones():
        region, *rest = name.lower().split("/")
        if region in _REGIONS and rest:
            cities[rest[-1]].append(name)
    return {city: _best(names) for city, names in cities.items()}


def _best(names: Sequence[str]) -> str:
    """Of several names with one city, all of them one zone, the shortest; else Europe's."""
    return min(names, key=lambda name: (name.count("/"), not name.startswith("Europe/"), name))
