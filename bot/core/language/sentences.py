"""Where sentences begin and end."""

from __future__ import annotations

from functools import lru_cache

from sentencex import get_sentence_boundaries

from bot.core.language.words import language_or_english


@lru_cache(maxsize=4096)
def split(text: str, language: str | None = None) -> tuple[tuple[int, int], ...]:
    """Return the spans (start, end) of the sentences of one paragraph, in order, trimmed.

    Every character that is not white space is in exactly one span. An unknown language is split
    as English.
    """
    spans: list[tuple[int, int]] = []
    for boundary in get_sentence_boundaries(language_or_english(language), text):
        start, end = boundary["start_index"], boundary["end_index"]
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if start >= end:
            continue
        if spans and not _has_word(text[start:end]):
            # a stray quote mark or bracket belongs to the sentence that it closes
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    if len(spans) > 1 and not _has_word(text[slice(*spans[0])]):
        spans[:2] = [(spans[0][0], spans[1][1])]
    return tuple(spans)


def _has_word(piece: str) -> bool:
    return any(character.isalnum() for character in piece)
