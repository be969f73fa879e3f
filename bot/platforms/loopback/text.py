"""A post as the chat server takes it: plain lines, and in them no markup but our own.

The words of an article are data: `&`, `<` and `>` are escaped as Slack wants them, so that none
of them can call a channel together. What is quoted stands between asterisks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.model import Bullets, Controls, Heading, Item, Line, Quote

if TYPE_CHECKING:
    from bot.model import Block, Post

_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)))


def text_of(post: Post) -> str:
    """Return a post as text without a last line break: one bullet a line, blocks of kinds apart."""
    lines: list[str] = []
    last: type[Block] | None = None
    for block in post.blocks:
        if isinstance(block, Controls):
            continue
        if last is not None and (type(block) is not last or isinstance(block, Heading)):
            lines.append("")
        lines.extend(_lines(block))
        last = type(block)
    return "\n".join(lines)


def _lines(block: Block) -> list[str]:
    match block:
        case Heading(text=text, url=url, details=details):
            return [_safe(part) for part in (text, url or "", " · ".join(details)) if part]
        case Bullets(items=items, first=first):
            return [f"{number}. {_item(item)}" for number, item in enumerate(items, first)]
        case Quote(place=place, quote=quote, before=before, after=after):
            return [f"{_safe(place)} {_safe(before)}*{_safe(quote)}*{_safe(after)}"]
        case Controls():
            return []
        case Line(text=text, who=who, url=url):
            said = f"{who} {text}" if who else text
            return [_safe(line) for line in (f"{said} [{url}]" if url else said).split("\n")]
        case _:
            assert_never(block)


def _item(item: Item) -> str:
    note = f" {item.note}" if item.note else ""
    places = f" [{' '.join(item.places)}]" if item.places else ""
    words = f"~{item.text}~" if item.struck else item.text
    return _safe(f"{words}{note}{places}")


def _safe(text: str) -> str:
    """Return a text on one line, escaped, without control characters."""
    return text.replace("\n", " ").replace("\t", " ").translate(_CONTROLS).translate(_ESCAPED)
