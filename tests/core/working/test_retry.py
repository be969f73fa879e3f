"""What becomes of a job that failed."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.working import retry
from bot.core.working.retry import BROKEN, LOOK_UP, PLATFORM, STORE, GiveUp, Policy, Retry
from bot.errors import (
    DiskFull,
    NotSent,
    PlatformError,
    Rejected,
    StoreBusy,
    StoreError,
    Throttled,
    Unsure,
    WorkTaken,
)

HOUR, DAY = 3600.0, 86400.0

KINDS = [
    (StoreError("there"), STORE),
    (StoreBusy("there"), STORE),
    (DiskFull("there"), STORE),
    (Unsure("slack"), LOOK_UP),
    (NotSent("slack"), PLATFORM),
    (Throttled("slack", 3), PLATFORM),
    (Rejected("slack"), BROKEN),
    (PlatformError("slack"), BROKEN),
    (WorkTaken("there"), BROKEN),
    (KeyError("secret"), BROKEN),
    (TimeoutError(), BROKEN),
]

chances = st.floats(0, 1)
failures = st.integers(1, 10_000)


def pauses(error: Exception, *, chance: float = 1.0, most: int = 10_000) -> list[float]:
    """Return the pauses until it is given up, or so many of them."""
    found = []
    for number in range(1, most + 1):
        decided = retry.after(error, number, chance=chance)
        if isinstance(decided, GiveUp):
            break
        found.append(decided.after)
    return found


@pytest.mark.parametrize(("error", "policy"), KINDS)
def test_the_type_of_an_error_tells_how_often_it_is_tried_again(
    error: Exception, policy: Policy
) -> None:
    assert retry.policy_of(error) == policy


def test_pauses_double_up_to_the_longest() -> None:
    assert pauses(NotSent("slack"), most=11) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert pauses(StoreError("there"), most=9) == [0.25, 0.5, 1, 2, 4, 8, 16, 30, 30]
    assert pauses(KeyError()) == [1, 2, 4, 8, 16]


@pytest.mark.parametrize(
    ("error", "deadline"), [(NotSent("slack"), DAY), (Unsure("slack"), HOUR), (KeyError(), 30.0)]
)
def test_each_kind_has_its_deadline_counted_in_pauses(error: Exception, deadline: float) -> None:
    for chance in (0.0, 0.5, 1.0):
        waited = pauses(error, chance=chance)
        whole = [pause / (0.5 + chance / 2) for pause in waited]
        assert sum(whole[:-1]) <= deadline < sum(whole)


def test_a_store_is_never_given_up() -> None:
    for number in (1, 100, 10**6):
        assert isinstance(retry.after(StoreError("there"), number, chance=0), Retry)


@given(failures, chances)
def test_pauses_are_spread_but_not_beyond_half(number: int, chance: float) -> None:
    decided = retry.after(StoreError("there"), number, chance=chance)
    assert isinstance(decided, Retry)
    whole = min(0.25 * 2.0 ** min(number - 1, 40), 30.0)
    assert whole / 2 <= decided.after <= whole


@given(chances)
def test_two_that_failed_together_do_not_come_back_together(chance: float) -> None:
    here, there = (retry.after(NotSent("slack"), 5, chance=one) for one in (chance, 1 - chance))
    assert isinstance(here, Retry)
    assert isinstance(there, Retry)
    assert (here.after == there.after) == (chance == 1 - chance)


@given(st.floats(0, HOUR), st.integers(1, 200), chances)
def test_whoever_says_how_long_is_waited_for_no_less(
    after: float, number: int, chance: float
) -> None:
    decided = retry.after(Throttled("slack", after), number, chance=chance)
    assert isinstance(decided, Retry)
    assert after <= decided.after <= after * 1.25


def test_nobody_is_waited_for_longer_than_an_hour_at_a_time() -> None:
    decided = retry.after(Throttled("slack", 10 * DAY), 1, chance=0)
    assert decided == Retry(after=HOUR)


def test_who_asks_us_to_wait_for_a_day_is_given_up_too() -> None:
    throttled = Throttled("slack", 1)
    number = next(n for n in count(1) if isinstance(retry.after(throttled, n, chance=0), GiveUp))
    assert len(pauses(NotSent("slack"))) == number - 1


@given(failures, chances)
def test_what_is_given_up_once_stays_so(number: int, chance: float) -> None:
    for error, _ in KINDS:
        if isinstance(retry.after(error, number, chance=chance), GiveUp):
            assert isinstance(retry.after(error, number + 1, chance=chance), GiveUp)


def test_the_reason_is_the_type_and_nothing_of_what_it_says() -> None:
    assert retry.reason_of(NotSent("slack", "secret")) == "NotSent"
    assert retry.reason_of(KeyError("secret")) == "broken.KeyError"
