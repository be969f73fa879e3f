"""What the stand-in can be told to do wrong: first what was asked for, then by chance."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol

KINDS = (
    "throttle",  # 429 with Retry-After; nothing is done
    "fail",  # 500; nothing is done
    "refuse",  # an error of the caller's choice; nothing is done
    "drop_before",  # the connection is broken; nothing is done
    "drop_after",  # done, then the connection is broken
    "late",  # the connection is broken, and it is done `seconds` later
    "delay",  # done and answered, `seconds` later
)


class Breakable(Protocol):
    """The connections, as far as they can be broken."""

    def disconnect(self, reason: str, *, close: bool) -> None: ...

    def break_off(self) -> None: ...


@dataclass
class Fault:
    """One thing that goes wrong with the next `times` calls of a method ("" for any)."""

    kind: str
    method: str
    times: int
    seconds: float = 1.0
    error: str = ""


class Faults:
    """The faults of one server. Chances are 0 to 1 and drawn from the seed; `counts` counts hits.

    `statuses` says whether the workspace's plan has assistant statuses at all.
    """

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311 - keeps no secret
        self._asked: list[Fault] = []
        self._chances: dict[str, float] = {}
        self._storm: tuple[str, ...] = ()
        self._events: Counter[str] = Counter()
        self._acks_to_lose = 0
        self.counts: Counter[str] = Counter()
        self.statuses = True
        self.duplicate = 0.0
        self.reorder = 0.0
        self.seconds = 0.05  # of what a storm delays or does late
        self.retry_after = 1.0
        self.duplicate_after = 0.0
        self.hold_at_most = 0.2
        self.sockets: Breakable | None = None

    # --- the next calls of a method ---

    def throttle(self, method: str = "", times: int = 1, *, retry_after: float = 1.0) -> None:
        self._ask(Fault("throttle", method, times, retry_after))

    def fail(self, method: str = "", times: int = 1) -> None:
        self._ask(Fault("fail", method, times))

    def refuse(self, method: str, error: str, times: int = 1) -> None:
        self._ask(Fault("refuse", method, times, error=error))

    def drop_before(self, method: str = "", times: int = 1) -> None:
        self._ask(Fault("drop_before", method, times))

    def drop_after(self, method: str = "", times: int = 1) -> None:
        self._ask(Fault("drop_after", method, times))

    def late(self, method: str = "", times: int = 1, *, seconds: float) -> None:
        self._ask(Fault("late", method, times, seconds))

    def delay(self, method: str = "", times: int = 1, *, seconds: float) -> None:
        self._ask(Fault("delay", method, times, seconds))

    def _ask(self, fault: Fault) -> None:
        self._asked.append(fault)

    # --- by chance ---

    def storm(self, *methods: str, **chances: float) -> None:
        """Let calls of these methods (of all, if none) go wrong by chance: `drop_after=0.2`.

        `refuse` is not among them. A new storm replaces the old one; `storm()` ends it.
        """
        unknown = set(chances) - set(KINDS) | ({"refuse"} & set(chances))
        if unknown or sum(chances.values()) > 1:
            raise ValueError(f"no storm of {sorted(unknown) or chances}")
        self._storm, self._chances = methods, dict(chances)

    # --- sockets ---

    def disconnect(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Tell every connection to be made anew; a `warning` usually comes without `close`."""
        self.counts["disconnect"] += 1
        if self.sockets is not None:
            self.sockets.disconnect(reason, close=close)

    def break_off(self) -> None:
        """Break every connection without a word."""
        self.counts["break_off"] += 1
        if self.sockets is not None:
            self.sockets.break_off()

    # --- events ---

    def duplicate_next(self, times: int = 1) -> None:
        self._events["duplicate"] += times

    def reorder_next(self, times: int = 1) -> None:
        """Let the next events be overtaken by what follows them."""
        self._events["reorder"] += times

    def lose_acks(self, times: int = 1) -> None:
        """Let the app's next acks never arrive, so that Slack delivers again."""
        self._acks_to_lose += times

    # --- what the server asks ---

    def of_call(self, method: str) -> Fault | None:
        for fault in self._asked:
            if fault.method in ("", method):
                fault.times -= 1
                if not fault.times:
                    self._asked.remove(fault)
                self.counts[fault.kind] += 1
                return fault
        return self._by_chance(method)

    def _by_chance(self, method: str) -> Fault | None:
        if not self._chances or (self._storm and method not in self._storm):
            return None
        rolled = self._random.random()
        for kind, chance in self._chances.items():
            rolled -= chance
            if rolled < 0:
                self.counts[kind] += 1
                wait = self.retry_after if kind == "throttle" else self.seconds
                return Fault(kind, method, 1, wait)
        return None

    def of_event(self, kind: str) -> bool:
        chance: Any = getattr(self, kind)
        hit = self._events[kind] > 0 or (chance > 0 and self._random.random() < chance)
        if self._events[kind] > 0:
            self._events[kind] -= 1
        self.counts[kind] += hit
        return bool(hit)

    def loses_ack(self) -> bool:
        if not self._acks_to_lose:
            return False
        self._acks_to_lose -= 1
        self.counts["lost_ack"] += 1
        return True
