"""What goes out: posts, free of any platform's markup."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model.places import Thread


class Control(StrEnum):
    """What a person can press or react with under one of our posts."""

    PROOF = "proof"
    SHORTER = "shorter"
    LONGER = "longer"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The linked headline of an article and the line under it."""

    text: str
    url: str | None
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One bullet as shown: its words and where they stand (`¶1 ¶4`); `note` marks a caveat."""

    text: str
    places: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A run of bullets; `first` is the number of the first one."""

    items: tuple[Item, ...]
    first: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of an article in their surroundings: `before` + `quote` + `after` stand in a row.

    Quiet ones are shown in second place.
    """

    place: str
    quote: str
    before: str = ""
    after: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of our own; `quiet` ones are shown small."""

    text: str
    quiet: bool = False


Block = Heading | Bullets | Quote | Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What we say, laid out but free of any platform's markup."""

    blocks: tuple[Block, ...]
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRef:
    """Where a post ended up, in the platform's own terms."""

    thread: Thread
    id: str
