"""Quality does not fall: a fixed sample of the benchmark data, and every seed, by the command."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks import model, rows, stories
from benchmarks.__main__ import figures
from benchmarks.floors import floors
from benchmarks.modelled import article_of, stand_in

pytestmark = [pytest.mark.bench, pytest.mark.timeout(600), pytest.mark.enable_socket]


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


def test_a_lying_model_gets_nothing_past_us() -> None:
    written = rows.seeds().rows("briefing")
    articles = [article_of(row) for row in written]
    with stand_in() as server:
        told = asyncio.run(model.lies(server, articles))
    found = {"lies": told, "true": model.true_bullets(articles), "people": model.by_people(written)}
    for name, figures_ in found.items():
        assert floors("model", name).missed(figures_) == {}, figures_


def test_stories_and_clashes_keep_their_floors_and_are_better_than_the_peers() -> None:
    found = stories.figures()
    assert floors("seeds", "stories").missed(found["briefbot"]) == {}, found
    for peer in ("jaccard", "tf-idf"):
        assert found["briefbot"]["F1, held out"] > found[peer]["F1, held out"]
