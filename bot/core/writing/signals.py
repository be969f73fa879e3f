"""The small words that tell how a sentence hangs on its surroundings, by language."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from bot.core.language.words import fold, language_or_english

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """Folded words of one language; what each kind means is said at the top of signals.txt."""

    pointer: frozenset[str] = _NONE
    connective: frozenset[str] = _NONE
    tie: frozenset[str] = _NONE
    vague: frozenset[str] = _NONE
    article: frozenset[str] = _NONE
    own: frozenset[str] = _NONE
    speech: frozenset[str] = _NONE
    photo: frozenset[str] = _NONE
    weekday: frozenset[str] = _NONE
    time: frozenset[str] = _NONE
    light: frozenset[str] = _NONE
    preposition: frozenset[str] = _NONE
    clause: frozenset[str] = _NONE
    sequel: frozenset[str] = _NONE
    month: frozenset[str] = _NONE


def signals(language: str | None) -> Signals:
    """Return the signals of a language; empty sets where we know none."""
    return _all().get(language_or_english(language), Signals())


def has_signals(language: str | None) -> bool:
    """Tell whether there are signals for this language: otherwise no ranking can be trusted."""
    return language is not None and language_or_english(language) in _all()


@cache
def _all() -> dict[str, Signals]:
    kinds = {field.name for field in fields(Signals)}
    found: dict[str, dict[str, frozenset[str]]] = {}
    for line in files("bot.core.writing").joinpath("signals.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, _, listed = line.partition(":")
        codes, kind = head.split()
        if kind not in kinds:
            raise ValueError(f"signals.txt names an unknown kind: {kind}")
        for code in codes.split(","):
            found.setdefault(code, {})[kind] = frozenset(fold(word) for word in listed.split())
    return {code: Signals(**sets) for code, sets in found.items()}
