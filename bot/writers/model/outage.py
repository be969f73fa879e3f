"""A server that does not answer is left alone for a while, so that nobody waits for it in vain.

1. Calls that fail for the server's sake (no connection, status 5xx, no answer in time) are counted;
   any answer, a refusal too, sets the count back.
2. After three in a row no call is made for a pause of 30 seconds.
3. At its end one call is let through to try. Where it fails, the pause begins anew, twice as long,
   up to five minutes; where it is answered, all is as before.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.errors import ModelError, ModelTimedOut, ModelUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.ports import Clock, Telemetry

PAUSED = "paused"
"""Detail of the ModelUnreachable in place of a call that is not made."""

_MOST_FAILURES = 3
_FIRST, _LONGEST = 30.0, 300.0


@dataclass(slots=True, kw_only=True)
class Outage:
    """What is known of one server; times are on the clock that nobody sets."""

    clock: Clock
    telemetry: Telemetry
    _failures: int = field(init=False, default=0)
    _pause: float = field(init=False, default=0.0)
    _until: float = field(init=False, default=0.0)
    _trying: bool = field(init=False, default=False)

    def check(self, model: str) -> None:
        """Raise ModelUnreachable while no call is to be made."""
        if self._pause and (self._trying or self._now() < self._until):
            raise ModelUnreachable(model, PAUSED)

    @contextmanager
    def call(self, model: str) -> Iterator[None]:
        """Note what becomes of a call. Raises as `check` does; what the call raises goes on."""
        self.check(model)
        tries = self._trying = self._pause > 0
        try:
            yield
        except (ModelUnreachable, ModelTimedOut):
            self._failed(tries=tries)
            raise
        except ModelError:
            self._answered()
            raise
        else:
            self._answered()
        finally:  # one that was broken off has told nothing
            self._trying = self._trying and not tries

    def _failed(self, *, tries: bool) -> None:
        self._failures += 1
        if tries:
            self._stop_for(min(2 * self._pause, _LONGEST))
        elif not self._pause and self._failures >= _MOST_FAILURES:
            self._stop_for(_FIRST)

    def _stop_for(self, pause: float) -> None:
        self._pause, self._until = pause, self._now() + pause
        self.telemetry.log("model_paused", seconds=pause)

    def _answered(self) -> None:
        if self._pause:
            self.telemetry.log("model_back")
        self._failures, self._pause = 0, 0.0

    def _now(self) -> float:
        return self.clock.instant().seconds
