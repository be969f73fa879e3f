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
    pages = [(page, json.loads(_expected(page).read_text("utf-8"))) for page in seed_pages()]
    shape = {"reading": _reading, "leads": _leads, "briefing": _briefing, "answering": _answering}
    return [row for page in pages for row in shape[task](*page)] if task in shape else []


def seed_pages() -> list[Path]:
    """Return the HTML pages of `seeds/` that have their expected reading beside them."""
    return [page for page in sorted(SEEDS.glob("*.html")) if _expected(page).is_file()]


def _expected(page: Path) -> Path:
    return page.with_name(f"{page.stem}.expected.json")


def _reading(page: Path, want: Row) -> Iterator[Row]:
    body = "\n".join(want.get("paragraphs") or [])
    given = {"id": page.stem, "url": want.get("url"), "html": page.read_text("utf-8")}
    yield given | {"expected": want | {"body": body}}


def _leads(page: Path, want: Row) -> Iterator[Row]:
    if want.get("lead_bullets"):
        yield from _reading(page, want)


def _briefing(page: Path, want: Row) -> Iterator[Row]:
    bullets, paragraphs = want.get("lead_bullets"), want.get("paragraphs")
    if bullets and paragraphs and (want.get("language") or "en").startswith("en"):
        yield {
            "id": page.stem,
            "headline": want.get("headline"),
            "paragraphs": paragraphs,
            "bullets": len(bullets),
            "expected": {"lead_bullets": bullets},
        }


def _answering(page: Path, want: Row) -> Iterator[Row]:
    for number, asked in enumerate(want.get("questions") or [], 1):
        yield {
            "id": f"{page.stem}:{number}",
            "headline": want.get("headline"),
            "paragraphs": want.get("paragraphs") or [],
            "question": asked["question"],
            "expected": asked,
        }
