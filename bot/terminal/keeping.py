"""`briefbot backup`, `restore` and `move`: everything that is kept, into a file and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import layout, wording
from bot.terminal.exits import Exit
from bot.terminal.inout import show

if TYPE_CHECKING:
    from bot.settings import Settings


async def backup(settings: Settings, *, target: str) -> Exit:
    """Write a backup while the bot may be at work. Raises StoreError, SourceMissing."""
    whole = await app.backup(settings, Path(target))
    await show(layout.said(wording.backed_up(target, whole=whole)))
    return Exit.DONE


async def restore(settings: Settings, *, source: str, force: bool) -> Exit:
    """Bring a backup back. Raises WorkTaken, StoreError, SourceError."""
    gone = await app.restore(settings, Path(source), force=force)
    await show(layout.said(wording.restored(source, gone)))
    return Exit.DONE


async def move(settings: Settings, *, to: str) -> Exit:
    """Copy everything to another database. Raises WorkTaken, StoreError, ConfigurationError."""
    counts, where = await app.move(settings, to)
    await show(layout.said(wording.moved(counts, where)))
    return Exit.DONE
