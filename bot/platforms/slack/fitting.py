"""Makes what is to be shown fit: cleaned, and cut at the end where Slack has no room for it.

Slack refuses a message whose texts have more than about 12,000 characters in all, without saying
how it counts; each text counts with its address, and with a little for itself, so that many small
ones come to an end as well. What is pressed or filled in is never cut.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from bot.core.talking.visible import clean, one_line, sentence, web
from bot.model import Bullets, Controls, Field, Heading, Line, Quote
from bot.platforms.slack.text import cut, size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.model import Block, Item

MESSAGE = 9000
VIEW = 12000
QUIET = 1900
"""The longest text of a context block, whose elements may have 2,000 characters."""
MARKED = 380
"""The longest text that still fits there when each of its characters is escaped."""

_OVERHEAD = 20
_LOUD = 2800  # a rich_text block takes 3,000
_TITLE = 1000
_SMALL = 150
_PLACES = 600
_SURROUNDINGS = 500
_AHEAD = 8  # of a text, so many times what there is room for is looked at


@dataclass(slots=True)
class _Room:
    """What is left of the room, and how many characters found none."""

    left: int
    lost: int = 0

    def take(self, text: str, most: int, cleaned: Callable[[str], str] = one_line) -> str:
        """Return as much of a text as there is room for, and charge for it."""
        head = text[: _AHEAD * most]
        fit = cleaned(head) if self.left else head
        kept = cut(fit, min(most, self.left))
        self.lost += max(0, len(fit) - len(kept)) + len(text) - len(head)
        if kept:
            self.left = max(0, self.left - max(size(kept), _OVERHEAD))
        return kept

    def charge(self, size: int) -> None:
        """Take room for what is never cut."""
        self.left = max(0, self.left - size)


def fitted(blocks: Iterable[Block | Field], most: int) -> tuple[tuple[Block | Field, ...], int]:
    """Return blocks whose texts are clean and fit, and how many characters were left out."""
    blocks = tuple(blocks)
    pressable = sum(
        len(block.shown) + len(block.folded) for block in blocks if isinstance(block, Controls)
    )
    room = _Room(max(most // 4, most - _OVERHEAD * pressable))
    found = tuple(fit for block in blocks if (fit := _fit(block, room)) is not None)
    return found, room.lost


def _fit(block: Block | Field, room: _Room) -> Block | Field | None:
    match block:
        case Heading():
            return _heading(block, room)
        case Bullets(items=items):
            kept = tuple(item for one in items if (item := _item(one, room)) is not None)
            return replace(block, items=kept) if kept else None
        case Quote():
            return _quote(block, room)
        case Line():
            return _line(block, room)
        case Controls() | Field():
            return block
        case _:
            assert_never(block)


def _heading(block: Heading, room: _Room) -> Heading | None:
    text = room.take(block.text, _TITLE)
    url = web(block.url) if text else ""
    room.charge(len(url))
    details = room.take(" · ".join(filter(None, map(one_line, block.details))), QUIET)
    if not text and not details:
        return None
    return Heading(text=text, url=url or None, details=(details,) if details else ())


def _item(item: Item, room: _Room) -> Item | None:
    text = room.take(item.text, _LOUD - _PLACES - _SMALL)
    places = room.take(" ".join(item.places), _PLACES)
    note = room.take(item.note, _SMALL)
    if not text and not places and not note:
        return None
    return replace(item, text=text, places=(places,) if places else (), note=note)


def _quote(block: Quote, room: _Room) -> Quote | None:
    place = room.take(block.place, _SMALL)
    quote = room.take(block.quote, _LOUD - _SMALL - 2 * _SURROUNDINGS, _lines)
    if not quote:
        return None
    before = room.take(block.before, _SURROUNDINGS, lambda text: clean(text).lstrip())
    after = room.take(block.after, _SURROUNDINGS, lambda text: clean(text).rstrip())
    return replace(block, place=place, quote=quote, before=before, after=after)


def _line(block: Line, room: _Room) -> Line | None:
    url = web(block.url)
    quiet = block.quiet and not ((url or block.who) and size(block.text) > MARKED)
    text = room.take(block.text, QUIET if quiet else _LOUD - _SMALL, sentence)
    if not text:
        return None
    room.charge(len(url))
    who = cut(one_line(block.who[: _AHEAD * _SMALL]), _SMALL)
    return replace(block, text=text, quiet=quiet, who=who, url=url)


def _lines(text: str) -> str:
    return clean(text).strip()
