"""Copies of the database, one before each upgrade.

They hold old text, so the first thing that is forgotten or expires takes them all with it:
what is promised to be gone must not lie in a copy.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_KEPT = 3


def make(path: Path, connection: sqlite3.Connection, revision: str) -> None:
    """Copy the open database beside itself as `<name>.<revision>.backup`; keep the last three.

    A kill leaves either no copy or a whole one, and perhaps a `.part` that the next run takes
    away.
    """
    for left in _unfinished(path):
        left.unlink(missing_ok=True)
    target = path.with_name(f"{path.name}.{revision}.backup")
    part = target.with_name(f"{target.name}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(sqlite3.connect(part)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log of its own
    part.replace(target)
    for old in existing(path)[_KEPT:]:
        old.unlink(missing_ok=True)


def existing(path: Path) -> list[Path]:
    """Return the copies of a database file, that of the newest revision first."""
    return sorted(path.parent.glob(f"{_literally(path.name)}.*.backup"), reverse=True)


def erase(path: Path) -> None:
    """Remove all copies, unfinished ones too."""
    for one in (*existing(path), *_unfinished(path)):
        one.unlink(missing_ok=True)


def _unfinished(path: Path) -> list[Path]:
    return list(path.parent.glob(f"{_literally(path.name)}.*.backup.part*"))


def _literally(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
