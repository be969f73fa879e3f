"""What the edit of a message means for what was made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.reading.urls import canonical
from bot.core.talking.address import asks_us, understood
from bot.core.talking.listen import Asked, Links, Nothing, Pasted
from bot.model import Posted

if TYPE_CHECKING:
    from bot.model import Edited


def as_posted(edited: Edited) -> Posted:
    """Return what was changed as if it were said now."""
    return Posted(
        key=edited.key,
        message=edited.message,
        mentions_us=edited.mentions_us,
        direct=edited.direct,
        bot=edited.bot,
        outside=edited.outside,
        calls=edited.calls,
    )


def means_the_same(edited: Edited) -> bool:
    """Tell whether a message asks for the same as before: its links, and what is asked of them.

    Without links that is so only where nothing was changed.
    """
    if edited.before is None or (edited.mentions_us and not edited.named_us):
        return False
    now, then = understood(edited.message.text), understood(edited.before)
    if isinstance(now, Links) and isinstance(then, Links):
        same = set(map(canonical, now.urls)) == set(map(canonical, then.urls))
        return same and now.question == then.question
    return edited.before == edited.message.text


def still_asks(edited: Edited, *, automatic: bool) -> bool:
    """Tell whether there still is something to answer in a message that was answered before.

    A link that comes after there was none is a new one: nobody asked for it, unless he says so, or
    the channel's links are briefed unasked (`automatic`).
    """
    said = understood(edited.message.text)
    if isinstance(said, Links) and edited.before is not None and not automatic:
        asked = edited.mentions_us or edited.direct or bool(edited.message.uploads)
        return asked or isinstance(understood(edited.before), Links | Pasted)
    if isinstance(said, Nothing | Asked) and not edited.message.uploads:
        called = edited.mentions_us or edited.direct
        return isinstance(said, Asked) and asks_us(said, calls=edited.calls and not called)
    return True


def asks_beside(edited: Edited) -> bool:
    """Tell whether a question stands, or stood, beside the links or files of a message."""
    for said in map(understood, (edited.message.text, edited.before or "")):
        match said:
            case Links(question=question) if question:
                return True
            case Asked() if asks_us(said, calls=False):
                return True
    return False
