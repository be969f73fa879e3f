"""How what people type becomes a setting's value, and what a value of each kind may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from bot.core.language.wishes import ARTICLE
from bot.core.reading.urls import host_of
from bot.core.talking import zones
from bot.core.talking.spelling import closest, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

NONE = "none"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YES = frozenset({"yes", "on", "true", "1", "y", "enabled"})
_NO = frozenset({"no", "off", "false", "0", "n", "disabled"})
_NOTHING = frozenset({NONE, "nothing", "never", "-"})
_BEFORE_HOST = re.compile(r"^(https?://)?(www\.)?")
_LENGTHS = {"short": 3, "standard": 5, "normal": 5, "long": 8}
GROUPS = {
    "weekdays": WEEKDAYS[:5],
    "workdays": WEEKDAYS[:5],
    "weekends": WEEKDAYS[5:],
    "weekend": WEEKDAYS[5:],
    "daily": WEEKDAYS,
    "everyday": WEEKDAYS,
}
_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*(am|pm)?")
_NAMED_TIMES = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_HALF_DAY = 12
_DAY = 24
_HOUR = 60
_SHORTEST = 3
_LANGUAGES = {
    "de": ("german", "deutsch", "allemand", "tedesco", "alemán", "alemao", "duits"),
    "en": ("english", "englisch", "anglais", "inglese", "inglés", "inglês", "engels"),
    "es": ("spanish", "spanisch", "español", "espanol", "castellano", "espagnol", "spaans"),
    "fr": ("french", "französisch", "français", "francais", "francés", "francese", "frans"),
    "it": ("italian", "italienisch", "italiano", "italien", "italiaans"),
    "nl": ("dutch", "niederländisch", "nederlands", "néerlandais", "olandese", "flemish"),
    "pt": ("portuguese", "portugiesisch", "português", "portugues", "portugais", "portugees"),
}
_CODES = {name: code for code, names in _LANGUAGES.items() for name in names}
_ARTICLES = frozenset({"original", "same", "the article", "article's", "the article's"})

Value = bool | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number within bounds, both included; `words` stand for some of them."""

    least: int
    most: int
    words: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of a few words."""

    kind: Iterable[str]


class Shape(StrEnum):
    """The shapes that need nothing more said."""

    SITES = "sites like example.com example.org, or none"
    ZONE = "a time zone like Europe/Paris"
    SWITCH = "yes or no"
    TIME = "a time like 09:00"
    DAYS = "days like mon tue wed"
    DATE = "a date like 2026-12-24, or none"


Kind = Whole | Choice | Shape


def allowed(kind: Kind) -> str:
    """Return what a value may be, in words."""
    match kind:
        case Whole(least=least, most=most, words=words):
            return f"{least} to {most}{' (or short, standard, long)' if words else ''}"
        case Choice(kind=choices):
            return ", ".join(choices)
        case Shape() as shape:
            return shape.value


def understood(  # noqa: PLR0911 - one for each kind
    kind: Kind, typed: str
) -> Value | None:
    """Return the value that was typed; None where it is none of this kind."""
    typed = plain(typed).lower()
    match kind:
        case Whole():
            return _whole(kind, typed)
        case Choice(kind=choices):
            return _chosen(tuple(choices), typed)
        case Shape.SWITCH:
            return True if typed in _YES else False if typed in _NO else None
        case Shape.SITES:
            return _sites(typed)
        case Shape.ZONE:
            return zones.zone(typed)
        case Shape.TIME:
            return time_of_day(typed)
        case Shape.DAYS:
            return days(typed)
        case Shape.DATE:
            return "" if typed in _NOTHING else _date(typed)
        case _:
            assert_never(kind)


def nearly(kind: Kind, typed: str) -> str:
    """Return the value that was perhaps meant, as it is typed; empty where that is unknown."""
    typed = plain(typed).lower()
    match kind:
        case Whole(words=True):
            return closest(typed, _LENGTHS)
        case Choice(kind=choices):
            words = tuple(choices)
            near = closest(typed, (*words, *_CODES) if ARTICLE in words else words)
            near = _CODES.get(near, near)
            return near if near in words else ""
        case Shape.ZONE:
            return zones.nearly(typed)
        case Shape.DAYS:
            close = [closest(word, (*WEEKDAYS, *FULL_WEEKDAYS, *GROUPS)) for word in typed.split()]
            return " ".join(close) if close and all(close) else ""
        case Shape.SWITCH:
            return closest(typed, ("yes", "no"))
        case _:
            return ""


def is_language(typed: str) -> bool:
    """Tell whether a language is named, also one that no channel can wish for."""
    return typed.lower() in (*_LANGUAGES, *_CODES)


def _whole(kind: Whole, typed: str) -> int | None:
    typed = str(_LENGTHS.get(typed, typed)) if kind.words else typed
    number = int(typed) if re.fullmatch(r"[0-9]{1,5}", typed) else -1
    return number if kind.least <= number <= kind.most else None


def _chosen(choices: tuple[str, ...], typed: str) -> str | None:
    if ARTICLE in choices:
        typed = ARTICLE if typed in _ARTICLES else _CODES.get(typed, typed)
    return next((word for word in choices if word == typed), None)


def _sites(typed: str) -> str | None:
    """Return the hosts that were typed, one space between two; None where one is no host."""
    if typed == NONE:
        return ""
    words = re.split(r"[\s,]+", typed)
    hosts = [host_of(_BEFORE_HOST.sub("", site).split("/")[0]) for site in words]
    return " ".join(dict.fromkeys(hosts)) if all(hosts) and hosts else None


def time_of_day(typed: str) -> str | None:
    """Return HH:MM for a time like 9, 9:00, 18.30 or 9 am; None where it is none."""
    if typed in _NAMED_TIMES:
        return _NAMED_TIMES[typed]
    found = _TIME.fullmatch(typed) if typed.isascii() else None
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= _HALF_DAY:
            return None
        hour = hour % _HALF_DAY + (_HALF_DAY if found[3] == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < _DAY and minute < _HOUR else None


def days(typed: str) -> str | None:
    """Return weekdays in their order for days, ranges or groups of them; None for others."""
    found: set[str] = set()
    for word in re.split(r"[\s,]+", typed.replace("every day", "daily").replace(" - ", "-")):
        named = _days_of(word)
        if not named:
            return None
        found.update(named)
    return " ".join(day for day in WEEKDAYS if day in found)


def _days_of(word: str) -> tuple[str, ...]:
    if word in GROUPS:
        return GROUPS[word]
    first, dash, last = word.partition("-")
    begin, end = _weekday(first), _weekday(last) if dash else None
    if begin is None or (dash and end is None):
        return ()
    if end is None:
        return (WEEKDAYS[begin],)
    span = (end - begin) % len(WEEKDAYS)
    return tuple(WEEKDAYS[(begin + step) % len(WEEKDAYS)] for step in range(span + 1))


def _weekday(word: str) -> int | None:
    """Return the place of a weekday: "mon", "tues", "Thursdays"; None for other words."""
    single = word.removesuffix("s") if word.endswith("days") else word
    if len(single) < _SHORTEST:
        return None
    return next((place for place, day in enumerate(FULL_WEEKDAYS) if day.startswith(single)), None)


def _date(typed: str) -> str | None:
    try:
        return date.fromisoformat(typed).isoformat() if re.fullmatch(r"[\d-]+", typed) else None
    except ValueError:
        return None
