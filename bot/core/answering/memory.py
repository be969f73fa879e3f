"""Questions over everything that a channel has read.

The time, outlets and people that a question names become filters first (that of the time was the
largest gain measured: hit@1 .60 to .90 over 96,609 news passages); the store then finds passages
by their stems, and the best of those are scored again here, since FTS5 gives no weight to a term
found in half of them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from bot.core.answering.answer import answer_text, is_struck
from bot.core.answering.filters import filters
from bot.core.answering.patterns import load
from bot.core.answering.rank import Counts, coverage
from bot.core.answering.terms import terms, weights
from bot.core.language.detect import detect, language_of
from bot.core.language.sentences import split
from bot.core.language.words import carries_meaning, fold, stop_words, words
from bot.core.writing.evidence import evidence, texts
from bot.core.writing.guard import is_plain
from bot.model import Answer, Part, Passage, Sources, Voice

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from bot.model import Article, Evidence, Found, Mention, Outlet

_PASSAGE_WORDS = 110
_HEADLINE_WEIGHT = 3
_OPENING_PARAGRAPHS = 4
_OPENING_TERMS = 40
_ANSWERS = 3
_WORTH_SHOWING = 0.5
"""An article's score beside the best one's, below which it is left out."""
_NO_SOURCES = Sources()


@cache
def _asks() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{load('memory')['asks']})(?!\w)", re.IGNORECASE)


@cache
def _left_over() -> frozenset[str]:
    return frozenset(load("memory")["left"].split("|"))


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryQuery:
    """A question over everything read, as a search: any of `terms`, mentioned in [since, until).

    Where any are named, of one of the `outlets` and by one of the `posters`; `unknown` are those
    named that the channel does not know. `words` holds the forms of each word. `text` is the
    question without the words that ask for a search and without all that; it is empty, like
    `terms`, for a bare list ("what did we read this week?").
    """

    terms: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    text: str
    words: tuple[tuple[str, ...], ...] = ()
    outlets: tuple[Outlet, ...] = ()
    posters: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is asked for."""
        bounded = self.since is not None or self.until is not None
        return not (self.terms or bounded or self.outlets or self.posters)

    def holds_all(self, held: Collection[str]) -> bool:
        """Whether some stems hold every word of it, in one of its forms."""
        return all(any(form in held for form in word) for word in self.words)


def asks_memory(text: str) -> bool:
    """Tell whether a question asks about everything that was read, not about one article."""
    return _asks().search(text) is not None


def parse(
    text: str, now: datetime, sources: Sources = _NO_SOURCES, *, asker: str = ""
) -> MemoryQuery:
    """Read a question over everything read; `now` is what "today" is counted from.

    Its zone is that of the channel, `sources` are the channel's, `asker` is "me".
    """
    named = filters(text, sources, asker=asker)
    rest = named.text
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
    if named.unknown and not topic and named.text == rest:
        topic = [word.text for name in named.unknown for word in words(name)]
        rest = " ".join(topic)
    language = detect(text)
    forms = tuple(tuple(_variants(word, language)) for word in dict.fromkeys(topic))
    return MemoryQuery(
        terms=tuple(dict.fromkeys(form for word in forms for form in word)),
        words=forms,
        since=span.since,
        until=span.until,
        text=" ".join(rest.split()).strip(" ?!.,") if topic else "",
        outlets=named.outlets,
        posters=named.posters,
        unknown=named.unknown,
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


def likely_terms(article: Article) -> tuple[str, ...]:
    """Return the stems of an article's headline and opening: what finds the same text again."""
    language = language_of(article)
    opening = " ".join((article.headline or "", *article.paragraphs[:_OPENING_PARAGRAPHS]))
    return tuple(dict.fromkeys(terms(opening, language)))[:_OPENING_TERMS]


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
    `Found.mention.article`. A bare list gets the articles' opening sentences, as found. What
    somebody said is wrong is passed over.
    """
    if not query.terms:
        return search_memory(query, found, most=most)
    answers = (
        (item, answer_text(item.mention.article, query.text, struck=struck(item.mention)))
        for item in best_articles(query, found, most=most)
    )
    return tuple((item, said) for item, said in answers if said.voice is not Voice.ABSENT)


def best_articles(query: MemoryQuery, found: Sequence[Found], *, most: int) -> list[Found]:
    """Return the best passage of each article that is worth reading for a question, best first.

    None for a bare list.
    """
    counts = [Counter(item.passage.terms.split()) for item in found]
    ranked = Counts(counts).scores(dict.fromkeys(query.terms, 1.0))
    least = _WORTH_SHOWING * max(ranked, default=0.0)
    near = [item for item, score in zip(found, ranked, strict=True) if score > 0 and score >= least]
    return _first_of_each(near)[:most]


def search_memory(
    query: MemoryQuery, found: Sequence[Found], *, most: int
) -> tuple[tuple[Found, Answer], ...]:
    """Return the articles that a search brought up as they came, each with its nearest sentence.

    At most `most`. What somebody said is wrong is passed over.
    """
    nearest = _nearest if query.terms else _opening
    chosen = ((item, nearest(item, query)) for item in _first_of_each(found))
    return tuple(islice(((item, said) for item, said in chosen if said), most))


def _nearest(item: Found, query: MemoryQuery) -> Answer | None:
    """Return the sentence of a passage that shares most with a search; None where all are struck.

    Says is what holds every word of it.
    """
    article, wrong = item.mention.article, struck(item.mention)
    language = language_of(article)
    weigh = weights(language)
    sought = {term: weigh[term] for term in query.terms}
    best: tuple[float, Evidence] | None = None
    for part, paragraph, text in _texts_of(item):
        for start, end in split(text, language):
            quote = evidence(article, part, paragraph, start, end)
            score = coverage(sought, set(terms(quote.quote, language)))
            fit = best is None or score > best[0]
            if fit and is_plain(quote.quote) and not is_struck(quote, wrong):
                best = score, quote
    if best is None:
        return None
    said = item.passage.terms.split()
    voice = Voice.SAYS if query.holds_all(said) else Voice.CLOSEST
    return Answer(voice=voice, text=best[1].quote, quotes=(best[1],), confidence=best[0])


def _texts_of(item: Found) -> Iterator[tuple[Part, int, str]]:
    """Yield what a passage consists of: paragraphs and, of the first, what stands above them."""
    article, passage = item.mention.article, item.passage
    for paragraph in range(passage.first, min(passage.last + 1, len(article.paragraphs))):
        yield Part.BODY, paragraph, article.paragraphs[paragraph]
    if passage.first == 0:
        yield from texts(article, Part.STANDFIRST, Part.LEAD_BULLET)


def _first_of_each(found: Sequence[Found]) -> list[Found]:
    """Return the first passage of each article: one answer for each, however often posted."""
    kept: dict[str, Found] = {}
    for item in found:
        kept.setdefault(item.mention.article.key, item)
    return list(kept.values())


def struck(mention: Mention) -> tuple[Evidence, ...]:
    """Return what those bullets of a mention's brief rest on that somebody said are wrong."""
    bullets = mention.brief.bullets if mention.brief else ()
    wrong = {strike.bullet for strike in mention.strikes}
    return tuple(
        span
        for number, bullet in enumerate(bullets, 1)
        if number in wrong
        for span in bullet.evidence
    )


def _opening(item: Found, _: MemoryQuery) -> Answer | None:
    """Return the first sentence of an article, of those that nobody said are wrong."""
    article, wrong = item.mention.article, struck(item.mention)
    for paragraph, text in enumerate(article.paragraphs):
        for start, end in split(text, language_of(article)):
            quote = evidence(article, Part.BODY, paragraph, start, end)
            if not is_struck(quote, wrong):
                return Answer(voice=Voice.SAYS, text=quote.quote, quotes=(quote,), confidence=1.0)
    return None
