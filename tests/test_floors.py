"""Quality does not fall: a fixed sample of the benchmark data, and every seed, by the command."""

from __future__ import annotations

import pytest

from benchmarks import rows
from benchmarks.__main__ import figures
from benchmarks.floors import floors

pytestmark = [pytest.mark.bench, pytest.mark.timeout(120), pytest.mark.enable_socket]


@pytest.mark.parametrize("task", rows.TASKS)
def test_the_benchmark_sample_keeps_its_floors(task: str) -> None:
    folder = rows.bench_folder()
    if folder is None:
        pytest.skip("BRIEFBOT_BENCH names no folder with the benchmark data")
    bounds = floors("sample", task)
    found = figures(rows.bench(folder), task, bounds.rows)
    assert bounds.missed(found) == {}, found


@pytest.mark.parametrize("task", ["reading", "leads", "briefing", "answering"])
def test_the_seeds_keep_their_floors(task: str) -> None:
    assert rows.seeds().rows(task), "seeds/ has no rows for this"
    found = figures(rows.seeds(), task)
    assert floors("seeds", task).missed(found) == {}, found
