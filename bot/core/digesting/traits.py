"""What an article is known by among others: its words, names and numbers, and when it came out."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering.terms import terms, weights
from bot.core.language.detect import detect, language_of
from bot.core.language.words import fold, language_or_english
from bot.core.writing.evidence import texts
from bot.core.writing.figures import figures
from bot.core.writing.names import names_by_capital
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from bot.model import Mention

    Vector = Mapping[str, float]

_HEADLINE, _ABOVE = 2.0, 1.5
_OPENING = 80
"""How many meaning-carrying words of the body are its opening."""
_READ = 300
"""How many of them are looked at: what stands below is background."""
_HALVES = 120.0
"""After so many of them a word counts half of what it does at the top."""
_LEAST_PLAIN, _LEAST_YEAR, _MOST_YEAR = 13, 1900, 2100
_CAPITAL_NOUNS = frozenset(("de",))
_LEAST_FOR_TITLE_CASE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """The vectors of an article, each of length 1 or empty.

    `all` are its stems, those of the top most; `opening` those of headline and first sentences;
    `headline`, `names` and `figures` what their names say, names and figures in one spelling for
    all languages.
    """

    language: str
    published: date | None
    all: Vector
    opening: Vector
    headline: Vector
    names: Vector
    figures: Vector


def traits(mention: Mention) -> Traits:
    """Return what the article of a mention is known by; its brief stands in for a lost text."""
    article = mention.article
    language = language_or_english(language_of(article) or _detected(mention))
    weighed = weights(language)
    counted: defaultdict[str, float] = defaultdict(float)
    opening: Counter[str] = Counter()
    named: defaultdict[str, float] = defaultdict(float)
    told: defaultdict[str, float] = defaultdict(float)
    headline: frozenset[str] = frozenset()
    read = 0
    for part, text in _texts(mention):
        weight = {Part.HEADLINE: _HEADLINE, Part.BODY: _HALVES / (_HALVES + read)}.get(part, _ABOVE)
        found = terms(text, language)
        for term in found:
            counted[term] += weight
        if part is Part.HEADLINE:
            headline = frozenset(found)
        if part is not Part.BODY or read < _OPENING:
            opening.update(found if part is not Part.BODY else found[: _OPENING - read])
        for name in _names(text, language, part):
            named[name] += weight
        for figure in _figures(text, language):
            told[figure] += weight
        read += len(found) if part is Part.BODY else 0
        if read >= _READ:
            break
    return Traits(
        language=language,
        published=article.published,
        all=_unit({term: math.sqrt(n) * weighed[term] for term, n in counted.items()}),
        opening=_unit({term: (1 + math.log(n)) * weighed[term] for term, n in opening.items()}),
        headline=_unit({term: weighed[term] for term in headline}),
        names=_unit({name: math.sqrt(n) * weighed[name] for name, n in named.items()}),
        figures=_unit({figure: math.sqrt(n) for figure, n in told.items()}),
    )


def _detected(mention: Mention) -> str | None:
    """The language of what is left where the text is gone."""
    return detect(" ".join(text for _, text in _texts(mention)))


def _texts(mention: Mention) -> Iterator[tuple[Part, str]]:
    """The texts from the top down; those of the brief where there is no body."""
    article = mention.article
    for part, _, text in texts(article, Part.HEADLINE, Part.STANDFIRST, Part.LEAD_BULLET):
        yield part, text
    if article.paragraphs:
        for text in article.paragraphs:
            yield from ((Part.BODY, piece) for piece in re.split(r"(?<=[.!?])\s+", text))
    elif mention.brief:
        yield from ((Part.LEAD_BULLET, bullet.text) for bullet in mention.brief.bullets)


def _names(text: str, language: str, part: Part) -> list[str]:
    """The names of a text, folded; of a headline in capitals none can be told."""
    found = names_by_capital(text, language)
    words = text.split()
    if part is Part.HEADLINE and language not in _CAPITAL_NOUNS:
        capital = sum(word[0].isupper() for word in words)
        if len(words) >= _LEAST_FOR_TITLE_CASE and capital > 0.6 * len(words):
            return []
    return [fold(word.text).removesuffix("'s") for word in found]


def _figures(text: str, language: str) -> list[str]:
    """The numbers that tell an event: no years, and no small ones that count whatever."""
    return [
        f"{figure.value.normalize():f}"
        for figure in figures(text, language)
        if (figure.value >= _LEAST_PLAIN or figure.unit or figure.value % 1)
        and not (not figure.unit and _LEAST_YEAR <= figure.value <= _MOST_YEAR)
    ]


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    length = math.sqrt(sum(weight * weight for weight in vector.values()))
    return {term: weight / length for term, weight in vector.items()} if length else {}
