"""What a message to us is: links, a text to brief, a command, a question, or nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.language.words import words
from bot.core.reading.urls import links
from bot.core.talking.commands import BY_NAME, Typed, parse, slip
from bot.errors import UnknownCommand

_PASTE_WORDS = 120
_PASTE_LINES = 3
_QUESTION_BESIDE_LINK = 3
_SENTENCE = 4
_NEARLY = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Links to brief, and what was asked about them in the same breath."""

    urls: tuple[str, ...]
    question: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """An article's text, pasted."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """Nothing for us."""


Said = Links | Pasted | Typed | Asked | Nothing


def understand(text: str) -> Said:
    """Return what a message that is meant for us says.

    A long text is an article even where it holds links; a short one with links, however long
    those are, is a request to brief them.
    """
    text = text.strip()
    if not text:
        return Nothing()
    typed = parse(text)
    if typed is not None:
        return typed
    urls = links(text)
    lines = [line for line in text.splitlines() if line.strip()]
    count = len(words(_without(text, urls)))
    if count >= _PASTE_WORDS or (len(lines) > _PASTE_LINES and count >= _PASTE_WORDS // 3):
        return Pasted(text=text)
    if urls:
        return Links(urls=urls, question=_beside(text, urls))
    return Asked(text=text)


def ordered(text: str) -> Said:
    """Return what was typed after a command's slash, where its first word needs no mark.

    A question is one by its mark or by its length: what is neither that nor a command is raised
    as UnknownCommand.
    """
    return understand(as_typed(text)) if text.strip() else Nothing()


def as_typed(text: str) -> str:
    """Return what was typed after a command's prefix as a message that says the same.

    Its first word gets the mark that it needs to be a command, or a mistyped one. Where there is
    nothing else, it is a call for help.
    """
    text = text.strip()
    if not text:
        return "help"
    try:
        if not isinstance(understand(text), Asked) or text.endswith("?"):
            return text
    except UnknownCommand:
        return text
    words = text.split()
    is_command = len(words) < _SENTENCE or words[0].lower() in BY_NAME
    return _marked(text) if is_command else text


def _marked(text: str) -> str:
    """Mark the first word of a text as a command, if it can be one."""
    marked = f"/{text}"
    try:
        return text if parse(marked) is None else marked
    except UnknownCommand:
        return marked


def check_typing(text: str) -> None:
    """Raise UnknownCommand for what is nearly a command, and so hardly a question."""
    line = slip(text, likeness=_NEARLY)
    if line and not text.rstrip().endswith("?"):
        raise UnknownCommand(text.split(maxsplit=1)[0], line.split()[0], line)


def _without(text: str, urls: tuple[str, ...]) -> str:
    for url in sorted(urls, key=len, reverse=True):  # one may begin as another does
        text = text.replace(url, " ")
    return text


def _beside(text: str, urls: tuple[str, ...]) -> str:
    """The question that stands beside the links, if there is one."""
    rest = " ".join(_without(text, urls).split())
    return rest if rest.endswith("?") and len(words(rest)) >= _QUESTION_BESIDE_LINK else ""
