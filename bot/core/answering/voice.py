"""How far to trust that a sentence answers a question: a confidence, and one of three voices.

The confidence is the part of the question, by the weight of its words, that the sentence covers
with its neighbours and the headline; it is cut where names of the question are missing, where
the sentence turns the question round, and where it holds no number or time though one is asked
for. The signals come from a logistic regression fitted to one half of SQuAD 2.0's titles and
measured on the other, both ways; the factors are round. 89 % of the answerable questions are
answered outright, 2 % of those about another article, and 61 % of the adversarial ones, which
share their words with the article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.answering.contrast import denied, opposed
from bot.core.answering.expressions import counts, has_kind
from bot.core.answering.question import Kind
from bot.core.answering.rank import MEASURES, Indexed, Sought, coverage
from bot.model import Voice

if TYPE_CHECKING:
    from collections.abc import Collection

SAYS, CLOSEST = 0.28, 0.12
"""The least confidence for a voice; below the second the article does not say."""
_FEW = 2
"""The most words that carry meaning of a question in which each of them has to be met."""
_NAME_MISSING, _NAME_FAR = 0.75, 0.65
_DENIED, _OPPOSED, _NO_MEASURE = 0.1, 0.2, 0.4


def confidence(indexed: Indexed, place: int, sought: Sought, headline: Collection[str]) -> float:
    """Return how sure it is, 0 to 1, that a sentence answers; `headline` are its stems."""
    sentence = indexed.sentences[place]
    sure = coverage(sought.must, indexed.around(place).union(headline))
    sure *= _NAME_MISSING ** missing(sought, {*sentence.counts, *headline})
    sure *= _NAME_FAR ** missing(sought, {*indexed.blocks[sentence.block], *headline})
    if denied(sought.text, sentence.text):
        sure *= _DENIED
    if opposed(sought.text, sentence.text, sought.language):
        sure *= _OPPOSED
    if not measured(sought, sentence.text):
        sure *= _NO_MEASURE
    return sure


def voice(
    indexed: Indexed, place: int, sought: Sought, headline: Collection[str], sure: float
) -> Voice:
    """Return the voice for a sentence with its confidence.

    Never SAYS without the number or time asked for, nor where the article lacks a name or
    number of the question altogether, or a word of a question that has few, or but one beside
    those of the headline ("who built the tunnel?"); nor, to a yes-or-no question, where the
    paragraph does.
    """
    if sure < CLOSEST:
        return Voice.ABSENT
    sentence = indexed.sentences[place]
    near = indexed.blocks if sought.kind is not Kind.YES_NO else [indexed.blocks[sentence.block]]
    known = {term for block in near for term in block}.union(headline)
    few = len(sought.must) <= _FEW or len(sought.must.keys() - set(headline)) == 1
    unknown = few and not known.issuperset(sought.must)
    if sure < SAYS or unknown or missing(sought, known) or not measured(sought, sentence.text):
        return Voice.CLOSEST
    return Voice.SAYS


def measured(sought: Sought, text: str) -> bool:
    """Tell whether a text holds the number or time that is asked for; true where none is."""
    if sought.kind is Kind.COUNT:
        return counts(text, sought.noun)
    return sought.kind not in MEASURES or has_kind(sought.kind, text, sought.dimension)


def measured_anywhere(indexed: Indexed, sought: Sought) -> bool:
    """Tell whether any sentence on or beside the topic holds the number or time asked for.

    Numbers are many, so one that counts must stand in a paragraph on the topic; a speed or an
    age may stand in the next.
    """
    same = sought.kind is Kind.COUNT
    return any(
        measured(sought, sentence.text)
        and not sought.must.keys().isdisjoint(
            indexed.blocks[sentence.block] if same else indexed.around(place)
        )
        for place, sentence in enumerate(indexed.sentences)
    )


def missing(sought: Sought, held: Collection[str]) -> int:
    """Return how many names and numbers of a question are not among some stems."""
    return sum(name not in held for name in sought.names)
