"""Questions over everything that a channel has read.

The time a question names becomes a filter first (the largest gain measured: hit@1 .60 to .90
over 96,609 news passages); the store then finds passages by their stems, and the best of those
are scored again here, since FTS5 gives no weight to a term found in half of them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bot.core.answering.answer import answer_text
from bot.core.answering.patterns import load
from bot.core.answering.rank import Counts
from bot.core.answering.terms import terms
from bot.core.language.detect import detect, language_of
from bot.core.language.sentences import split
from bot.core.language.words import carries_meaning, fold, stop_words, words
from bot.core.writing.evidence import evidence
from bot.model import Answer, Part, Passage, Voice

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Article, Found

_PASSAGE_WORDS = 110
_HEADLINE_WEIGHT = 3
_ANSWERS = 3
_WORTH_SHOWING = 0.5
"""An article's score beside the best one's, below which it is left out."""


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{load('memory')['asks']})(?!\w)", re.IGNORECASE)


@cache
def _left_over() -> frozenset[str]:
    return frozenset(load("memory")["left"].split("|"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryQuery:
    """A question over everything read, as a search: any of `terms`, mentioned in [since, until).

    `text` is the question without the words that ask for a search and without its time; it is
    empty, like `terms`, for a bare list ("what did we read this week?").
    """

    terms: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    text: str


def asks_memory(text: str) -> bool:
    """Tell whether a question asks about everything that was read, not about one article."""
    return _asks().search(text) is not None


def parse(text: str, now: datetime) -> MemoryQuery:
    """Read a question over everything read; `now` is what "today" is counted from."""
    rest = text
    from bot.core.answering.dates import Span, period  # noqa: PLC0415 - most commands name no time

    span = Span(None, None)
    if found := period(rest, now):
        span = found.span
        rest = f"{rest[: found.start]} {rest[found.end :]}"
    rest = _asks().sub(" ", rest)
    for word in reversed(words(rest)):
        if fold(word.text) in _left_over():
            rest = f"{rest[: word.start]} {rest[word.end :]}"
    topic = [word.text for word in words(rest) if carries_meaning(word.text, _stops())]
    language = detect(text)
    return MemoryQuery(
        terms=tuple(dict.fromkeys(term for word in topic for term in _variants(word, language))),
        since=span.since,
        until=span.until,
        text=" ".join(rest.split()).strip(" ?!.,") if topic else "",
    )


@cache
def _stops() -> frozenset[str]:
    return frozenset().union(*(stop_words(code) for code in ("en", "de", "fr", "es")))


def _variants(word: str, language: str | None) -> list[str]:
    """Return a word as articles in the question's language, in English and in others hold it.

    A name in a third language is seldom changed by stemming: there the folded word stands in.
    """
    return [*terms(word, language), *terms(word, "en"), fold(word)]


def passages(article: Article) -> tuple[Passage, ...]:
    """Cut an article's body into passages of whole paragraphs, about 110 words each, in order.

    `terms` are stems in the article's language without stop words. The headline stands in each
    passage three times, since a word of the headline says what all of the article is about
    (title x3 was best in the measurements); standfirst and lead bullets belong to the first.
    """
    language = language_of(article)
    headline = terms(article.headline or "", language) * _HEADLINE_WEIGHT
    opening = [article.standfirst or "", *article.lead_bullets]
    cut: list[Passage] = []
    for first, last in _runs([len(paragraph.split()) for paragraph in article.paragraphs]):
        rows = [*(opening if first == 0 else ()), *article.paragraphs[first : last + 1]]
        found = [*headline, *(term for row in rows for term in terms(row, language))]
        cut.append(Passage(first=first, last=last, terms=" ".join(found)))
    return tuple(cut)


def _runs(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last paragraph of runs that are as near to 110 words as can be."""
    runs: list[tuple[int, int]] = []
    first, held = 0, 0
    for place, size in enumerate(sizes):
        if held and held + size - _PASSAGE_WORDS > _PASSAGE_WORDS - held:
            runs.append((first, place - 1))
            first, held = place, 0
        held += size
    if sizes:
        runs.append((first, len(sizes) - 1))
    return runs


def answer_memory(
    query: MemoryQuery, found: Sequence[Found], *, most: int = _ANSWERS
) -> tuple[tuple[Found, Answer], ...]:
    """Answer from the best articles of what a search brought up, one Answer each, best first.

    At most `most`; none where nothing found is near the question. Quotes are exact spans of
    `Found.mention.article`. A bare list gets the articles' opening sentences, as found.
    """
    if not query.terms:
        openings = ((item, _opening(item.mention.article)) for item in _first_of_each(found))
        return tuple((item, said) for item, said in openings if said)[:most]
    answers = (
        (item, answer_text(item.mention.article, query.text))
        for item in best_articles(query, found, most=most)
    )
    return tuple((item, said) for item, said in answers if said.voice is not Voice.ABSENT)


def best_articles(query: MemoryQuery, found: Sequence[Found], *, most: int) -> list[Found]:
    """Return the best passage of each article that is worth reading for a question, best first.

    None for a bare list.
    """
    counts = [Counter(item.passage.terms.split()) for item in found]
    ranked = Counts(counts).scores(dict.fromkeys(query.terms, 1.0))
    order = sorted(range(len(found)), key=lambda place: (-ranked[place], place))
    least = _WORTH_SHOWING * ranked[order[0]] if order else 0.0
    near = [found[place] for place in order if ranked[place] > 0 and ranked[place] >= least]
    return _first_of_each(near)[:most]


def _first_of_each(found: Sequence[Found]) -> list[Found]:
    """Return the first passage of each article: one answer for each, however often posted."""
    kept: dict[str, Found] = {}
    for item in found:
        kept.setdefault(item.mention.article.key, item)
    return list(kept.values())


def _opening(article: Article) -> Answer | None:
    for paragraph, text in enumerate(article.paragraphs):
        for start, end in split(text, language_of(article))[:1]:
            quote = evidence(article, Part.BODY, paragraph, start, end)
            return Answer(voice=Voice.SAYS, text=quote.quote, quotes=(quote,), confidence=1.0)
    return None
