"""The span of time that a question names: "this week", "since Monday", "im März".

English and German. Days are UTC days, weeks start on Monday; a weekday, a day of a month or a
month without a year is the latest one that has begun. A span is half open: from its first
moment up to, not including, its last.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY = timedelta(days=1)


class Span(NamedTuple):
    """A span of time, half open; None on the side where it has no end."""

    since: datetime | None
    until: datetime | None


class Period(NamedTuple):
    """A span and where in the text its words stand."""

    span: Span
    start: int
    end: int


_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday montag",
            "tuesday dienstag",
            "wednesday mittwoch",
            "thursday donnerstag",
            "friday freitag",
            "saturday samstag sonnabend",
            "sunday sonntag",
        )
    )
    for name in names.split()
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january januar jan",
            "february februar feb",
            "march märz mar",
            "april apr",
            "may mai",
            "june juni jun",
            "july juli jul",
            "august aug",
            "september sept sep",
            "october oktober oct okt",
            "november nov",
            "december dezember dec dez",
        ),
        start=1,
    )
    for name in names.split()
}
_NUMBERS = {
    name: number
    for number, names in enumerate(
        (
            "one a an einen einem einer",
            "two couple zwei",
            "three few drei paar",
            "four vier",
            "five fünf",
            "six sechs",
            "seven sieben",
            "eight acht",
            "nine neun",
            "ten zehn",
        ),
        start=1,
    )
    for name in names.split()
}
_HOUR, _WEEK, _MONTH_DAYS, _YEAR_DAYS = timedelta(hours=1), 7 * _DAY, 30 * _DAY, 365 * _DAY
_UNITS = {
    **dict.fromkeys(("hour", "stunde"), _HOUR),
    **dict.fromkeys(("day", "tag"), _DAY),
    **dict.fromkeys(("week", "woche"), _WEEK),
    **dict.fromkeys(("month", "monat"), _MONTH_DAYS),
    **dict.fromkeys(("year", "jahr"), _YEAR_DAYS),
}


def _names(table: dict[str, int]) -> str:
    return "|".join(sorted(table, key=len, reverse=True))


_LAST = r"last|past|previous|letzte[nmrs]?|vergangene[nmrs]?|vorige[nmrs]?"
_THIS = r"this|diese[nmrs]?"
_ON = r"(?:on |am |vom |of |for )?(?:the )?"
_UNIT = r"hour|stunde|day|tag|week|woche|month|monat|year|jahr"


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _days(start: datetime, number: int = 1) -> Span:
    return Span(start, start + number * _DAY)


def _relative_day(match: re.Match[str], now: datetime) -> Span:
    word = match[0].lower()
    today = _midnight(now)
    if word.startswith(("the day", "day before", "vorgestern")):
        return _days(today - 2 * _DAY)
    if word.startswith(("yesterday", "gestern", "last night")):
        return _days(today - _DAY)
    return _days(today)


def _rolling(match: re.Match[str], now: datetime) -> Span:
    number = match["number"]
    count = int(number) if number.isdigit() else _NUMBERS[number.lower()]
    unit = _UNITS[match["unit"].lower()]
    if unit < _DAY:
        return Span(now - min(count, 24 * 3650) * unit, None)
    # whole days, today among them, so that "last 3 days" does not begin in the middle of one
    return Span(_midnight(now) - min(count * (unit // _DAY), 36500) * _DAY, None)


def _calendar(match: re.Match[str], now: datetime) -> Span:
    today = _midnight(now)
    back = re.match(_LAST, match["which"], re.IGNORECASE) is not None
    unit = match["unit"].lower()
    if unit in ("week", "woche"):
        return _days(today - (today.weekday() + 7 * back) * _DAY, 7)
    if unit in ("weekend", "wochenende"):
        saturday = today - ((today.weekday() - 5) % 7) * _DAY
        if back and today.weekday() >= 5:  # noqa: PLR2004 - Saturday
            saturday -= 7 * _DAY
        return _days(saturday, 2)
    if unit in ("month", "monat"):
        first = today.replace(day=1)
        return _month(first if not back else (first - _DAY).replace(day=1))
    return _year(today.year - back)


def _month(first: datetime) -> Span:
    return Span(first, (first + 31 * _DAY).replace(day=1))


def _year(year: int) -> Span:
    return Span(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


def _weekday(match: re.Match[str], now: datetime) -> Span:
    today = _midnight(now)
    back = (today.weekday() - _WEEKDAYS[match["day"].lower()]) % 7
    if match["last"] and back == 0:
        back = 7
    return _days(today - back * _DAY)


def _named_month(match: re.Match[str], now: datetime) -> Span:
    month = _MONTHS[match["month"].lower()]
    year = int(match["year"]) if match["year"] else now.year - (month > now.month)
    return _month(datetime(year, month, 1, tzinfo=UTC))


def _named_year(match: re.Match[str], now: datetime) -> Span:  # noqa: ARG001 - as its siblings
    return _year(int(match["year"]))


def _date(match: re.Match[str], now: datetime) -> Span | None:
    found = match.groupdict()
    name = found.get("month")
    month = int(found["number"]) if found.get("number") else _MONTHS[(name or "").lower()]
    day = int(found["day"])
    today = _midnight(now)
    year = int(found["year"]) if found["year"] else today.year
    try:
        start = datetime(year, month, day, tzinfo=UTC)
        if not found["year"] and start > today:
            start = start.replace(year=year - 1)
    except ValueError:  # the 31st of February is no date
        return None
    return _days(start)


_MONTH = rf"(?P<month>{_names(_MONTHS)})\b\.?"
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
            rf"(?P<number>\d{{1,5}}|{_names(_NUMBERS)})(?: of)? (?P<unit>{_UNIT})(?:s|e|en|n)?"
        ),
        _rolling,
    ),
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
        rf"(?:on |am |vom |of |from )?(?P<last>(?:{_LAST}) )?(?P<day>{_names(_WEEKDAYS)})s?",
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
_AND = re.compile(
    r"\s*(?:and|to|until|till|und|bis(?: zum)?|-|–)\s+(?:the |dem |der )?", re.IGNORECASE
)
_OPEN = re.compile(
    r"(?<!\w)(?<!day )(?P<word>since|after|seit|nach|before|until|till|up to|bis(?: zum)?|vor)\s+"
    r"(?:the |dem |der )?",
    re.IGNORECASE,
)


def period(text: str, now: datetime) -> Period | None:
    """Return the span of time that a text names first, or None where it names none."""
    return _between(text, now) or _open(text, now) or _point(text, now)


def _between(text: str, now: datetime) -> Period | None:
    for opening in _BETWEEN.finditer(text):
        first = _point_at(text, opening.end(), now)
        link = _AND.match(text, first.end) if first else None
        second = _point_at(text, link.end(), now) if link else None
        if first and second:
            return Period(Span(first.span.since, second.span.until), opening.start(), second.end)
    return None


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
