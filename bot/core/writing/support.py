"""How much of a claim's wording, in its order, the article holds: a score, not a proof.

Untrained mean of three shares, for each sentence of the claim (AUROC .89 on FactCC and .71 on
CoGenSumm validation): the claim's meaning held by the one sentence that holds most of it;
its runs of three meaning-carrying words; its pairs of neighbouring ones that stand in this
order, close together, in one sentence. It measures copying: a faithful paraphrase scores low.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import log1p
from typing import TYPE_CHECKING

from bot.core.language.sentences import split
from bot.core.writing.sentences import passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.writing.sentences import Sentence

_NEAR = 5
# Claims may come in lower case, where the splitter sees no beginning of a sentence.
_STOP = re.compile(r"(?<=[^\W_]{2}[.!?])\s+")


class Wording:
    """How the sentences of an article put things, made ready for many claims."""

    def __init__(self, found: Sequence[Sentence]) -> None:
        self._held = [set(sentence.stems) for sentence in found]
        self._spread = Counter(stem for stems in self._held for stem in stems)
        everything = [stem for sentence in found for stem in sentence.content]
        self._runs = set(zip(everything, everything[1:], everything[2:], strict=False))
        self._near = {
            (stem, other)
            for sentence in found
            for at, stem in enumerate(sentence.content)
            for other in sentence.content[at + 1 : at + _NEAR]
        }

    def support(self, claim: str, language: str | None) -> float:
        """Return 0 to 1 for a claim of one or more sentences."""
        if not self._held:
            return 0.0
        pieces = [
            passage(piece, language)
            for start, end in split(claim, language)
            for piece in _STOP.split(claim[start:end])
        ]
        scored = [self._of_sentence(piece) for piece in pieces if piece.stems]
        return sum(scored) / len(scored) if scored else 0.0

    def _of_sentence(self, claim: Sentence) -> float:
        weights = [log1p(len(self._held) / (self._spread[stem] or 0.5)) for stem in claim.stems]
        best = max(
            sum(weight for stem, weight in zip(claim.stems, weights, strict=True) if stem in held)
            for held in self._held
        ) / sum(weights)
        content = claim.content
        triples = list(zip(content, content[1:], content[2:], strict=False))
        pairs = list(pairwise(content))
        in_order = sum(pair in self._near for pair in pairs) / len(pairs) if pairs else best
        in_runs = sum(run in self._runs for run in triples) / len(triples) if triples else in_order
        return (best + in_runs + in_order) / 3
