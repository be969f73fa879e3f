"""Which sentence of an article is nearest to a question: BM25 with its surroundings.

The recipe and its figures: BM25 over sentences (k1 0.9, b 0.4), 0.7 times the same over the
paragraph, 0.15 times each neighbour's, a small bonus for the opening, and a penalty where the
sentence holds nothing of the kind asked for. It beat plain BM25, SQLite's FTS5 and small
embeddings on SQuAD 2.0 and on news questions.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering.expressions import holds
from bot.core.answering.terms import terms
from bot.core.language.sentences import split
from bot.core.writing.evidence import texts
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from bot.core.answering.question import Kind
    from bot.model import Article

_K1, _B = 0.9, 0.4
_PARAGRAPH, _NEIGHBOUR = 0.7, 0.15
_LEAD, _LEAD_REACH = 0.2, 8.0
_WRONG_KIND = 0.25
_BESIDE_BODY = 0.9
"""What a standfirst's or lead bullet's sentence counts: the body goes first where equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of an article: its place, its words, and its stems with their counts.

    `block` counts the texts (paragraphs, standfirst, lead bullets) of the article in order.
    """

    part: Part
    paragraph: int
    start: int
    end: int
    text: str
    block: int
    counts: Mapping[str, int]


class Counts:
    """BM25 over a handful of texts, each given as the counts of its stems."""

    def __init__(self, texts: Sequence[Mapping[str, int]]) -> None:
        self._texts = texts
        self._lengths = [sum(counts.values()) for counts in texts]
        self._mean = max(1.0, sum(self._lengths) / max(1, len(texts)))
        self._frequencies = Counter(term for counts in texts for term in counts)

    def scores(self, asked: Collection[str]) -> list[float]:
        """Return the score of each text for the stems asked for, 0 where none is in it."""
        number = len(self._texts)
        idf = {
            term: math.log(1 + (number - found + 0.5) / (found + 0.5))
            for term in asked
            if (found := self._frequencies[term])
        }
        scores = []
        for counts, length in zip(self._texts, self._lengths, strict=True):
            norm = _K1 * (1 - _B + _B * length / self._mean)
            scores.append(
                sum(
                    weight * count * (_K1 + 1) / (count + norm)
                    for term, weight in idf.items()
                    if (count := counts.get(term))
                )
            )
        return scores


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """An article cut into sentences and counted."""

    sentences: Sequence[Sentence]
    by_sentence: Counts
    by_block: Counts

    def beside(self, place: int) -> list[int]:
        """Return the places of the sentences before and after one, within the same part."""
        part = self.sentences[place].part
        return [
            other
            for other in (place - 1, place + 1)
            if 0 <= other < len(self.sentences) and self.sentences[other].part is part
        ]

    def around(self, place: int) -> set[str]:
        """Return the stems of a sentence and of those beside it."""
        return {term for at in (place, *self.beside(place)) for term in self.sentences[at].counts}


def index(article: Article, language: str | None) -> Indexed:
    """Cut an article's standfirst, lead bullets and body into counted sentences, in order."""
    sentences: list[Sentence] = []
    blocks: list[Counter[str]] = []
    for part, paragraph, text in texts(article, Part.STANDFIRST, Part.LEAD_BULLET, Part.BODY):
        block: Counter[str] = Counter()
        for start, end in split(text, language):
            counts = Counter(terms(text[start:end], language))
            block.update(counts)
            sentences.append(
                Sentence(
                    part=part,
                    paragraph=paragraph,
                    start=start,
                    end=end,
                    text=text[start:end],
                    block=len(blocks),
                    counts=counts,
                )
            )
        blocks.append(block)
    return Indexed(
        sentences=sentences,
        by_sentence=Counts([sentence.counts for sentence in sentences]),
        by_block=Counts(blocks),
    )


def scores(indexed: Indexed, asked: Collection[str], kind: Kind) -> list[float]:
    """Return how near each sentence is to the stems of a question of a kind."""
    own = indexed.by_sentence.scores(asked)
    block = indexed.by_block.scores(asked)
    raw = []
    body = 0
    for place, sentence in enumerate(indexed.sentences):
        score = own[place] + _PARAGRAPH * block[sentence.block]
        score += _NEIGHBOUR * sum(own[other] for other in indexed.beside(place))
        if sentence.part is Part.BODY:
            score += _LEAD * math.exp(-body / _LEAD_REACH)
            body += 1
        else:
            score *= _BESIDE_BODY
        raw.append(score)
    penalty = _WRONG_KIND * max(raw, default=0.0)
    return [
        score if holds(kind, sentence.text) else score - penalty
        for score, sentence in zip(raw, indexed.sentences, strict=True)
    ]
