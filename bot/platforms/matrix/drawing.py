"""A post as Matrix shows it: in plain text, in HTML, and whom it names.

Both are free of anything that an article could do: send them with explicit `m.mentions` of
`Drawn.mentions` alone, which no words can add to.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.talking.visible import ELLIPSIS
from bot.model import Control, Controls, Line
from bot.platforms.matrix import fitting
from bot.platforms.matrix.markup import html
from bot.platforms.matrix.plain import body
from bot.platforms.matrix.text import Scale, is_person, literal
from bot.platforms.matrix.words import REACTIONS

if TYPE_CHECKING:
    from bot.model import Block, Post
    from bot.platforms.matrix.words import Words

_MANY = 10**9
_MARKUP = 200  # of the two lines that are never cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The `body` and the `formatted_body` of an event, and the ids of the people it names."""

    body: str
    formatted_body: str
    mentions: tuple[str, ...] = ()


def drawn(post: Post, words: Words, *, escaping: bool = True) -> Drawn:
    """Draw a post: `body` and `formatted_body` have at most 40,000 bytes as JSON.

    `escaping` is how the client encrypts: matrix-nio writes all but ASCII in escapes of six bytes,
    so that other scripts than Latin have a third of the room or less.
    """
    scale = Scale(escaping=escaping)
    every = _offer(tuple(REACTIONS.values()), words)
    kept_free = scale.text(" · ".join(every)) + scale.text(words.left_out(_MANY)) + _MARKUP
    blocks, lost = fitting.fitted(post.blocks, fitting.MOST - kept_free, scale)
    if lost:
        blocks = _before_controls(blocks, Line(text=literal(words.left_out(lost)), quiet=True))
    if not blocks:
        blocks = (Line(text=ELLIPSIS),)
    shown = next((block.shown for block in blocks if isinstance(block, Controls)), ())
    offer = _offer(shown, words)
    named = (block.who for block in blocks if isinstance(block, Line) and is_person(block.who))
    return Drawn(
        body=body(blocks, offer),
        formatted_body=html(blocks, offer),
        mentions=tuple(dict.fromkeys(named)),
    )


def _before_controls(blocks: tuple[Block, ...], line: Line) -> tuple[Block, ...]:
    """Put a line at the end, but before the controls that stand there."""
    if blocks and isinstance(blocks[-1], Controls):
        return (*blocks[:-1], line, blocks[-1])
    return (*blocks, line)


def _offer(shown: tuple[Control, ...], words: Words) -> tuple[str, ...]:
    """Say what can be done: how to ask, what can be typed, and what each reaction does.

    The emoji are named in words, since they look different everywhere, or like nothing.
    """
    if not shown:
        return ()
    signs = [
        f"{sign} {words.labels[control]}" for sign, control in REACTIONS.items() if control in shown
    ]
    ahead = (words.ask, f"{words.prefix} {words.proof}") if Control.PROOF in shown else ()
    return (*ahead, f"{words.or_react if ahead else words.react} {', '.join(signs)}")
