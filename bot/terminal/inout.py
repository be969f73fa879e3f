"""What comes in from a terminal, and how things are shown there."""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import wording
from bot.errors import SourceEmpty, SourceMissing, SourceTooLarge
from bot.flows.brief import Link, Text
from bot.model import Message, Origin, Thread
from bot.platforms.console.console import CHANNEL
from bot.terminal.typed import readable

if TYPE_CHECKING:
    from bot.flows.converse import Conversation
    from bot.model import Post
    from bot.settings import Settings

_FILES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".json", ".doc", ".docx"})
_HOST_AND_PATH = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(:\d+)?(/\S*)?", re.IGNORECASE)


def source(given: str, settings: Settings) -> Link | Text:
    """Return what an argument names: an address, a file, or "-" for standard input.

    Raises SourceError.
    """
    if given == "-":
        if sys.stdin.isatty():
            sys.stderr.write(wording.PASTE_HERE + "\n")
        limit = settings.file_max_mb * 1_000_000
        data = sys.stdin.buffer.read(limit + 1)
        return Text(data=_bounded(data, "-", limit), name="-", origin=Origin.PASTE)
    if "://" in given:
        return Link(url=readable(given))
    if not os.path.exists(given) and _is_address(given):  # noqa: PTH110 - Path's may raise
        return Link(url=f"https://{given}")
    path = Path(given)
    name = readable(path.name)
    return Text(data=_file(path, given, settings), name=name, origin=Origin.UPLOAD)


def _is_address(given: str) -> bool:
    """Tell whether what is no file reads as an address without its https://."""
    file = PurePath(given).suffix.lower() in _FILES and "/" not in given
    return not file and _HOST_AND_PATH.fullmatch(given) is not None


def _file(path: Path, given: str, settings: Settings) -> bytes:
    limit = settings.file_max_mb * 1_000_000
    try:
        with path.open("rb") as opened:
            data = opened.read(limit + 1)
    except OSError as error:
        raise SourceMissing(given, error.strerror or "") from error
    except ValueError as error:  # a NUL in the name
        raise SourceMissing(given, str(error)) from error
    return _bounded(data, given, limit)


def _bounded(data: bytes, name: str, limit: int) -> bytes:
    if len(data) > limit:
        raise SourceTooLarge(name, str(limit))
    if not data.strip():
        raise SourceEmpty(name)
    return data


async def show(*posts: Post) -> None:
    """Print posts, an empty line between them."""
    console = app.console()
    thread = Thread(channel=CHANNEL, id="-")
    for number, post in enumerate(posts):
        if number:
            sys.stdout.write("\n")
        await console.post(thread, post, key=str(number))


def show_json(found: object) -> None:
    """Print one JSON object on a line, in ASCII where the output takes nothing else."""
    unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    sys.stdout.write(json.dumps(found, ensure_ascii=not unicode) + "\n")


def write_file(name: str, text: str) -> None:
    """Write an export. Raises SourceMissing where that is not possible."""
    try:
        Path(name).write_text(text, "utf-8")
    except OSError as error:
        raise SourceMissing(name, error.strerror or "") from error


def complain(text: str) -> None:
    """Print a sentence on standard error."""
    sys.stderr.write(text + "\n")


def who() -> str:
    """Return the name of whoever types."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        return "terminal"


def message(talk: Conversation, text: str = "") -> Message:
    """Make the message that a command is, the root of a thread of its own."""
    now = talk.clock.now()
    name = f"{now:%Y%m%dT%H%M%S.%f}"
    thread = Thread(channel=CHANNEL, id=name)
    return Message(thread=thread, id=name, author=who(), text=readable(text), sent_at=now)
