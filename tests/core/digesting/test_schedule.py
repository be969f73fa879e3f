"""When digests come: on the channel's days, at its time, whatever its clocks do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.digesting.schedule import FARTHEST, LATE, due, following, moment, reach
from bot.model import ChannelSettings

EVERY_DAY = "mon tue wed thu fri sat sun"
ZONES = (
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Africa/Cairo",
    "America/Santiago",
    "Pacific/Kiritimati",
)
MINUTE = timedelta(minutes=1)


def digest(zone: str = "UTC", at: str = "09:00", days: str = EVERY_DAY) -> ChannelSettings:
    return ChannelSettings(digest=True, zone=zone, digest_time=at, digest_days=days)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "day", "expected"),
    [
        ("America/New_York", "09:00", "2026-03-07", "2026-03-07 14:00"),
        ("America/New_York", "09:00", "2026-03-08", "2026-03-08 13:00"),
        # 02:00 to 03:00 is left out
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08 07:00"),
        ("America/New_York", "02:00", "2026-03-08", "2026-03-08 07:00"),
        ("America/New_York", "01:59", "2026-03-08", "2026-03-08 06:59"),
        ("America/New_York", "03:00", "2026-03-08", "2026-03-08 07:00"),
        # 01:00 to 02:00 comes twice
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01 05:30"),
        ("America/New_York", "02:30", "2026-11-01", "2026-11-01 07:30"),
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29 01:00"),
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25 00:30"),
        # by half an hour only
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03 15:30"),
        # at midnight: the day begins at one o'clock
        ("America/Santiago", "00:00", "2026-09-06", "2026-09-06 04:00"),
        ("Africa/Cairo", "00:30", "2026-04-24", "2026-04-23 22:00"),
    ],
)
def test_each_day_has_its_moment(zone: str, at: str, day: str, expected: str) -> None:
    assert moment(digest(zone, at), date.fromisoformat(day)) == utc(expected)


def test_a_day_that_a_zone_leaves_out_has_none() -> None:
    apia = digest("Pacific/Apia")
    assert moment(apia, date(2011, 12, 30)) is None
    assert moment(apia, date(2011, 12, 31)) == utc("2011-12-30 19:00")


def test_only_its_own_days_have_a_moment() -> None:
    weekdays = digest(days="mon tue wed thu fri")
    assert moment(weekdays, date(2026, 3, 6)) is not None
    assert moment(weekdays, date(2026, 3, 7)) is None


@given(
    zone=st.sampled_from(ZONES),
    minutes=st.integers(0, 24 * 60 - 1),
    day=st.dates(date(2024, 1, 1), date(2027, 12, 31)),
)
def test_a_moment_is_the_first_minute_whose_clock_shows_the_time_or_is_past_it(
    zone: str, minutes: int, day: date
) -> None:
    wanted = f"{minutes // 60:02}:{minutes % 60:02}"
    at = moment(digest(zone, wanted), day)
    assert at is not None
    shown = at.astimezone(ZoneInfo(zone))
    assert shown.date() == day
    assert f"{shown:%H:%M}" >= wanted
    before = (at - MINUTE).astimezone(ZoneInfo(zone))
    assert (before.date(), f"{before:%H:%M}") < (day, wanted)


def test_what_is_off_is_never_due() -> None:
    assert due(ChannelSettings(), utc("2026-03-04 09:00"), last=None) is None
    assert following(ChannelSettings(), utc("2026-03-04 09:00")) is None


def test_a_day_is_due_from_its_moment_until_it_was_told() -> None:
    wednesday = date(2026, 3, 4)
    assert due(digest(), utc("2026-03-04 08:59:59"), last=date(2026, 3, 3)) is None
    assert due(digest(), utc("2026-03-04 09:00"), last=date(2026, 3, 3)) == wednesday
    assert due(digest(), utc("2026-03-04 23:59"), last=date(2026, 3, 3)) == wednesday
    assert due(digest(), utc("2026-03-04 23:59"), last=wednesday) is None


def test_after_downtime_the_newest_day_is_told_late() -> None:
    assert due(digest(), utc("2026-03-04 08:00"), last=date(2026, 3, 1)) == date(2026, 3, 3)
    assert due(digest(), utc("2026-03-04 10:00"), last=date(2026, 3, 1)) == date(2026, 3, 4)


def test_what_is_more_than_a_day_late_is_left_to_the_next() -> None:
    weekdays = digest(days="mon tue wed thu fri")
    assert due(weekdays, utc("2026-03-07 08:59"), last=date(2026, 3, 5)) == date(2026, 3, 6)
    assert due(weekdays, utc("2026-03-07 09:01"), last=date(2026, 3, 5)) is None
    assert due(weekdays, utc("2026-03-08 10:00"), last=date(2026, 3, 5)) is None


def test_what_would_have_come_before_anybody_asked_for_it_does_not() -> None:
    on_at = utc("2026-03-04 15:00")
    assert due(digest(), utc("2026-03-04 15:01"), last=None, asked_at=on_at) is None
    assert due(digest(), utc("2026-03-05 09:00"), last=None, asked_at=on_at) == date(2026, 3, 5)
    assert following(digest(), on_at) == utc("2026-03-05 09:00")


def test_the_next_one_is_told_with_its_day() -> None:
    now = utc("2026-03-06 08:00")
    weekdays = digest(days="mon tue wed thu fri")
    assert following(weekdays, now) == utc("2026-03-06 09:00")
    assert following(weekdays, now, last=date(2026, 3, 6)) == utc("2026-03-09 09:00")
    assert following(digest(days="fri"), utc("2026-03-06 09:00")) == utc("2026-03-13 09:00")


def test_a_zone_that_moves_west_tells_no_day_twice() -> None:
    told = date(2026, 3, 5)  # in Kiritimati it is a day later
    honolulu = digest("Pacific/Honolulu")
    assert due(honolulu, utc("2026-03-04 20:00"), last=told) is None
    assert following(honolulu, utc("2026-03-04 20:00"), last=told) == utc("2026-03-06 19:00")


def test_a_digest_reaches_back_to_the_last_one_but_no_farther_than_a_week() -> None:
    now, today = utc("2026-03-04 09:00"), date(2026, 3, 4)
    assert reach(digest(), today, now, told=now - timedelta(days=3)) == now - timedelta(days=3)
    assert reach(digest(), today, now, told=now - timedelta(days=30)) == now - FARTHEST


def test_the_first_one_reaches_back_to_where_another_would_have_come() -> None:
    now, today = utc("2026-03-09 09:00"), date(2026, 3, 9)  # a Monday
    weekdays = digest(days="mon tue wed thu fri")
    assert reach(weekdays, today, now, told=None) == utc("2026-03-06 09:00")
    paused = replace(weekdays, digest_from="2026-03-09")
    assert reach(paused, today, now, told=None) == utc("2026-03-06 09:00")
    assert reach(digest(days="mon"), today, now, told=None) == utc("2026-03-02 09:00")
    late = now + timedelta(hours=5)
    assert reach(digest(days="mon"), today, late, told=None) == late - FARTHEST


def test_paused_it_comes_again_on_its_day() -> None:
    paused = replace(digest(), digest_from="2026-03-06")
    assert due(paused, utc("2026-03-05 09:00"), last=None) is None
    assert due(paused, utc("2026-03-06 09:00"), last=None) == date(2026, 3, 6)
    assert following(paused, utc("2026-03-04 08:00")) == utc("2026-03-06 09:00")
    long = replace(digest(), digest_from="2026-12-24")
    assert following(long, utc("2026-03-04 08:00")) == utc("2026-12-24 09:00")


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("at", ["00:00", "02:30", "09:00", "23:59"])
def test_a_year_of_minutes_tells_each_day_once(zone: str, at: str) -> None:
    """Every minute near a moment or a change of the clocks, every hour in between."""
    kept = digest(zone, at)
    told: list[date] = []
    now, end = utc("2026-01-01 00:00"), utc("2027-01-01 00:00")
    while now < end:
        day = due(kept, now, last=told[-1] if told else None)
        if day is not None:
            told.append(day)
            exact = moment(kept, day)
            assert exact is not None
            assert now - exact < LATE
        now = min(now + timedelta(hours=1), following(kept, now) or end)
    first, last = told[0], told[-1]
    assert told == [first + timedelta(days=count) for count in range((last - first).days + 1)]
    assert len(told) >= 365
