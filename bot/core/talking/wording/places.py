"""How we speak where: hints, names, counts, and short sentences for every place."""

from __future__ import annotations

import re
from dataclasses import dataclass

OLD_AFTER_DAYS = 30
_WIDEST_NAME = 80
_WIDEST_NUMBER = 16
_TOO_MANY_REQUESTS = "429"
_USER_INFO = re.compile(r"//[^/@]*@")
UNDATED = "undated"
CHECKED = "Checked: names, numbers, quotes. Not checked: whether it is true."
WORD_FOR_WORD = "The publisher's own bullet, word for word."
NOT_IN_BODY = "I found no sentence below the bullets that says the same."
EMPTY_LIST = "Nothing was briefed yet."
NOTHING_FOUND = "Nothing stored matches that."
STOPPED = "Stopped. Nothing that was under way here is answered any more."
ALREADY_SO = "That is how it is set already."
GREETING = "Paste a link or an article's text, then ask. Type help for the commands, quit to leave."
GOODBYE = "Bye."
WORKING = "Reading …"
PASTE_HERE = "Paste the text, then press Ctrl-D on an empty line."


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """How the next step is taken in the place where we speak.

    Commands begin with `prefix`, if any. `moderators` look after a channel beside whoever invited
    us. Where we send `notices`, people are told of nothing that we say, unless they are named.
    """

    paste: str
    ask: str
    proof: str
    list_all: str
    brief: str
    settings: str
    greeting: str = ""
    prefix: str = ""
    moderators: str = ""
    notices: bool = False

    def command(self, words: str) -> str:
        """Return a command as it is typed here."""
        return f"{self.prefix} {words}".strip()

    @property
    def keepers(self) -> str:
        """Name those who look after a channel."""
        middle = f"{self.moderators}, " if self.moderators else ""
        return f"whoever invited me, {middle}and my admins"


TERMINAL = Hints(
    paste="Copy the article's text from your browser and paste it into: briefbot brief -",
    ask='briefbot ask "…"',
    proof="briefbot proof 1",
    list_all="briefbot list",
    brief="briefbot brief URL|FILE|-",
    settings="briefbot settings NAME VALUE",
    prefix="briefbot",
)
CONSOLE = Hints(
    greeting=GREETING,
    paste="Copy the article's text from your browser and paste it here.",
    ask="type a question",
    proof="proof 1",
    list_all="list",
    brief="a link or a text",
    settings="settings NAME VALUE",
)


CHAT = Hints(
    paste="Paste the text in this thread and I will brief that.",
    ask="reply here",
    proof="proof 1",
    list_all="list",
    brief="a link",
    settings="settings NAME VALUE",
)
SLACK = Hints(
    paste="Paste text that you may share with a mention of me; it stays in this channel.",
    ask="reply here",
    proof="",
    list_all="/brief list",
    brief="📰 on a link",
    settings="/brief settings NAME VALUE",
    greeting="Put 📰 on a message with a link, mention me with one, or type /brief and the link. "
    "Ask by replying in the thread.",
    prefix="/brief",
)


def matrix(prefix: str) -> Hints:
    """Return how the next step is taken in Matrix, where commands begin with a prefix."""
    return Hints(
        paste="Paste text that you may share in a message that mentions me; it stays in this room.",
        ask="",  # the line of controls under a brief says these two
        proof="",
        list_all=f"{prefix} list",
        brief="📰 on a link",
        settings=f"{prefix} settings NAME VALUE",
        greeting="Put 📰 on a message with a link, mention me with one, or type "
        f"{prefix} and the link. Ask by replying in the thread. Commands begin with "
        f"{prefix}, except where you and I are alone.",
        prefix=prefix,
        moderators="the room's moderators",
        notices=True,
    )


def plural(count: int, one: str, many: str = "") -> str:
    """Return "1 link", "2 links"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def name_of(source: str) -> str:
    """How we call what was given: a short address, a file's name."""
    if not source or source == "-":
        return "The text"
    shown = _USER_INFO.sub("//", source)
    shown = shown if len(shown) <= _WIDEST_NAME else shown[: _WIDEST_NAME - 1] + "…"
    return "".join(c for c in shown if c.isprintable())


def is_number(detail: str) -> bool:
    """Tell whether a detail is a whole number that can be shown."""
    return detail.isascii() and detail.isdecimal() and len(detail) < _WIDEST_NUMBER


def size_of(count: str) -> str:
    """Return "5 MB", "900 bytes"."""
    megabytes = int(count) / 1_000_000
    return f"{megabytes:.0f} MB" if megabytes >= 1 else f"{int(count):,} bytes"
