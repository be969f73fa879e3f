"""Train the weights of the embedded writer's ranker: a ridge regression, nothing more.

    BRIEFBOT_BENCH=<folder> python benchmarks/train_ranker.py [--write]

Prints the five-fold cross-validated gain in ROUGE-1 and ROUGE-2 F1 over the first sentences;
`--write` trains on all rows and replaces bot/core/writing/ranker.json. Needs numpy and
rouge-score, which the program itself does not.

Target of a candidate sentence: the words and word pairs that it shares with the article's own
lead bullets, as shares of theirs, less a price for each of its own.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rouge_score.tokenizers import DefaultTokenizer

from bot.core.writing import extract
from bot.core.writing.features import FEATURES, features
from bot.core.writing.form import bullet_text
from bot.model import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent.parent / "bot/core/writing/ranker.json"
WORD_PRICE, PAIR_PRICE = 0.15, 0.0525
RIDGE = 30.0
FOLDS = 5
# No row of the bench has a headline to learn from; chosen by reading pages that have one.
TITLE_WEIGHT = 0.05

TOKENS = DefaultTokenizer(use_stemmer=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One article: its features and targets by sentence, and the bullets to come close to."""

    article: Article
    site: str
    bullets: int
    reference: list[str]
    first: list[str]
    rows: NDArray[np.float64]
    targets: NDArray[np.float64]


def overlap(one: Sequence[object], other: Sequence[object]) -> int:
    """Return how many items two lists share, counting repetitions."""
    return sum((Counter(one) & Counter(other)).values())


def rouge(said: Sequence[str], reference: Sequence[str]) -> tuple[float, float]:
    """Return ROUGE-1 and ROUGE-2 F1, in points."""
    words = 200 * overlap(said, reference) / max(len(said) + len(reference), 1)
    ours, theirs = pairs(said), pairs(reference)
    return words, 200 * overlap(ours, theirs) / max(len(ours) + len(theirs), 1)


def pairs(tokens: Sequence[str]) -> list[tuple[str, str]]:
    return list(pairwise(tokens))


def sample(row: dict[str, Any]) -> Sample | None:
    """Turn a row of the bench into features and targets; None where it has no sentences."""
    expected = row["expected"]
    paragraphs, bullets = row["paragraphs"], row["bullets"]
    article = Article(url=None, version=row["id"], language="en", paragraphs=tuple(paragraphs))
    body = extract.candidates(article, "en", most=400)
    if not body:
        return None
    reference = TOKENS.tokenize("\n".join(expected["lead_bullets"]))
    texts = [TOKENS.tokenize(bullet_text(sentence.text, "en")) for sentence in body]
    targets = [
        (overlap(tokens, reference) - WORD_PRICE * len(tokens)) / max(len(reference), 1)
        + (overlap(pairs(tokens), pairs(reference)) - PAIR_PRICE * len(pairs(tokens)))
        / max(len(pairs(reference)), 1)
        for tokens in texts
    ]
    return Sample(
        article=article,
        site=expected["site"],
        bullets=bullets,
        reference=reference,
        first=[token for tokens in texts[:bullets] for token in tokens],
        rows=np.array(features(body, (), "en", bullets=bullets)),
        targets=np.array(targets),
    )


def fit(samples: Sequence[Sample]) -> dict[str, float]:
    """Return the weights of a ridge regression on standardised features."""
    rows = np.vstack([one.rows for one in samples])
    targets = np.concatenate([one.targets for one in samples])
    deviation = rows.std(0) + 1e-9
    scaled = (rows - rows.mean(0)) / deviation
    solved = np.linalg.solve(
        scaled.T @ scaled + RIDGE * np.eye(len(FEATURES)), scaled.T @ (targets - targets.mean())
    )
    weights = {
        name: round(float(value), 5)
        for name, value in zip(FEATURES, solved / deviation, strict=True)
    }
    return weights | {"title": TITLE_WEIGHT}


def gains(samples: Sequence[Sample], weights: dict[str, float]) -> list[tuple[str, float, float]]:
    """Return (site, gain in R1, gain in R2) of the program's briefs, in points."""
    found = []
    for one in samples:
        brief = extract.write(one.article, bullets=one.bullets, weights=weights)
        said = TOKENS.tokenize("\n".join(bullet.text for bullet in brief.bullets))
        ours, first = rouge(said, one.reference), rouge(one.first, one.reference)
        found.append((one.site, ours[0] - first[0], ours[1] - first[1]))
    return found


def cross_validate(samples: Sequence[Sample]) -> None:
    """Print the gains of each site on rows that the weights were not trained on."""
    found = []
    for fold in range(FOLDS):
        kept = [one for at, one in enumerate(samples) if at % FOLDS != fold]
        found += gains(samples[fold::FOLDS], fit(kept))
    for site in ("", *sorted({site for site, _, _ in found})):
        part = [row for row in found if site in ("", row[0])]
        means = [float(np.mean([row[at] for row in part])) for at in (1, 2)]
        print(f"{site or 'all'}: {len(part)} articles, R1 {means[0]:+.2f}, R2 {means[1]:+.2f}")


def main() -> None:
    """Cross-validate; with --write, train on everything and store the weights."""
    source = Path(os.environ["BRIEFBOT_BENCH"]) / "bench/briefing.jsonl.gz"  # noqa: TID251 - a script, not the program
    with gzip.open(source, "rt", encoding="utf8") as lines:
        samples = [one for line in lines if (one := sample(json.loads(line)))]
    cross_validate(samples)
    if "--write" in sys.argv:
        digest = hashlib.sha256(source.read_bytes()).hexdigest()
        provenance = f"benchmarks/train_ranker.py on {source.name} (sha256 {digest[:16]})"
        stored = {"provenance": provenance, "weights": fit(samples)}
        WEIGHTS.write_text(json.dumps(stored, indent=2) + "\n", encoding="utf8")


if __name__ == "__main__":
    main()
