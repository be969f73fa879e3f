"""What a model says of an article in another language -> a bullet, or why not.

Words of two languages cannot be compared, so that most of what holds a sentence to its article
(`drafts`) can say nothing here. What can be held, is:
1. It is in the language asked for, in the form of any bullet, and speaks to nobody.
2. Exact words of the article stand under it; their sentence is its first proof.
3. Each number with its unit, each day and month, each name as the article spells it, and the very
   words between quote marks stand in the article: `violations_abroad`.
4. The one to three sentences shown bear all of these out; the first holds one of them, or a word
   that both languages write alike. It denies no more often than they do.
Whether the translation is right is not among it: who posts it has to say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bot.core.language.denial import turns
from bot.core.language.detect import may_be_in, name_of_language
from bot.core.language.words import fold, language_or_english, stop_words, words
from bot.core.writing.drafts import FOREIGN, MISQUOTED, Refused, quoted, well_formed
from bot.core.writing.labels import labelled
from bot.core.writing.names import known, names_by_capital, stands_in
from bot.core.writing.quotations import outside
from bot.core.writing.signals import dates_in, signals
from bot.core.writing.violations import numbers_in, violations_abroad
from bot.model import Bullet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from bot.core.writing.drafts import Draft, Reasons
    from bot.core.writing.ground import Lock
    from bot.core.writing.names import Known
    from bot.core.writing.sentences import Sentence

LANGUAGE, ADDRESSING = "language", "addressing"

_MOST = 3
_ALIKE, _LEAST_ALIKE = 5, 4
_DENIALS_KNOWN = frozenset(("de", "en", "es", "fr"))

_Facts = frozenset[tuple[str, object]]
"""Pairs of a kind and what is stated: ("number", 12), ("date", "weekday 0"), ("name", "Lind")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What a text of the article states."""

    numbers: frozenset[Decimal]
    dates: frozenset[str]
    names: Known

    def lacks(self, facts: _Facts) -> _Facts:
        """Return those of some facts that the text does not state."""
        return frozenset((kind, fact) for kind, fact in facts if not self._states(kind, fact))

    def _states(self, kind: str, fact: object) -> bool:
        if kind == "name":
            return stands_in(str(fact), self.names)
        return fact in (self.numbers if kind == "number" else self.dates)


class Translation:
    """What may be said of an article in another language, made ready for many drafts.

    `language` is one of `core.language.wishes`.
    """

    def __init__(self, lock: Lock, language: str) -> None:
        self._lock = lock
        self._language = language

    def accept(self, draft: Draft) -> Bullet | Refused:
        """Return a draft as a bullet with its proof, or refuse it."""
        said = self.said_well(draft.text)
        if not isinstance(said, str):
            return Refused(draft=draft, reasons=said)
        article = self._lock.article
        span = quoted(draft.label, draft.quote, labelled(article))
        first = self._lock.sentence_of(span) if span else None
        if first is None:
            return Refused(draft=draft, reasons=((MISQUOTED, draft.quote),))
        held = self._bearing(said, first)
        if not self.is_borne_out(said, [one.text for one in held]):
            return Refused(draft=draft, reasons=((FOREIGN, said),))
        return Bullet(text=said, evidence=tuple(one.proof(article) for one in held))

    def said_well(self, text: str, *, sentences: int = 1) -> str | Reasons:
        """Return a text as it may be said, or why it may not be."""
        said = well_formed(text, self._lock, self._language, sentences=sentences)
        if not isinstance(said, str):
            return said
        if not may_be_in(said, self._language):
            return ((LANGUAGE, name_of_language(self._language)),)
        spoken_to = signals(self._language).address
        if spoken := [one.text for one in words(outside(said)) if fold(one.text) in spoken_to]:
            return ((ADDRESSING, spoken[0]),)
        if signs := self._lock.strange_signs(said):
            return ((FOREIGN, signs),)
        return violations_abroad(said, self._lock.stated, self._language) or said

    def is_borne_out(self, said: str, held: Sequence[str]) -> bool:
        """Tell whether some texts of the article, the best first, hold what can be held of `said`.

        False without any.
        """
        facts = self._facts(said)
        left = facts
        for text in held:
            left = self._held(text).lacks(left)
        if left or not held:
            return False
        if self._held(held[0]).lacks(facts) == facts and not self._alike(said, held[0]):
            return False
        own = language_or_english(self._lock.language)
        denials_known = _DENIALS_KNOWN.issuperset((own, self._language))
        return not denials_known or turns(said) <= sum(turns(text) for text in held)

    def _bearing(self, said: str, first: Sentence) -> list[Sentence]:
        """Return `first` and up to two more sentences, each of which holds what is missing."""
        chosen = [first]
        left = self._held(first.text).lacks(self._facts(said))
        while left and len(chosen) < _MOST:
            rest = [held.lacks(left) for _, held in self._all]
            best = min(range(len(rest)), key=lambda at: len(rest[at]))
            if rest[best] == left:
                break
            chosen.append(self._all[best][0])
            left = rest[best]
        return chosen

    @cached_property
    def _all(self) -> list[tuple[Sentence, _Held]]:
        return [(one, self._held(one.text)) for one in self._lock.sentences]

    def _facts(self, said: str) -> _Facts:
        """The numbers, dates and names of a text; the year that an article is of goes by itself."""
        numbers = numbers_in(said, self._language) - {self._lock.stated.year}
        return frozenset(
            (
                *(("number", one) for one in numbers),
                *(("date", one) for one in dates_in(said, self._language)),
                *(("name", one.text) for one in names_by_capital(said, self._language)),
            )
        )

    def _held(self, text: str) -> _Held:
        language = self._lock.language
        return _Held(
            numbers=numbers_in(text, language),
            dates=frozenset(dates_in(text, language)),
            names=known([text], language),
        )

    def _alike(self, said: str, text: str) -> bool:
        """Whether a word that carries meaning is written alike in both."""
        return not _beginnings(said, self._language).isdisjoint(
            _beginnings(text, self._lock.language)
        )


def _beginnings(text: str, language: str | None) -> frozenset[str]:
    """The beginnings of the longer words that carry meaning: most words of a kind share them."""
    folded = {fold(word.text) for word in words(text)} - stop_words(language)
    return frozenset(word[:_ALIKE] for word in folded if len(word) >= _LEAST_ALIKE)
