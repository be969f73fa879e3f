"""A clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    def __init__(self, now: datetime = datetime(2026, 3, 4, 12, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def wait(self, **time: float) -> None:
        self._now += timedelta(**time)
