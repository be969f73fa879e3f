"""What in the article a sentence rests on, and whether it may be said: the fact lock."""

from __future__ import annotations

from collections import Counter
from math import log1p
from typing import TYPE_CHECKING

from bot.core.language.detect import language_of
from bot.core.writing.figures import figures, places
from bot.core.writing.sentences import passage, sentences
from bot.core.writing.support import support
from bot.core.writing.violations import EVERYTHING, violations
from bot.model import Check, Outcome, Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.writing.sentences import Sentence
    from bot.model import Article, Evidence

PARTS = (Part.BODY, Part.STANDFIRST, Part.HEADLINE, Part.CAPTION)

_MOST = 3
_LEAST = 0.1
_LEAST_MORE = 0.18
_NAME = 2.0
WEAK = 0.2
"""Support below this warns: 15 % of the lead bullets that people wrote, mostly paraphrases."""


def ground(
    text: str,
    article: Article,
    *,
    parts: Sequence[Part] = PARTS,
    least: float = _LEAST,
    most: int = _MOST,
) -> tuple[Evidence, ...]:
    """Return the 1 to `most` whole sentences of the article that `text` rests on, best first.

    `least` (0 to 1) is the weighted share of the text's meaning that the best one must hold;
    none come back where no sentence does.
    """
    language = language_of(article)
    found = sentences(article, *parts, language=language)
    chosen = resting_on(passage(text, language), found, language, least=least, most=most)
    return tuple(sentence.proof(article) for sentence in chosen)


def resting_on(
    claim: Sentence,
    found: Sequence[Sentence],
    language: str | None,
    *,
    least: float = _LEAST,
    most: int = _MOST,
) -> list[Sentence]:
    """Choose sentences greedily by the weight of what each adds to those before."""
    held = [_terms(sentence, language) for sentence in found]
    missing = _weigh(claim, held, language)
    total = sum(missing.values())
    chosen: list[Sentence] = []
    while total and found and len(chosen) < most:
        gains = [sum(missing.get(term, 0.0) for term in terms) for terms in held]
        best = gains.index(max(gains))
        if gains[best] <= 0 or gains[best] / total < (_LEAST_MORE if chosen else least):
            break
        chosen.append(found[best])
        missing = {term: weight for term, weight in missing.items() if term not in held[best]}
    return chosen


def _weigh(
    claim: Sentence, held: Sequence[Mapping[str, float]], language: str | None
) -> dict[str, float]:
    """The weight of each term of a claim: rare ones, names and numbers count for more."""
    spread = Counter(term for terms in held for term in terms)
    return {
        term: factor * log1p(len(held) / (spread[term] or 1))
        for term, factor in _terms(claim, language).items()
    }


def _terms(sentence: Sentence, language: str | None) -> dict[str, float]:
    """The stems that carry meaning and the values of numbers, names and numbers counting double."""
    numbers = figures(sentence.text, language)
    terms = {f"={figure.value.normalize()}": _NAME for figure in numbers}
    content = set(sentence.content)
    numbered = places(numbers)
    for word, stem in zip(sentence.words, sentence.stems, strict=True):
        if stem in content and numbered.isdisjoint(range(word.start, word.end)):
            factor = _NAME if word.text[0].isupper() else 1.0
            terms[stem] = max(terms.get(stem, 0.0), factor)
    return terms


def check(claim: str, article: Article) -> Check:
    """Return the fact lock's finding on a sentence that somebody wrote about the article.

    A number, name or quoted phrase that the article does not hold blocks it; reasons name each:
    ("number", "300"), ("name", "Putin"), ("quote", "we won"). Weak support only warns. What is
    not caught: swaps of names within the article, negations, and names in a claim that is all
    in lower case.
    """
    language = language_of(article)
    reasons = violations(claim, article, language)
    found = sentences(article, *EVERYTHING, language=language)
    score = support(claim, found, language)
    if reasons:
        return Check(outcome=Outcome.BLOCK, reasons=reasons, support=score)
    if score < WEAK:
        return Check(outcome=Outcome.WARN, reasons=(("support", f"{score:.2f}"),), support=score)
    return Check(outcome=Outcome.PASS, reasons=(), support=score)
