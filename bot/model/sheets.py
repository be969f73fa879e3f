"""What is answered at once and to one person: proofs, forms, a home page; free of any markup."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model.places import Channel, Workspace
    from bot.model.posts import Block


class FieldKind(StrEnum):
    """What can be filled in. TIME is HH:MM."""

    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"
    TIME = "time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the values that a field may have, and what it is called."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something to fill in; `value` is what stands there at first.

    `choices` are those of a CHOICE, `least` and `most` the bounds of a NUMBER.
    """

    name: str
    label: str
    kind: FieldKind
    value: str = ""
    choices: tuple[Choice, ...] = ()
    least: int = 0
    most: int = 0
    hint: str = ""
    optional: bool = False


class Form(StrEnum):
    """The forms that can be sent."""

    WRONG = "wrong"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A page or a dialog for one person.

    With `form` it can be sent; `context` comes back with it as it is (at most 2,000 characters).
    """

    title: str
    blocks: tuple[Block | Field, ...]
    form: Form | None = None
    context: str = ""
    send: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProof:
    """Somebody wants to see what the bullets of a mention's brief rest on."""

    channel: Channel
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowWhy:
    """Somebody wants to know why there is this brief, and how it came about."""

    channel: Channel
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowWrong:
    """Somebody wants to say which bullet of a mention's brief is wrong."""

    channel: Channel
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A channel with the name that people know it by."""

    channel: Channel
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHome:
    """Somebody opens our page; `rooms` are those of our channels that he is in."""

    workspace: Workspace
    who: str
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSettings:
    """Somebody wants to change the settings of a channel."""

    room: Room
    who: str


Wish = ShowProof | ShowWhy | ShowWrong | ShowHome | ShowSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A form as somebody sent it: (name, value) of each field, in the form's order."""

    key: str
    form: Form
    context: str
    who: str
    values: tuple[tuple[str, str], ...]
