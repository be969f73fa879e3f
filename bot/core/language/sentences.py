"""Where sentences begin and end."""

from __future__ import annotations

from sentencex import get_sentence_boundaries

from bot.core.language.words import language_or_english, well_formed

# The splitter's time grows with the square of a text full of odd quote marks; news paragraphs
# are far below this.
_WINDOW = 20_000


def split(text: str, language: str | None = None) -> tuple[tuple[int, int], ...]:
    """Return the spans (start, end) of the sentences of one paragraph, in order, trimmed.

    Every character that is not white space is in exactly one span. An unknown language is split
    as English.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _boundaries(text, language_or_english(language)):
        piece = text[start:end]
        trimmed = start + len(piece) - len(piece.lstrip())
        ending = trimmed + len(piece.strip())
        if trimmed >= ending:
            continue
        if spans and not _has_word(text[trimmed:ending]):
            # a stray quote mark or bracket belongs to the sentence that it closes
            spans[-1] = (spans[-1][0], ending)
        else:
            spans.append((trimmed, ending))
    if len(spans) > 1 and not _has_word(text[slice(*spans[0])]):
        spans[:2] = [(spans[0][0], spans[1][1])]
    return tuple(spans)


def _boundaries(text: str, language: str) -> list[tuple[int, int]]:
    """The splitter's spans; a long text goes through it window by window.

    The last sentence of a window may be cut short, so the next window begins with it.
    """
    found: list[tuple[int, int]] = []
    text = well_formed(text)
    at = 0
    while at < len(text):
        window = text[at : at + _WINDOW]
        spans = [
            (at + boundary["start_index"], at + boundary["end_index"])
            for boundary in get_sentence_boundaries(language, window)
        ]
        if at + len(window) < len(text) and len(spans) > 1:
            spans.pop()
        found.extend(spans)
        at = spans[-1][1] if spans else len(text)
    return found


def _has_word(piece: str) -> bool:
    return any(character.isalnum() for character in piece)
