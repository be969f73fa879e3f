"""What goes out: posts, free of any platform's markup."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model.places import Thread


class Control(StrEnum):
    """What a person can press or react with under one of our posts.

    STRIKE is what the form behind WRONG sends; its value is the number of the mention, that of
    the bullet and what is wrong with it, each on a line.
    """

    PROOF = "proof"
    SHORTER = "shorter"
    LONGER = "longer"
    DELETE = "delete"
    WRONG = "wrong"
    WHY = "why"
    STRIKE = "strike"
    RETRY = "retry"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The linked headline of an article and the line under it."""

    text: str
    url: str | None
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One bullet as shown: its words and where they stand (`¶1 ¶4`); `note` marks a caveat.

    A struck one is shown as such: somebody said that it is wrong.
    """

    text: str
    places: tuple[str, ...] = ()
    note: str = ""
    struck: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A run of bullets; `first` is the number of the first one, unless they are not `counted`."""

    items: tuple[Item, ...]
    first: int = 1
    counted: bool = True


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
    """A sentence of our own; `quiet` ones are shown small.

    `who` is a person that it begins with, `url` an address that stands behind all of it.
    """

    text: str
    quiet: bool = False
    who: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """What can be pressed, the important ones first; `about` is put behind each.

    Outside of a channel it begins with the channel's id, on a line of its own.

    Where nothing can be pressed, nothing is shown.
    """

    about: str
    shown: tuple[Control, ...]
    folded: tuple[Control, ...] = ()


Block = Heading | Bullets | Quote | Line | Controls


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What we say, laid out but free of any platform's markup.

    Where `to` names a person, only that person sees it, as far as the platform can do that.
    `asker` is whoever asked the question that it answers: he is told of it where the platform
    tells nobody of what bots say, and where it is `loud`, everybody is.
    """

    blocks: tuple[Block, ...]
    to: str = ""
    asker: str = ""
    loud: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRef:
    """Where a post ended up, in the platform's own terms.

    `thread` is that which it began, where it was the first thing said.
    """

    thread: Thread
    id: str


class Sign(StrEnum):
    """What is shown at a message while it is worked on, and after that."""

    WORKING = "working"
    DONE = "done"
    REFUSED = "refused"
    NOTHING = "nothing"
