"""The elements of rich_text and context blocks, of blocks that `fitting` made fit."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from bot.platforms.slack.text import is_person, link, literal

if TYPE_CHECKING:
    from bot.model import Bullets, Heading, Item, Line, Quote
    from bot.platforms.slack.words import Json

_BOLD: Json = {"bold": True}
_QUIET: Json = {"italic": True}


def text(words: str, **style: bool) -> list[Json]:
    """Return the words as one element, or none where there are no words."""
    if not words:
        return []
    element: Json = {"type": "text", "text": words}
    if style:
        element["style"] = dict(style)
    return [element]


def section(elements: list[Json]) -> Json:
    """Return a line of its own."""
    return {"type": "rich_text_section", "elements": elements}


def title(block: Heading) -> Json:
    """Return the headline, linked where there is an address."""
    if not block.url:
        return section(text(block.text, bold=True))
    return section(
        [{"type": "link", "url": block.url, "text": block.text or block.url, "style": _BOLD}]
    )


def numbered(block: Bullets) -> bool:
    """Tell whether a list is spoken of by numbers: one by itself, or with one that is struck."""
    by_number = block.first > 1 or len(block.items) == 1 or any(one.struck for one in block.items)
    return block.counted and by_number


def bullets(block: Bullets, start: int, end: int) -> Json:
    """Return the bullets from `start` to before `end` as a list, of points or of numbers."""
    ordered = numbered(block)
    drawn: Json = {
        "type": "rich_text_list",
        "style": "ordered" if ordered else "bullet",
        "elements": [section(item(one)) for one in block.items[start:end]],
    }
    if ordered and block.first + start > 1:
        drawn["offset"] = block.first + start - 1
    return drawn


def item(one: Item) -> list[Json]:
    """Return a bullet: its words, the caveat, the places in second place."""
    said = [text(one.text, strike=True) if one.struck else text(one.text)]
    if one.note:
        said.append(text(f" {one.note}" if one.text else one.note))
    if one.places:
        said.append(text("  " + " ".join(one.places), italic=True))
    return list(chain.from_iterable(said))


def quote(block: Quote) -> Json:
    """Return a quotation behind a bar: what is quoted stands out from what surrounds it."""
    surrounded = bool(block.before or block.after)
    place = text(f"{block.place}  ", italic=True) if block.place else []
    weight = {"bold": True} if surrounded else {}
    return {
        "type": "rich_text_quote",
        "elements": [
            *place,
            *text(block.before),
            *text(block.quote, **weight),
            *text(block.after),
        ],
    }


def line(block: Line) -> Json:
    """Return a sentence as a line; a quiet one, where it cannot be small, in italics."""
    style = {"italic": True} if block.quiet else {}
    said: list[Json] = text(block.text, **style)
    if block.url:
        said = [{"type": "link", "url": block.url, "text": block.text}]
        if block.quiet:
            said[0]["style"] = _QUIET
    return section([*_who(block.who), *said])


def details(block: Heading) -> Json:
    """Return what stands under a headline as a line, where it cannot be small."""
    return section(text(" ".join(block.details), italic=True))


def _who(who: str) -> list[Json]:
    if is_person(who):
        return [{"type": "user", "user_id": who}, *text(" ")]
    return text(f"{who} " if who else "")


def small(block: Line) -> Json:
    """Return a quiet sentence as an element of a context block."""
    if not block.who and not block.url:
        return small_text(block.text)
    who = f"<@{block.who}>" if is_person(block.who) else literal(block.who)
    said = " ".join(block.text.split())
    said = link(block.url, said) if block.url else literal(said)
    return {"type": "mrkdwn", "text": f"{who} {said}".strip(), "verbatim": True}


def small_text(words: str) -> Json:
    """Return words as an element of a context block, literally."""
    return {"type": "plain_text", "text": words, "emoji": False}
