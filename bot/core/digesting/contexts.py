"""What a number of an article is about: the words round it, the nearest ones most."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering.terms import terms, weights
from bot.core.digesting.meanings import meanings, things
from bot.core.digesting.quantities import quantities
from bot.core.language.detect import language_of
from bot.core.language.sentences import split
from bot.core.language.words import (
    carries_meaning,
    fold,
    language_or_english,
    stem,
    stop_words,
    words,
)
from bot.core.writing.evidence import evidence, texts
from bot.core.writing.names import names_by_capital
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.core.digesting.quantity import Quantity
    from bot.core.language.words import Word
    from bot.model import Article, Evidence, Mention

_NEAR = 3.0
"""At so many words from the number a word counts half of what it does beside it."""
_THING_WEIGHT, _NAME_WEIGHT = 6.0, 5.0
_MEANING_WEIGHT, _COGNATE_WEIGHT = 3.0, 3.0
_COGNATE = 6
_BESIDE = 0.5
_COUNTED_WITHIN = 3
_STATE_WITHIN = 7
_PAUSES = frozenset(",;:.!?()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence as unit vectors: of its own language's words, and of what any language says alike.

    `wide` and `wide_foreign` are with the sentences beside it.
    """

    own: Mapping[str, float]
    foreign: Mapping[str, float]
    wide: Mapping[str, float]
    wide_foreign: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A quantity where it stands in an article, with what it is about.

    `near` and `foreign` are unit vectors of the words of its sentence, weighed by how near they
    are: in its own language, and of what any language says alike. `counted` are the words or
    classes of the things that it counts, `state` what became of the people it counts, `beside` the
    folded words before and behind it. `passage` is its sentence's number in the article.
    """

    quantity: Quantity
    part: Part
    paragraph: int
    start: int
    end: int
    near: Mapping[str, float]
    foreign: Mapping[str, float]
    counted: frozenset[str]
    state: str
    beside: tuple[str, str]
    passage: int

    @property
    def depth(self) -> int:
        """How many texts stand above it: 0 in the headline, from 1 in the body."""
        return self.paragraph + 1 if self.part is Part.BODY else 0

    def proof(self, article: Article) -> Evidence:
        """Return the evidence that is its words."""
        return evidence(article, self.part, self.paragraph, self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What an article tells in numbers, from the top down, and its sentences."""

    told: Sequence[Told]
    passages: Sequence[Passage]
    language: str


def told_in(mention: Mention) -> Telling:
    """Return the quantities of an article and its sentences."""
    article = mention.article
    language = language_or_english(language_of(article))
    told: list[Told] = []
    plain: list[tuple[dict[str, float], dict[str, float]]] = []
    for part, paragraph, text in texts(
        article, Part.HEADLINE, Part.STANDFIRST, Part.LEAD_BULLET, Part.BODY
    ):
        for start, end in split(text, language):
            sentence = _sentence(text[start:end], language)
            told += _told(sentence, start, part, paragraph, len(plain))
            plain.append(_vectors(sentence))
    return Telling(told=told, passages=_passages(plain), language=language)


def _passages(plain: Sequence[tuple[dict[str, float], dict[str, float]]]) -> list[Passage]:
    units = [(_unit(own), _unit(foreign)) for own, foreign in plain]
    return [
        Passage(
            own=own,
            foreign=foreign,
            wide=_around_it([pair[0] for pair in units], at),
            wide_foreign=_around_it([pair[1] for pair in units], at),
        )
        for at, (own, foreign) in enumerate(units)
    ]


def _around_it(units: Sequence[Mapping[str, float]], at: int) -> dict[str, float]:
    total: defaultdict[str, float] = defaultdict(float)
    for place in range(max(0, at - 1), min(len(units), at + 2)):
        for term, weight in units[place].items():
            total[term] += weight if place == at else weight * _BESIDE
    return _unit(total)


def _sentence(text: str, language: str) -> _Sentence:
    return _Sentence(
        text=text,
        words=words(text),
        found=quantities(text, language),
        names={word.start for word in names_by_capital(text, language)},
        language=language,
    )


def _told(
    sentence: _Sentence, offset: int, part: Part, paragraph: int, passage: int
) -> Iterator[Told]:
    for one in sentence.found:
        ahead = _first_from(sentence.words, one.end)
        near, foreign, state = _around(sentence, one, ahead)
        counted, last = _counted(sentence, ahead, one)
        yield Told(
            quantity=one,
            part=part,
            paragraph=paragraph,
            start=offset + one.start,
            end=offset + max(one.end, last),
            near=near,
            foreign=foreign,
            counted=counted,
            state=state,
            beside=_beside(sentence, one),
            passage=passage,
        )


def _beside(sentence: _Sentence, one: Quantity) -> tuple[str, str]:
    before = [word for word in sentence.words if word.end <= one.start]
    behind = [word for word in sentence.words if word.start >= one.end]
    return fold(before[-1].text) if before else "", fold(behind[0].text) if behind else ""


def _vectors(sentence: _Sentence) -> tuple[dict[str, float], dict[str, float]]:
    """The words of a sentence but its numbers, once each."""
    own: dict[str, float] = {}
    foreign: dict[str, float] = {}
    taken = {at for one in sentence.found for at in range(*one.at)}
    for word in sentence.words:
        if word.start not in taken:
            own.update(_terms(sentence, word))
            foreign.update(_foreign_terms(sentence, word))
    return own, foreign


def _terms(sentence: _Sentence, word: Word) -> Iterator[tuple[str, float]]:
    """A word's stem, and what it means, in its own language."""
    language = sentence.language
    folded = fold(word.text)
    thing = things(language).get(folded)
    if thing:
        yield thing, _THING_WEIGHT
    else:
        for meaning in meanings(language).get(folded, ()):
            yield meaning, _MEANING_WEIGHT
    if not (thing and thing.endswith("!")):
        for term in terms(word.text, language):
            yield term, weights(language)[term]


def _foreign_terms(sentence: _Sentence, word: Word) -> Iterator[tuple[str, float]]:
    """What any language says alike: names, meanings, and how long words begin."""
    folded = fold(word.text)
    if thing := things(sentence.language).get(folded):
        yield thing, _THING_WEIGHT
    for meaning in meanings(sentence.language).get(folded, ()):
        yield meaning, _THING_WEIGHT
    if word.start in sentence.names:
        yield folded.removesuffix("'s"), _NAME_WEIGHT
    elif len(folded) >= _COGNATE and carries_meaning(word.text, stop_words(sentence.language)):
        yield f"{folded[: _COGNATE - 1]}-", _COGNATE_WEIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """A sentence: its words, its quantities, and where the names among the words begin."""

    text: str
    words: list[Word]
    found: list[Quantity]
    names: set[int]
    language: str


def _around(
    sentence: _Sentence, one: Quantity, ahead: int
) -> tuple[dict[str, float], dict[str, float], str]:
    """The vectors of the words round a quantity, and the nearest state of people."""
    near, foreign = _others(sentence, one, ahead)
    known = things(sentence.language)
    taken = {at for other in sentence.found for at in range(*other.at)}
    state, closest = "", _STATE_WITHIN + 1
    for at, word in enumerate(sentence.words):
        if word.start in taken or one.start <= word.start < one.end:
            continue
        distance = at - ahead + 1 if at >= ahead else ahead - at
        close = 1 / (1 + (distance - 1) / _NEAR)
        thing = known.get(fold(word.text), "")
        if thing.endswith("!") and distance < closest:
            state, closest = thing, distance
        for term, weight in _terms(sentence, word):
            near[term] += close * weight
        for term, weight in _foreign_terms(sentence, word):
            foreign[term] += close * weight
    return _unit(near), _unit(foreign), state


def _others(
    sentence: _Sentence, one: Quantity, ahead: int
) -> tuple[defaultdict[str, float], defaultdict[str, float]]:
    """The other exact numbers of the sentence: what is told beside the same ones is the same."""
    near: defaultdict[str, float] = defaultdict(float)
    for other in sentence.found:
        if other is not one and other.amount.low == other.amount.high:
            apart = abs(_first_from(sentence.words, other.end) - ahead)
            value = f"={other.kind} {other.amount.size.normalize():f}"
            near[value] = _NAME_WEIGHT / (1 + apart / _NEAR)
    return near, near.copy()


def _counted(sentence: _Sentence, ahead: int, one: Quantity) -> tuple[frozenset[str], int]:
    """The classes or stems of the words that a number stands before, and where the first ends."""
    text, language = sentence.text, sentence.language
    stops = stop_words(language)
    counted: set[str] = set()
    first, last = 0, one.end
    for word in sentence.words[ahead : ahead + _COUNTED_WITHIN]:
        if _PAUSES & set(text[last : word.start]) or (
            counted and not carries_meaning(word.text, stops)
        ):
            break
        last = word.end
        if not carries_meaning(word.text, stops):
            continue
        folded = fold(word.text)
        thing = things(language).get(folded)
        counted.update((thing,) if thing else meanings(language).get(folded, ()))
        if not thing or not thing.startswith("#"):
            counted.add(stem(word.text, language))
        if not first and text[one.end : word.start].strip() in ("", "-"):
            first = word.end
    return frozenset(counted), first if one.kind == "count" else 0


def _first_from(told: list[Word], end: int) -> int:
    return next((at for at, word in enumerate(told) if word.start >= end), len(told))


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}
