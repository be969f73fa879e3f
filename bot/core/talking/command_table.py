"""The commands, once: the terminal's, the chat's and the docs' are all built from this table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Flag, auto


class Place(Flag):
    """Where a command can be given."""

    TERMINAL = auto()
    CHAT = auto()
    BOTH = TERMINAL | CHAT


ANYONE = "Anyone"
OWN = "Everyone his own, those who look after the channel all of it"
QUIETER = (
    "Anyone, where it makes me quieter (fewer, shorter, off); else those who look after the channel"
)
KEEPERS = "Those who look after the channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command: its word, what follows it, what it does in one line, where it works.

    `examples` are what follows its word, `who` says who may give it where people talk, `more`
    what there is to know beside the summary.
    """

    name: str
    arguments: str
    summary: str
    place: Place = Place.BOTH
    chat_arguments: str | None = None
    examples: tuple[str, ...] = ("",)
    who: str = ANYONE
    more: str = ""

    @property
    def usage(self) -> str:
        """The word with its arguments."""
        return f"{self.name} {self.arguments}".rstrip()

    @property
    def chat_usage(self) -> str:
        """The word with its arguments, where people talk."""
        arguments = self.arguments if self.chat_arguments is None else self.chat_arguments
        return f"{self.name} {arguments}".rstrip()


_SPOKEN: tuple[Command, ...] = (
    Command(
        name="brief",
        arguments="URL|FILE|-",
        chat_arguments="URL [QUESTION]",
        summary="Read an article and write its brief, every bullet with its proof.",
        examples=("https://example.org/news/harbour",),
    ),
    Command(
        name="ask",
        arguments="QUESTION",
        summary="Answer from the stored text, in its own words, or say that it doesn't say.",
        examples=("Who led the inquiry?", "what did we read about tankers this week?"),
    ),
    Command(
        name="digest",
        arguments="[now|preview|on|off|pause|TIME|DAYS|ZONE]",
        summary="Show or set the daily digest, or have one now.",
        examples=("", "on 9:00 weekdays paris", "pause 2 weeks", "least 3 most 7"),
        who=QUIETER,
        more="Times, days and zones can stand together, in any order. pause takes “N days”, “until "
        "DATE” or nothing; resume ends it. A zone may be a city alone.",
    ),
    Command(
        name="list",
        arguments="",
        summary="Show what was briefed, newest first.",
    ),
    Command(
        name="search",
        arguments="WORDS",
        summary='Find articles by words, days, outlets, people ("tankers in the Times this week").',
        examples=("tankers this week", "harbour from:bbc.co.uk", "by me since Monday"),
        more="Days are those of the channel's zone. An outlet is one that was read here, by its "
        "name or site; a person is “me”, or mentioned.",
    ),
    Command(
        name="proof",
        arguments="[BULLET]",
        summary="Show the sentences that a bullet of the last brief rests on.",
        examples=("", "2"),
        more="In a thread it is about the brief of that thread.",
    ),
    Command(
        name="settings",
        arguments="[NAME [VALUE]]",
        summary="Show the settings, or change one.",
        examples=("", "bullets 8", "mode automatic try", "bullets default", "log"),
        who=QUIETER,
        more="“try” behind a value says what it would do and changes nothing; “default” is the "
        "usual value again; “log” tells who changed what. “settings all” is the whole workspace's, "
        "for my admins: “settings all bullets 4”, “settings all bullets 4 lock”, “settings all "
        "bullets unlock”, each with “try” too. All names are in “help settings”.",
    ),
    Command(
        name="language",
        arguments="[LANGUAGE]",
        summary="Show or set the language of briefs and answers.",
        examples=("", "french", "article", "es try"),
        who=KEEPERS,
        more="The same as “settings language”. “article” is each article's own; another one takes "
        "a model.",
    ),
    Command(
        name="length",
        arguments="[short|standard|long|3-8]",
        summary="Show or set how many bullets a brief has.",
        examples=("", "short", "8 try"),
        who=QUIETER,
        more="The same as “settings bullets”.",
    ),
    Command(
        name="forget",
        arguments="NUMBER|URL|mine|thread|channel",
        summary="Erase an article and all that hangs on it, what is yours, a thread, or a channel.",
        examples=("3", "https://example.org/news/harbour", "mine", "thread"),
        who=OWN,
        more="Its text, index, brief and answers go, also from the files. “mine” is all that you "
        "posted and asked; “channel” says first what would go.",
    ),
    Command(
        name="export",
        arguments="[mine|thread] [md|json]",
        summary="Write out the briefs with their proof; or all that you posted and asked.",
        examples=("", "json", "mine", "thread md"),
        who=OWN,
    ),
    Command(
        name="usage",
        arguments="",
        summary="Show what models took lately, by day and step, and what today's cap is.",
    ),
    Command(
        name="why",
        arguments="",
        summary="Tell what was decided about the last link here, and why.",
    ),
    Command(
        name="stop",
        arguments="",
        summary="Stop what is being answered in this thread.",
        place=Place.CHAT,
    ),
    Command(
        name="help",
        arguments="[COMMAND]",
        summary="Show this list, or how a command is used.",
        examples=("", "digest", "settings"),
    ),
)

_OPERATED: tuple[Command, ...] = (
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

COMMANDS = (*_SPOKEN, *_OPERATED)
BY_NAME = {command.name: command for command in COMMANDS}


def chat_commands() -> tuple[Command, ...]:
    """Return the commands that can be given where people talk."""
    return tuple(command for command in COMMANDS if Place.CHAT in command.place)


def needs_argument(command: Command) -> bool:
    """Tell whether a command means nothing alone."""
    return bool(command.arguments) and not command.arguments.startswith("[")
