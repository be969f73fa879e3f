"""What a case is: what is typed, what is answered, and what the store holds after it.

An answer is compared as `plain_words` leaves it: without the prefix of the place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from typing import TYPE_CHECKING, Any

from bot.core.talking.commands import parse
from bot.errors import UnknownCommand

if TYPE_CHECKING:
    from collections.abc import Mapping


class Who(Enum):
    """Who types: who invited us, somebody else of the channel, or an admin."""

    KEEPER = auto()
    ANYONE = auto()
    ADMIN = auto()


class Where(Flag):
    """Where a case holds. At the terminal whoever types may do everything.

    A homeserver takes its time: what is the same in every place, and only says in other words what
    another case says, is not played there.
    """

    TERMINAL = auto()
    SLACK = auto()
    MATRIX = auto()
    CHAT = SLACK | MATRIX
    QUICK = TERMINAL | SLACK
    EVERYWHERE = TERMINAL | SLACK | MATRIX


@dataclass(frozen=True, kw_only=True)
class Case:
    """`before` is typed first, by an admin, or by whoever types where it is `his`.

    `says` is the whole answer, `holds` are parts of it; `refused` says that nothing came of what
    was asked for, `to_all` that everybody sees the answer. `own` is what the channel has set itself
    afterwards, by name; `left` how many articles are kept. Where a case begins `empty`, nothing was
    briefed; else the pier was, and {number} names it. `posted` is a message that somebody posted
    since; what is typed `in_thread` stands in the thread of the pier's brief.
    """

    typed: str
    says: str = ""
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    who: Who = Who.KEEPER
    where: Where = Where.EVERYWHERE
    before: tuple[str, ...] = ()
    his: bool = False
    posted: str = ""
    in_thread: bool = False
    refused: bool = False
    to_all: bool = False
    own: Mapping[str, Any] = field(default_factory=dict)
    left: int = 1
    empty: bool = False

    def __str__(self) -> str:
        first = "".join(f"{one}; " for one in (*self.before, self.posted) if one)
        who = "" if self.who is Who.KEEPER else f" ({self.who.name.lower()})"
        where = " (in the thread)" if self.in_thread else ""
        nothing = " (nothing there)" if self.empty else ""
        return f"{first}{self.typed}{who}{where}{nothing}".replace("https://", "")

    @property
    def command(self) -> str:
        """The command that is given, or was meant; empty where it is none."""
        try:
            typed = parse(f"/{self.typed}")
        except UnknownCommand as error:
            return error.line.partition(" ")[0]
        return typed.command.name if typed else ""


PIER = "Old pier at Wexcombe to reopen after storm repairs"
URL = "https://sample.example/pier"
NOT_YOURS = (
    "Only those who look after this channel can do that: whoever invited me, and my admins. "
    "Anyone can make me quieter, and forget what he posted."
)
LENGTHS = "3 to 8 (or short, standard, long)"
TRIED = "Tried, nothing is changed:"

_PREFIX = re.compile(r"(?:/brief|!brief|briefbot) ")
_GAP = re.compile(r" {2,}")
_NEXT = re.compile(r"(?<=The next one: )\w{3} \d\d \w+, \d\d:\d\d(?=\.)")


def plain_words(answer: str) -> str:
    """Return an answer without what belongs to its place or day: prefix, columns, who keeps it."""
    lines = [_GAP.sub(" · ", line.strip()) for line in answer.strip().splitlines()]
    text = "\n".join(line for line in lines if line)
    return _NEXT.sub("…", _PREFIX.sub("", text)).replace("the room's moderators, ", "")
