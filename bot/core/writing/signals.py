"""The small words that tell how a sentence hangs on its surroundings, by language."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from itertools import pairwise

from bot.core.language.words import fold, language_or_english, words

_NONE: frozenset[str] = frozenset()
_DAYS, _MONTHS = 7, 12
_CAPITAL_DATES = frozenset(("en", "de"))  # where "may" and "march" are other words


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
    opening: frozenset[str] = _NONE
    address: frozenset[str] = _NONE


def signals(language: str | None) -> Signals:
    """Return the signals of a language; empty sets where we know none."""
    return _all().get(language_or_english(language), Signals())


def has_signals(language: str | None) -> bool:
    """Tell whether there are signals for this language: otherwise no ranking can be trusted."""
    return language is not None and language_or_english(language) in _all()


def dates_in(text: str, language: str | None) -> dict[str, str]:
    """Return the days of the week and months that a text names, each with its folded word.

    The keys are the same for all languages: "weekday 0" is Monday, "month 11" December.
    """
    known = _calendar(language_or_english(language))
    capital = language_or_english(language) in _CAPITAL_DATES
    found = [fold(one.text) for one in words(text) if not capital or one.text[0].isupper()]
    pairs = [f"{one}-{other}" for one, other in pairwise(found)]  # segunda-feira
    return {known[one]: one for one in [*found, *pairs] if one in known}


@cache
def _calendar(code: str) -> dict[str, str]:
    """Return what each word of a language's calendar stands for; short forms begin alike."""
    listed = _lists().get(code, {})
    days, months = listed.get("weekday", ())[:_DAYS], listed.get("month", ())
    numbers = {word: f"weekday {number}" for number, word in enumerate(days)}
    for word in months:
        alike = (at for at, one in enumerate(months[:_MONTHS]) if one[:3] == word[:3])
        numbers[word] = f"month {next(alike)}"
    return numbers | {word: f"month {at}" for at, word in enumerate(months[:_MONTHS])}


@cache
def _lists() -> dict[str, dict[str, tuple[str, ...]]]:
    """Read signals.txt: the folded words by language and kind, in the file's order."""
    kinds = {field.name for field in fields(Signals)}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for line in files("bot.core.writing").joinpath("signals.txt").read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, _, listed = line.partition(":")
        codes, kind = head.split()
        if kind not in kinds:
            raise ValueError(f"signals.txt names an unknown kind: {kind}")
        for code in codes.split(","):
            found.setdefault(code, {})[kind] = tuple(fold(word) for word in listed.split())
    return found


@cache
def _all() -> dict[str, Signals]:
    return {
        code: Signals(**{kind: frozenset(listed) for kind, listed in kinds.items()})
        for code, kinds in _lists().items()
    }
