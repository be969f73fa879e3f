"""A post as org.matrix.custom.html, of elements that the specification lets through alone.

It has no element for what is small, and colour never carries meaning alone: what is said in
second place (sources, places, quiet lines) is in italics, as it is in Slack where it can't be
small. Places keep their brackets, so that they are told apart without any style.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, assert_never

from bot.model import Bullets, Controls, Heading, Item, Line, Quote
from bot.platforms.matrix.paragraphs import all_quiet, numbered, paragraphs
from bot.platforms.matrix.text import escaped, is_person, person

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Block


def html(blocks: Sequence[Block], offer: Sequence[str]) -> str:
    """Return blocks that `fitting` made fit as HTML; lines of one paragraph share a <p>.

    `offer` is what can be done, in its parts, of which the middle one can be typed.
    """
    return "".join(_paragraph(together, offer) for together in paragraphs(blocks))


def _paragraph(blocks: tuple[Block, ...], offer: Sequence[str]) -> str:
    first = blocks[0]
    match first:
        case Heading():
            return _heading(first)
        case Bullets():
            return _bullets(first)
        case Quote():
            return _quote(first)
        case Line() | Controls():
            lines = "<br>".join(
                _line(one) if isinstance(one, Line) else _offer(offer)
                for one in blocks
                if isinstance(one, Line | Controls)
            )
            return f"<p><em>{lines}</em></p>" if all_quiet(blocks) else f"<p>{lines}</p>"
        case _:
            assert_never(first)


def _bullets(block: Bullets) -> str:
    rows = "".join(f"<li>{_item(item)}</li>" for item in block.items)
    if not numbered(block):
        return f"<ul>{rows}</ul>"
    return f'<ol start="{block.first}">{rows}</ol>' if block.first > 1 else f"<ol>{rows}</ol>"


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{text}</a>'


def _heading(block: Heading) -> str:
    text = escaped(block.text)
    title = f"<strong>{_link(block.url, text) if block.url else text}</strong>" if text else ""
    details = f"<em>{escaped(' '.join(block.details))}</em>" if block.details else ""
    return f"<p>{'<br>'.join(filter(None, (title, details)))}</p>"


def _item(item: Item) -> str:
    words = escaped(item.text)
    struck = f"<del>{words}</del>" if item.struck and words else words
    places = f"<em>[{escaped(' '.join(item.places))}]</em>" if item.places else ""
    return " ".join(filter(None, (struck, escaped(item.note), places)))


def _quote(block: Quote) -> str:
    place = f"<em>{escaped(block.place)}</em> " if block.place else ""
    quote = escaped(block.quote)
    if block.before or block.after:  # what is quoted stands out from what surrounds it
        quote = f"{escaped(block.before)}<strong>{quote}</strong>{escaped(block.after)}"
    return f"<blockquote>{place}{quote}</blockquote>"


def _line(block: Line) -> str:
    text = escaped(block.text)
    said = _link(block.url, text) if block.url else text
    if not block.who:
        return said
    who = _link(person(block.who), escaped(block.who)) if is_person(block.who) else None
    return f"{who or escaped(block.who)} {said}"


def _offer(offer: Sequence[str]) -> str:
    """Draw what can be done; what can be typed stands out."""
    first, *middle, last = ("", *offer) if len(offer) == 1 else offer
    typed = [f"<code>{escaped(one)}</code>" for one in middle]
    return " · ".join(filter(None, (escaped(first), *typed, escaped(last))))
