"""A post as plain text: for notifications, bridges, and clients that show no HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.model import Bullets, Controls, Heading, Item, Line, Quote
from bot.platforms.matrix.paragraphs import numbered, paragraphs
from bot.platforms.matrix.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import Block


def body(blocks: Sequence[Block], offer: Sequence[str]) -> str:
    """Return blocks that `fitting` made fit as text; `offer` is what can be done, in its parts."""
    return "\n\n".join(
        "\n".join(line for block in together for line in _lines(block, offer))
        for together in paragraphs(blocks)
    )


def _lines(block: Block, offer: Sequence[str]) -> Iterator[str]:
    match block:
        case Heading(text=text, url=url, details=details):
            yield from filter(None, (text, *details, shown(url or "")))
        case Bullets(items=items, first=first):
            for number, item in enumerate(items, first):
                yield f"{number}. {_item(item)}" if numbered(block) else f"• {_item(item)}"
        case Quote(place=place, quote=quote, before=before, after=after):
            yield f"{place} {before}“{quote}”{after}".lstrip()
        case Line(text=text, who=who, url=url):
            yield " ".join(filter(None, (who, text, shown(url))))
        case Controls():
            yield " · ".join(offer)
        case _:
            assert_never(block)


def _item(item: Item) -> str:
    words = f"~{item.text}~" if item.struck and item.text else item.text
    places = f"[{' '.join(item.places)}]" if item.places else ""
    return " ".join(filter(None, (words, item.note, places)))
