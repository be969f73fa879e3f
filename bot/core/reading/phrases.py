"""The fixed words that plain-text articles are recognised by, from phrases.txt."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def phrases(name: str) -> frozenset[str]:
    """Return the folded words and phrases listed under a name.

    Raises:
        KeyError: the table has no such name.
    """
    return frozenset(phrase for line in _table()[name] for phrase in line)


@cache
def months() -> dict[str, int]:
    """Return the number of each month by its folded name, or by 3 letters that mean one month."""
    numbers: dict[str, int] = {}
    meant: dict[str, set[int]] = {}
    for year in _table()["months"]:
        for number, name in enumerate(year, start=1):
            numbers[name] = number
            for length in (3, 4):
                meant.setdefault(name[:length], set()).add(number)
    short = {letters: min(found) for letters, found in meant.items() if len(found) == 1}
    return {**short, **numbers}


@cache
def _table() -> dict[str, list[list[str]]]:
    table: dict[str, list[list[str]]] = {}
    for line in files("bot.core.reading").joinpath("phrases.txt").read_text("utf-8").splitlines():
        name, _, listed = line.partition(": ")
        if not line.startswith("#"):
            table.setdefault(name, []).append([phrase.strip() for phrase in listed.split(";")])
    return table
