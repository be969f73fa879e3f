"""The exit codes, once: docs/exit-codes.md is checked against this table."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from bot import errors

if TYPE_CHECKING:
    from bot.errors import BriefbotError


class Exit(IntEnum):
    """What a script can rely on."""

    DONE = 0
    BROKEN = 1
    USAGE = 2
    ABSENT = 3
    UNREADABLE = 4
    NOTHING_STORED = 5
    STORE = 6
    SETTINGS = 7
    BAD_LINES = 8
    BLOCKED = 9
    TAKEN = 10
    INTERRUPTED = 130


MEANING: dict[Exit, str] = {
    Exit.DONE: "Done.",
    Exit.BROKEN: "Something broke that should not have: please report it.",
    Exit.USAGE: "The command or a value in it was not understood.",
    Exit.ABSENT: "The article does not say.",
    Exit.UNREADABLE: "A page, file or text could not be read, or is no article.",
    Exit.NOTHING_STORED: "Nothing stored matches, or nothing is stored yet.",
    Exit.STORE: "The store can't be used: its path, rights, disk or content.",
    Exit.SETTINGS: "A setting does not fit or is unknown.",
    Exit.BAD_LINES: "Some lines of --jsonl got an error; the others were answered.",
    Exit.BLOCKED: "check: the claim states what the article does not have.",
    Exit.TAKEN: "Another process does this work already.",
    Exit.INTERRUPTED: "Stopped by Ctrl-C.",
}


_CODES: tuple[tuple[tuple[type[BriefbotError], ...], Exit], ...] = (
    (
        (
            errors.NothingStored,
            errors.NoSuchArticle,
            errors.NoSuchBullet,
            errors.TextGone,
            errors.NoSuchJob,
            errors.NoSuchWorkspace,
        ),
        Exit.NOTHING_STORED,
    ),
    ((errors.WorkTaken,), Exit.TAKEN),
    ((errors.SourceError,), Exit.UNREADABLE),
    ((errors.StoreError,), Exit.STORE),
    ((errors.ConfigurationError,), Exit.SETTINGS),
)


def code(error: BriefbotError) -> Exit:
    """Return the exit code that an error ends the program with."""
    return next((exit_ for kinds, exit_ in _CODES if isinstance(error, kinds)), Exit.USAGE)
