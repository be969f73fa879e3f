"""Whether an article says what a bullet of another one says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.answering.rank import coverage
from bot.core.answering.terms import terms, weights
from bot.core.language.denial import denies
from bot.core.language.detect import detect, language_of
from bot.core.language.words import fold, language_or_english
from bot.core.writing.figures import figures, unmatched
from bot.core.writing.names import names_by_capital
from bot.core.writing.sentences import sentences
from bot.model import Part

if TYPE_CHECKING:
    from bot.core.writing.sentences import Sentence
    from bot.model import Article, Evidence, Mention, Point

_SAYS = 0.55
"""The share of a bullet's words, by weight, that a sentence says at least to say the same."""
_SAME = 0.6
_LEAST_FOREIGN = 3
"""Of two languages only names and numbers are the same words: so many of them at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An article cut into sentences, each with its terms."""

    article: Article
    language: str
    held: tuple[tuple[Sentence, frozenset[str]], ...]

    def saying(self, text: str, source: Article) -> Evidence | None:
        """Return the sentence that says most of a text of another article, or None."""
        language = language_or_english(language_of(source) or detect(text))
        if language != self.language:
            return self._in_translation(text, language)
        weighed = weighed_terms(text, language)
        best, found = 0.0, None
        for sentence, held in self.held:
            share = coverage(weighed, held)
            if share > best and share >= _SAYS and _agree(text, sentence.text, language):
                best, found = share, sentence
        return found.proof(self.article) if found else None

    def _in_translation(self, text: str, language: str) -> Evidence | None:
        asked = _tokens(text, language)
        if len(asked) < _LEAST_FOREIGN:
            return None
        best, found = 0, None
        for sentence, _ in self.held:
            shared = len(asked & _tokens(sentence.text, self.language))
            if shared > best and shared >= max(_LEAST_FOREIGN, 0.7 * len(asked)):
                best, found = shared, sentence
        return found.proof(self.article) if found else None


def account(mention: Mention) -> Account:
    """Return what an article says, sentence by sentence, from the top down."""
    article = mention.article
    language = language_or_english(language_of(article))
    parts = (Part.LEAD_BULLET, Part.STANDFIRST, Part.BODY, Part.HEADLINE)
    cut = sentences(article, *parts, language=language)
    return Account(
        article=article,
        language=language,
        held=tuple((one, frozenset(terms(one.text, language))) for one in cut),
    )


def same_bullet(one: Point, other: Point) -> bool:
    """Tell whether two points say the same: most of the shorter one stands in the longer one.

    Or their proofs are the same sentence.
    """
    if _places(one) & _places(other):
        return True
    language = language_or_english(language_of(one.mention.article) or detect(one.bullet.text))
    first, second = (weighed_terms(point.bullet.text, language) for point in (one, other))
    return max(coverage(first, second), coverage(second, first)) >= _SAME


def _places(point: Point) -> set[tuple[str, Part, int, int]]:
    """The sentences that a point stands in."""
    proofs = (*point.bullet.evidence[:1], *point.others)
    return {(one.version, one.part, one.paragraph, one.start) for one in proofs}


def weighed_terms(text: str, language: str) -> dict[str, float]:
    """Return the terms of a text, each with its weight."""
    table = weights(language)
    return {term: table[term] for term in Counter(terms(text, language))}


def _agree(text: str, sentence: str, language: str) -> bool:
    """Whether a sentence gives every number of a text, and denies no more and no less than it."""
    lacking = unmatched(figures(text, language), figures(sentence, language))
    return not lacking and denies(text) == denies(sentence)


def _tokens(text: str, language: str) -> set[str]:
    named = {fold(word.text).removesuffix("'s") for word in names_by_capital(text, language)}
    return named | {f"{figure.value.normalize():f}" for figure in figures(text, language)}
