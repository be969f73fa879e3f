"""A brief of the article's own sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.language.words import content_stems
from bot.core.writing.features import FEATURES, features
from bot.core.writing.form import bullet_text, is_boilerplate
from bot.core.writing.passages import language_of, sentences
from bot.core.writing.ranker import score
from bot.core.writing.signals import known
from bot.core.writing.subjects import subjects_known_before
from bot.model import Brief, Bullet, Method, Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.writing.passages import Sentence
    from bot.model import Article

OPENING_SENTENCES = "opening_sentences"
"""Warning code: the language is unknown, so these are the first sentences, not the best."""

# Tuned by five-fold cross-validation on the bench's briefing set.
_REPETITION = 0.6
_DANGLING = 0.45
_UNEXPLAINED = 0.12
_SAME = 0.75
_LEAST = 3
# News is written most newsworthy first; a book pasted whole must not take minutes.
_LOOK_AT = 400


def write(article: Article, *, bullets: int) -> Brief:
    """Write up to `bullets` (1 or more) bullets from the body, in the article's order.

    Each bullet is one sentence of the body, at most shortened by `form.bullet_text`; its
    evidence is that whole sentence. Fewer come back where the article has no more to say. An
    article without a body gives a brief without bullets. Raises ValueError for fewer than 1.
    """
    if bullets < 1:
        raise ValueError(f"{bullets} bullets cannot be written")
    language = language_of(article)
    body = _candidates(article, language, most=max(_LOOK_AT, 3 * bullets))
    ranked = known(language)
    chosen = (
        _chosen(body, content_stems(article.headline or "", language), language, bullets)
        if ranked
        else body[:bullets]
    )
    return Brief(
        version=article.version,
        method=Method.EXTRACTIVE,
        bullets=tuple(
            Bullet(text=bullet_text(sentence.text, language), evidence=(sentence.proof(article),))
            for sentence in chosen
        ),
        warnings=() if ranked else (OPENING_SENTENCES,),
    )


def _candidates(article: Article, language: str | None, *, most: int) -> list[Sentence]:
    """The sentences of the body that belong to the story, each said once."""
    seen: set[tuple[str, ...]] = set()
    found: list[Sentence] = []
    for sentence in sentences(article, Part.BODY, language=language):
        if sentence.stems and sentence.stems not in seen and not is_boilerplate(sentence.text):
            found.append(sentence)
            seen.add(sentence.stems)
        if len(found) == most:
            break
    return found


def _chosen(
    body: Sequence[Sentence], title: Sequence[str], language: str | None, bullets: int
) -> list[Sentence]:
    """The best sentences in the article's order.

    Greedy: each next one is the best after what it repeats is taken off. Sentences that do not
    stand alone only come in while there are fewer than three bullets.
    """
    if not body:
        return []
    rows = features(body, title, language, bullets=bullets)
    scores = [score(row) for row in rows]
    spread = (max(scores) - min(scores)) or 1.0
    alone = [bool(row[FEATURES.index("alone")]) for row in rows]
    worth = [
        (value - min(scores)) / spread - (0.0 if whole else _DANGLING)
        for value, whole in zip(scores, alone, strict=True)
    ]
    subjects = subjects_known_before(body, language)
    taken: list[int] = []
    said = set(title)
    left = set(range(len(body)))

    def value(at: int) -> tuple[float, int]:
        unexplained = subjects[at] is not None and subjects[at] not in said
        repeated = _repeats(body[at], said - set(title))
        return worth[at] - _REPETITION * repeated - _UNEXPLAINED * unexplained, -at

    while left and len(taken) < bullets:
        best = max(left, key=value)
        left.remove(best)
        repeated = _repeats(body[best], said - set(title)) > _SAME
        if not repeated and (alone[best] or len(taken) < _LEAST):
            taken.append(best)
            said.update(body[best].content)
    return [body[at] for at in sorted(taken)]


def _repeats(sentence: Sentence, said: set[str]) -> float:
    """The share of a sentence's content that was said."""
    content = set(sentence.content)
    return len(content & said) / max(len(content), 1)
