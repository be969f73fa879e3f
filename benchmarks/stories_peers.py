"""Two plain ways to group articles, to be better than: single link over words."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations
from typing import TYPE_CHECKING

from bot.core.language.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.model import Article, Mention

    Alike = Callable[[Sequence[Mention]], Mapping[tuple[int, int], float]]


def jaccard(mentions: Sequence[Mention]) -> dict[tuple[int, int], float]:
    """Return for each pair the share of their stems that both have."""
    held = [frozenset(_stems(mention.article)) for mention in mentions]
    return {
        (one, other): len(held[one] & held[other]) / max(1, len(held[one] | held[other]))
        for one, other in combinations(range(len(held)), 2)
    }


def tfidf(mentions: Sequence[Mention]) -> dict[tuple[int, int], float]:
    """Return for each pair the cosine of their stems, weighed by how few of the articles have them.

    Smoothed as in scikit-learn, so that two articles by themselves can be compared.
    """
    counted = [Counter(_stems(mention.article)) for mention in mentions]
    spread = Counter(stem for counts in counted for stem in counts)
    vectors = []
    for counts in counted:
        vector = {
            stem: number * (1 + math.log((1 + len(counted)) / (1 + spread[stem])))
            for stem, number in counts.items()
        }
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        vectors.append({stem: weight / length for stem, weight in vector.items()})
    return {
        (one, other): sum(
            weight * vectors[other].get(stem, 0.0) for stem, weight in vectors[one].items()
        )
        for one, other in combinations(range(len(vectors)), 2)
    }


def linked(
    mentions: Sequence[Mention], alike: Mapping[tuple[int, int], float], least: float
) -> list[list[Mention]]:
    """Return the groups in which each article is alike enough to one other at least."""
    group = list(range(len(mentions)))
    for (one, other), score in alike.items():
        if score >= least and group[one] != group[other]:
            gone, kept = group[other], group[one]
            group = [kept if at == gone else at for at in group]
    return [
        [mentions[at] for at, own in enumerate(group) if own == name] for name in sorted(set(group))
    ]


def _stems(item: Article) -> list[str]:
    return content_stems(" ".join((item.headline or "", *item.paragraphs)), item.language)
