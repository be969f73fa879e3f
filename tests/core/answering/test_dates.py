from datetime import UTC, datetime

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


@pytest.mark.parametrize("text", ["last 99999 years", "in the last 99999 days", "last 99999 hours"])
def test_absurd_spans_do_not_overflow(text):
    found = period(text, NOW)
    assert found is not None
    assert found.span.since is not None


def test_a_span_from_the_first_day_that_there_is():
    assert period("on 29 February", datetime(2027, 1, 1, tzinfo=UTC)) is None
