"""What an article is known by among others: how it opens, its names and numbers, its date."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering.terms import terms, weights
from bot.core.digesting.outlets import outlet_of
from bot.core.language.detect import detect, language_of
from bot.core.language.sentences import split
from bot.core.language.words import fold, language_or_english
from bot.core.writing.evidence import texts
from bot.core.writing.figures import figures
from bot.core.writing.names import names_by_capital
from bot.core.writing.signals import dates_in
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bot.model import Mention

    Vector = Mapping[str, float]

_OPENING = 60
"""How many meaning-carrying words of the body are its opening: what follows is background.

Of 30, 50, 80, 110, 150 and 300, those between 50 and 80 part the labelled days best: articles on
one affair share their background, whatever event they are of.
"""
_HEADLINE = 1.5
_MOST_ABOVE = 100
"""How many words of what stands above the body are looked at, or of a brief that stands for it."""
_LEAST_PLAIN, _LEAST_YEAR, _MOST_YEAR = 13, 1900, 2100
_CAPITAL_NOUNS = frozenset(("de",))
_LEAST_FOR_TITLE_CASE, _TITLE_CASE = 4, 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What an article's headline and opening hold; its vectors have length 1 or are empty.

    `opening` are its stems, `names` its names; `figures` are its numbers, in one spelling for all
    languages, `weekdays` the days of the week that it speaks of.
    """

    outlet: str
    language: str
    published: date | None
    opening: Vector
    names: Vector
    figures: frozenset[str]
    weekdays: frozenset[str]


def traits(mention: Mention) -> Traits:
    """Return what the article of a mention is known by; its brief stands in for a lost text."""
    language = _language(mention)
    weighed = weights(language)
    counted: defaultdict[str, float] = defaultdict(float)
    names: Counter[str] = Counter()
    told: set[str] = set()
    days: set[str] = set()
    for part, text in _opening(mention, language):
        for term in terms(text, language):
            counted[term] += _HEADLINE if part is Part.HEADLINE else 1.0
        names.update(_names(text, language, part))
        told.update(_figures(text, language))
        days.update(day for day in dates_in(text, language) if day.startswith("weekday"))
    return Traits(
        outlet=outlet_of(mention),
        language=language,
        published=mention.article.published,
        opening=_unit({term: _often(n) * weighed[term] for term, n in counted.items()}),
        names=_unit({name: _often(n) * weighed[name] for name, n in names.items()}),
        figures=frozenset(told),
        weekdays=frozenset(days),
    )


def _language(mention: Mention) -> str:
    """The article's language; where its text is gone, that of its brief."""
    bullets = mention.brief.bullets if mention.brief else ()
    known = language_of(mention.article) or detect(" ".join(one.text for one in bullets))
    return language_or_english(known)


def _opening(mention: Mention, language: str) -> Iterator[tuple[Part, str]]:
    """The texts above the body and its first sentences; where there is no body, the brief."""
    article = mention.article
    read = 0
    for part, _, text in texts(article, Part.HEADLINE, Part.STANDFIRST, Part.LEAD_BULLET):
        if read < _MOST_ABOVE:
            yield part, text
        read += len(terms(text, language))
    if not article.paragraphs and mention.brief:
        yield from ((Part.LEAD_BULLET, bullet.text) for bullet in mention.brief.bullets)
    read = 0
    for text in article.paragraphs:
        for start, end in split(text, language):
            if read >= _OPENING:
                return
            yield Part.BODY, text[start:end]
            read += len(terms(text[start:end], language))


def _names(text: str, language: str, part: Part) -> list[str]:
    """The names of a text, folded; in a headline full of capitals none can be told."""
    words = text.split()
    if part is Part.HEADLINE and language not in _CAPITAL_NOUNS:
        capitals = sum(word[0].isupper() for word in words)
        if len(words) >= _LEAST_FOR_TITLE_CASE and capitals > _TITLE_CASE * len(words):
            return []
    return [fold(word.text).removesuffix("'s") for word in names_by_capital(text, language)]


def _figures(text: str, language: str) -> list[str]:
    """The numbers that tell an event: no years, and no small ones that count whatever."""
    return [
        f"{figure.value.normalize():f}"
        for figure in figures(text, language)
        if (figure.value >= _LEAST_PLAIN or figure.unit or figure.value % 1)
        and not (not figure.unit and _LEAST_YEAR <= figure.value <= _MOST_YEAR)
    ]


def _often(count: float) -> float:
    return 1 + math.log(count)


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}
