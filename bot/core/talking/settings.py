"""What a channel may set: names, bounds, and how a typed value is understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never
from zoneinfo import available_timezones

from bot.core.language.wishes import ARTICLE, LANGUAGES
from bot.core.reading.urls import host_of
from bot.errors import BadSetting, UnknownSetting
from bot.model import ChannelSettings, Mode, Notify, Robots, SettingChange

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_YES = frozenset({"yes", "on", "true", "1"})
_NO = frozenset({"no", "off", "false", "0"})
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NONE = "none"
_BEFORE_HOST = re.compile(r"^(https?://)?(www\.)?")
_LENGTHS = {"short": 3, "standard": 5, "long": 8}

Value = bool | int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A whole number within bounds, both included."""

    least: int
    most: int


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


Kind = Whole | Choice | Shape

KINDS: dict[str, Kind] = {
    "mode": Choice(kind=Mode),
    "ignore": Shape.SITES,
    "bots": Shape.SWITCH,
    "outsiders": Shape.SWITCH,
    "briefs_per_hour": Whole(least=1, most=60),
    "links_per_message": Whole(least=1, most=20),
    "bullets": Whole(least=3, most=8),
    "own_wording": Shape.SWITCH,
    "language": Choice(kind=(ARTICLE, *LANGUAGES)),
    "digest": Shape.SWITCH,
    "digest_time": Shape.TIME,
    "digest_days": Shape.DAYS,
    "zone": Shape.ZONE,
    "digest_least": Whole(least=1, most=10),
    "digest_most": Whole(least=1, most=10),
    "article_days": Whole(least=0, most=3650),
    "private_days": Whole(least=0, most=3650),
    "brief_days": Whole(least=1, most=3650),
    "question_days": Whole(least=1, most=3650),
    "questions_per_hour": Whole(least=1, most=500),
    "model_private": Shape.SWITCH,
    "robots": Choice(kind=Robots),
    "notify": Choice(kind=Notify),
}

TERMINAL = (
    *("bullets", "own_wording", "language"),
    *("article_days", "private_days", "brief_days", "question_days"),
)
"""The settings that mean something where one person types at a terminal."""

CHAT = tuple(name for name in KINDS if name != "notify")
"""Those that mean something where people talk, and are told of what bots say as of the rest."""

NOTICES = tuple(KINDS)
"""Those that mean something where they are told of nothing that bots say, unless asked for."""


def allowed(name: str) -> str:
    """Return what a setting may be, in words."""
    match KINDS[name]:
        case Whole(least=least, most=most):
            extra = " (or short, standard, long)" if name == "bullets" else ""
            return f"{least} to {most}{extra}"
        case Choice(kind=kind):
            return ", ".join(kind)
        case Shape() as shape:
            return shape.value


def named(name: str, *, here: tuple[str, ...] = TERMINAL) -> tuple[str, ...]:
    """Return the settings to show: the one named, or those of the place where none is.

    Raises UnknownSetting.
    """
    if not name:
        return here
    known = _spelt(name)
    if known not in KINDS:
        raise UnknownSetting(name, here)
    return (known,)


def _spelt(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(" ", "_")


def shown(settings: ChannelSettings, name: str) -> str:
    """Return a setting's value as people type it."""
    value = getattr(settings, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) or _NONE


def change(
    settings: ChannelSettings, name: str, typed: str, *, who: str, at: datetime
) -> tuple[ChannelSettings, SettingChange | None]:
    """Return the settings with one changed, and the entry for the change log.

    None in place of the entry means that it was so already. Raises UnknownSetting, BadSetting.
    """
    name = _spelt(name)
    if name not in KINDS:
        raise UnknownSetting(name, TERMINAL)
    value = _understand(name, KINDS[name], typed.strip().lower())
    after = replace(settings, **{name: value})  # type: ignore[arg-type] # KINDS names only fields
    if after == settings:
        return settings, None
    entry = SettingChange(
        who=who, at=at, name=name, before=shown(settings, name), after=shown(after, name)
    )
    return after, entry


def _understand(name: str, kind: Kind, typed: str) -> Value:
    found: Value | None
    match kind:
        case Whole(least=least, most=most):
            typed = str(_LENGTHS.get(typed, typed)) if name == "bullets" else typed
            number = int(typed) if re.fullmatch(r"\d{1,5}", typed) else -1
            found = number if least <= number <= most else None
        case Choice(kind=words):
            found = next((word for word in words if word == typed), None)
        case Shape.SWITCH:
            found = True if typed in _YES else False if typed in _NO else None
        case Shape.SITES:
            found = _sites(typed)
        case Shape.ZONE:
            found = next((zone for zone in available_timezones() if zone.lower() == typed), None)
        case Shape.TIME:
            found = typed if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", typed) else None
        case Shape.DAYS:
            days = re.split(r"[\s,]+", typed)
            fits = bool(typed) and all(day in _WEEKDAYS for day in days)
            found = " ".join(day for day in _WEEKDAYS if day in days) if fits else None
        case _:
            assert_never(kind)
    if found is None:
        raise BadSetting(name, typed, allowed(name))
    return found


def _sites(typed: str) -> str | None:
    """Return the hosts that were typed, one space between two; None where one is no host."""
    if typed == _NONE:
        return ""
    hosts = [host_of(_BEFORE_HOST.sub("", site).split("/")[0]) for site in typed.split()]
    return " ".join(dict.fromkeys(hosts)) if all(hosts) and hosts else None
