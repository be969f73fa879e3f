"""A post as one text: for notifications, screen readers, and where blocks are not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.core.talking.visible import ELLIPSIS, clean, one_line, sentence, web
from bot.model import Bullets, Controls, Heading, Item, Line, Quote
from bot.platforms.slack.rich import numbered
from bot.platforms.slack.text import cut_marked, is_person, link, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Block, Post

_MOST = 2900  # Slack asks for less than 3,000
_ENOUGH = 8 * _MOST  # of a text is looked at


def fallback(post: Post) -> str:
    """Return all of a post in words; what has no room is cut at the end, with an ellipsis there."""
    said: list[str] = []
    length = 0
    for line in (line for block in post.blocks for line in _lines(block) if line):
        said.append(line)
        length += len(line)
        if length > _MOST:
            break
    return cut_marked("\n".join(said), _MOST) or ELLIPSIS


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text, url=url, details=details):
            title, address = _words(text), web(url)
            yield link(address, title) if address and title else literal(title)
            yield literal(" · ".join(filter(None, map(_words, details))))
        case Bullets(items=items, first=first):
            for number, item in enumerate(items, first):
                yield f"{number}. {_item(item)}" if numbered(block) else f"• {_item(item)}"
        case Quote(place=place, quote=quote, before=before, after=after):
            around = literal(clean(f"{before}{quote}{after}"[:_ENOUGH]).strip())
            yield f"{literal(_words(place))} “{around}”".strip()
        case Line():
            yield _line(block)
        case Controls():
            return
        case _:
            assert_never(block)


def _item(item: Item) -> str:
    words = literal(_words(item.text))
    struck = f"~{words}~" if item.struck else words
    note = literal(_words(item.note))
    places = literal(" ".join(filter(None, map(_words, item.places))))
    return " ".join(filter(None, (struck, note, f"[{places}]" if places else "")))


def _line(block: Line) -> str:
    said, address, who = sentence(block.text[:_ENOUGH]), web(block.url), _words(block.who)
    text = link(address, _words(said)) if address and said else literal(said)
    if not who:
        return text
    return f"<@{who}> {text}" if is_person(who) else f"{literal(who)} {text}"


def _words(text: str) -> str:
    return one_line(text[:_ENOUGH])
