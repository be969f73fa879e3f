"""The words for days, months, numbers and units of time, in English and German."""

from __future__ import annotations

from datetime import timedelta

DAY = timedelta(days=1)
WEEKDAYS = {
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
MONTHS = {
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
NUMBERS = {
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
_HOUR, _WEEK, _MONTH_DAYS, _YEAR_DAYS = timedelta(hours=1), 7 * DAY, 30 * DAY, 365 * DAY
UNITS = {
    **dict.fromkeys(("hour", "stunde"), _HOUR),
    **dict.fromkeys(("day", "tag"), DAY),
    **dict.fromkeys(("week", "woche"), _WEEK),
    "fortnight": 2 * _WEEK,
    **dict.fromkeys(("month", "monat"), _MONTH_DAYS),
    **dict.fromkeys(("year", "jahr"), _YEAR_DAYS),
}


def names(table: dict[str, int]) -> str:
    """Return a pattern for any of some words, the longest first."""
    return "|".join(sorted(table, key=len, reverse=True))
