"""Days of a month, times of day and times taken: numbers that are no counts."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core.digesting.bounds import Amount, bound
from bot.core.digesting.quantity import Quantity, exact
from bot.core.language.words import fold, words
from bot.core.writing.signals import dates_in, signals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.core.language.words import Word

_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<hour>2[0-4]|[01]?\d)"
    r"(?:(?P<mark>[:.]|\s?h\s?)(?P<minute>[0-5]\d)(?!\d|[.,:]\d))?"
    r"(?:\s?(?P<half>[ap]m\b|[ap]\.\s?m\b\.?)|(?P<uhr>\sUhr\b))?",
    re.IGNORECASE,
)
_AT = re.compile(
    r"(?:\b(?:at|um|gegen|à|vers|a\slas|las|until|from|by|to|and|before|after|around|about)|,)\s$",
    re.IGNORECASE,
)
_ELAPSED = re.compile(r"(?<![\d:])(\d{1,2}):([0-5]\d):([0-5]\d)(?![\d:])")
_DAY_BEHIND = re.compile(r"\.?\s")
_DAY_BEFORE = re.compile(r"(?:st|nd|rd|th|er)?\.?\s(?:of\s|de\s)?(?:the\s)?")
_BESIDE = frozenset(("of", "de", "the", "st", "nd", "rd", "th", "er"))
_CAPITAL_MONTHS = frozenset(("en", "de"))
_LAST_DAY = 31
_LOOK_BACK = 30
_HOURS, _MINUTES = 12, 60
_ABOUT, _TO_THE_HOUR = 20, 10
"""How many minutes a time may be off: with a word that says so, or told without minutes."""


def moments(text: str, language: str) -> Iterator[Quantity]:
    """Yield the dates and times of a sentence, some of them twice in other readings."""
    yield from _elapsed(text)
    yield from _dates(text, language)
    yield from _clocks(text, language)


def _elapsed(text: str) -> Iterator[Quantity]:
    """Times taken, in seconds: 2:03:41."""
    for match in _ELAPSED.finditer(text):
        hours, minutes, seconds = (int(group) for group in match.groups())
        total = (hours * _MINUTES + minutes) * _MINUTES + seconds
        yield exact("elapsed", total, *match.span())


def _dates(text: str, language: str) -> Iterator[Quantity]:
    """Days of a month: March 24, 24 March, the 24th of March, 24. März, 24 de marzo."""
    found = [word for word in words(text) if fold(word.text) not in _BESIDE]
    for one, other in pairwise(found):
        for month, day in ((one, other), (other, one)):
            if (number := _month(month, language)) and _is_day(day):
                between = text[one.end : other.start]
                form = _DAY_BEHIND if month is one else _DAY_BEFORE
                if form.fullmatch(between):
                    yield exact("date", number * 100 + int(day.text), one.start, other.end)


def _is_day(word: Word) -> bool:
    return word.text.isdecimal() and 1 <= int(word.text) <= _LAST_DAY


def _month(word: Word, language: str) -> int:
    """Which month of the year a word names, from 1; 0 for none."""
    if fold(word.text) not in signals(language).month:
        return 0
    if language in _CAPITAL_MONTHS and not word.text[0].isupper():
        return 0
    named = (key for key in dates_in(word.text, language) if key.startswith("month"))
    return next((int(key.split()[1]) + 1 for key in named), 0)


def _clocks(text: str, language: str) -> Iterator[Quantity]:
    """Times of day, in minutes."""
    for match in _CLOCK.finditer(text):
        if not _is_clock(match, text, language):
            continue
        half, hour, minute = match["half"], int(match["hour"]), int(match["minute"] or 0)
        if half:
            hour = hour % _HOURS + (_HOURS if half[0].lower() == "p" else 0)
        how, start = bound(text, match.start(), language)
        known = half or match["uhr"] or language != "en" or hour > _HOURS
        total = Decimal(hour * _MINUTES + minute)
        slack = _ABOUT if how else (_TO_THE_HOUR if match["minute"] is None else 0)
        yield Quantity(
            kind="clock" if known else "half clock",
            amount=Amount(
                value=total, low=total - slack, high=total + slack, step=Decimal(1), how=how
            ),
            start=start,
            end=match.end(),
            at=match.span(),
        )


def _is_clock(match: re.Match[str], text: str, language: str) -> bool:
    """Whether digits are a time of day: by what follows them, or by "at" before them."""
    mark = (match["mark"] or "").strip().lower()
    if match["half"] or match["uhr"] or mark == "h":
        return True
    before = text[max(0, match.start() - _LOOK_BACK) : match.start()]
    if match["minute"] is None or not _AT.search(before):
        return False
    # "about 7.30" may be dollars, "at 7.30" is not
    return mark != "." or language != "en" or before.lower().endswith("at ")
