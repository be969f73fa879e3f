"""What is said after "digest": show it, do it now, or set when it comes and how long it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from bot.core.talking import values, zones
from bot.core.talking.settings import KINDS, understood
from bot.core.talking.spelling import closest, plain
from bot.errors import BadSetting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.talking.values import Value

ALLOWED = (
    "now, preview, on, off, pause, resume, a time like 09:00, days like mon-fri, a time zone like "
    "Europe/Paris, least 2, most 5"
)
_WORDS = ("now", "preview", "on", "off", "pause", "resume", "least", "most", "until")
_BETWEEN = frozenset(
    {"at", "in", "and", "the", "every", "each", "time", "zone", "with", "is", "to"}
)
_BOUNDS = {
    "least": "digest_least",
    "min": "digest_least",
    "minimum": "digest_least",
    "most": "digest_most",
    "max": "digest_most",
    "maximum": "digest_most",
}
_SWITCHED: dict[str, dict[str, Value]] = {
    "on": {"digest": True},
    "off": {"digest": False},
    "resume": {"digest": True, "digest_from": ""},
}
_SPANS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_LONGEST = 3650
_WORTH_MENDING = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestShow:
    """How the digest is set, and when the next one comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestNow:
    """A digest for everybody, now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestPreview:
    """What the next digest would say, for whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSet:
    """Settings and what they are to be; `trial` where nothing is to be changed."""

    changes: tuple[tuple[str, Value], ...]
    trial: bool = False


DigestWish = DigestShow | DigestNow | DigestPreview | DigestSet


_ALONE: dict[str, DigestWish] = {
    "show": DigestShow(),
    "now": DigestNow(),
    "preview": DigestPreview(),
    "try": DigestPreview(),
}


def read_digest(argument: str, *, today: date) -> DigestWish:
    """Return what is wanted; `today` is the channel's own. Raises BadSetting."""
    words = _split(argument)
    alone = _ALONE.get(words[0] if words else "show") if len(words) <= 1 else None
    if alone is not None:
        return alone
    trial = words[-1] in ("try", "preview")
    changes = _changes(words[:-1] if trial else words, words, today)
    return DigestSet(changes=tuple(changes.items()), trial=trial)


def _split(argument: str) -> list[str]:
    """Return the words of an argument, those left out that say nothing."""
    text = plain(argument).lower().replace("every day", "daily")
    text = re.sub(r"\bat (least|most)\b", r"\1", text)
    text = re.sub(r"\b(\d{1,2}(?:[:.]\d{2})?) (am|pm)\b", r"\1\2", text)
    text = re.sub(r"\b(least|min|most|max) ?= ?", r"\1 ", text)
    text = re.sub(r"(?<=[a-z]) ?- ?(?=[a-z])", "-", text)
    words = [word for word in re.split(r"[\s,;]+", text) if word and word not in _BETWEEN]
    return [
        word
        for place, word in enumerate(words)
        if place == 0 or word != "on" or not _is_day(words[place + 1 :])  # 09:00 on mondays
    ]


def _is_day(rest: Sequence[str]) -> bool:
    return bool(rest) and values.days(rest[0]) is not None


def _changes(words: Sequence[str], whole: Sequence[str], today: date) -> dict[str, Value]:
    """Return the settings that the words name, token by token."""
    found: dict[str, Value] = {}
    rest = list(words)
    while rest:
        taken, more = _one(rest, today)
        if not taken:
            raise _unfit(whole, len(words) - len(rest))
        if "digest_days" in more and "digest_days" in found:
            named = f"{found['digest_days']} {more['digest_days']}"
            more = {"digest_days": values.days(named) or named}
        found.update(more)
        rest = rest[taken:]
    return found


def _one(rest: Sequence[str], today: date) -> tuple[int, dict[str, Value]]:  # noqa: PLR0911 - one for each kind
    """Return how many words the next token takes, and what it sets; 0 where it is none."""
    word = rest[0]
    if word in _SWITCHED:
        return 1, dict(_SWITCHED[word])
    if word == "pause":
        return _pause(rest, today)
    if word in _BOUNDS and len(rest) > 1:
        name = _BOUNDS[word]
        return 2, {name: understood(name, rest[1])}
    if time := values.time_of_day(word):
        return 1, {"digest_time": time}
    if named := values.days(word):
        return 1, {"digest_days": named}
    for count in range(min(zones.most_words(), len(rest)), 0, -1):
        zone = zones.zone(" ".join(rest[:count]))
        if zone is not None:
            return count, {"zone": zone}
    return 0, {}


def _pause(rest: Sequence[str], today: date) -> tuple[int, dict[str, Value]]:
    """Without an end it is off until it is resumed."""
    more = [word for word in rest[1:] if word != "for"]
    left_out = len(rest) - 1 - len(more)
    match more:
        case ["until" | "till", day, *_]:
            return 3 + left_out, {"digest_from": understood("digest_from", day)}
        case [number, unit, *_] if unit in _SPANS and re.fullmatch(r"[0-9]{1,4}", number):
            until = _after(today, int(number) * _SPANS[unit])
            return 3 + left_out, {"digest_from": until}
        case ["a" | "one", unit, *_] if unit in _SPANS:
            return 3 + left_out, {"digest_from": _after(today, _SPANS[unit])}
    return 1, {"digest": False}


def _after(today: date, days: int) -> str:
    """Return the day that so many days of pause end before; today is the first of them."""
    if not 1 <= days <= _LONGEST:
        raise BadSetting("digest pause", f"{days} days", f"1 to {_LONGEST} days")
    return (today + timedelta(days=days)).isoformat()


def _unfit(words: Sequence[str], place: int) -> BadSetting:
    """Return the error for a word that says nothing, with the command that was perhaps meant."""
    word = words[place]
    known = (*_WORDS, *values.WEEKDAYS, *values.FULL_WEEKDAYS, *values.GROUPS)
    near = closest(word, known) or values.nearly(KINDS["zone"], word)
    meant = " ".join((*words[:place], near, *words[place + 1 :]))
    is_whole = near not in ("", word) and len(words) <= _WORTH_MENDING and _reads(meant)
    return BadSetting("digest", word, ALLOWED, f"digest {meant}" if is_whole else "")


def _reads(argument: str) -> bool:
    try:
        read_digest(argument, today=date.min)
    except BadSetting:
        return False
    return True
