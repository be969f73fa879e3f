"""The commands, once: the terminal's, the chat's and the docs' are all built from this table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto

from bot.errors import UnknownCommand


class Place(Flag):
    """Where a command can be given."""

    TERMINAL = auto()
    CHAT = auto()
    BOTH = TERMINAL | CHAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its word, what follows it, what it does in one line, where it works."""

    name: str
    arguments: str
    summary: str
    place: Place = Place.BOTH
    chat_arguments: str | None = None

    @property
    def usage(self) -> str:
        """The word with its arguments."""
        return f"{self.name} {self.arguments}".rstrip()

    @property
    def chat_usage(self) -> str:
        """The word with its arguments, where people talk."""
        arguments = self.arguments if self.chat_arguments is None else self.chat_arguments
        return f"{self.name} {arguments}".rstrip()


COMMANDS: tuple[Command, ...] = (
    Command(
        name="brief",
        arguments="URL|FILE|-",
        chat_arguments="URL [QUESTION]",
        summary="Read an article and write its brief, every bullet with its proof.",
    ),
    Command(
        name="ask",
        arguments="QUESTION",
        summary="Answer from the stored text, in its own words, or say that it doesn't say.",
    ),
    Command(
        name="proof",
        arguments="[BULLET]",
        summary="Show the sentences that a bullet of the last brief rests on.",
    ),
    Command(name="list", arguments="", summary="Show what was briefed, newest first."),
    Command(
        name="search",
        arguments="WORDS",
        summary='Find articles by their words and dates ("tankers this week").',
    ),
    Command(
        name="forget",
        arguments="NUMBER|URL|mine|thread|channel",
        summary="Erase an article with its text, index, brief and answers; or all that you posted "
        "and asked, this thread, this channel.",
    ),
    Command(
        name="export",
        arguments="[mine|thread] [md|json]",
        summary="Write out the briefs with their proof, without full texts; mine: all that you "
        "posted and asked.",
    ),
    Command(
        name="settings",
        arguments="[NAME [VALUE]]",
        summary="Show the settings, or change one.",
    ),
    Command(
        name="usage",
        arguments="",
        summary="Show what models took lately, by day and step, and what today's cap is.",
    ),
    Command(
        name="stop",
        arguments="",
        summary="Stop what is being answered in this thread.",
        place=Place.CHAT,
    ),
    Command(
        name="why",
        arguments="",
        summary="Tell what was decided about the last link here, and why.",
        place=Place.CHAT,
    ),
    Command(name="help", arguments="", summary="Show this list.", place=Place.CHAT),
    Command(
        name="read",
        arguments="URL|FILE|-",
        summary="Show an article as it was read, part by part; nothing is stored.",
        place=Place.TERMINAL,
    ),
    Command(
        name="check",
        arguments="CLAIM",
        summary="Hold a sentence against a stored article: names, numbers, quotes.",
        place=Place.TERMINAL,
    ),
    Command(
        name="console",
        arguments="",
        summary="Talk: paste a link or a text, then ask.",
        place=Place.TERMINAL,
    ),
    Command(
        name="serve",
        arguments="[--front-end-only]",
        summary="Run the bot: listen, read, post. Stops cleanly on Ctrl-C or SIGTERM.",
        place=Place.TERMINAL,
    ),
    Command(
        name="worker",
        arguments="",
        summary="Do the work of a serve --front-end-only elsewhere (PostgreSQL).",
        place=Place.TERMINAL,
    ),
    Command(
        name="jobs",
        arguments="[show|retry [NUMBER]]",
        summary="Show what failed for good or may have been posted; try it again.",
        place=Place.TERMINAL,
    ),
    Command(
        name="backup",
        arguments="FILE",
        summary="Write everything that is kept into one file, also while serve runs.",
        place=Place.TERMINAL,
    ),
    Command(
        name="restore",
        arguments="FILE",
        summary="Bring a backup back; what was forgotten since stays forgotten.",
        place=Place.TERMINAL,
    ),
    Command(
        name="move",
        arguments="--to URL",
        summary="Copy everything to another database and compare every row.",
        place=Place.TERMINAL,
    ),
    Command(
        name="slack",
        arguments="manifest [--http URL]",
        summary="Print the manifest that Slack makes the app from; docs/slack.md says how.",
        place=Place.TERMINAL,
    ),
    Command(
        name="matrix",
        arguments="reset",
        summary="Give the Matrix account a new identity, where the keys of the old are lost.",
        place=Place.TERMINAL,
    ),
    Command(
        name="doctor",
        arguments="",
        summary="Check every part of the set-up and say how to mend it.",
        place=Place.TERMINAL,
    ),
    Command(
        name="demo",
        arguments="",
        summary="Show the whole job on two sample pages, in a throwaway store.",
        place=Place.TERMINAL,
    ),
)

EXPORTS = frozenset({"mine", "thread", "md", "json"})
"""The words that may follow `export`, in any order."""

BY_NAME = {command.name: command for command in COMMANDS}


def chat_commands() -> tuple[Command, ...]:
    """Return the commands that can be given where people talk."""
    return tuple(command for command in COMMANDS if Place.CHAT in command.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A command as somebody typed it."""

    command: Command
    argument: str


def parse(text: str) -> Typed | None:
    """Return the chat command that a text is, or None.

    The word may have a "/" or "!" before it. Without one, what follows must fit: "list" alone
    is the command, "list the ministers" is a question. Raises UnknownCommand for a marked word
    that is none.
    """
    marked = text.startswith(("/", "!"))
    word, _, rest = text.lstrip("/!").strip().partition(" ")
    command = BY_NAME.get(word.lower().rstrip(":"))
    if command is None or Place.CHAT not in command.place:
        if marked and word.isalpha():
            raise UnknownCommand(word, meant(word))
        return None
    rest = rest.strip()
    if not marked and not _fits(command, rest):
        return None
    return Typed(command=command, argument=rest)


def needs_argument(command: Command) -> bool:
    """Tell whether a command means nothing alone."""
    return bool(command.arguments) and not command.arguments.startswith("[")


def _fits(command: Command, rest: str) -> bool:
    """Whether an unmarked line reads as a command rather than as a sentence."""
    if not rest or rest.endswith("?"):
        return not rest or command.name == "ask"
    match command.name:
        case "help" | "list" | "usage" | "stop" | "why":
            return not rest
        case "proof" | "forget":
            confirmed = command.name == "forget" and rest.lower().split() == ["channel", "yes"]
            return confirmed or len(rest.split()) <= 1
        case "export":
            return set(rest.lower().split()) <= EXPORTS
        case "settings":
            return len(rest.split()) <= 2  # noqa: PLR2004 - NAME VALUE
        case _:
            return bool(rest)


def meant(word: str, *, likeness: float = 0.6) -> str:
    """Return the command that a mistyped word comes closest to, if any is that much like it."""
    import difflib  # noqa: PLC0415 - seldom needed

    names = [command.name for command in chat_commands()]
    close = difflib.get_close_matches(word.lower(), names, n=1, cutoff=likeness)
    return close[0] if close else ""
