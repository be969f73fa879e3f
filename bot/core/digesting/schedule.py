"""When a channel's digests come: on its own days, at its own time, in its own zone.

A day has one moment, whatever its clocks do: the first of two where an hour comes twice, and the
first minute after an hour that is left out.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from bot.model import ChannelSettings

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

LATE = timedelta(hours=24)
"""How long after its moment a digest is still worth posting; after that the next one has it."""

FARTHEST = timedelta(days=7)
"""How far back a digest looks at the most, however long nothing was told."""

_AHEAD = 15
"""Days in which the next one must be: a week, and what is left out in a zone that moves a day."""


def moment(settings: ChannelSettings, day: date) -> datetime | None:
    """Return when the digest of a day of the channel's zone comes, in UTC.

    None on a day without one, and on one that the zone leaves out.
    """
    is_its_day = _WEEKDAYS[day.weekday()] in settings.digest_days.split()
    if not is_its_day or day.isoformat() < settings.digest_from:
        return None
    zone = ZoneInfo(settings.zone)
    wall = datetime.combine(day, time.fromisoformat(settings.digest_time), zone)
    first = wall.astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != wall.replace(tzinfo=None):
        first = _first_after_the_gap(wall, zone)
    return first if first.astimezone(zone).date() == day else None


def _first_after_the_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first minute in UTC after clocks went past a time that they never showed."""
    # Of such a time, fold 0 counts by the clocks before the jump: later than by those after it.
    after, before = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    offset = after.astimezone(zone).utcoffset()
    while after - before > _MINUTE:
        middle = before + (after - before) // _MINUTE // 2 * _MINUTE
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after if before.astimezone(zone).utcoffset() != offset else before


def due(
    settings: ChannelSettings,
    now: datetime,
    *,
    last: date | None,
    asked_at: datetime | None = None,
) -> date | None:
    """Return the day of the channel's zone whose digest is to come now; None where none is.

    `last` is the newest day that was decided, `asked_at` when the channel's times were set last:
    what would have come before that was not asked for then.
    """
    if not settings.digest:
        return None
    today = now.astimezone(ZoneInfo(settings.zone)).date()
    for day in (today, today - _DAY):
        at = moment(settings, day)
        if at is None or at > now:
            continue
        late = now - at > LATE or (asked_at is not None and at < asked_at)
        return None if late or (last is not None and day <= last) else day
    return None


def following(
    settings: ChannelSettings, now: datetime, *, last: date | None = None
) -> datetime | None:
    """Return when the next digest comes, in UTC; None where it is off. `last` is as in `due`."""
    if not settings.digest:
        return None
    today = now.astimezone(ZoneInfo(settings.zone)).date()
    first = today if last is None else max(today, last + _DAY)
    if settings.digest_from:
        first = max(first, date.fromisoformat(settings.digest_from))
    days = (first + ahead * _DAY for ahead in range(_AHEAD))
    return next((at for day in days if (at := moment(settings, day)) and at > now), None)


def reach(
    settings: ChannelSettings, day: date, until: datetime, *, told: datetime | None
) -> datetime:
    """Return from when the digest of a day tells: where the last one ended, if there was one.

    The first one tells from when another would have come before it. None goes farther back than
    a week.
    """
    oldest = until - FARTHEST
    if told is not None:
        return max(told, oldest)
    always = replace(settings, digest_from="")
    before = (moment(always, day - back * _DAY) for back in range(1, FARTHEST.days + 1))
    return max(next((at for at in before if at is not None), oldest), oldest)
