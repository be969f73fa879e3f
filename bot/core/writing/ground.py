"""What in the article a sentence rests on, and whether it may be said: the fact lock."""

from __future__ import annotations

from collections import Counter
from math import log1p
from typing import TYPE_CHECKING

from bot.core.writing.passages import language_of, passage, sentences
from bot.core.writing.support import support
from bot.core.writing.violations import EVERYTHING, violations
from bot.model import Check, Outcome, Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.core.writing.passages import Sentence
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
    chosen = resting_on(passage(text, language), found, least=least, most=most)
    return tuple(sentence.proof(article) for sentence in chosen)


def resting_on(
    claim: Sentence, found: Sequence[Sentence], *, least: float = _LEAST, most: int = _MOST
) -> list[Sentence]:
    """Choose sentences greedily by the weight of what each adds to those before."""
    weights = weigh(claim, found)
    total = sum(weights.values())
    chosen: list[Sentence] = []
    missing = dict(weights)
    while total and found and len(chosen) < most:
        best = max(found, key=lambda sentence: _sum(missing, sentence))
        gain = _sum(missing, best) / total
        if gain < (_LEAST_MORE if chosen else least) or not gain:
            break
        chosen.append(best)
        missing = {stem: weight for stem, weight in missing.items() if stem not in best.content}
    return chosen


def weigh(claim: Sentence, found: Sequence[Sentence]) -> dict[str, float]:
    """Return the weight of each of a claim's content stems: rare ones, names and numbers more."""
    spread = Counter(stem for sentence in found for stem in set(sentence.content))
    weights: dict[str, float] = {}
    for word, stem in zip(claim.words, claim.stems, strict=True):
        if stem in claim.content:
            factor = _NAME if word.text[0].isupper() or word.text[0].isdigit() else 1.0
            weight = factor * log1p(len(found) / (spread[stem] or 1))
            weights[stem] = max(weights.get(stem, 0.0), weight)
    return weights


def _sum(weights: Mapping[str, float], sentence: Sentence) -> float:
    return sum(weights.get(stem, 0.0) for stem in set(sentence.content))


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
