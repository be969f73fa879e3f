"""What a sentence takes for known: "the website", or a surname that was introduced in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.language.words import fold
from bot.core.writing.signals import signals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.writing.sentences import Sentence
    from bot.core.writing.signals import Signals

_LOOK_AT = 4


def subjects_known_before(body: Sequence[Sentence], language: str | None) -> list[str | None]:
    """Return for each sentence the stem of its opening subject where an earlier one has it.

    A definite noun ("The website ...") or a name alone ("Longo said ...") reads as unexplained
    unless a bullet above it, or the headline, holds that stem. None where nothing leans so.
    """
    kinds = signals(language)
    told: set[str] = set()
    found: list[str | None] = []
    for sentence in body:
        subject = _subject(sentence, kinds)
        found.append(subject if subject in told else None)
        told.update(sentence.content)
    return found


def _subject(sentence: Sentence, kinds: Signals) -> str | None:
    words, stems = sentence.words, sentence.stems
    if len(words) < _LOOK_AT:
        return None
    if fold(words[0].text) in kinds.article:
        for word, stem in zip(words[1:_LOOK_AT], stems[1:_LOOK_AT], strict=True):
            if word.text[0].isupper():
                return None
            if stem in sentence.content:
                return stem
        return None
    is_name = words[0].text[0].isupper() and stems[0] in sentence.content
    return stems[0] if is_name and not words[1].text[0].isupper() else None
