"""A brief of the lead bullets that the publisher printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.core.language.detect import language_of
from bot.core.language.words import carries_meaning, fold, language_or_english, stop_words
from bot.core.writing import evidence as proofs
from bot.core.writing.figures import Figure, figures, places, unmatched
from bot.core.writing.ground import resting_on
from bot.core.writing.sentences import passage, sentences
from bot.core.writing.signals import signals
from bot.model import Brief, Bullet, Method, Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.writing.sentences import Sentence
    from bot.core.writing.signals import Signals
    from bot.model import Article

_ELSEWHERE = (Part.HEADLINE, Part.STANDFIRST, Part.BODY, Part.CAPTION)
# The weighted share of a lead bullet that a sentence of the body must hold to be shown under it:
# chosen by reading; unrelated sentences of the same article reach 0.3.
_LEAST = 0.42
_MOST_OF_BODY = 2
# Words of one family share so much of their beginning: Iran, Iranian.
_FAMILY = 5
_FAMILY_SHARE = 0.6


def write(article: Article) -> Brief:
    """Return the article's own lead bullets as they are printed, all of them.

    Each rests on itself first, then on the one or two sentences of the body that say the same.
    An article without lead bullets gives a brief without bullets; one without a word is no bullet.
    """
    language = language_of(article)
    body = sentences(article, Part.BODY, language=language)
    told = _told(article, language)
    found = []
    for index, text in enumerate(article.lead_bullets):
        claim = passage(text, language)
        if not claim.words:
            continue
        own = proofs.evidence(article, Part.LEAD_BULLET, index, 0, len(text))
        same = resting_on(claim, body, language, least=_LEAST, most=_MOST_OF_BODY)
        found.append(
            Bullet(
                text=text,
                evidence=(own, *(sentence.proof(article) for sentence in same)),
                lead_only=_lead_only(claim, told, language),
            )
        )
    return Brief(version=article.version, method=Method.PUBLISHER, bullets=tuple(found))


class _Told(NamedTuple):
    """What the rest of an article states: its stems, their beginnings, its numbers."""

    stems: frozenset[str]
    by_start: dict[str, list[str]]
    figures: list[Figure]


def _told(article: Article, language: str | None) -> _Told:
    stems = {
        stem
        for sentence in sentences(article, *_ELSEWHERE, language=language)
        for stem in sentence.stems
    }
    by_start: dict[str, list[str]] = {}
    for stem in stems:
        by_start.setdefault(stem[:_FAMILY], []).append(stem)
    numbers = [
        figure
        for _, _, text in proofs.texts(article, *_ELSEWHERE)
        for figure in figures(text, language)
    ]
    return _Told(frozenset(stems), by_start, numbers)


def _lead_only(claim: Sentence, told: _Told, language: str | None) -> tuple[str, ...]:
    """The phrases of a lead bullet that the rest of the article does not state, as printed.

    Neighbouring words make one phrase; a preposition just before belongs to it. A verb in the
    past alone is how this bullet puts it ("slammed"), not a detail.
    """
    kinds = signals(language)
    phrases: list[str] = []
    for first, last in _runs(claim, _new_words(claim, told, language, kinds)):
        if first == last and _is_past(claim.words[first].text, language):
            continue
        start = _with_preposition(claim, first, language, kinds)
        phrases.append(claim.text[claim.words[start].start : claim.words[last].end])
    return tuple(phrases)


def _runs(claim: Sentence, new: Sequence[bool]) -> list[tuple[int, int]]:
    """The first and last word of each run of new words that touch."""
    runs: list[tuple[int, int]] = []
    for at, is_new in enumerate(new):
        if is_new and runs and runs[-1][1] == at - 1 and _touch(claim, at - 1):
            runs[-1] = (runs[-1][0], at)
        elif is_new:
            runs.append((at, at))
    return runs


def _is_past(word: str, language: str | None) -> bool:
    return language_or_english(language) == "en" and word.islower() and word.endswith("ed")


def _new_words(
    claim: Sentence, told: _Told, language: str | None, kinds: Signals
) -> Sequence[bool]:
    """For each word of a lead bullet, whether it carries a meaning that is nowhere else."""
    numbers = figures(claim.text, language)
    numbered, unknown = places(numbers), places(unmatched(numbers, told.figures))
    stops = stop_words(language)
    new = []
    for word, stem in zip(claim.words, claim.stems, strict=True):
        inside = range(word.start, word.end)
        if not numbered.isdisjoint(inside):
            new.append(not unknown.isdisjoint(inside))
        else:
            new.append(
                carries_meaning(word.text, stops)
                and fold(word.text) not in kinds.light
                and not _is_told(stem, told, is_name=word.text[0].isupper())
            )
    return new


def _is_told(stem: str, told: _Told, *, is_name: bool) -> bool:
    """Whether the rest has this word or, but for names, another of its family."""
    if stem in told.stems:
        return True
    if is_name or len(stem) < _FAMILY:
        return False
    return any(
        _shared(stem, other) >= _FAMILY_SHARE * max(len(stem), len(other))
        for other in told.by_start.get(stem[:_FAMILY], ())
    )


def _shared(one: str, other: str) -> int:
    """How many characters two words begin with alike."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _touch(claim: Sentence, at: int) -> bool:
    """Whether only white space or a hyphen is between a word and the next."""
    return not claim.text[claim.words[at].end : claim.words[at + 1].start].strip(" -‐‑\u00a0")


def _with_preposition(claim: Sentence, first: int, language: str | None, kinds: Signals) -> int:
    """Where a phrase begins with the preposition, and at most one small word after it."""
    for back in (1, 2):
        if first < back or not _touch(claim, first - back):
            return first
        word = claim.words[first - back].text
        if fold(word) in kinds.preposition:
            return first - back
        if carries_meaning(word, stop_words(language)):
            return first
    return first
