"""A brief of the article's own sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.core.language.detect import language_of
from bot.core.language.words import content_stems
from bot.core.writing.features import FEATURES, features
from bot.core.writing.form import LEAST_WORDS, bullet_text, is_boilerplate
from bot.core.writing.guard import is_plain
from bot.core.writing.ranker import score, trained_weights
from bot.core.writing.sentences import Sentence, sentences
from bot.core.writing.signals import has_signals
from bot.core.writing.subjects import subjects_known_before
from bot.model import Brief, Bullet, Method, Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Article

OPENING_SENTENCES = "opening_sentences"
"""Warning code: the language is unknown, so these are the first sentences, not the best."""

# What is taken off a sentence's worth (0 to 1 within its article): tuned by five-fold
# cross-validation on the bench's briefing set and by reading.
_REPETITION = 0.6
_DANGLING = 0.4
_FRAGMENT = 1.5
_UNEXPLAINED = 0.12
# A sentence that repeats more than this share of what was said is never taken.
_SAME = 0.75
# Sentences that do not stand alone come in only while there are fewer bullets than this.
_LEAST = 3
# News is written most newsworthy first; a book pasted whole must not take minutes.
_LOOK_AT = 400

_ALONE = FEATURES.index("alone")


def write(article: Article, *, bullets: int, weights: Mapping[str, float] | None = None) -> Brief:
    """Write up to `bullets` (1 or more) bullets from the body, in the article's order.

    Each bullet is one sentence of the body, at most shortened by `form.bullet_text`; its
    evidence is that whole sentence. Fewer come back where the article has no more to say. An
    article without a body gives a brief without bullets. `weights` are the trained ones unless
    given. Raises ValueError for fewer than 1.
    """
    if bullets < 1:
        raise ValueError(f"{bullets} bullets cannot be written")
    language = language_of(article)
    body = candidates(article, language, most=max(_LOOK_AT, 3 * bullets))
    ranked = has_signals(language)
    chosen = body[:bullets]
    if ranked and body:
        title = content_stems(article.headline or "", language)
        rated = _rated(body, title, language, bullets, weights or trained_weights())
        chosen = _chosen(rated, frozenset(title), bullets)
    return Brief(
        version=article.version,
        method=Method.EXTRACTIVE,
        bullets=tuple(
            Bullet(text=bullet_text(sentence.text, language), evidence=(sentence.proof(article),))
            for sentence in chosen
        ),
        warnings=() if ranked else (OPENING_SENTENCES,),
    )


def candidates(article: Article, language: str | None, *, most: int) -> list[Sentence]:
    """Return the first `most` sentences of the body that belong to the story, each said once."""
    seen: set[tuple[str, ...]] = set()
    found: list[Sentence] = []
    for sentence in sentences(article, Part.BODY, language=language):
        if sentence.stems not in seen and _tells(sentence, language):
            found.append(sentence)
            seen.add(sentence.stems)
        if len(found) == most:
            break
    return found


def _tells(sentence: Sentence, language: str | None) -> bool:
    """Whether a sentence is of the story, and more of it is left than a dateline without one.

    One with an address, a mention or markup is not: a stranger may have put it there to be posted.
    """
    text = sentence.text
    if not sentence.words or is_boilerplate(text) or not is_plain(text):
        return False
    return any(character.isalnum() for character in bullet_text(sentence.text, language))


class _Rated(NamedTuple):
    """A candidate: its worth, whether it stands alone, and the subject it takes for known."""

    sentence: Sentence
    worth: float
    alone: bool
    subject: str | None


def _rated(
    body: Sequence[Sentence],
    title: Sequence[str],
    language: str | None,
    bullets: int,
    weights: Mapping[str, float],
) -> list[_Rated]:
    """Rate each sentence: its score brought to 0 to 1, less the price of not standing alone."""
    rows = features(body, title, language, bullets=bullets)
    scores = [score(row, weights) for row in rows]
    least, spread = min(scores), (max(scores) - min(scores)) or 1.0
    return [
        _Rated(
            sentence=sentence,
            worth=(value - least) / spread - _price(sentence, alone=bool(row[_ALONE])),
            alone=bool(row[_ALONE]),
            subject=subject,
        )
        for sentence, row, value, subject in zip(
            body, rows, scores, subjects_known_before(body, language), strict=True
        )
    ]


def _price(sentence: Sentence, *, alone: bool) -> float:
    if alone:
        return 0.0
    return _DANGLING if len(sentence.words) >= LEAST_WORDS else _FRAGMENT


def _chosen(rated: Sequence[_Rated], title: frozenset[str], bullets: int) -> list[Sentence]:
    """Take the best again and again, less what it repeats; return them in the article's order."""
    taken: list[int] = []
    said: set[str] = set()

    def value(at: int) -> tuple[float, int]:
        sentence, worth, _, subject = rated[at]
        unexplained = subject is not None and subject not in said | title
        return worth - _REPETITION * _repeats(sentence, said) - _UNEXPLAINED * unexplained, -at

    left = set(range(len(rated)))
    while left and len(taken) < bullets:
        best = max(left, key=value)
        left.remove(best)
        new = _repeats(rated[best].sentence, said) <= _SAME
        if new and (rated[best].alone or len(taken) < _LEAST):
            taken.append(best)
            said.update(rated[best].sentence.content)
    return [rated[at].sentence for at in sorted(taken)]


def _repeats(sentence: Sentence, said: set[str]) -> float:
    """The share of a sentence's content that was said."""
    content = set(sentence.content)
    return len(content & said) / max(len(content), 1)
