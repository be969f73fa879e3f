"""One post a second and channel, a burst of one: what Slack enforces first of all."""

from __future__ import annotations

import time

from tests.standins.slack.errors import Refused


class Pace:
    """Counts what is posted, each method apart; `seconds` may be changed while it runs."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._last: dict[tuple[str, str], float] = {}

    def take(self, method: str, channel: str) -> None:
        """Use the channel's turn. Raises Refused, with the time to wait."""
        now = time.monotonic()
        wait = self._last.get((method, channel), now - self.seconds) + self.seconds - now
        if wait > 0:
            raise Refused("ratelimited", status=429, retry_after=wait)
        self._last[method, channel] = now
