"""Lists within statements come in few lengths."""

import pytest

from bot.store.lists import few_lengths


@pytest.mark.parametrize(("count", "length"), [(0, 0), (1, 1), (2, 2), (3, 4), (9, 16), (500, 512)])
def test_lengths_are_powers_of_two(count: int, length: int) -> None:
    padded = few_lengths(range(count))
    assert len(padded) == length
    assert set(padded) == set(range(count))
