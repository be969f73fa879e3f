"""The commands that a terminal takes in the words of a chat, and the settings of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import export
from bot.core.talking.commands import BY_NAME, Typed
from bot.core.talking.wording import TERMINAL
from bot.terminal.exits import Exit
from bot.terminal.inout import message, show, show_json, who

if TYPE_CHECKING:
    from bot.settings import Settings


async def said(name: str, argument: str, settings: Settings) -> Exit:
    """Carry out a command as it is said in a chat."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        typed = Typed(command=BY_NAME[name], argument=argument)
        await show(await talk.carry_out(typed, message(talk, f"{name} {argument}".rstrip())))
    return Exit.DONE


async def settings_of(argument: str, settings: Settings, *, as_json: bool) -> Exit:
    """Show the settings of the terminal's channel, or change one."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        post = await talk.set(argument, who())
        if as_json:
            show_json(export.settings_json(await talk.store.channel_settings(talk.channel)))
        else:
            await show(post)
    return Exit.DONE
