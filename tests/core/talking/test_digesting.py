"""What is said after "digest", word by word."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.talking.digesting import (
    DigestNow,
    DigestPreview,
    DigestSet,
    DigestShow,
    read_digest,
)
from bot.core.talking.settings import KINDS, understood, written
from bot.errors import BadSetting

TODAY = date(2026, 3, 4)
WEEKDAYS = "mon tue wed thu fri"
EVERY_DAY = f"{WEEKDAYS} sat sun"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("", DigestShow()),
        (" . ", DigestShow()),
        ("now", DigestNow()),
        ("Now!", DigestNow()),
        ("preview", DigestPreview()),
        ("try", DigestPreview()),
    ],
)
def test_what_is_asked_for(typed, wanted):
    assert read_digest(typed, today=TODAY) == wanted


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ("on", {"digest": True}),
        ("OFF.", {"digest": False}),
        ("pause", {"digest": False}),
        ("resume", {"digest": True, "digest_from": ""}),
        ("pause 3 days", {"digest_from": "2026-03-07"}),
        ("pause 1 day", {"digest_from": "2026-03-05"}),
        ("pause for 2 weeks", {"digest_from": "2026-03-18"}),
        ("pause a week", {"digest_from": "2026-03-11"}),
        ("pause until 2026-12-24", {"digest_from": "2026-12-24"}),
        ("9", {"digest_time": "09:00"}),
        ("9:00", {"digest_time": "09:00"}),
        ("09:00", {"digest_time": "09:00"}),
        ("9am", {"digest_time": "09:00"}),
        ("9 am", {"digest_time": "09:00"}),
        ("6:30 pm", {"digest_time": "18:30"}),
        ("18.30", {"digest_time": "18:30"}),
        ("weekdays", {"digest_days": WEEKDAYS}),
        ("daily", {"digest_days": EVERY_DAY}),
        ("every day", {"digest_days": EVERY_DAY}),
        ("mon-fri", {"digest_days": WEEKDAYS}),
        ("Mon – Fri", {"digest_days": WEEKDAYS}),
        ("mon tue", {"digest_days": "mon tue"}),
        ("tuesdays and mondays", {"digest_days": "mon tue"}),
        ("europe/PARIS", {"zone": "Europe/Paris"}),
        ("paris", {"zone": "Europe/Paris"}),
        ("New York", {"zone": "America/New_York"}),
        ("ho chi minh", {"zone": "Asia/Ho_Chi_Minh"}),
        ("utc", {"zone": "UTC"}),
        ("least 3", {"digest_least": 3}),
        ("at least 1 and at most 7", {"digest_least": 1, "digest_most": 7}),
        ("least = 1", {"digest_least": 1}),
        ("at 9:00 on weekdays", {"digest_time": "09:00", "digest_days": WEEKDAYS}),
        (
            "on every day at 8, new york, most 4",
            {
                "digest": True,
                "digest_days": EVERY_DAY,
                "digest_time": "08:00",
                "zone": "America/New_York",
                "digest_most": 4,
            },
        ),
    ],
)
def test_what_is_set(typed, changes):
    assert read_digest(typed, today=TODAY) == DigestSet(changes=tuple(changes.items()))


def test_what_is_tried():
    wanted = DigestSet(changes=(("digest_time", "10:00"),), trial=True)
    assert read_digest("10:00 try", today=TODAY) == wanted


@pytest.mark.parametrize(
    ("typed", "name", "line"),
    [
        ("nwo", "digest", "digest now"),
        ("prevew", "digest", "digest preview"),
        ("weekdys 9", "digest", "digest weekdays 9"),
        ("9 pariss", "digest", "digest 9 Europe/Paris"),
        ("of the week", "digest", ""),
        ("25:00", "digest", ""),
        ("least", "digest", ""),
        ("least 11", "digest_least", ""),
        ("pause until christmas", "digest_from", ""),
        ("pause 0 days", "digest pause", ""),
        ("pause 9999 days", "digest pause", ""),
        ("that we had yesterday", "digest", ""),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_meant(typed, name, line):
    with pytest.raises(BadSetting) as refused:
        read_digest(typed, today=TODAY)
    assert (refused.value.name, refused.value.line) == (name, line)


WORDS = [
    "on",
    "off",
    "pause",
    "resume",
    "3",
    "days",
    "until",
    "2026-12-24",
    "9",
    "am",
    "mon-fri",
    "tue",
    "paris",
    "new",
    "york",
    "least",
    "most",
    "2",
    "try",
    "at",
    "=",
    "-",
    "x",
    "é",
    ",",
]
WORDS = (
    "on off pause resume 3 days until 2026-12-24 9 am mon-fri tue paris new york least most "
    "2 try at = - x é ,"
)
words = st.sampled_from(WORDS.split())


@given(st.lists(words, max_size=7).map(" ".join) | st.text(max_size=30))
def test_whatever_is_typed_is_taken_or_refused_and_what_is_taken_can_be_set(typed):
    try:
        wanted = read_digest(typed, today=TODAY)
    except BadSetting:
        return
    if isinstance(wanted, DigestSet):
        assert wanted.changes
        for name, value in wanted.changes:
            assert name in KINDS
            assert understood(name, written(value)) == value
