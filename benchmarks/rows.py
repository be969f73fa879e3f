"""The rows that are measured: the program's input, and under `expected` what should come out.

They come from the benchmark folder that BRIEFBOT_BENCH names, or else from `seeds/`. Both have
the same shape, so that one scorer's figures can be read like the other's.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import scoring

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from benchmarks.program import Row

    Scorer = Callable[[Sequence[Row], Mapping[str, Row]], Iterable[tuple[str, float]]]

TASKS = ("reading", "leads", "briefing", "answering", "checking")
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where rows come from, and the scorer that belongs to them."""

    name: str
    read: Callable[[str], list[Row]]
    scorer: Callable[[str], Scorer]

    def rows(self, task: str, sample: int | None = None) -> list[Row]:
        """Return a task's rows; with `sample`, that many, evenly spread, always the same."""
        rows = self.read(task)
        if sample is None or sample >= len(rows):
            return rows
        return [rows[i * len(rows) // sample] for i in range(sample)]


def bench_folder() -> Path | None:
    """Return the folder that BRIEFBOT_BENCH names, if it holds the benchmark data."""
    named = os.environ.get("BRIEFBOT_BENCH")  # noqa: TID251 - the program never reads this one
    folder = Path(named, "bench") if named else None
    return folder if folder and (folder / "score.py").is_file() else None


def source() -> Source:
    """Return the benchmark data where there is any, or else the seeds."""
    folder = bench_folder()
    return bench(folder) if folder else seeds()


def seeds() -> Source:
    """Return the sample pages of this repository."""
    return Source(name="seeds", read=_seed_rows, scorer=_own_scorer)


def bench(folder: Path) -> Source:
    """Return the benchmark data of a folder, with the scorer that lies beside it."""

    def read(task: str) -> list[Row]:
        with gzip.open(folder / f"{task}.jsonl.gz", "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file if line.strip()]

    def scorer(task: str) -> Scorer:
        if task == "checking":  # its own ranks over an empty table and fails on any input
            return scoring.checking
        spec = importlib.util.spec_from_file_location("briefbot_bench_score", folder / "score.py")
        if spec is None or spec.loader is None:
            raise ImportError(f"{folder / 'score.py'} cannot be loaded")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found: Scorer = getattr(module, task)
        return found

    return Source(name="bench", read=read, scorer=scorer)


def _own_scorer(task: str) -> Scorer:
    return scoring.SCORERS[task]


def _seed_rows(task: str) -> list[Row]:
    shape = {"reading": _reading, "leads": _leads, "briefing": _briefing, "answering": _answering}
    if task not in shape:
        return []
    wanted = [(path, json.loads(path.read_text("utf-8"))) for path in _expected_files()]
    return [
        row for path, want in wanted for row in shape[task](path.name.split(".expected")[0], want)
    ]


def _expected_files() -> list[Path]:
    return sorted(SEEDS.glob("*.expected.json"))


def _reading(name: str, want: Row) -> Iterator[Row]:
    page = SEEDS / f"{name}.html"
    if page.is_file():
        body = "\n".join(want.get("paragraphs") or [])
        given = {"id": name, "url": want.get("url"), "html": page.read_text("utf-8")}
        yield given | {"expected": want | {"body": body}}


def _leads(name: str, want: Row) -> Iterator[Row]:
    if want.get("lead_bullets"):
        yield from _reading(name, want)


def _briefing(name: str, want: Row) -> Iterator[Row]:
    """Briefs are held against the page's own lead bullets; sumy and ROUGE know English."""
    if want.get("lead_bullets") and want["language"] == "en":
        yield {
            "id": name,
            "headline": want["headline"],
            "paragraphs": want["paragraphs"],
            "bullets": len(want["lead_bullets"]),
            "expected": {"lead_bullets": want["lead_bullets"]},
        }


def _answering(name: str, want: Row) -> Iterator[Row]:
    questions = want.get("questions") or {"answered": [], "absent": []}
    asked = [(one["question"], one["words"]) for one in questions["answered"]]
    asked += [(question, []) for question in questions["absent"]]
    for number, (question, words) in enumerate(asked, 1):
        yield {
            "id": f"{name}:{number}",
            "headline": want["headline"],
            "paragraphs": want["paragraphs"],
            "question": question,
            "expected": {"words": words},
        }
