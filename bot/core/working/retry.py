"""What becomes of a job that failed: again after a while, or given up.

Decided by the type of the error alone. The deadline of each kind counts the pauses that were
meant, not the clock on the wall: a clock that somebody sets a day ahead gives nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import BriefbotError, NotSent, StoreError, Throttled, Unsure

_HOUR = 3600.0
_DAY = 24 * _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Pauses that double from `first` to `longest` seconds, given up after `deadline` of them.

    A deadline of None never gives up.
    """

    first: float
    longest: float
    deadline: float | None


STORE = Policy(first=0.25, longest=30.0, deadline=None)
"""Where nothing can be stored, giving up cannot be stored either."""

PLATFORM = Policy(first=1.0, longest=300.0, deadline=_DAY)
LOOK_UP = Policy(first=1.0, longest=120.0, deadline=_HOUR)
BROKEN = Policy(first=1.0, longest=60.0, deadline=30.0)
"""A bug: tried again a few times, since it may hang on what the world was like just then."""

_LONGEST_WAIT = _HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Try again in so many seconds."""

    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """Tried for long enough; a person has to look."""


def policy_of(error: Exception) -> Policy:
    """Return how often a kind of error is tried again."""
    match error:
        case StoreError():
            return STORE
        case Unsure():
            return LOOK_UP
        case NotSent() | Throttled():
            return PLATFORM
        case _:
            return BROKEN


def after(error: Exception, failures: int, *, chance: float) -> Retry | GiveUp:
    """Return what to do after an error that was the `failures`-th in a row, counted from 1.

    `chance`, 0 to 1, spreads the pauses of many jobs that failed at the same moment.
    """
    policy = policy_of(error)
    if policy.deadline is not None and _waited(policy, failures) > policy.deadline:
        return GiveUp()
    pause = _pause(policy, failures) * (0.5 + chance / 2)
    if isinstance(error, Throttled):
        # At least as long as we were told, and not all at the same moment.
        pause = min(error.after, _LONGEST_WAIT) * (1 + chance / 4)
    return Retry(after=pause)


def reason_of(error: Exception) -> str:
    """Return the word that is recorded for an error: its type, never what it says."""
    name = type(error).__name__
    return name if isinstance(error, BriefbotError) else f"broken.{name}"


def _pause(policy: Policy, failures: int) -> float:
    return min(policy.first * 2.0 ** min(failures - 1, 30), policy.longest)


def _waited(policy: Policy, failures: int) -> float:
    """Return the sum of the pauses before the next one."""
    doubling = 0
    total = 0.0
    while doubling < failures - 1 and policy.first * 2.0**doubling < policy.longest:
        total += policy.first * 2.0**doubling
        doubling += 1
    return total + (failures - 1 - doubling) * policy.longest
