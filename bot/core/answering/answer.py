"""Answer a question from one article's own words, or say that it does not.

Nothing is composed: an answer is up to three sentences of the article, cut exactly, and a voice
that says how far to trust that they answer. The signals are lexical; they tell another
article's question well and a cleverly wrong one of the same article badly, so the middle voice
is used freely.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.core.answering.question import Kind, asked, resolve
from bot.core.answering.rank import Indexed, Sentence, Sought, coverage, index, scores
from bot.core.answering.terms import terms, weights
from bot.core.answering.voice import confidence, measured, measured_anywhere, missing, voice
from bot.core.language.detect import language_of
from bot.core.language.words import fold, stop_words, words
from bot.core.writing.evidence import evidence
from bot.core.writing.guard import is_plain
from bot.model import Answer, Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Article, Evidence, Question

MOST_QUOTES = 3
LONGEST_QUOTE = 70
"""Words of a quote: what is longer is cut at its clauses."""
_ALIKE = 0.8


_SUREST_FIRST = {Voice.SAYS: 0, Voice.CLOSEST: 1, Voice.ABSENT: 2}


def answer(articles: Sequence[Article], question: Question) -> Answer:
    """Answer from the sentences of the one article (of one at least) that answers most surely.

    Quotes are exact spans, best first.
    """
    text = resolve(question.text, question.previous)
    answers = [answer_text(article, text) for article in articles]
    return min(answers, key=lambda one: (_SUREST_FIRST[one.voice], -one.confidence))


def answer_text(article: Article, text: str, *, struck: Sequence[Evidence] = ()) -> Answer:
    """Answer a question that stands alone from the sentences of one article, but `struck` ones.

    Where the article does not say, the quotes are what comes closest, if anything does. What
    has an address, a mention or markup is not quoted: a stranger may have put it there for that.
    """
    language = language_of(article)
    sought = _sought(text, language)
    indexed = index(article, language)
    if not sought.stems or not indexed.sentences:
        return Answer(voice=Voice.ABSENT, text="")
    headline = set(terms(article.headline or "", language))
    ranked = scores(indexed, sought, headline)
    safe = [
        place
        for place, one in enumerate(indexed.sentences)
        if is_plain(one.text) and not is_struck(one, struck)
    ]
    if not safe:
        return Answer(voice=Voice.ABSENT, text="")
    order = sorted(safe, key=lambda place: (-ranked[place], place))
    best = _unlike(indexed, _measured_first(indexed, order, sought, headline))
    sure = confidence(indexed, best[0], sought, headline)
    said = voice(indexed, best[0], sought, headline, sure)
    if said is Voice.CLOSEST and not measured_anywhere(indexed, sought):
        said = Voice.ABSENT
    if said is Voice.ABSENT:
        best = [place for place in best if not indexed.around(place).isdisjoint(sought.stems)]
    quotes = tuple(_quote(article, indexed.sentences[place], sought) for place in best)
    text = "" if said is Voice.ABSENT else quotes[0].quote
    return Answer(voice=said, text=text, quotes=quotes, confidence=sure)


def is_struck(place: Sentence | Evidence, struck: Sequence[Evidence]) -> bool:
    """Tell whether a sentence of an article, or a span of it, shares words with struck ones."""
    return any(
        (span.part, span.paragraph) == (place.part, place.paragraph)
        and span.start < place.end
        and place.start < span.end
        for span in struck
    )


def _sought(text: str, language: str | None) -> Sought:
    found = asked(text, language)
    stops = stop_words("en")
    stems: set[str] = set()
    must: set[str] = set()
    names: list[str] = []
    for word in words(text):
        # questions are asked in English of articles in other languages, too
        if fold(word.text) in stops or not (own := terms(word.text, language)):
            continue
        stems.update(own)
        if not found.start <= word.start < found.end:
            must.update(own)
            if word.start and (word.text[0].isupper() or word.text[0].isdigit()):
                names += own
    weigh = weights(language)
    following = words(text[found.end :])
    asking = words(text[found.start : found.end])
    return Sought(
        text=text,
        language=language,
        kind=found.kind,
        stems=frozenset(stems),
        must={term: weigh[term] for term in must or stems},
        names=tuple(names),
        dimension=fold(asking[-1].text) if asking else "",
        noun=following[0].text if following else "",
    )


def _measured_first(
    indexed: Indexed, order: Sequence[int], sought: Sought, headline: set[str]
) -> list[int]:
    """Put first the nearest sentence that holds the number or time asked for.

    "When did they meet?" is answered beside the sentence that says that they met. Only where
    the surroundings cover as much as those of the best sentence, and no name is missing.
    """
    best = order[0]
    if sought.kind is not Kind.WHEN or measured(sought, indexed.sentences[best].text):
        return list(order)
    least = coverage(sought.must, indexed.around(best) | headline)
    for place in order[1:]:
        sentence = indexed.sentences[place]
        if (
            measured(sought, sentence.text)
            and coverage(sought.must, indexed.around(place) | headline) >= least
            and not missing(sought, {*sentence.counts, *headline})
        ):
            return [place, *(other for other in order if other != place)]
    return list(order)


def _unlike(indexed: Indexed, order: Sequence[int]) -> list[int]:
    """Return the first places whose sentences do not say the same again."""
    chosen: list[int] = []
    for place in order:
        mine = set(indexed.sentences[place].counts)
        others = (set(indexed.sentences[other].counts) for other in chosen)
        if all(len(mine & other) < _ALIKE * max(1, min(len(mine), len(other))) for other in others):
            chosen.append(place)
            if len(chosen) == MOST_QUOTES:
                break
    return chosen


def _quote(article: Article, sentence: Sentence, sought: Sought) -> Evidence:
    start, end = sentence.start, sentence.end
    if len(sentence.text.split()) > LONGEST_QUOTE:
        first, last = _clauses(sentence.text, sought)
        start, end = start + first, start + last
    return evidence(article, sentence.part, sentence.paragraph, start, end)


def _clauses(text: str, sought: Sought) -> tuple[int, int]:
    """Return the span of at most 70 words, in whole clauses, that holds most matched words."""
    cuts = [0, *(match.end() for match in re.finditer(r"[,;:–—)]\s+", text)), len(text)]
    clauses = [piece for start, end in pairwise(cuts) for piece in _pieces(text, start, end)]
    matched = [
        len(sought.stems.intersection(terms(text[a:b], sought.language))) for a, b in clauses
    ]
    sizes = [len(text[a:b].split()) for a, b in clauses]
    best = (-1, 0, 0, 0)
    for first in range(len(clauses)):
        size = hits = 0
        for last in range(first, len(clauses)):
            size += sizes[last]
            if size > LONGEST_QUOTE:
                break
            hits += matched[last]
            best = max(best, (hits, size, -first, last))
    start, end = clauses[-best[2]][0], clauses[best[3]][1]
    return start, start + len(text[start:end].rstrip())


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return a clause whole, or cut every 70 words where it runs longer."""
    found = [match.start() + start for match in re.finditer(r"\S+", text[start:end])]
    cuts = [start, *found[LONGEST_QUOTE::LONGEST_QUOTE], end]
    return list(pairwise(cuts))
