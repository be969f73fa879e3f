"""A post as plain text: for pipes, files and screen readers; one bullet a line, no wrapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from bot.model import Bullets, Controls, Heading, Line, Quote

if TYPE_CHECKING:
    from bot.model import Block, Item, Post

# A terminal obeys control characters; what is not ours to say must not steer it.
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160)))


def plain(post: Post) -> str:
    """Return a post as text that ends with a line break."""
    lines: list[str] = []
    last: type[Block] | None = None
    for block in post.blocks:
        if isinstance(block, Controls):
            continue
        if last is not None and (type(block) is not last or isinstance(block, Heading)):
            lines.append("")
        lines.extend(_lines(block))
        last = type(block)
    return "\n".join(lines) + "\n"


def safe(text: str) -> str:
    """Return a text without control characters, on one line."""
    return text.replace("\n", " ").replace("\t", " ").translate(_CONTROLS)


def safe_lines(text: str) -> list[str]:
    """Return the lines of a text, none with control characters."""
    return [safe(line) for line in text.split("\n")]


def _lines(block: Block) -> list[str]:
    match block:
        case Heading(text=text, url=url, details=details):
            under = [safe(url)] if url else []
            return [safe(text), *under, safe(" · ".join(details))]
        case Bullets():
            return numbered(block)
        case Quote():
            return [quoted(block)]
        case Controls():
            return []
        case Line():
            return said(block)
        case _:
            assert_never(block)


def said(block: Line) -> list[str]:
    """Return the lines of a sentence: who first, the address behind it in brackets."""
    who = f"{safe(block.who)} " if block.who else ""
    url = f" [{safe(block.url)}]" if block.url else ""
    return safe_lines(f"{who}{block.text}{url}")


def struck(item: Item) -> str:
    """Return a bullet's words; of a struck one between strokes, which need no colour."""
    words = safe(item.text)
    return f"~{words}~" if item.struck else words


def mark(block: Bullets, number: int) -> str:
    """Return what stands before a bullet: its number, where they are counted."""
    return str(number) if block.counted else "•"


def numbered(block: Bullets) -> list[str]:
    """Return the bullets with their numbers and places, a line each."""
    width = len(str(block.first + len(block.items) - 1))
    lines = []
    for number, item in enumerate(block.items, block.first):
        places = f"  [{' '.join(item.places)}]" if item.places else ""
        note = f" {item.note}" if item.note else ""
        lines.append(f"{mark(block, number):>{width}}  {struck(item)}{note}{places}")
    return lines


def quoted(block: Quote) -> str:
    """Return a quote in its surroundings: what is quoted stands between >> and <<."""
    if not block.before and not block.after:
        return f"{block.place}  {safe(block.quote)}"
    return f"{block.place}  {safe(block.before)}>>{safe(block.quote)}<<{safe(block.after)}"
