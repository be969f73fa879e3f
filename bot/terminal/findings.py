"""What the checks of `briefbot doctor` find."""

from __future__ import annotations

from dataclasses import dataclass

from bot.terminal.exits import Exit


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found; `code` is how the program ends when this is the first to fail."""

    part: str
    well: bool
    detail: str
    code: Exit = Exit.BROKEN
