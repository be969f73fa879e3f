"""What of a post stands together, in plain text as in HTML."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from bot.model import Bullets, Controls, Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.model import Block


def paragraphs(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Yield the blocks that make a paragraph: lines in a row that are alike, or one of the others.

    The last of several quiet lines heads the list that comes next, so it stands by itself.
    """
    at = 0
    for kind, run in groupby(blocks, _kind):
        found = tuple(run)
        at += len(found)
        if not kind:
            yield from ((block,) for block in found)
        elif kind == "quiet" and len(found) > 1 and isinstance(_at(blocks, at), Bullets):
            yield found[:-1]
            yield found[-1:]
        else:
            yield found


def _kind(block: Block) -> str:
    if isinstance(block, Controls):
        return "quiet"
    if isinstance(block, Line):
        return "quiet" if block.quiet else "line"
    return ""


def _at(blocks: Sequence[Block], at: int) -> Block | None:
    return blocks[at] if at < len(blocks) else None


def numbered(block: Bullets) -> bool:
    """Tell whether a list is spoken of by numbers: one by itself, or with one that is struck."""
    by_number = block.first > 1 or len(block.items) == 1 or any(one.struck for one in block.items)
    return block.counted and by_number


def all_quiet(blocks: Iterable[Block]) -> bool:
    """Tell whether all of this is said in second place."""
    return all(_kind(block) == "quiet" for block in blocks)
