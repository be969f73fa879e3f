"""A post in a terminal that a person looks at: wrapped, with colour where there is any.

Colour and weight never carry meaning alone: what is quoted is marked in the text as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rich.console import Console as RichConsole
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from bot.model import Bullets, Controls, Heading, Line, Quote
from bot.platforms.console.plain import mark, safe, said, struck

if TYPE_CHECKING:
    from rich.console import RenderableType

    from bot.model import Block, Post

_WIDEST = 100


def show(post: Post) -> None:
    """Print a post on standard output."""
    console = RichConsole(highlight=False, soft_wrap=False)
    width = min(console.width, _WIDEST)
    last: type[Block] | None = None
    for block in post.blocks:
        if isinstance(block, Controls):
            continue
        if last is not None and (type(block) is not last or isinstance(block, (Heading, Quote))):
            console.print()
        console.print(_drawn(block), width=width)
        last = type(block)


def _drawn(block: Block) -> RenderableType:
    match block:
        case Heading():
            return _heading(block)
        case Bullets():
            return _bullets(block)
        case Quote():
            return _quote(block)
        case Controls():
            return Text()
        case Line(quiet=quiet):
            return Text("\n".join(said(block)), style="dim" if quiet else "")
        case _:
            assert_never(block)


def _heading(block: Heading) -> Text:
    link = safe(block.url) if block.url else None
    text = Text(safe(block.text), style=Style(bold=True, link=link))
    if link:
        text.append(f"\n{link}", style=Style(bold=False, color="cyan", link=link))
    text.append(f"\n{safe(' · '.join(block.details))}", style=Style(bold=False, dim=True))
    return text


def _bullets(block: Bullets) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(justify="right", style="bold", no_wrap=True)
    grid.add_column()
    for number, item in enumerate(block.items, block.first):
        text = Text()
        text.append(struck(item), style="dim strike" if item.struck else "")
        if item.note:
            text.append(f" {item.note}", style="yellow")
        if item.places:
            text.append(f"  [{' '.join(item.places)}]", style="dim")
        grid.add_row(mark(block, number), text)
    return grid


def _quote(block: Quote) -> RenderableType:
    text = Text(f"{block.place}  ", style="dim")
    marked = bool(block.before or block.after)
    text.append(safe(block.before), style="dim")
    weight = "not dim" if block.quiet else "not dim bold"
    text.append(f">>{safe(block.quote)}<<" if marked else safe(block.quote), style=weight)
    text.append(safe(block.after), style="dim")
    return Padding(text, (0, 0, 0, 2))
