"""The span of time that a question names: "this week", "since Monday", "im März".

English and German. Days are those of the zone of `now`, weeks start on Monday; a weekday, a day
of a month or a month without a year is the latest one that has begun. A span is half open: from
its first moment up to, not including, its last.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.core.answering.times import DAY, MONTHS, NUMBERS, UNITS, WEEKDAYS, names

if TYPE_CHECKING:
    from collections.abc import Callable


class Span(NamedTuple):
    """A span of time, half open; None on the side where it has no end."""

    since: datetime | None
    until: datetime | None


class Period(NamedTuple):
    """A span and where in the text its words stand."""

    span: Span
    start: int
    end: int


_LAST = r"last|past|previous|letzte[nmrs]?|vergangene[nmrs]?|vorige[nmrs]?"
_THIS = r"this|diese[nmrs]?"
_ON = r"(?:on |am |vom |of |for )?(?:the )?"
_UNIT = r"hour|stunde|day|tag|week|woche|fortnight|month|monat|year|jahr"
_NUMBER = rf"(?P<number>\d{{1,5}}|{names(NUMBERS)})"


def _midnight(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def _days(start: datetime, number: int = 1) -> Span:
    return Span(start, start + number * DAY)


def _relative_day(match: re.Match[str], now: datetime) -> Span:
    word = match[0].lower()
    today = _midnight(now)
    if word.startswith(("the day", "day before", "vorgestern")):
        return _days(today - 2 * DAY)
    if word.startswith(("yesterday", "gestern", "last night")):
        return _days(today - DAY)
    return _days(today)


def _count(number: str | None) -> int:
    if not number:
        return 1
    return int(number) if number.isdigit() else NUMBERS[number.lower()]


def _rolling(match: re.Match[str], now: datetime) -> Span:
    count = _count(match["number"])
    unit = UNITS[match["unit"].lower()]
    if unit < DAY:
        # in UTC, since an hour of the clock on the wall may be missing or come twice
        return Span(now.astimezone(UTC) - min(count, 24 * 3650) * unit, None)
    # whole days, today among them, so that "last 3 days" does not begin in the middle of one
    return Span(_midnight(now) - min(count * (unit // DAY), 36500) * DAY, None)


def _ago(match: re.Match[str], now: datetime) -> Span:
    """One day "3 days ago", one week "2 weeks ago"."""
    count = _count(match["number"])
    unit = match["unit"].lower()
    today = _midnight(now)
    if unit in ("day", "tag"):
        return _days(today - min(count, 36500) * DAY)
    if unit in ("month", "monat"):
        year, month = divmod(max(12, 12 * today.year + today.month - 1 - count), 12)
        return _month(today.replace(year=year, month=month + 1, day=1))
    if unit in ("year", "jahr"):
        return _year(max(1, today.year - count), now)
    weeks = min(count, 5200) * UNITS[unit]
    return _days(today - today.weekday() * DAY - weeks, 7)


def _week_before_last(match: re.Match[str], now: datetime) -> Span:  # noqa: ARG001 - as its siblings
    today = _midnight(now)
    return _days(today - (today.weekday() + 14) * DAY, 7)


def _calendar(match: re.Match[str], now: datetime) -> Span:
    today = _midnight(now)
    back = re.match(_LAST, match["which"], re.IGNORECASE) is not None
    unit = match["unit"].lower()
    if unit in ("week", "woche"):
        return _days(today - (today.weekday() + 7 * back) * DAY, 7)
    if unit in ("weekend", "wochenende"):
        saturday = today - ((today.weekday() - 5) % 7) * DAY
        if back and today.weekday() >= 5:  # noqa: PLR2004 - Saturday
            saturday -= 7 * DAY
        return _days(saturday, 2)
    if unit in ("month", "monat"):
        first = today.replace(day=1)
        return _month(first if not back else (first - DAY).replace(day=1))
    return _year(today.year - back, now)


def _month(first: datetime) -> Span:
    return Span(first, (first + 31 * DAY).replace(day=1))


def _year(year: int, now: datetime) -> Span:
    zone = now.tzinfo
    return Span(datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone))


def _weekday(match: re.Match[str], now: datetime) -> Span:
    today = _midnight(now)
    back = (today.weekday() - WEEKDAYS[match["day"].lower()]) % 7
    if match["last"] and back == 0:
        back = 7
    return _days(today - back * DAY)


def _named_month(match: re.Match[str], now: datetime) -> Span:
    month = MONTHS[match["month"].lower()]
    year = int(match["year"]) if match["year"] else now.year - (month > now.month)
    return _month(datetime(year, month, 1, tzinfo=now.tzinfo))


def _named_year(match: re.Match[str], now: datetime) -> Span:
    return _year(int(match["year"]), now)


def _date(match: re.Match[str], now: datetime) -> Span | None:
    found = match.groupdict()
    name = found.get("month")
    month = int(found["number"]) if found.get("number") else MONTHS[(name or "").lower()]
    day = int(found["day"])
    today = _midnight(now)
    year = int(found["year"]) if found["year"] else today.year
    try:
        start = datetime(year, month, day, tzinfo=now.tzinfo)
        if not found["year"] and start > today:
            start = start.replace(year=year - 1)
    except ValueError:  # the 31st of February is no date
        return None
    return _days(start)


_MONTH = rf"(?P<month>{names(MONTHS)})\b\.?"
_YEAR = r"(?P<year>20\d\d)"
_POINTS: tuple[tuple[str, Callable[[re.Match[str], datetime], Span | None]], ...] = (
    (
        (
            r"(?:the )?day before yesterday|vorgestern|yesterday|gestern|last night|today|tonight"
            r"|heute|this (?:morning|afternoon|evening)"
        ),
        _relative_day,
    ),
    (
        (
            rf"(?:in |over |within |during |for )?(?:the |den |der |dem )?(?:{_LAST}) (?:a )?"
            rf"{_NUMBER}(?: of)? (?P<unit>{_UNIT})(?:s|e|en|n)?"
        ),
        _rolling,
    ),
    (
        # "the past week" is the seven days up to now, "last week" that of the calendar
        (
            r"(?:in |over |within |during |for )?(?:the )?(?:past |last (?=fortnight))(?P<number>)"
            r"(?P<unit>hour|day|week|fortnight|month|year)"
        ),
        _rolling,
    ),
    (rf"{_NUMBER} (?P<unit>day|week|month|year)s? ago", _ago),
    (rf"vor {_NUMBER} (?P<unit>tag|woche|monat|jahr)(?:e|en|n)?", _ago),
    (r"(?:in )?the week before last", _week_before_last),
    (
        (
            rf"(?:in |im |am |over |during )?(?:der |dem |the )?(?P<which>{_LAST}|{_THIS}) "
            r"(?P<unit>weekend|wochenende|week|woche|month|monat|year|jahr)s?"
        ),
        _calendar,
    ),
    (rf"{_ON}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? {_MONTH}(?:,? {_YEAR})?", _date),
    (rf"{_ON}{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? {_YEAR})?", _date),
    (rf"{_ON}{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)", _date),
    (rf"{_ON}(?P<day>\d{{1,2}})\.(?P<number>\d{{1,2}})\.{_YEAR}?", _date),
    (
        rf"(?:in |im |this |last |of |for |from |during )(?:early |late )?{_MONTH}(?: {_YEAR})?",
        _named_month,
    ),
    (
        rf"(?:on |am |vom |of |from )?(?P<last>(?:{_LAST}) )?(?P<day>{names(WEEKDAYS)})s?",
        _weekday,
    ),
    (rf"(?:in |im jahr |during |of |from ){_YEAR}", _named_year),
)
# behind "since" and its like a month or year needs no preposition of its own
_BARE = (*_POINTS, (rf"{_MONTH}(?: {_YEAR})?", _named_month), (_YEAR, _named_year))
_FIND = [
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), read) for pattern, read in _POINTS
]
_AT = [(re.compile(rf"(?:{pattern})(?!\w)", re.IGNORECASE), read) for pattern, read in _BARE]

_BETWEEN = re.compile(
    r"(?<!\w)(?:between|from|zwischen|von|vom)\s+(?:the |dem |der )?", re.IGNORECASE
)
_DAY_ALONE = re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?(?=\s)")
_AND = re.compile(
    r"\s*(?:and|to|until|till|und|bis(?: zum)?|-|–)\s+(?:the |dem |der )?", re.IGNORECASE
)
_OPEN = re.compile(
    r"(?<!\w)(?<!day )(?P<word>since|after|seit|nach|before|until|till|up to|bis(?: zum)?|vor)\s+"
    r"(?:the |dem |der )?",
    re.IGNORECASE,
)


def period(text: str, now: datetime) -> Period | None:
    """Return the span of time that a text names first, or None where it names none.

    The days are those of the zone that `now` is in; the moments come in UTC.
    """
    found = _between(text, now) or _open(text, now) or _point(text, now)
    return found and found._replace(span=Span(*map(_in_utc, found.span)))


def _in_utc(at: datetime | None) -> datetime | None:
    return at and at.astimezone(UTC)


def _between(text: str, now: datetime) -> Period | None:
    for opening in _BETWEEN.finditer(text):
        first = _point_at(text, opening.end(), now)
        alone = _DAY_ALONE.match(text, opening.end())
        end = first.end if first else alone.end() if alone else None
        link = None if end is None else _AND.match(text, end)
        second = _point_at(text, link.end(), now) if link else None
        if second is None:
            continue
        since = first.span.since if first else _same_month(alone, second.span.since)
        return Period(Span(since, second.span.until), opening.start(), second.end)
    return None


def _same_month(day: re.Match[str] | None, last: datetime | None) -> datetime | None:
    """Return the day of "3 and 5 March" that stands without its month, or the other one."""
    if day is None or last is None or not 1 <= int(day["day"]) <= last.day:
        return last
    return last.replace(day=int(day["day"]))


def _open(text: str, now: datetime) -> Period | None:
    for opening in _OPEN.finditer(text):
        if point := _point_at(text, opening.end(), now):
            since, until = point.span
            word = opening["word"].lower()
            span = {
                "since": Span(since, None),
                "seit": Span(since, None),
                "after": Span(until, None),
                "nach": Span(until, None),
                "before": Span(None, since),
                "vor": Span(None, since),
            }.get(word, Span(None, until))
            return Period(span, opening.start(), point.end)
    return None


def _point(text: str, now: datetime) -> Period | None:
    found = [
        Period(span, match.start(), match.end())
        for pattern, read in _FIND
        for match in pattern.finditer(text)
        if (span := read(match, now))
    ]
    return min(found, key=lambda period: (period.start, -period.end), default=None)


def _point_at(text: str, start: int, now: datetime) -> Period | None:
    found = [
        Period(span, start, match.end())
        for pattern, read in _AT
        if (match := pattern.match(text, start)) and (span := read(match, now))
    ]
    return max(found, key=lambda period: period.end, default=None)
