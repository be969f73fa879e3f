"""The brief of a model: what was accepted, what had to be replaced, in the article's order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.writing.drafts import FOREIGN, MISQUOTED, Refused, in_order, unlike
from bot.core.writing.guard import FORM, LINK, MARKUP, MENTION, is_plain
from bot.core.writing.translated import ADDRESSING, LANGUAGE
from bot.core.writing.violations import DATE, NAME, NUMBER, QUOTE
from bot.model import Bullet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.writing.drafts import Reasons
    from bot.core.writing.ground import Lock

_LEAST = 3
_TOLD, _SHOWN = 80, 500

# What a model is told of a draft that was not accepted: for it, not for people.
_BECAUSE = {
    NUMBER: "the article does not have the number “{}”",
    NAME: "the article does not have the name “{}”",
    QUOTE: "the article does not have the quotation “{}”",
    MISQUOTED: "the words under “quote” do not stand in the article exactly as you gave them",
    FOREIGN: "the article does not say this",
    LINK: "it must not have an address: “{}”",
    MENTION: "it must not address or mention anybody: “{}”",
    MARKUP: "it must be plain text without markup: “{}”",
    DATE: "the article does not have the day or month “{}”",
    LANGUAGE: "it must be in {}",
    ADDRESSING: "it must not speak to the reader, or as the writer: “{}”",
    FORM: "it must be one plain sentence: {}",
}


def split(found: Sequence[Bullet | Refused]) -> tuple[list[Bullet], list[Refused]]:
    """Return what was accepted and what was refused."""
    return (
        [one for one in found if isinstance(one, Bullet)],
        [one for one in found if isinstance(one, Refused)],
    )


def told(refused: Sequence[Refused]) -> str:
    """Return refused drafts with their reasons, as the model is told."""
    lines = []
    for number, one in enumerate(refused, 1):
        label = one.draft.label.strip(" []")[:12]
        lines.append(f"{number}. [{label}] {why(one.draft.text, one.reasons)}")
    return "\n".join(lines)


def why(text: str, reasons: Reasons) -> str:
    """Return a refused text with the reasons under it, as the model is told."""
    because = "; ".join(
        _BECAUSE.get(kind, "{}").format(" ".join(words.split())[:_TOLD]) for kind, words in reasons
    )
    return f"{' '.join(text[:_SHOWN].split())}\n   Why: {because}."


def assemble(
    accepted: Sequence[Bullet],
    spare: Sequence[Bullet],
    lock: Lock,
    *,
    wanted: int,
    lost: int,
) -> tuple[Bullet, ...]:
    """Return up to `wanted` bullets in the article's order.

    Of the `spare` ones, the article's own sentences, as many come in as were `lost`, and as many
    as are missing to three; each is marked as such. What says the same again is dropped, and so is
    a sentence that is shown as a proof already.
    """
    mine = unlike(accepted, lock)[:wanted]
    room = min(wanted, max(len(mine) + lost, min(_LEAST, wanted))) - len(mine)
    shown = {span for bullet in mine for span in bullet.evidence}
    safe = [
        replace(one, quoted=True)
        for one in spare
        if is_plain(one.text) and shown.isdisjoint(one.evidence[:1])
    ]
    both = unlike([*mine, *safe], lock)
    return tuple(in_order(both[: len(mine) + room]))
