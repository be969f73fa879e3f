"""The machine as the program sees it: its clocks, its memory."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.model import Instant

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    def instant(self) -> Instant:
        """Return the moment since this machine was started, the same for all its processes."""
        return Instant(era=_era(), seconds=time.monotonic())


@cache
def _era() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:  # no Linux: what another process says cannot be compared
        return secrets.token_hex(8)


@cache
def _trim() -> Callable[[int], int] | None:
    """Return the C library's call that gives free memory back; only glibc has one."""
    import ctypes  # noqa: PLC0415 - what only `serve` needs

    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return found


def give_memory_back() -> None:
    """Return what was freed to the system, which glibc does not do by itself between its gaps."""
    trim = _trim()
    if trim is not None:
        trim(0)
