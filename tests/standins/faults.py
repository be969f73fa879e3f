"""What the chat server can be told to do wrong, while it runs."""

import random
from collections import Counter, deque
from dataclasses import dataclass, field, fields
from typing import Any

KINDS = (
    "throttle",  # 429 with Retry-After; nothing is posted
    "fail_before",  # 500; nothing is posted
    "fail_after",  # posted, then 500
    "drop_before",  # the connection is closed; nothing is posted
    "drop_after",  # posted, then the connection is closed without a reply
    "drop_late",  # the connection is closed; posted `late` seconds afterwards, whoever has died
    "slow",  # posted, the reply comes `slow_for` seconds later
)
LOOKUP_KINDS = ("lookup_throttle", "lookup_fail")
_EVENT_KINDS = ("duplicate", "reorder")
_PROBABILITIES = frozenset({*KINDS, *LOOKUP_KINDS, *_EVENT_KINDS})


class BadControl(Exception):
    """What was asked of the server is not among what it can do."""


@dataclass(kw_only=True)
class Faults:
    """Probabilities from 0 to 1 (one fault a request, so those of one request add up), seconds.

    late + lag must be below the adapter's grace: an attempt ends at its time-out at the latest,
    a late commit follows `late` seconds after that, and look-ups see it `lag` seconds later.
    """

    throttle: float = 0.0
    fail_before: float = 0.0
    fail_after: float = 0.0
    drop_before: float = 0.0
    drop_after: float = 0.0
    drop_late: float = 0.0
    slow: float = 0.0
    lookup_throttle: float = 0.0
    lookup_fail: float = 0.0
    duplicate: float = 0.0  # an acked event is delivered again
    reorder: float = 0.0  # an event is delivered before the one in front of it

    retry_after: float = 1.0
    late: float = 0.0
    lag: float = 0.0
    slow_for: float = 1.0
    rate: float = 0.0  # least seconds between two posts of a channel
    redeliver: float = 0.5
    window: int = 200
    refused: list[str] = field(default_factory=list)  # channels that do not exist

    def change(self, **wanted: Any) -> None:
        """Set some; nothing is set where one of them is unknown or out of bounds."""
        known = {one.name: one.type for one in fields(self)}
        for name, value in wanted.items():
            if name not in known:
                raise BadControl(f"unknown: {name}")
            if not _fits(name, value):
                raise BadControl(f"out of bounds: {name}")
        after = {**vars(self), **wanted}
        for kinds in (KINDS, LOOKUP_KINDS):
            if sum(after[kind] for kind in kinds) > 1:
                raise BadControl("probabilities add up to more than 1")
        vars(self).update(wanted)


def _fits(name: str, value: Any) -> bool:
    if name == "refused":
        return isinstance(value, list) and all(isinstance(one, str) for one in value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    if name == "window":
        return isinstance(value, int) and value >= 1
    return 0 <= value <= (1 if name in _PROBABILITIES else 3600)


class Dice:
    """Decides what goes wrong: first what was asked for by name, then by chance; counts it."""

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._random = random.Random(seed)  # noqa: S311 - keeps no secret
        self.next: deque[str] = deque()
        self.next_lookup: deque[str] = deque()
        self.counts: Counter[str] = Counter()

    def ask_for(self, *kinds: str) -> None:
        """Let the next requests go wrong so; "none" lets one through."""
        for kind in kinds:
            if kind not in (*KINDS, *LOOKUP_KINDS, "none", "lookup_none"):
                raise BadControl(f"unknown: {kind}")
            (self.next_lookup if kind.startswith("lookup_") else self.next).append(kind)

    def of_post(self) -> str:
        return self._roll(self.next, KINDS)

    def of_lookup(self) -> str:
        return self._roll(self.next_lookup, LOOKUP_KINDS)

    def of_event(self, kind: str) -> bool:
        chance = getattr(self._faults, kind)
        hit = bool(chance) and self._random.random() < chance
        self.counts[kind] += hit
        return hit

    def _roll(self, asked: deque[str], kinds: tuple[str, ...]) -> str:
        kind = asked.popleft() if asked else self._by_chance(kinds)
        if not kind.endswith("none"):
            self.counts[kind] += 1
        return kind

    def _by_chance(self, kinds: tuple[str, ...]) -> str:
        rolled = self._random.random()
        for kind in kinds:
            rolled -= getattr(self._faults, kind)
            if rolled < 0:
                return kind
        return "none"
