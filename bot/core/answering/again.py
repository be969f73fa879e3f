"""Whether an article was read before in other clothes, and what of it is new.

A copy is an article most of whose sentences have a counterpart in an earlier one: nearly the same
words, as where another house edits an agency's text. Another outlet's own report of the same event
shares its names, numbers and quotes, but hardly a sentence.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.language.denial import denies
from bot.core.language.detect import language_of
from bot.core.writing.figures import figures, unmatched
from bot.core.writing.sentences import passage, sentences
from bot.model import Part

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.core.writing.sentences import Sentence
    from bot.model import Article, Brief, Bullet, Evidence

COPY = 0.6
"""The share of its sentences that a copy has from an earlier article."""
STILL = 0.3
"""The same for a page that was changed: below it, something else stands at its address."""
_LIKE = 0.55
"""The part of a sentence's words that its counterpart has, and the counterpart's that it has."""
_SAME = 0.8
"""The part of a sentence's words that stand together where it was said before."""
_FEWEST_WORDS = 4
_FEWEST_SENTENCES = 4
_PARTS = (Part.HEADLINE, Part.STANDFIRST, Part.LEAD_BULLET, Part.BODY, Part.CAPTION)


def share(article: Article, earlier: Article) -> float:
    """Return the share, 0 to 1, of an article's sentences that an earlier one has, too.

    Sentences of a few words do not count. Where there are but a few others, it is 0, unless both
    are of the same page.
    """
    if article.version == earlier.version:
        return 1.0
    language = language_of(article)
    known = _Read(earlier, language, Part.BODY)
    counted = [
        one
        for one in sentences(article, Part.BODY, language=language)
        if len(set(one.content)) >= _FEWEST_WORDS
    ]
    if len(counted) < (1 if article.key == earlier.key else _FEWEST_SENTENCES):
        return 0.0
    return sum(known.has_like(one) for one in counted) / len(counted)


def is_copy(article: Article, earlier: Article) -> bool:
    """Tell whether an article is an earlier one again, at another address or edited."""
    return share(article, earlier) >= COPY


def new_in(article: Article, brief: Brief, earlier: Article) -> tuple[int, ...]:
    """Return the numbers, from 1, of the bullets of a brief that say what an earlier article lacks.

    What a bullet says was said before where the earlier article has, together, its words, its
    names and all its numbers, or those of each sentence that it rests on.
    """
    language = language_of(article)
    known = _Read(earlier, language, *_PARTS)
    own = sentences(article, *_PARTS, language=language)
    return tuple(
        number
        for number, bullet in enumerate(brief.bullets, 1)
        if not known.says(passage(bullet.text, language))
        and not known.says_all(_rests_on(bullet, own))
    )


def _rests_on(bullet: Bullet, own: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that a bullet's evidence stands in, but for the bullet itself."""
    spans = [span for span in bullet.evidence if span.part is not Part.LEAD_BULLET]
    return [one for one in own if any(_stands_in(span, one) for span in spans)]


def _stands_in(span: Evidence, one: Sentence) -> bool:
    same = (span.part, span.paragraph) == (one.part, one.paragraph)
    return same and span.start < one.end and one.start < span.end


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A sentence of an earlier article: the stems of its words, and whether it denies."""

    sentence: Sentence
    stems: frozenset[str]


class _Read:
    """The sentences of an earlier article, to look others up in."""

    def __init__(self, article: Article, language: str | None, *parts: Part) -> None:
        self._language = language
        self._lines = [
            _Line(sentence=one, stems=frozenset(one.content))
            for one in sentences(article, *parts, language=language)
        ]
        self._holders: dict[str, list[int]] = {}
        for place, line in enumerate(self._lines):
            for stem in line.stems:
                self._holders.setdefault(stem, []).append(place)

    def has_like(self, one: Sentence) -> bool:
        """Tell whether a sentence has a counterpart: most words of each are the other's.

        With other numbers it has none: that is the same form, filled in for another day.
        """
        stems = set(one.content)
        return any(
            count >= _LIKE * max(len(stems), len(self._lines[place].stems))
            and self._same_numbers(one, self._lines[place].sentence)
            for place, count in self._shared(stems).most_common(1)
        )

    def _same_numbers(self, one: Sentence, other: Sentence) -> bool:
        """Whether one number of a sentence, if it has any, is the other's."""
        given = figures(one.text, self._language)
        known = figures(other.text, self._language)
        return not given or len(unmatched(given, known)) < len(given)

    def says_all(self, many: Sequence[Sentence]) -> bool:
        """Tell whether each of some sentences (one at least) was said."""
        return bool(many) and all(map(self.says, many))

    def says(self, one: Sentence) -> bool:
        """Tell whether one sentence, or two in a row, hold what another one says."""
        stems = set(one.content)
        if not stems:
            return True
        shared = self._shared(stems)
        places = {near for place in shared for near in (place - 1, place) if near >= 0}
        return any(self._holds(one, stems, place) for place in sorted(places))

    def _holds(self, one: Sentence, stems: Collection[str], place: int) -> bool:
        for lines in (self._lines[place : place + 1], self._lines[place : place + 2]):
            held = frozenset().union(*(line.stems for line in lines))
            if len(held.intersection(stems)) < _SAME * len(stems):
                continue
            if _names(one) <= held and self._same_facts(one, [line.sentence for line in lines]):
                return True
        return False

    def _same_facts(self, one: Sentence, told: Sequence[Sentence]) -> bool:
        """Whether all numbers are told, and what denies is told as denied."""
        known = [figure for each in told for figure in figures(each.text, self._language)]
        asserts = denies(one.text) == any(denies(each.text) for each in told)
        return asserts and not unmatched(figures(one.text, self._language), known)

    def _shared(self, stems: Collection[str]) -> Counter[int]:
        return Counter(place for stem in stems for place in self._holders.get(stem, ()))


def _names(one: Sentence) -> frozenset[str]:
    """Return the stems of what is written with a capital inside of a sentence."""
    content = set(one.content)
    return frozenset(
        stem
        for word, stem in zip(one.words[1:], one.stems[1:], strict=True)
        if word.text[0].isupper() and stem in content
    )
