"""The hard rules of the fact lock: every number, name and quoted phrase is in the article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.language.canonical import canonical
from bot.core.language.words import fold, words
from bot.core.writing import evidence as proofs
from bot.core.writing.figures import Figure, figures, in_english, number_words, unmatched
from bot.core.writing.names import Known, known, strangers, unknown_names
from bot.core.writing.quotations import pieces_of, quotations
from bot.core.writing.signals import dates_in
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from bot.model import Article

EVERYTHING = (Part.HEADLINE, Part.STANDFIRST, Part.LEAD_BULLET, Part.BODY, Part.CAPTION)
NUMBER, NAME, QUOTE, DATE = "number", "name", "quote", "date"

# A time of day by its two numbers, each of which may stand in an article for something else.
_TIME = re.compile(r"(?<![\d:.])(\d{1,2}):(\d{2})(?![\d:])")
_TIME_SAID = re.compile(r"(?<!\d)(\d{1,2})\s?[:.h]?\s?([0-5]\d)(?!\d)", re.IGNORECASE)
_EDGES = " .,;:!?'\"-()[]{}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What an article states, made ready for many claims: its numbers, names and words."""

    language: str | None
    dates: frozenset[str]
    figures: tuple[Figure, ...]
    ones: bool
    year: int | None
    times: frozenset[tuple[int, int]]
    names: Known
    plain: tuple[str, ...]


def stated(article: Article, language: str | None) -> Stated:
    """Collect what every part of an article states."""
    texts = [text for _, _, text in proofs.texts(article, *EVERYTHING)]
    ones = number_words(language, 1)
    return Stated(
        language=language,
        dates=frozenset(date for text in texts for date in dates_in(text, language)),
        figures=tuple(figure for text in texts for figure in _figures(text, language)),
        ones=any(not ones.isdisjoint(fold(word.text) for word in words(text)) for text in texts),
        year=article.published.year if article.published else None,
        times=frozenset(time for text in texts for time in _times(_TIME_SAID, text)),
        names=known([*texts, *article.authors, article.publisher or ""], language),
        plain=tuple(canonical(text).text for text in texts),
    )


def violations(claim: str, held: Stated) -> tuple[tuple[str, str], ...]:
    """Return (kind, words at fault) for all that the article does not hold, in that order."""
    return (
        *((NUMBER, number) for number in _numbers(claim, held, held.language)),
        *((NAME, name) for name in unknown_names(claim, held.names)),
        *((QUOTE, quote) for quote in _quotes(claim, held.plain)),
    )


def violations_abroad(claim: str, held: Stated, language: str) -> tuple[tuple[str, str], ...]:
    """Return the same for a claim in another language than the article's.

    Names count as the article spells them, quotations in its own words; days and months too have
    to be the article's.
    """
    dates = dates_in(claim, language).items()
    return (
        *((NUMBER, number) for number in _numbers(claim, held, language)),
        *((DATE, word) for date, word in dates if date not in held.dates),
        *((NAME, name) for name in strangers(claim, held.names, language)),
        *((QUOTE, quote) for quote in _quotes(claim, held.plain)),
    )


def _numbers(claim: str, held: Stated, language: str | None) -> list[str]:
    # "One" is no figure of an article's, so that a "1" cannot be looked for among them.
    known_anyway = {held.year, *((1,) if held.ones else ())}
    times = list(_TIME.finditer(claim))
    of_times = _places_of(times)
    numbers = [
        claim[figure.start : figure.end]
        for figure in unmatched(_figures(claim, language), held.figures)
        if figure.value not in known_anyway and figure.start not in of_times
    ]
    return numbers + [
        match[0] for match in times if not held.times.issuperset(_times(_TIME, match[0]))
    ]


def numbers_in(text: str, language: str | None) -> frozenset[Decimal]:
    """Return the values of a text's numbers, without "one" and the two of a time of day."""
    of_times = _places_of(_TIME.finditer(text))
    return frozenset(
        figure.value
        for figure in _figures(text, language)
        if figure.value != 1 and figure.start not in of_times
    )


def _places_of(matches: Iterable[re.Match[str]]) -> set[int]:
    return {at for match in matches for at in range(match.start(), match.end())}


def _times(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield the times of day in a text, on a clock of twelve hours."""
    for match in pattern.finditer(text):
        yield int(match[1]) % 12, int(match[2])


def _figures(text: str, language: str | None) -> list[Figure]:
    return [*figures(text, language), *in_english(text, language)]


def _quotes(claim: str, plain: Sequence[str]) -> list[str]:
    found = []
    for quote in quotations(claim):
        pieces = pieces_of(quote)
        if not all(any(_holds(text, piece) for text in plain) for piece in pieces):
            found.append(quote)
    return found


def _holds(plain: str, quote: str) -> bool:
    """Whether a canonical text has these words in a row, however the typography differs."""
    sought = canonical(quote).text.strip(_EDGES)
    return re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", plain) is not None
