"""The words that Matrix's own parts need, and the reactions that stand for controls."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot.model import Control

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REACTIONS: Mapping[str, Control] = MappingProxyType(
    {
        "🔍": Control.PROOF,
        "➖": Control.SHORTER,
        "➕": Control.LONGER,
        "🗑️": Control.DELETE,
    }
)
"""What people react with, as it is shown to them: Matrix has no buttons."""

# Whether a symbol is drawn as an emoji, and in which skin: clients send the same one in many ways.
_DRESS = dict.fromkeys((0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)))
_CONTROLS = {key.translate(_DRESS): control for key, control in REACTIONS.items()} | {
    "🔎": Control.PROOF
}


def control_of(key: str) -> Control | None:
    """Return what a reaction with this key does, however the client wrote the emoji."""
    return _CONTROLS.get(key.translate(_DRESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What is said in our house.

    `labels` names what the reactions do, in the middle of a sentence; `left_out` is the line
    that tells how many characters had no room. `prefix` is what a command begins with; `ask`
    says how to ask, `proof` is the command that shows a proof. The reactions come after
    `or_react`, or after `react` where nothing comes before them.
    """

    labels: Mapping[Control, str]
    left_out: Callable[[int], str]
    ask: str
    prefix: str
    proof: str
    or_react: str
    react: str
