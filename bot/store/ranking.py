"""BM25 over the candidates of a search, counted among the asking channel's passages alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    Holders = Mapping[str, AbstractSet[int]]
    """The ids of the passages that hold a term, of each term."""

# Robertson and Zaragoza, The Probabilistic Relevance Framework (2009); the values measured best
# on news questions.
_K1 = 0.9
_B = 0.4


def weights(holders: Holders, *, total: int) -> dict[str, float]:
    """Return how much each term weighs among `total` passages: the rarer, the more."""
    return {
        term: math.log(1 + (total - len(ids) + 0.5) / (len(ids) + 0.5))
        for term, ids in holders.items()
    }


def shortlist(holders: Holders, weight: Mapping[str, float], *, most: int) -> list[int]:
    """Return the passages whose terms weigh most together; of equals the later ones."""
    scores: dict[int, float] = {}
    for term, ids in holders.items():
        for one in ids:
            scores[one] = scores.get(one, 0.0) + weight[term]
    return sorted(scores, key=lambda one: (scores[one], one), reverse=True)[:most]


def best(texts: Mapping[int, str], holders: Holders, weight: Mapping[str, float]) -> list[int]:
    """Return the ids of the passages given with their terms, best first; of equals the later."""
    words = {one: text.split() for one, text in texts.items()}
    usual_length = sum(map(len, words.values())) / max(1, len(words)) or 1.0

    def score(one: int) -> float:
        norm = _K1 * (1 - _B + _B * len(words[one]) / usual_length)
        # The index may see a term where splitting at blanks does not: "1,500" in "(1,500)".
        counts = {
            term: max(1, words[one].count(term)) for term, ids in holders.items() if one in ids
        }
        return sum(
            weight[term] * count * (_K1 + 1) / (count + norm) for term, count in counts.items()
        )

    return sorted(texts, key=lambda one: (score(one), one), reverse=True)
