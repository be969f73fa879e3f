"""`briefbot usage`: what models took in each workspace, and how much of the day is left."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import usage as shown
from bot.terminal.exits import Exit
from bot.terminal.inout import show, show_json

if TYPE_CHECKING:
    from bot.model import Usage
    from bot.settings import Settings


async def used(settings: Settings, *, days: int, as_json: bool) -> Exit:
    """Show what was used in so many days with today, of every workspace that used anything."""
    today = app.SystemClock().now().date()
    since = today - timedelta(days=days - 1)
    store = await app.open_store(settings)
    try:
        found = {one: await store.usage(one, since=since) for one in await store.workspaces()}
    finally:
        await store.close()
    spending = {workspace: spent for workspace, spent in found.items() if spent}
    if as_json:
        for one in (one for spent in spending.values() for one in spent):
            show_json(_as_json(one))
        return Exit.DONE
    cap = settings.model_tokens_a_day
    posts = [
        shown.of_workspace(workspace, spent, today=today, cap=cap)
        for workspace, spent in spending.items()
    ]
    await show(*(posts or [shown.nothing(days, cap)]))
    return Exit.DONE


def _as_json(one: Usage) -> dict[str, object]:
    return {
        "platform": one.channel.workspace.platform,
        "workspace": one.channel.workspace.id,
        "channel": one.channel.id,
        "day": one.day.isoformat(),
        "purpose": one.purpose.value,
        "model": one.model,
        "calls": one.calls,
        "taken_in": one.tokens.taken_in,
        "written": one.tokens.written,
        "reserved": one.reserved,
    }
