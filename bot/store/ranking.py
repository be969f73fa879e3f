"""BM25 over the candidates of a search, counted among the asking channel's passages alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Robertson and Zaragoza, The Probabilistic Relevance Framework (2009); the values measured best
# on news questions.
_K1 = 0.9
_B = 0.4


def best(candidates: Sequence[tuple[int, str]], terms: Sequence[str], *, total: int) -> list[int]:
    """Return the ids of the candidates, best first; of equals the later one first.

    Args:
        candidates: every passage that holds any of the terms, as its id and its own terms.
        terms: what is looked for, without repeats.
        total: how many passages there are to choose from.
    """
    wanted = frozenset(terms)
    lengths: dict[int, int] = {}
    counts: dict[int, dict[str, int]] = {}
    held = dict.fromkeys(terms, 0)
    for one, its_terms in candidates:
        words = its_terms.split()
        lengths[one] = len(words)
        counts[one] = {term: words.count(term) for term in wanted.intersection(words)}
        for term in counts[one]:
            held[term] += 1
    usual_length = sum(lengths.values()) / max(1, len(lengths)) or 1.0
    weights = {
        term: math.log(1 + (total - among + 0.5) / (among + 0.5)) for term, among in held.items()
    }

    def score(one: int) -> float:
        norm = _K1 * (1 - _B + _B * lengths[one] / usual_length)
        return sum(
            weights[term] * count * (_K1 + 1) / (count + norm)
            for term, count in counts[one].items()
        )

    return sorted(lengths, key=lambda one: (score(one), one), reverse=True)
