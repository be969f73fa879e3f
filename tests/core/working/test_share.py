"""Whose work goes first."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.working import share
from bot.model import Channel, Workspace

counts = st.integers(0, 5_000)


def test_who_has_nothing_waiting_comes_first() -> None:
    assert share.priority(0) == 0
    assert [share.priority(count) for count in (1, 2, 3, 4, 100)] == [-1, -2, -2, -3, -7]


@given(counts, counts)
def test_who_has_more_waiting_never_comes_before(one: int, other: int) -> None:
    if one < other:
        assert share.priority(one) >= share.priority(other)


def test_beyond_what_is_counted_more_makes_no_difference() -> None:
    assert share.priority(share.COUNTED) == share.priority(10**9)
    assert share.priority(share.COUNTED - 1) > share.priority(share.COUNTED)


def test_workspaces_and_threads_are_told_apart() -> None:
    slack, matrix = (Workspace(platform=name, id="T1") for name in ("slack", "matrix"))
    assert share.name_of(slack) != share.name_of(matrix)
    locks = {
        share.lock_of(Channel(workspace=scope, id=channel), thread)
        for scope in (slack, matrix)
        for channel in ("a", "b")
        for thread in ("1", "2")
    }
    assert len(locks) == 8
