"""Figures for the same thing that differ between outlets."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from bot.core.answering.rank import coverage
from bot.core.digesting.outlets import outlet_of
from bot.core.digesting.saying import account, weighed_terms
from bot.core.writing.evidence import evidence
from bot.core.writing.figures import figures, unmatched
from bot.model import Clash, Figure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.core.writing.figures import Figure as Number
    from bot.core.writing.sentences import Sentence
    from bot.model import Mention

_SAME_THING = 0.5


def clashes(mentions: Sequence[Mention]) -> tuple[Clash, ...]:
    """Return the figures that the outlets of a story give differently for the same thing."""
    return tuple(
        clash
        for one, other in combinations(mentions, 2)
        if outlet_of(one) != outlet_of(other)
        for clash in _between(one, other)
    )


def _between(one: Mention, other: Mention) -> Iterator[Clash]:
    """Where two sentences say most of what the other says, but for one number of one unit."""
    mine, theirs = account(one), account(other)
    if mine.language != theirs.language:
        return
    for sentence, _ in mine.held:
        for against, _ in theirs.held:
            found = _differing(sentence, against, mine.language)
            if found and _alike(sentence, against, mine.language):
                yield Clash(
                    figures=(_figure(one, sentence, found[0]), _figure(other, against, found[1]))
                )


def _differing(one: Sentence, other: Sentence, language: str) -> tuple[Number, Number] | None:
    mine, theirs = figures(one.text, language), figures(other.text, language)
    lacking, more = unmatched(mine, theirs), unmatched(theirs, mine)
    if len(lacking) == len(more) == 1 and lacking[0].unit == more[0].unit:
        return lacking[0], more[0]
    return None


def _alike(one: Sentence, other: Sentence, language: str) -> bool:
    first, second = weighed_terms(one.text, language), weighed_terms(other.text, language)
    return min(coverage(first, second), coverage(second, first)) >= _SAME_THING


def _figure(mention: Mention, sentence: Sentence, number: Number) -> Figure:
    start = sentence.start + number.start
    end = sentence.start + number.end
    proof = evidence(mention.article, sentence.part, sentence.paragraph, start, end)
    return Figure(text=proof.quote, outlet=outlet_of(mention), mention=mention, evidence=proof)
