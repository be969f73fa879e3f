"""What a number of an article is about: the words round it, the nearest ones most."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.core.answering.terms import terms, weights
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
    from collections.abc import Iterator, Mapping

    from bot.core.digesting.quantity import Quantity
    from bot.core.language.words import Word
    from bot.model import Article, Evidence, Mention

_NEAR = 3.0
"""At so many words from the number a word counts half of what it does beside it."""
_THING_WEIGHT, _NAME_WEIGHT = 6.0, 5.0
_COUNTED_WITHIN = 3
_STATE_WITHIN = 7
_PAUSES = frozenset(",;:.!?()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A quantity where it stands in an article, with what it is about.

    `near` and `foreign` are unit vectors of the words of its sentence, weighed by how near they
    are: in its own language, and of what any language says alike. `counted` are the words or
    classes of the things that it counts, `state` what became of the people it counts.
    """

    quantity: Quantity
    part: Part
    paragraph: int
    start: int
    end: int
    near: Mapping[str, float]
    sentence: frozenset[str]
    foreign: Mapping[str, float]
    counted: frozenset[str]
    state: str

    @property
    def depth(self) -> int:
        """How many texts stand above it: 0 in the headline, from 1 in the body."""
        return self.paragraph + 1 if self.part is Part.BODY else 0

    def proof(self, article: Article) -> Evidence:
        """Return the evidence that is its words."""
        return evidence(article, self.part, self.paragraph, self.start, self.end)


def told_in(mention: Mention) -> list[Told]:
    """Return the quantities of an article from the top down."""
    article = mention.article
    language = language_or_english(language_of(article))
    return [
        one
        for part, paragraph, text in texts(
            article, Part.HEADLINE, Part.STANDFIRST, Part.LEAD_BULLET, Part.BODY
        )
        for start, end in split(text, language)
        for one in _told(text[start:end], start, part, paragraph, language)
    ]


def _told(text: str, offset: int, part: Part, paragraph: int, language: str) -> Iterator[Told]:
    found = quantities(text, language)
    if not found:
        return
    told = words(text)
    held = frozenset(terms(text, language))
    names = {word.start for word in names_by_capital(text, language)}
    for one in found:
        ahead = _first_from(told, one.end)
        round_it = _Sentence(words=told, found=found, names=names, language=language)
        near, foreign, state = _around(round_it, one, ahead)
        counted, last = _counted(text, told, ahead, one, language)
        yield Told(
            quantity=one,
            part=part,
            paragraph=paragraph,
            start=offset + one.start,
            end=offset + max(one.end, last),
            near=near,
            sentence=held,
            foreign=foreign,
            counted=counted,
            state=state,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sentence:
    """A sentence: its words, its quantities, and where the names among the words begin."""

    words: list[Word]
    found: list[Quantity]
    names: set[int]
    language: str


def _around(
    sentence: _Sentence, one: Quantity, ahead: int
) -> tuple[dict[str, float], dict[str, float], str]:
    """The vectors of the words round a quantity, and the nearest state of people."""
    language = sentence.language
    weighed, stops, things = weights(language), stop_words(language), _things(language)
    near, foreign = _others(sentence, one, ahead)
    taken = {at for other in sentence.found for at in range(*other.at)}
    state, closest = "", _STATE_WITHIN + 1
    for at, word in enumerate(sentence.words):
        if word.start in taken or one.start <= word.start < one.end:
            continue
        distance = at - ahead + 1 if at >= ahead else ahead - at
        close = 1 / (1 + (distance - 1) / _NEAR)
        thing = things.get(fold(word.text))
        if thing:
            near[thing] += close * _THING_WEIGHT
            foreign[thing] += close * _THING_WEIGHT
            if thing.endswith("!") and distance < closest:
                state, closest = thing, distance
        if word.start in sentence.names:
            foreign[fold(word.text).removesuffix("'s")] += close * _NAME_WEIGHT
        if carries_meaning(word.text, stops) and not (thing and thing.endswith("!")):
            term = stem(word.text, language)
            near[term] += close * weighed[term]
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


def _counted(
    text: str, told: list[Word], ahead: int, one: Quantity, language: str
) -> tuple[frozenset[str], int]:
    """The classes or stems of the words that a number stands before, and where the first ends."""
    stops, things = stop_words(language), _things(language)
    counted: set[str] = set()
    first, last = 0, one.end
    for word in told[ahead : ahead + _COUNTED_WITHIN]:
        if _PAUSES & set(text[last : word.start]) or (
            counted and not carries_meaning(word.text, stops)
        ):
            break
        last = word.end
        if not carries_meaning(word.text, stops):
            continue
        folded = fold(word.text)
        counted.add(things.get(folded) or stem(word.text, language))
        if not first and text[one.end : word.start].strip() in ("", "-"):
            first = word.end
    return frozenset(counted), first if one.kind == "count" else 0


def _first_from(told: list[Word], end: int) -> int:
    return next((at for at, word in enumerate(told) if word.start >= end), len(told))


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}


@cache
def _things(language: str) -> dict[str, str]:
    """Read things.txt: the class of each word of a language, and of English."""
    found: dict[str, str] = {}
    path = files("bot.core.digesting").joinpath("data/things.txt")
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        head, _, listed = line.partition(":")
        code, name = head.split()
        if code == language:
            found.update(dict.fromkeys((fold(word) for word in listed.split()), f"#{name}"))
    return found
