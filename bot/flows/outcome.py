"""What came of answering an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import Ending, Sign

if TYPE_CHECKING:
    from bot.model import Post, Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Something is to be posted; `told` is what is kept of a digest with it.

    Where it is told `again`, it takes the place of what its day was told before.
    """

    post: Post
    told: Told | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Nothing is to be posted: the event ends so, for a reason, and its message bears a sign.

    `told` is as in Say.
    """

    ending: Ending
    reason: str
    sign: Sign = Sign.NOTHING
    told: Told | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """It can't be told yet; look again in so many seconds."""

    seconds: float


Outcome = Say | End | Wait

CHANGED = End(ending=Ending.CHANGED, reason="")
"""Something that was posted is changed: the reason says how."""
