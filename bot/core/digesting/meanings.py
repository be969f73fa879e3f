"""What words of news mean alike in other words and in other languages."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.core.language.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterator


@cache
def things(language: str) -> dict[str, str]:
    """Read things.txt: the class of what is counted, "#people", by the folded word."""
    found: dict[str, str] = {}
    for code, name, listed in _lines("things"):
        if code == language:
            found.update(dict.fromkeys(listed, f"#{name}"))
    return found


@cache
def meanings(language: str) -> dict[str, tuple[str, ...]]:
    """Read meanings.txt: what a folded word may mean, "~house"."""
    found: dict[str, tuple[str, ...]] = {}
    for code, name, listed in _lines("meanings"):
        if code == language:
            for word in dict.fromkeys(listed):
                found[word] = (*found.get(word, ()), f"~{name}")
    return found


def _lines(name: str) -> Iterator[tuple[str, str, list[str]]]:
    text = files("bot.core.digesting").joinpath(f"data/{name}.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            head, _, listed = line.partition(":")
            code, what = head.split()
            yield code, what, [fold(word) for word in listed.split()]
