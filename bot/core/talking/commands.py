"""What people type as a command: one parser for the terminal and every chat.

It is tolerant of case, stray marks and slips of the finger; a plain question or sentence that
begins with a command's word is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.core.reading.urls import links
from bot.core.talking import changing, digesting, values
from bot.core.talking.changing import Change
from bot.core.talking.command_table import (
    BY_NAME,
    COMMANDS,
    Command,
    Place,
    chat_commands,
    needs_argument,
)
from bot.core.talking.settings import KINDS, WRITTEN, parted
from bot.core.talking.spelling import closest, plain
from bot.errors import BadSetting, UnknownCommand, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BY_NAME",
    "COMMANDS",
    "EXPORTS",
    "Command",
    "Place",
    "Typed",
    "chat_commands",
    "meant",
    "needs_argument",
    "parse",
    "setting_of",
    "slip",
    "takes_work",
]

EXPORTS = frozenset({"mine", "thread", "md", "json", "markdown"})
"""The words that may follow `export`, in any order."""

_VERBATIM = frozenset({"brief", "ask", "search"})
_TAKE_WORK = frozenset({"brief", "ask", "stop", "forget"})
_FORGOTTEN_WHOLE = frozenset({"mine", "thread", "channel"})
_LONG_TEXT = 120
_VALUE_AND_TRY = 2
_NUMBER = re.compile(r"#?[0-9]+")
_SET = re.compile(r"(?:set|change|make)\s+(?:the\s+)?(\S.*)", re.IGNORECASE | re.DOTALL)
_PAUSE = re.compile(r"(pause|resume)\s+(?:the\s+)?digests?\b(.*)", re.IGNORECASE)
_TURN = re.compile(r"turn\s+(?:the\s+)?digests?\s+(on|off)", re.IGNORECASE)
_BETWEEN = re.compile(r"^(?:[=:]\s*|(?:to|is)\s+)", re.IGNORECASE)
_SAME_AS = {"language": "language", "length": "bullets"}


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
    bare = text.lstrip("/!").strip()
    said = _other_words(bare, marked=marked)
    if said is not None:
        return said
    word, rest = _word_and_rest(bare)
    command = BY_NAME.get(word)
    if command is None or Place.CHAT not in command.place:
        if marked and word.isalpha():
            near = meant(word)
            raise UnknownCommand(bare.split()[0], near, f"{near} {rest}".strip() if near else "")
        return None
    argument = rest if command.name in _VERBATIM else plain(_BETWEEN.sub("", rest))
    if not marked and not _fits(command, argument):
        return None
    return Typed(command=command, argument=argument)


def _word_and_rest(bare: str) -> tuple[str, str]:
    """Split what was typed into a word without its stray marks, in lower case, and the rest."""
    word, _, rest = bare.partition(" ")
    attached = re.match(r"([A-Za-z]+)[=:](?=\S)", word)
    if attached and attached[1].lower() in BY_NAME:
        word, rest = attached[1], f"{word[attached.end() :]} {rest}"
    cleaned = plain(word).lower().rstrip(":") if "\n" not in word else word
    return "help" if cleaned == "help?" else cleaned, rest.strip()


def _other_words(bare: str, *, marked: bool) -> Typed | None:
    """Return the command that is said in other words: "set length to short", "pause the digest"."""
    if found := _SET.fullmatch(bare):
        name, rest = parted(found[1])
        argument = f"{name} {rest}"
        if name in KINDS and rest and (marked or changing.reads(argument)):
            return Typed(command=BY_NAME["settings"], argument=argument)
        return None
    if found := _PAUSE.fullmatch(plain(bare)):
        argument = f"{found[1].lower()}{found[2]}"
    elif found := _TURN.fullmatch(plain(bare)):
        argument = found[1].lower()
    else:
        return None
    fits = marked or _is_digest(argument)
    return Typed(command=BY_NAME["digest"], argument=argument) if fits else None


def setting_of(typed: Typed) -> str:
    """Return what follows "settings" where a command shows or sets one; else nothing."""
    if typed.command.name == "settings":
        return typed.argument
    name = _SAME_AS.get(typed.command.name)
    return f"{name} {typed.argument}".strip() if name else ""


def takes_work(typed: Typed) -> bool:
    """Tell whether a command's answer has to be written, or is found elsewhere: that takes time."""
    if typed.command.name == "digest":
        return _is_told(typed.argument)
    if typed.command.name in _TAKE_WORK:
        return True
    try:
        wanted = changing.read_settings(setting_of(typed))
    except UsageError:
        return False
    names = {name for name, _ in wanted.values} if isinstance(wanted, Change) else set()
    return isinstance(wanted, Change) and wanted.trial and bool(WRITTEN & {*names, *wanted.usual})


def _is_told(argument: str) -> bool:
    try:
        wanted = digesting.read_digest(argument, today=date.min)
    except BadSetting:
        return False
    return isinstance(wanted, digesting.DigestNow | digesting.DigestPreview)


def _fits(command: Command, rest: str) -> bool:
    """Whether an unmarked line reads as a command rather than as a sentence."""
    if not rest or rest.endswith("?"):
        return not rest or command.name == "ask"
    return _FITS[command.name](rest)


def _never(_: str) -> bool:
    return False


def _is_reference(rest: str) -> bool:
    """Whether it can name an article: a number, an address or a file's name."""
    words = rest.lower().split()
    if words == ["channel", "yes"]:
        return True
    known = rest.lower() in _FORGOTTEN_WHOLE or _NUMBER.fullmatch(rest) is not None
    return len(words) == 1 and (known or "/" in rest or "." in rest)


def _is_value(name: str, rest: str) -> bool:
    """Whether it is a setting's value, or nearly one: a slip, hardly a sentence."""
    value = rest.removesuffix(f" {changing.TRY}")
    few = len(rest.split()) <= _VALUE_AND_TRY
    return changing.reads(f"{name} {rest}") or (few and bool(values.nearly(KINDS[name], value)))


def _is_digest(rest: str) -> bool:
    try:
        digesting.read_digest(rest, today=date.min)
    except BadSetting as error:
        return bool(error.line)
    return True


_FITS: dict[str, Callable[[str], bool]] = {
    "brief": lambda rest: bool(links(rest)) or len(rest.split()) >= _LONG_TEXT,
    "ask": bool,
    "digest": _is_digest,
    "list": _never,
    "search": bool,
    "proof": lambda rest: _NUMBER.fullmatch(rest) is not None,
    "settings": changing.nearly_reads,
    "language": lambda rest: values.is_language(rest) or _is_value("language", rest),
    "length": lambda rest: _is_value("bullets", rest),
    "forget": _is_reference,
    "export": lambda rest: set(rest.lower().split()) <= EXPORTS,
    "usage": _never,
    "why": _never,
    "stop": _never,
    "help": lambda rest: rest.lower() in BY_NAME,
}
"""Whether what follows a command's word belongs to it: by what people would not say otherwise."""


_TAKES_ANYTHING = frozenset({"brief", "ask", "search"})


def slip(text: str, *, likeness: float) -> str:
    """Return the command that a line nearly is: its word mistyped, the rest as it should be.

    Empty where it is none. The words of those that take anything behind them prove nothing.
    """
    word, _, rest = plain(text).partition(" ")
    close = meant(word, likeness=likeness) if word.isalpha() else ""
    if not close or (rest and close in _TAKES_ANYTHING) or close == word.lower():
        return ""
    fits = changing.reads(rest) if close == "settings" else _fits(BY_NAME[close], rest)
    return f"{close} {rest}".strip() if fits else ""


def meant(word: str, *, likeness: float = 0.6) -> str:
    """Return the command that a mistyped word comes closest to, if any is that much like it."""
    return closest(word, [command.name for command in chat_commands()], likeness=likeness)
