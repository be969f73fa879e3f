"""Answer a question from one article's own words, or say that it does not.

Nothing is composed: an answer is up to three sentences of the article, cut exactly, and a voice
that says how far to trust that they answer. The signals are lexical; they tell another
article's question well and a cleverly wrong one of the same article badly, so the middle voice
is used freely.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bot.core.answering.expressions import counts, holds
from bot.core.answering.question import Asked, Kind, asked, resolve
from bot.core.answering.rank import Indexed, Sentence, index, scores
from bot.core.answering.terms import terms, weights
from bot.core.language.detect import detect
from bot.core.language.words import fold, stop_words, words
from bot.core.writing.evidence import evidence
from bot.model import Answer, Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Article, Evidence, Question

_QUOTES = 3
_LONGEST = 70
"""Words of a quote: what is longer is cut at its clauses."""
_SAYS, _CLOSEST = 0.62, 0.35
_STRICT = frozenset((Kind.WHEN, Kind.COUNT, Kind.AMOUNT, Kind.DURATION, Kind.AGE))
_ALIKE = 0.8


class _Read(NamedTuple):
    """A question as it is looked up: what it asks for, its stems, and those that must be met."""

    asked: Asked
    noun: str
    stems: frozenset[str]
    must: frozenset[str]


def answer(article: Article, question: Question) -> Answer:
    """Answer from the sentences of one article; quotes are exact spans, best first."""
    return answer_text(article, resolve(question.text, question.previous))


def answer_text(article: Article, text: str) -> Answer:
    """Answer a question that stands alone from the sentences of one article."""
    language = article.language or detect(" ".join(article.paragraphs[:5]))
    read = _read(text, language)
    indexed = index(article, language)
    ranked = scores(indexed, read.stems, read.asked.kind)
    order = sorted(range(len(ranked)), key=lambda place: (-ranked[place], place))
    best = _unlike(indexed, order)
    if not best or not read.stems:
        return Answer(voice=Voice.ABSENT, text="")
    confidence = _confidence(indexed, best[0], read, article.headline or "", language)
    voice = _voice(indexed, best[0], read, confidence)
    quotes = tuple(
        _quote(article, indexed.sentences[place], read.stems, language) for place in best
    )
    if voice is Voice.ABSENT:
        near = indexed.around(best[0]) & read.stems
        return Answer(
            voice=voice, text="", quotes=quotes[:1] if near else (), confidence=confidence
        )
    return Answer(voice=voice, text=quotes[0].quote, quotes=quotes, confidence=confidence)


def _read(text: str, language: str | None) -> _Read:
    found = asked(text, language)
    rest = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
    stops = stop_words("en")
    stems = {
        term
        for word in words(text)
        if fold(word.text) not in stops
        for term in terms(word.text, language)
    }
    must = frozenset(stems & set(terms(rest, language)))
    following = words(text[found.end :])
    return _Read(found, following[0].text if following else "", frozenset(stems), must)


def _unlike(indexed: Indexed, order: Sequence[int]) -> list[int]:
    """Return the first places whose sentences do not say the same again."""
    chosen: list[int] = []
    for place in order:
        mine = set(indexed.sentences[place].counts)
        others = (set(indexed.sentences[other].counts) for other in chosen)
        if all(len(mine & other) < _ALIKE * max(1, min(len(mine), len(other))) for other in others):
            chosen.append(place)
            if len(chosen) == _QUOTES:
                break
    return chosen


def _confidence(
    indexed: Indexed, place: int, read: _Read, headline: str, language: str | None
) -> float:
    """Return the share of the question's weight that the sentence's surroundings cover."""
    weight = weights(language)
    must = read.must or read.stems
    met = must & (indexed.around(place) | set(terms(headline, language)))
    return weight.total(met) / weight.total(must)


def _voice(indexed: Indexed, place: int, read: _Read, confidence: float) -> Voice:
    if confidence < _CLOSEST:
        return Voice.ABSENT
    text = indexed.sentences[place].text
    kind = read.asked.kind
    if confidence < _SAYS or (kind in _STRICT and not holds(kind, text)):
        return Voice.CLOSEST
    if kind is Kind.COUNT and not counts(text, read.noun):
        return Voice.CLOSEST
    return Voice.SAYS


def _quote(
    article: Article, sentence: Sentence, stems: frozenset[str], language: str | None
) -> Evidence:
    start, end = sentence.start, sentence.end
    if len(sentence.text.split()) > _LONGEST:
        inner_start, inner_end = _clauses(sentence.text, stems, language)
        start, end = start + inner_start, start + inner_end
    return evidence(article, sentence.part, sentence.paragraph, start, end)


def _clauses(text: str, stems: frozenset[str], language: str | None) -> tuple[int, int]:
    """Return the span of at most 70 words, in whole clauses, that holds most matched words."""
    cuts = [0, *(match.end() for match in re.finditer(r"[,;:–—)]\s+", text)), len(text)]
    clauses = [piece for start, end in pairwise(cuts) for piece in _pieces(text, start, end)]
    matched = [len(stems.intersection(terms(text[a:b], language))) for a, b in clauses]
    sizes = [len(text[a:b].split()) for a, b in clauses]
    best = (-1, 0, 0, 0)
    for first in range(len(clauses)):
        size = hits = 0
        for last in range(first, len(clauses)):
            size += sizes[last]
            if size > _LONGEST:
                break
            hits += matched[last]
            best = max(best, (hits, size, -first, last))
    start, end = clauses[-best[2]][0], clauses[best[3]][1]
    return start, start + len(text[start:end].rstrip())


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return a clause whole, or cut every 70 words where it runs longer."""
    found = [match.start() + start for match in re.finditer(r"\S+", text[start:end])]
    cuts = [start, *found[_LONGEST::_LONGEST], end]
    return list(pairwise(cuts))
