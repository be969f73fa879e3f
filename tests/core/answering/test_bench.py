"""Floors that only rise, on the bench and the sample that BRIEFBOT_BENCH points to."""

import gzip
import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.core.answering.answer import answer
from bot.model import Article, Channel, Question, Thread, Voice, Workspace

FOLDER = os.environ.get("BRIEFBOT_BENCH")
pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not FOLDER, reason="BRIEFBOT_BENCH is not set"),
]
THREAD = Thread(channel=Channel(workspace=Workspace(platform="t", id="w"), id="c"), id="1")
EVERY = 7


def ask(article, text):
    asked_at = datetime(2026, 3, 4, tzinfo=UTC)
    return answer([article], Question(thread=THREAD, asker="a", text=text, asked_at=asked_at))


@pytest.fixture(scope="module")
def rows():
    path = Path(FOLDER) / "bench" / "answering.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf8") as lines:
        return [json.loads(line) for place, line in enumerate(lines) if place % EVERY == 0]


@pytest.fixture(scope="module")
def answers(rows):
    return [
        ask(
            Article(
                url=None,
                version="v",
                language="en",
                headline=row["headline"],
                paragraphs=tuple(row["paragraphs"]),
            ),
            row["question"],
        )
        for row in rows
    ]


def bare(text):
    return re.sub(r"\W+", "", text).casefold()


def holds_gold(row, quotes):
    gold = [bare(one) for one in row["expected"]["answers"] + row["expected"]["gold"] if bare(one)]
    return any(one in bare(quote.quote) for one in gold for quote in quotes)


def share(values):
    values = list(values)
    return sum(values) / len(values)


def test_the_answer_is_among_the_quotes(rows, answers):
    can = [pair for pair in zip(rows, answers, strict=True) if pair[0]["expected"]["answerable"]]
    assert share(holds_gold(row, said.quotes[:1]) for row, said in can) >= 0.80
    assert share(holds_gold(row, said.quotes[:3]) for row, said in can) >= 0.92
    assert share(said.voice is Voice.SAYS for _, said in can) >= 0.86


@pytest.mark.parametrize(("kind", "most"), [("other", 0.05), ("adversarial", 0.67)])
def test_what_is_not_there_is_seldom_answered_outright(rows, answers, kind, most):
    absent = [
        said
        for row, said in zip(rows, answers, strict=True)
        if not row["expected"]["answerable"] and row["expected"]["kind"] == kind
    ]
    assert share(said.voice is Voice.SAYS for said in absent) <= most


@pytest.fixture(scope="module")
def sample():
    (path,) = (Path(FOLDER) / "seeds").glob("*.txt")
    lines = [line.strip() for line in path.read_text("utf-8").splitlines() if line.strip()]
    body = [line for line in lines[2:] if not line.startswith("•") and "pictured" not in line]
    bullets = tuple(line.lstrip("• ") for line in lines if line.startswith("•"))
    return Article(
        url=None,
        version="v",
        language="en",
        headline=lines[0],
        standfirst=lines[1],
        lead_bullets=bullets,
        paragraphs=tuple(body),
    )


def test_the_sample_does_not_say_how_many(sample):
    assert ask(sample, "How many militias came?").voice is not Voice.SAYS


def test_the_sample_says_when_they_met(sample):
    said = ask(sample, "When did they meet?")
    assert said.voice is Voice.SAYS
    assert "three weeks ago" in said.text
