"""A post as Slack shows it: blocks, and the same in words for where there are no blocks.

By construction within what Slack takes: see `fitting` for how much text that is. Neighbouring
texts share a block. Where there would still be too many, nothing is small any more, so that more
of them can be neighbours; where even that is not enough, all that can be pressed stands at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.model import Bullets, Controls, Field, Heading, Line, Quote
from bot.platforms.slack import fitting, rich
from bot.platforms.slack.fallback import fallback
from bot.platforms.slack.pressing import Board, pressed
from bot.platforms.slack.text import size
from bot.platforms.slack.words import Confirm, Json, Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.model import Block, Post

__all__ = ["Confirm", "Json", "Words", "arranged", "message", "pressed"]

MOST_BLOCKS = 50

_MOST_TEXT = 2950  # of one rich_text block; it takes 3,000
_MOST_SMALL = 10
_LOOSE, _COMPACT, _GATHERED = range(3)


def message(post: Post, words: Words) -> tuple[list[Json], str]:
    """Return a post as blocks, and as the `text` that goes with them.

    Both are free of anything that an article could do: post them with `unfurl_links` and
    `unfurl_media` off, and without `parse` or `link_names`.
    """
    blocks = arranged(post.blocks, words, most=MOST_BLOCKS, room=fitting.MESSAGE)
    return blocks, fallback(post)


def arranged(
    blocks: Iterable[Block | Field],
    words: Words,
    *,
    most: int,
    room: int,
    field: Callable[[Field], Json | None] | None = None,
) -> list[Json]:
    """Return at most `most` blocks with about `room` characters in all; `field` draws a field."""
    fit, lost = fitting.fitted(blocks, room)
    if lost:
        fit = (*fit, Line(text=words.left_out(lost), quiet=True))
        fit = _before_controls(fit)
    drawn: list[Json] = []
    for density in (_LOOSE, _COMPACT, _GATHERED):
        drawn = _Page(words, density, field).drawn(fit)
        if len(drawn) <= most:
            return drawn
    return drawn[:most]


def _before_controls(blocks: tuple[Block | Field, ...]) -> tuple[Block | Field, ...]:
    """Put the last block before the controls at the end, which stay the last thing."""
    *rest, last = blocks
    at = len(rest)
    while at and isinstance(rest[at - 1], Controls):
        at -= 1
    return (*rest[:at], last, *rest[at:])


class _Page:
    """Puts blocks together, one after the other."""

    def __init__(
        self, words: Words, density: int, field: Callable[[Field], Json | None] | None
    ) -> None:
        self._board = Board(words)
        self._density = density
        self._field = field
        self._blocks: list[Json] = []
        self._rich: list[Json] = []
        self._text = 0
        self._small: list[Json] = []
        self._pressed: list[Json] = []
        self._ended = False

    def drawn(self, blocks: Sequence[Block | Field]) -> list[Json]:
        for block in blocks:
            self._add(block)
        self._close()
        self._blocks.extend(self._board.blocks(self._pressed))
        return self._blocks

    def _add(self, block: Block | Field) -> None:
        match block:
            case Heading():
                self._heading(block)
            case Bullets():
                self._bullets(block)
            case Quote():
                self._say(rich.quote(block))
            case Line(quiet=True) if self._density == _LOOSE:
                self._whisper(rich.small(block))
            case Line():
                self._say(rich.line(block))
            case Controls():
                self._controls(block)
            case Field():
                self._fill_in(block)
            case _:
                assert_never(block)

    def _heading(self, block: Heading) -> None:
        """Add a headline; a rule parts it from what is said or pressed before it."""
        if self._ended or (self._rich and self._density == _LOOSE):
            self._part()
            self._ended = False
        if block.text:
            self._say(rich.title(block))
        if block.details and self._density == _LOOSE:
            self._close()
            self._whisper(rich.small_text(" ".join(block.details)))
            self._close()
        elif block.details:
            self._say(rich.details(block))

    def _bullets(self, block: Bullets) -> None:
        """Add a list; a long one goes on in the next block."""
        self._set_apart()
        start, held = 0, 0
        for at, item in enumerate(block.items):
            length = _length(rich.section(rich.item(item)))
            if self._text + held + length > _MOST_TEXT:
                if at > start:
                    self._say(rich.bullets(block, start, at))
                self._close()
                start, held = at, 0
            held += length
        self._say(rich.bullets(block, start, len(block.items)))

    def _set_apart(self) -> None:
        """Rule off the last of several quiet lines: it heads what comes next."""
        if len(self._small) > 1:
            last = self._small.pop()
            self._part()
            self._small.append(last)

    def _part(self) -> None:
        self._close()
        self._blocks.append({"type": "divider"})

    def _say(self, element: Json) -> None:
        length = _length(element)
        if self._small or self._text + length > _MOST_TEXT:
            self._close()
        self._rich.append(element)
        self._text += length

    def _whisper(self, element: Json) -> None:
        if self._rich or len(self._small) == _MOST_SMALL:
            self._close()
        self._small.append(element)

    def _controls(self, block: Controls) -> None:
        elements = self._board.row(block)
        if not elements:
            return
        if self._density == _GATHERED:
            self._pressed.extend(elements)
            return
        self._close()
        self._blocks.append(self._board.block(elements))
        self._ended = self._density == _LOOSE

    def _fill_in(self, block: Field) -> None:
        drawn = self._field(block) if self._field else None
        if drawn is not None:
            self._close()
            self._blocks.append(drawn)

    def _close(self) -> None:
        if self._rich:
            self._blocks.append({"type": "rich_text", "elements": self._rich})
        if self._small:
            self._blocks.append({"type": "context", "elements": self._small})
        self._rich, self._text, self._small = [], 0, []


def _length(element: Json) -> int:
    return sum(size(words) for words in _texts(element))


def _texts(element: Json) -> Iterator[str]:
    words = element.get("text")
    if isinstance(words, str):
        yield words
    if element.get("type") == "user":
        yield str(element["user_id"])
    inner = element.get("elements")
    for one in inner if isinstance(inner, list) else []:
        yield from _texts(one)
