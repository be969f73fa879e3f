"""What in the article a sentence rests on, and whether it may be said: the fact lock."""

from __future__ import annotations

from collections import Counter
from math import log1p
from typing import TYPE_CHECKING

from bot.core.language.denial import turns
from bot.core.language.detect import language_of
from bot.core.writing.figures import figures, places
from bot.core.writing.sentences import passage, sentences
from bot.core.writing.strange import Familiar
from bot.core.writing.support import Wording
from bot.core.writing.violations import EVERYTHING, stated, violations
from bot.model import Check, Outcome, Part

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    return Grounds(found, language).under(claim, least=least, most=most)


class Grounds:
    """The sentences that claims may rest on, made ready for many claims."""

    def __init__(self, found: Sequence[Sentence], language: str | None) -> None:
        self.found = found
        self._language = language
        self._held = [_terms(sentence, language) for sentence in found]
        self._spread = Counter(term for terms in self._held for term in terms)

    def under(
        self,
        claim: Sentence,
        *,
        least: float = _LEAST,
        most: int = _MOST,
        first: Sentence | None = None,
    ) -> list[Sentence]:
        """Return the sentences that a claim rests on, beginning with `first` where it holds any."""
        missing = self._weigh(claim)
        total = sum(missing.values())
        chosen: list[Sentence] = []
        while total and self.found and len(chosen) < most:
            gains = [sum(missing.get(term, 0.0) for term in terms) for terms in self._held]
            best = gains.index(max(gains))
            if first is not None and not chosen and gains[self.found.index(first)] > 0:
                best = self.found.index(first)
            elif gains[best] <= 0 or gains[best] / total < (_LEAST_MORE if chosen else least):
                break
            chosen.append(self.found[best])
            held = self._held[best]
            missing = {term: weight for term, weight in missing.items() if term not in held}
        return chosen

    def share(self, claim: Sentence, chosen: Sequence[Sentence]) -> float:
        """Return the weighted share, 0 to 1, of a claim's meaning that some sentences hold."""
        weights = self._weigh(claim)
        told = {term for one in chosen for term in self._held[self.found.index(one)]}
        total = sum(weights.values())
        return sum(w for term, w in weights.items() if term in told) / total if total else 0.0

    def _weigh(self, claim: Sentence) -> dict[str, float]:
        """The weight of each term of a claim: rare ones, names and numbers count for more."""
        return {
            term: factor * log1p(len(self._held) / (self._spread[term] or 1))
            for term, factor in _terms(claim, self._language).items()
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
    return Lock(article).check(claim)


class Lock:
    """The fact lock of one article, made ready for many claims: see `check`."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.language = language_of(article)
        self.stated = stated(article, self.language)
        found = sentences(article, *EVERYTHING, language=self.language)
        self._wording = Wording(found)
        self._familiar = Familiar(found, self.language)
        self._grounds = Grounds(
            [one for one in found if one.part is not Part.LEAD_BULLET], self.language
        )

    def check(self, claim: str) -> Check:
        """Return what is to be said of a claim."""
        reasons = violations(claim, self.stated)
        score = self._wording.support(claim, self.language)
        if reasons:
            return Check(outcome=Outcome.BLOCK, reasons=reasons, support=score)
        if score < WEAK:
            weak = (("support", f"{score:.2f}"),)
            return Check(outcome=Outcome.WARN, reasons=weak, support=score)
        return Check(outcome=Outcome.PASS, reasons=(), support=score)

    def evidence(self, claim: str, quoted: Evidence | None = None) -> tuple[Evidence, ...]:
        """Return the 1 to 3 sentences that a claim rests on; none where the article lacks them.

        The sentence that holds `quoted`, the writer's own proof, comes first where it says
        anything of the claim.
        """
        own = passage(claim, self.language)
        chosen = self._grounds.under(own, first=self.sentence_of(quoted) if quoted else None)
        return tuple(one.proof(self.article) for one in chosen)

    def share(self, claim: str) -> float:
        """Return the weighted share, 0 to 1, of a claim that its best sentences hold."""
        own = passage(claim, self.language)
        return self._grounds.share(own, self._grounds.under(own))

    def strange(self, claim: str) -> str:
        """Return the words of a claim that were added to what the article says; mostly none.

        A denial more than the sentences have that it rests on is one of them: it turns all of it.
        """
        if words := self._familiar.strange(claim):
            return words
        held = sum(turns(one.quote) for one in self.evidence(claim))
        return claim if turns(claim) > held else ""

    def strange_signs(self, claim: str) -> str:
        """Return the signs of a claim that the article does not use and no writing needs."""
        return self._familiar.strange_signs(claim)

    def meaning(self, claim: str) -> frozenset[str]:
        """Return the stems of a claim that carry meaning."""
        return frozenset(passage(claim, self.language).content)

    @property
    def sentences(self) -> Sequence[Sentence]:
        """The sentences that a claim may rest on: all but the lead bullets."""
        return self._grounds.found

    def sentence_of(self, span: Evidence) -> Sentence | None:
        """Return the sentence in which a span begins; None in a lead bullet."""
        for one in self._grounds.found:
            here = (one.part, one.paragraph) == (span.part, span.paragraph)
            if here and one.start <= span.start < one.end:
                return one
        return None
