"""Words that were added to what an article says: they name nothing, so that no lock holds them.

A paraphrase has single words of its own. Of the lead bullets that people wrote and the fact lock
passes, 3 % hold what is refused here: three words in a row that carry meaning and are none of the
article's, a clause that has at most a third of its words from it, a script or sign that it does
not use.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from bot.core.language.scripts import script_of
from bot.core.language.words import stop_words
from bot.core.writing.sentences import passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.writing.sentences import Sentence

_RUN = 3
_CLAUSE = re.compile(r"\s+[–—-]+\s+|[;:(),]\s+")
_LEAST, _LEAST_HELD = 2, 0.34
_LEAST_OF_LAST = 3
_COMMON_SIGNS = frozenset("°×−±")
_LETTER_OF_TEXT = re.compile(r"LATIN (?:SMALL|CAPITAL) (?:LETTER|LIGATURE) ")


class Familiar:
    """What an article's sentences are made of, made ready for many claims."""

    def __init__(self, found: Sequence[Sentence], language: str | None) -> None:
        self._language = language
        self._stems = frozenset(stem for sentence in found for stem in sentence.stems)
        self._signs = frozenset(sign for sentence in found for sign in sentence.text)
        self._scripts = frozenset(map(script_of, self._signs))

    def strange(self, claim: str) -> str:
        """Return the words of a claim that were added; empty where none were."""
        if signs := self.strange_signs(claim):
            return signs
        if not stop_words(self._language):  # without them, every "of" would carry meaning
            return ""
        return self._added_clause(claim) or self._added_run(claim)

    def strange_signs(self, claim: str) -> str:
        """Return the signs of a claim that the article does not use and no writing needs."""
        return "".join(sign for sign in claim if self._is_strange(sign))

    def _is_strange(self, sign: str) -> bool:
        """Whether a sign is neither the article's nor one that any text may hold."""
        if sign.isascii() or sign in self._signs or sign in _COMMON_SIGNS:
            return False
        category = unicodedata.category(sign)
        if category in ("So", "Sk", "Sm", "No", "Nl"):
            return True
        if category[0] != "L":
            return False
        if script_of(sign) == "LATIN":
            return _LETTER_OF_TEXT.match(unicodedata.name(sign)) is None
        return script_of(sign) not in self._scripts

    def _added_clause(self, claim: str) -> str:
        clauses = [one for one in _CLAUSE.split(claim) if one]
        for at, clause in enumerate(clauses):
            held = passage(clause, self._language)
            new = [stem for stem in held.content if not stem[0].isdigit()]
            known = sum(stem in self._stems for stem in new)
            if len(new) >= _LEAST and known <= _LEAST_HELD * len(new):
                return clause
            last = at == len(clauses) - 1 > 0
            if last and new and not known and len(held.words) >= _LEAST_OF_LAST:
                return clause
        return ""

    def _added_run(self, claim: str) -> str:
        held = passage(claim, self._language)
        content = set(held.content)
        run: list[str] = []
        for word, stem in zip(held.words, held.stems, strict=True):
            if stem not in content:
                continue
            run = [] if stem in self._stems or stem[0].isdigit() else [*run, word.text]
            if len(run) == _RUN:
                return " ".join(run)
        return ""
