"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

from bot.model import Instant


class FakeClock:
    """Both of its clocks move with `wait`; `jump` sets only the one on the wall."""

    def __init__(self, now: datetime = datetime(2026, 3, 4, 12, tzinfo=UTC)) -> None:
        self._now = now
        self._seconds = 0.0

    def now(self) -> datetime:
        return self._now

    def instant(self) -> Instant:
        return Instant(era="fake", seconds=self._seconds)

    def wait(self, **time: float) -> None:
        passed = timedelta(**time)
        self._now += passed
        self._seconds += passed.total_seconds()

    def jump(self, **time: float) -> None:
        """Set the clock on the wall forward, or back by a negative time."""
        self._now += timedelta(**time)
