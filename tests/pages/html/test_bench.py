"""The quality floor on real pages: figures may only rise. Needs BRIEFBOT_BENCH."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.pages.html.extract import extract

SAMPLE = 2  # every other page: the whole set is for `benchmarks/`
FLOORS = {"fundus F1": 0.95, "zyte F1": 0.96, "headline": 0.82, "published": 0.97, "authors": 0.83}


pytestmark = pytest.mark.bench


@pytest.fixture(scope="module")
def bench():
    folder = os.environ.get("BRIEFBOT_BENCH")
    if not folder:
        pytest.skip("BRIEFBOT_BENCH names no folder with bench/reading.jsonl.gz")
    return Path(folder) / "bench"


def rows(path, step):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines][::step]


def read(row):
    reading = extract(row["html"], row["url"])
    found = reading.article
    return {
        "id": row["id"],
        "verdict": reading.verdict,
        "headline": found.headline,
        "standfirst": found.standfirst,
        "lead_bullets": found.lead_bullets,
        "paragraphs": found.paragraphs,
        "captions": found.captions,
        "authors": found.authors,
        "published": str(found.published or ""),
    }


def score(bench, kind, expected, tmp_path):
    wanted = tmp_path / "expected.jsonl"
    wanted.write_text("".join(json.dumps(row) + "\n" for row in expected), "utf-8")
    answers = [read(row) for row in expected]
    run = subprocess.run(  # noqa: S603 - the bench's own scorer
        [sys.executable, str(bench / "score.py"), kind, str(wanted)],
        input="".join(json.dumps(answer) + "\n" for answer in answers),
        capture_output=True,
        text=True,
        check=True,
    )
    pairs = (line.rsplit(" ", 1) for line in run.stdout.splitlines()[1:])
    return answers, {name: float(value) for name, value in pairs}


def test_reading_stays_above_its_floor(bench, tmp_path):
    answers, figures = score(bench, "reading", rows(bench / "reading.jsonl.gz", SAMPLE), tmp_path)
    assert {name: figures[name] for name, floor in FLOORS.items() if figures[name] < floor} == {}
    assert figures["pages with a caption in the body"] <= 0.02
    assert figures["pages said to have lead bullets"] <= 0.15
    readable = [answer["verdict"] in {"article", "teaser"} for answer in answers]
    assert sum(readable) >= 0.97 * len(readable)


def test_lead_bullets_stay_above_their_floor(bench, tmp_path):
    _, figures = score(bench, "leads", rows(bench / "leads.jsonl.gz", 1), tmp_path)
    assert figures["lead bullets found"] >= 0.92
    assert figures["pages with all"] >= 0.85
    assert figures["wrong bullets per page"] <= 0.3
