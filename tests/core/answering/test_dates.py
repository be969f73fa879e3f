from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.answering.dates import period

NOW = datetime(2026, 3, 4, 15, 30, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("today", "2026-03-04", "2026-03-05"),
        ("gestern", "2026-03-03", "2026-03-04"),
        ("the day before yesterday", "2026-03-02", "2026-03-03"),
        ("this week", "2026-03-02", "2026-03-09"),
        ("letzte Woche", "2026-02-23", "2026-03-02"),
        ("last weekend", "2026-02-28", "2026-03-02"),
        ("this month", "2026-03-01", "2026-04-01"),
        ("im letzten Monat", "2026-02-01", "2026-03-01"),
        ("last year", "2025-01-01", "2026-01-01"),
        ("in the last 3 days", "2026-03-01", None),
        ("in den letzten zwei Wochen", "2026-02-18", None),
        ("in the past few days", "2026-03-01", None),
        ("last 2 hours", "2026-03-04T13:30", None),
        ("on Tuesday", "2026-03-03", "2026-03-04"),
        ("on Wednesday", "2026-03-04", "2026-03-05"),
        ("last Wednesday", "2026-02-25", "2026-02-26"),
        ("am Montag", "2026-03-02", "2026-03-03"),
        ("in March", "2026-03-01", "2026-04-01"),
        ("im Dezember", "2025-12-01", "2026-01-01"),
        ("in January 2024", "2024-01-01", "2024-02-01"),
        ("on 12 February", "2026-02-12", "2026-02-13"),
        ("on May 5", "2025-05-05", "2025-05-06"),
        ("am 1. März", "2026-03-01", "2026-03-02"),
        ("on 2026-01-31", "2026-01-31", "2026-02-01"),
        ("am 24.12.2025", "2025-12-24", "2025-12-25"),
        ("in 2025", "2025-01-01", "2026-01-01"),
        ("since Monday", "2026-03-02", None),
        ("seit März", "2026-03-01", None),
        ("before yesterday", None, "2026-03-03"),
        ("until last week", None, "2026-03-02"),
        ("between Monday and yesterday", "2026-03-02", "2026-03-04"),
        ("zwischen dem 1. Februar und dem 3. Februar", "2026-02-01", "2026-02-04"),
        ("from January to February", "2026-01-01", "2026-03-01"),
        ("between 1 and 3 March", "2026-03-01", "2026-03-04"),
        ("in the past fortnight", "2026-02-18", None),
        ("in the last fortnight", "2026-02-18", None),
        ("over the past week", "2026-02-25", None),
        ("in the past month", "2026-02-02", None),
        ("3 days ago", "2026-03-01", "2026-03-02"),
        ("a week ago", "2026-02-23", "2026-03-02"),
        ("two months ago", "2026-01-01", "2026-02-01"),
        ("a year ago", "2025-01-01", "2026-01-01"),
        ("vor zwei Wochen", "2026-02-16", "2026-02-23"),
        ("the week before last", "2026-02-16", "2026-02-23"),
        ("in October", "2025-10-01", "2025-11-01"),
        ("on 3 March", "2026-03-03", "2026-03-04"),
        ("last month", "2026-02-01", "2026-03-01"),
        ("yesterday", "2026-03-03", "2026-03-04"),
    ],
)
def test_a_date_phrase_is_a_half_open_span(text, since, until):
    found = period(f"what did we read {text}?", NOW)
    assert found is not None
    assert found.span.since == (
        datetime.fromisoformat(f"{since}").replace(tzinfo=UTC) if since else None
    )
    assert found.span.until == (
        datetime.fromisoformat(f"{until}").replace(tzinfo=UTC) if until else None
    )


@pytest.mark.parametrize(
    "text", ["what did Theresa May say", "the march on Rome", "on 31 February", "after the war", ""]
)
def test_what_is_no_date_is_left_alone(text):
    assert period(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("today", "2026-03-04T23:00", "2026-03-05T23:00"),
        ("this week", "2026-03-01T23:00", "2026-03-08T23:00"),
        ("in March", "2026-02-28T23:00", "2026-03-31T22:00"),  # summer time has begun by then
        ("last 2 hours", "2026-03-04T21:30", None),
        ("on 5 March", "2026-03-04T23:00", "2026-03-05T23:00"),
        ("in 2025", "2024-12-31T23:00", "2025-12-31T23:00"),
        ("2 months ago", "2025-12-31T23:00", "2026-01-31T23:00"),
    ],
)
def test_days_are_those_of_the_zone(text, since, until):
    now = datetime(2026, 3, 4, 23, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Paris"))
    found = period(text, now)
    assert found is not None
    assert found.span.since == datetime.fromisoformat(since).replace(tzinfo=UTC)
    assert found.span.until == (until and datetime.fromisoformat(until).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        "last 99999 years",
        "99999 months ago",
        "99999 years ago",
        "in the last 99999 days",
        "last 99999 hours",
    ],
)
def test_absurd_spans_do_not_overflow(text):
    found = period(text, NOW)
    assert found is not None
    assert found.span.since is not None


def test_a_span_from_the_first_day_that_there_is():
    assert period("on 29 February", datetime(2027, 1, 1, tzinfo=UTC)) is None
