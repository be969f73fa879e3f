"""Makes what is to be shown fit: cleaned, literal, and cut at the end where there is no room.

An event may have 65,536 bytes as canonical JSON, and an encrypted one holds its content in base64,
which makes four bytes of three: with relations, mentions and a hash beside them, `body` and
`formatted_body` may have 40,000 together. Each text counts in both, escaped as it is there, and
with the markup around it; a person counts as named, too. The line of controls is never cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar, assert_never

from bot.core.talking.visible import ELLIPSIS, clean, one_line, sentence
from bot.model import Bullets, Controls, Heading, Line, Quote
from bot.platforms.matrix.text import (
    article_url,
    is_person,
    line_url,
    literal,
    person,
)
from bot.platforms.matrix.words import REACTIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.model import Block, Control, Item
    from bot.platforms.matrix.text import Scale

MOST = 40_000
"""Bytes of `body` and `formatted_body` as canonical JSON."""

_MARKUP = 90  # at most, of a block or a bullet, in both
_LONG = 20_000  # no text has room for more characters: each takes a byte in both
_TITLE = 1000
_DETAILS = 1900
_SMALL = 150
_PLACES = 600
_SURROUNDINGS = 500
_AHEAD = 8  # of a text, so many times what there is room for is looked at
_LOOSE = " \n:@.#!\u200c\u200d"  # means something else before an ellipsis than it did

_Part = TypeVar("_Part")


@dataclass(slots=True)
class _Room:
    """What is left of the room in bytes, and how many characters found none."""

    scale: Scale
    left: int
    lost: int = 0

    def take(
        self, text: str, most: int = _LONG, cleaned: Callable[[str], str] = one_line, **around: str
    ) -> str:
        """Return as much of a text as there is room for, literal, and charge for it."""
        head = text[: _AHEAD * most]
        if self.left <= 0:
            self.lost += len(text)
            return ""
        self.lost += len(text) - len(head)
        return self.keep(_between(cleaned(head), **around), most)

    def keep(self, text: str, most: int) -> str:
        """Return as much of a literal text as there is room for, and charge for it."""
        kept = self._cut(text, most)
        self.lost += max(0, len(text) - len(kept))
        self.left -= self.scale.text(kept)
        return kept

    def _cut(self, text: str, most: int) -> str:
        """Return a text as it is, or its beginning with an ellipsis."""
        if len(text) <= most and self.scale.text(text) <= self.left:
            return text
        room = self.left - self.scale.text(ELLIPSIS)
        low, high = 0, min(len(text), most - 1)
        while low < high:
            middle = (low + high + 1) // 2
            if self.scale.text(text[:middle]) <= room:
                low = middle
            else:
                high = middle - 1
        kept = text[:low].rstrip(_LOOSE)
        return kept + ELLIPSIS if kept else ""

    def charge(self, count: int) -> bool:
        """Take room for what is never cut, if there is as much."""
        if count > self.left:
            return False
        self.left -= count
        return True


def fitted(blocks: Iterable[Block], room: int, scale: Scale) -> tuple[tuple[Block, ...], int]:
    """Return blocks whose texts are literal and fit, and how many characters were left out.

    What can be done is said once, where it was said last: a reaction is one to the whole post.
    """
    left = _Room(scale, room)
    return _once(_kept(blocks, _fit, left)), left.lost


def _kept(
    parts: Iterable[_Part], fit: Callable[[_Part, _Room], _Part | None], room: _Room
) -> tuple[_Part, ...]:
    """Return the parts that are something when they fit; the others take no room."""
    found: list[_Part] = []
    for part in parts:
        left = room.left
        fits = fit(part, room)
        if fits is None:
            room.left = left
        else:
            found.append(fits)
    return tuple(found)


def _once(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Leave the last of the controls, with all that can be done."""
    at = [at for at, block in enumerate(blocks) if isinstance(block, Controls)]
    every = {one for block in blocks if isinstance(block, Controls) for one in block.shown}
    return tuple(
        replace(block, shown=_ordered(every)) if isinstance(block, Controls) else block
        for place, block in enumerate(blocks)
        if place not in at[:-1]
    )


def _ordered(controls: Iterable[Control]) -> tuple[Control, ...]:
    """Return what a reaction can do of this; the rest has a command."""
    wanted = frozenset(controls)
    return tuple(control for control in REACTIONS.values() if control in wanted)


def _fit(block: Block, room: _Room) -> Block | None:
    match block:
        case Heading():
            return _heading(block, room)
        case Bullets(items=items):
            kept = _kept(items, _item, room)
            return replace(block, items=kept) if kept else None
        case Quote():
            return _quote(block, room)
        case Line():
            return _line(block, room)
        case Controls():
            shown = _ordered((*block.shown, *block.folded))
            return replace(block, shown=shown, folded=()) if shown else None
        case _:
            assert_never(block)


def _heading(block: Heading, room: _Room) -> Heading | None:
    room.left -= _MARKUP
    text = room.take(block.text, _TITLE)
    url = article_url(block.url) if text else ""
    if url and not room.charge(room.scale.address(url)):
        url = ""
    details = room.take(" · ".join(filter(None, map(one_line, block.details))), _DETAILS)
    if not text and not details:
        return None
    return Heading(text=text, url=url or None, details=(details,) if details else ())


def _item(item: Item, room: _Room) -> Item | None:
    room.left -= _MARKUP
    stroke = "~" if item.struck else ""
    text = room.take(item.text, before=stroke, after=stroke)
    places = room.take(" ".join(item.places), _PLACES, before="[", after="]")
    note = room.take(item.note, _SMALL)
    if not text and not places and not note:
        return None
    return replace(item, text=text, places=(places,) if places else (), note=note)


def _quote(block: Quote, room: _Room) -> Quote | None:
    room.left -= _MARKUP
    if room.left <= 0:
        room.lost += len(block.before) + len(block.quote) + len(block.after)
        return None
    place = room.take(block.place, _SMALL)
    quote = clean(block.quote[: _AHEAD * _LONG]).strip()
    before = clean(block.before[-_SURROUNDINGS:]).lstrip()
    after = clean(block.after[: _AHEAD * _SURROUNDINGS]).rstrip()
    at, end = len(before), len(before) + len(quote)
    whole = literal(before + quote + after)  # in HTML they stand in a row
    whole = _marked(whole[:at], whole[at:end], whole[end:])
    kept = room.keep(whole[at:end], _LONG)
    if not kept:
        return None
    return replace(
        block,
        place=place,
        quote=kept,
        before=whole[:at] if room.charge(room.scale.text(whole[:at])) else "",
        after=room.keep(whole[end:], _SURROUNDINGS),
    )


def _line(block: Line, room: _Room) -> Line | None:
    room.left -= _MARKUP
    known = is_person(block.who)
    who = block.who if known else literal(one_line(block.who[: _AHEAD * _SMALL])[:_SMALL])
    if not room.charge(room.scale.text(who) + (2 * len(person(who)) if known else 0)):
        room.lost += len(block.text)  # what somebody said is nothing without him
        return None
    text = room.take(block.text, cleaned=sentence)
    if not text:
        return None
    url = line_url(block.url)
    if url and not room.charge(room.scale.address(url)):
        url = ""
    return replace(block, text=text, who=who, url=url)


def _between(text: str, before: str = "", after: str = "") -> str:
    """Return a text made literal for where it stands."""
    return literal(f"{before}{text}{after}")[len(before) : len(before) + len(text)]


def _marked(before: str, quote: str, after: str) -> str:
    """Return these in a row, literal for where there are quotation marks between them."""
    whole = literal(f"{before}“{quote}”{after}")
    at, end = len(before), len(before) + len(quote) + 2
    return whole[:at] + whole[at + 1 : end - 1] + whole[end:]
