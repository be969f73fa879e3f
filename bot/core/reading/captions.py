"""Tell photo captions from the paragraphs that they stand between in a pasted text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.language.words import fold, words
from bot.core.reading.plain import Kind, ends_sentence, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.reading.plain import Block

_PICTURED = re.compile(
    r"\s*[(\[][^()\[\]]{0,40}\b(?:pictured|above|below|left|right|centre|center|im bild"
    r"|links|rechts|abgebildet|photographed)\b[^()\[\]]{0,40}[)\]]",
    re.IGNORECASE,
)
_OPENS_AS_CAPTION = re.compile(
    r"(?:pictured|im bild|en la foto|nella foto|na foto)\b|(?:photo|picture|image|foto|bild)\s*:",
    re.IGNORECASE,
)
_CREDITED = re.compile(
    r"(?:(?:^|[.;(/|–-]\s*)(?:photo(?:graph)?|picture|image|illustration|foto|bild|credit)"
    r"(?:\s*:|\s+by\b)[^.]{2,60}"
    r"|\bgetty images|[(/]\s*(?:afp|ap|reuters|epa|dpa|getty)\b[^.]{0,30}\)?)\.?$",
    re.IGNORECASE,
)
_OPENS_AS_QUOTE = re.compile(r"[\"'“”‘’«»„‹]")
_TIDY = re.compile(r"[‘’“”–—]")
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.)$")

_MIN_BESIDE = 5
_MIN_APART = 8
_MIN_ALIKE = 12
_LONGEST = 70
_NEAR = 30
_SAME = 0.85
_TWICE = 2
_MOST_COPIES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What a block looks like to somebody who asks whether it is a caption."""

    key: str
    size: int
    stop: bool
    marked: bool
    opens: bool
    quote: bool
    terms: frozenset[str]


def find_captions(blocks: Sequence[Block]) -> dict[int, bool]:
    """Return the indexes of a body's captions, each with whether it is the copy to keep.

    A caption is said to be one ("(pictured)", a photo credit), or ends without a full stop and
    repeats: itself, exactly or as the beginning of a longer form, or the words of a paragraph
    nearby. Quotes, refrains and crossheads stay paragraphs, and so does a repeated paragraph.
    Of a caption's copies the longest is kept, among equals the one with typographic marks.
    """
    repeats = _Repeats([_look(block) for block in blocks])
    captions = [
        index
        for index, block in enumerate(blocks)
        if block.kind is Kind.CAPTION or (block.kind is Kind.TEXT and _is_caption(index, repeats))
    ]
    return _best_copies(blocks, repeats, captions)


def looks_captioned(text: str) -> bool:
    """Tell whether a text says of itself that it belongs to a picture."""
    return _is_marked(text) and not ends_sentence(text)


def _is_marked(text: str) -> bool:
    found = _PICTURED.search(text) or _OPENS_AS_CAPTION.match(text) or _CREDITED.search(text)
    return found is not None


def _look(block: Block) -> _Look:
    text = block.text
    unmarked = _PICTURED.sub("", _ELLIPSIS.sub("", text))
    key_words = [fold(word.text) for word in words(unmarked)]
    return _Look(
        key=" ".join(key_words),
        size=min(size(unmarked), len(key_words)),
        stop=ends_sentence(text) and not _ELLIPSIS.search(text),
        marked=_is_marked(text),
        opens=_OPENS_AS_CAPTION.match(text) is not None,
        quote=_OPENS_AS_QUOTE.match(text) is not None,
        terms=frozenset(key_words),
    )


class _Repeats:
    """Which blocks say the same, wholly or in part."""

    def __init__(self, looks: Sequence[_Look]) -> None:
        self.looks = looks
        self.counts = Counter(look.key for look in looks if not look.stop)
        self.longer = _longer_forms(looks)
        self._is_longer = frozenset(self.longer.values())

    def beside(self, index: int) -> bool:
        """Tell whether the block before or after has the same words."""
        if self.counts[self.looks[index].key] > _MOST_COPIES:
            return False
        around = (other for other in (index - 1, index + 1) if 0 <= other < len(self.looks))
        return any(self.looks[other].key == self.looks[index].key for other in around)

    def has_other_length(self, index: int) -> bool:
        """Tell whether the block begins a longer one, or a shorter caption begins it."""
        key = self.looks[index].key
        return key in self.longer or key in self._is_longer

    def repeats_a_paragraph(self, index: int) -> bool:
        """Tell whether nearly all words of a block are in one other paragraph nearby."""
        look = self.looks[index]
        near = self.looks[max(0, index - _NEAR) : index + _NEAR + 1]
        return any(_is_said_by(look, other) for other in near if other.stop and other is not look)


def _is_said_by(look: _Look, paragraph: _Look) -> bool:
    if look.key == paragraph.key:
        return not look.stop or (look.marked and not paragraph.marked)
    return len(look.terms & paragraph.terms) >= _SAME * len(look.terms)


def _is_caption(index: int, repeats: _Repeats) -> bool:
    look = repeats.looks[index]
    if not 0 < look.size <= _LONGEST:
        return False
    if look.opens or look.quote or (look.marked and not look.stop):
        return look.opens or look.marked
    said_at_length = look.size >= _MIN_ALIKE and repeats.repeats_a_paragraph(index)
    if look.stop:
        marked = look.marked and repeats.repeats_a_paragraph(index)
        return marked or (said_at_length and repeats.beside(index))
    twice = repeats.counts[look.key] == _TWICE  # what comes a third time is a refrain
    return (
        said_at_length
        or (look.size >= _MIN_BESIDE and repeats.beside(index))
        or (look.size >= _MIN_APART and twice)
        or repeats.has_other_length(index)
    )


def _longer_forms(looks: Sequence[_Look]) -> dict[str, str]:
    """Map the words of each block without a full stop to those of a longer block they begin."""
    loose = {look.key for look in looks if not look.stop and look.size >= _MIN_APART}
    longer: dict[str, str] = {}
    begun: list[str] = []
    for key in sorted({look.key for look in looks}):
        while begun and not key.startswith(f"{begun[-1]} "):
            begun.pop()
        if begun:
            longer.setdefault(begun[-1], key)
        if key in loose:
            begun.append(key)
    return longer


def _best_copies(
    blocks: Sequence[Block], repeats: _Repeats, captions: Sequence[int]
) -> dict[int, bool]:
    chosen = {repeats.looks[index].key for index in captions}
    best: dict[str, int] = {}
    for index in captions:
        name = repeats.looks[index].key
        while repeats.longer.get(name) in chosen:
            name = repeats.longer[name]
        rival = best.setdefault(name, index)
        if _worth(blocks[index].text) > _worth(blocks[rival].text):
            best[name] = index
    kept = set(best.values())
    return {index: index in kept for index in captions}


def _worth(text: str) -> tuple[int, int]:
    return len(words(text)), len(_TIDY.findall(text))
