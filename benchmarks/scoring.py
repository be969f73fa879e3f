"""Scores what came out against the seeds; the benchmark data brings a scorer of its own."""

from __future__ import annotations

import re
import statistics
from bisect import bisect_left, bisect_right
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from benchmarks.program import Row

_SHINGLE = 4


def reading(expected: Sequence[Row], got: Mapping[str, Row]) -> Iterator[tuple[str, float]]:
    """Verdicts and metadata that are right; F1 of the body's 4-word shingles."""
    pages = [(row["expected"], got.get(row["id"], {})) for row in expected]
    articles = [(want, out) for want, out in pages if want["verdict"] == "article"]
    yield "pages", len(pages)
    yield "verdict", _mean(out.get("verdict") == want["verdict"] for want, out in pages)
    yield (
        "F1",
        _mean(_f1(want["body"], "\n".join(out.get("paragraphs") or [])) for want, out in articles),
    )
    for name in (
        "headline",
        "standfirst",
        "published",
        "authors",
        "captions",
        "language",
        "publisher",
    ):
        known = [(want[name], out.get(name)) for want, out in articles if want.get(name)]
        if known:
            yield name, _mean(want == have for want, have in known)


def leads(expected: Sequence[Row], got: Mapping[str, Row]) -> Iterator[tuple[str, float]]:
    """Lead bullets that were found, word for word, and how many were none."""
    pairs = [
        (row["expected"]["lead_bullets"], got.get(row["id"], {}).get("lead_bullets") or [])
        for row in expected
    ]
    found = sum(bullet in have for want, have in pairs for bullet in want)
    wrong = sum(bullet not in want for want, have in pairs for bullet in have)
    yield "pages", len(pairs)
    yield "lead bullets found", found / max(1, sum(len(want) for want, _ in pairs))
    yield "wrong bullets per page", wrong / max(1, len(pairs))


def briefing(expected: Sequence[Row], got: Mapping[str, Row]) -> Iterator[tuple[str, float]]:
    """ROUGE F1 against the page's own lead bullets, and bullets without an exact proof."""
    from rouge_score.rouge_scorer import RougeScorer  # noqa: PLC0415 - brings numpy and nltk along

    scorer = RougeScorer(["rouge1", "rouge2", "rougeLsum"], use_stemmer=True)
    scores = []
    for row in expected:
        bullets = [bullet["text"] for bullet in got.get(row["id"], {}).get("bullets") or []]
        scores.append(scorer.score("\n".join(row["expected"]["lead_bullets"]), "\n".join(bullets)))
    for name, measure in (("R1", "rouge1"), ("R2", "rouge2"), ("RL", "rougeLsum")):
        yield name, _mean(100 * score[measure].fmeasure for score in scores)
    yield (
        "bullets whose evidence is not an exact span",
        sum(
            not _proven(bullet, row["paragraphs"])
            for row in expected
            for bullet in got.get(row["id"], {}).get("bullets") or []
        ),
    )


def answering(expected: Sequence[Row], got: Mapping[str, Row]) -> Iterator[tuple[str, float]]:
    """Quotes that hold the words they should, and answers where the page does not say."""
    pairs = [(row, got.get(row["id"], {})) for row in expected]
    quotes = [(row, quote) for row, out in pairs for quote in out.get("quotes") or []]
    said = [(row["expected"]["words"], out) for row, out in pairs if row["expected"]["words"]]
    unsaid = [out for row, out in pairs if not row["expected"]["words"]]
    yield "questions", len(pairs)
    yield "hit@1", _mean(_holds(words, out, 1) for words, out in said)
    yield "hit@3", _mean(_holds(words, out, 3) for words, out in said)
    yield "answered outright", _mean(out.get("voice") == "says" for _, out in said)
    yield "answered outright though absent", _mean(out.get("voice") == "says" for out in unsaid)
    yield (
        "quotes that are exact spans",
        _mean(_exact(quote, row["paragraphs"]) for row, quote in quotes if quote["part"] == "body"),
    )


def checking(expected: Sequence[Row], got: Mapping[str, Row]) -> Iterator[tuple[str, float]]:
    """How well support and the hard rules part faithful from unfaithful claims, set by set.

    AUROC: how often a faithful claim has more support than an unfaithful one; ties count half.
    """
    for name in sorted({row["id"].split(":")[0] for row in expected}):
        rows = [row for row in expected if row["id"].split(":")[0] == name]
        good, bad = (
            [got.get(row["id"], {}) for row in rows if row["expected"]["faithful"] == label]
            for label in (1, 0)
        )
        yield f"{name} claims", len(rows)
        yield f"{name} AUROC of support", _auroc(_supports(good), _supports(bad))
        yield f"{name} unfaithful blocked", _mean(out.get("outcome") == "block" for out in bad)
        yield f"{name} faithful blocked", _mean(out.get("outcome") == "block" for out in good)


SCORERS = {"reading": reading, "leads": leads, "briefing": briefing, "answering": answering}


def _mean(values: Iterable[float]) -> float:
    known = [float(value) for value in values]
    return statistics.mean(known) if known else 0.0


def _supports(outputs: Sequence[Row]) -> list[float]:
    return sorted(out.get("support") or 0.0 for out in outputs)


def _auroc(good: Sequence[float], bad: Sequence[float]) -> float:
    won = sum((bisect_left(bad, support) + bisect_right(bad, support)) / 2 for support in good)
    return won / max(1, len(good) * len(bad))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[i : i + _SHINGLE]) for i in range(max(1, len(words) - _SHINGLE + 1)))


def _f1(want: str, have: str) -> float:
    a, b = _shingles(have), _shingles(want)
    return 2 * (a & b).total() / (a.total() + b.total())


def _exact(span: Row, paragraphs: Sequence[str]) -> bool:
    number, start, end = span["paragraph"], span["start"], span["end"]
    if not 0 <= number < len(paragraphs) or start >= end:
        return False
    return paragraphs[number][start:end] == str(span["quote"])


def _proven(bullet: Row, paragraphs: Sequence[str]) -> bool:
    spans = bullet.get("evidence") or []
    return bool(spans) and all(_exact(span, paragraphs) for span in spans)


def _holds(words: Sequence[str], out: Row, first: int) -> bool:
    """Say whether one of the first quotes has all of the words."""
    quotes = (out.get("quotes") or [])[:first]
    return any(all(word in quote["quote"] for word in words) for quote in quotes)
