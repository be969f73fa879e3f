"""`briefbot matrix reset`: a new identity for the account, where the old one was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import app
from bot.app.matrix import reset as done
from bot.core.talking import layout, wording
from bot.terminal.exits import Exit
from bot.terminal.inout import show

if TYPE_CHECKING:
    from bot.settings import Settings


async def reset(settings: Settings) -> Exit:
    """Give the account a new identity. Raises WorkTaken while the bot runs, PlatformError."""
    store = await app.open_store(settings)
    try:
        async with app.work_of(settings, store).alone():
            found = await done(settings)
    finally:
        await store.close()
    said = wording.homeserver.RESET.format(user=found.user, device=found.device)
    await show(layout.said(said))
    return Exit.DONE
