"""The commands that a terminal takes in the words of a chat, and the settings of both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import export
from bot.core.talking.commands import BY_NAME, Typed
from bot.core.talking.wording import TERMINAL
from bot.errors import NoSuchWorkspace
from bot.model import Channel
from bot.terminal.exits import Exit
from bot.terminal.inout import message, show, show_json, who

if TYPE_CHECKING:
    from bot.flows.converse import Conversation
    from bot.settings import Settings

_TOLD_OF_NOTHING = "matrix"  # the platform that has the setting notify


async def said(name: str, argument: str, settings: Settings) -> Exit:
    """Carry out a command as it is said in a chat."""
    async with app.conversation(settings, hints=TERMINAL) as talk:
        typed = Typed(command=BY_NAME[name], argument=argument)
        heard = await talk.command(typed, message(talk, f"{name} {argument}".rstrip()))
        await show(*heard.posts)
    return Exit.DONE


async def settings_of(
    argument: str, settings: Settings, *, workspace: str = "", as_json: bool
) -> Exit:
    """Show the settings of the terminal's channel or of a workspace, or change one.

    Raises NoSuchWorkspace, UsageError.
    """
    async with app.conversation(settings, hints=TERMINAL) as talk:
        there = await _elsewhere(talk, settings, workspace) if workspace else talk
        post = await there.set(argument, who())
        if as_json:
            show_json(export.settings_json(await there.store.channel_settings(there.channel)))
        else:
            await show(post)
    return Exit.DONE


async def _elsewhere(talk: Conversation, settings: Settings, name: str) -> Conversation:
    """Return a conversation of no channel of another workspace."""
    store = await app.open_store(settings)
    try:
        known = await store.workspaces()
    finally:
        await store.close()
    found = next((one for one in known if one.id == name), None)
    if found is None:
        raise NoSuchWorkspace(name, [one.id for one in known])
    hints = replace(talk.hints, notices=found.platform == _TOLD_OF_NOTHING)
    return replace(talk, channel=Channel(workspace=found, id=""), threaded=True, hints=hints)
