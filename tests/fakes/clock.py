"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

from bot.model import Instant


class FakeClock:
    def __init__(self, now: datetime = datetime(2026, 3, 4, 12, tzinfo=UTC)) -> None:
        self._now = now
        self._instant = Instant(era="fake", seconds=1000.0)

    def now(self) -> datetime:
        return self._now

    def instant(self) -> Instant:
        return self._instant

    def wait(self, **time: float) -> None:
        """Let time pass."""
        passed = timedelta(**time)
        self._now += passed
        seconds = self._instant.seconds + passed.total_seconds()
        self._instant = Instant(era=self._instant.era, seconds=seconds)

    def jump(self, **time: float) -> None:
        """Set the time, forward or back; none passes."""
        self._now += timedelta(**time)
