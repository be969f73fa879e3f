"""`briefbot console`: a channel in the terminal."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import layout, wording
from bot.core.talking.wording import CONSOLE
from bot.platforms.console.console import working
from bot.terminal.exits import Exit
from bot.terminal.inout import message, show

if TYPE_CHECKING:
    from bot.flows.converse import Conversation
    from bot.settings import Settings

_LEAVE = frozenset({"quit", "exit", "bye", ":q"})


def talk(settings: Settings) -> Exit:
    """Hold a conversation until "quit" or the end of the input."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opening = stack.enter_async_context(app.conversation(settings, hints=CONSOLE, reads=True))
        conversation = runner.run(opening)
        try:
            _loop(conversation, runner)
        finally:
            runner.run(stack.aclose())
    return Exit.DONE


def _loop(conversation: Conversation, runner: asyncio.Runner) -> None:
    """Take one line, or one paste, after the other.

    Standard input is read between runs of the event loop, so that Ctrl-C ends a line that is
    being typed as well as an article that is being read.
    """
    person = sys.stdin.isatty()
    if person:
        import readline  # noqa: F401, PLC0415 - gives `input` editing, history and whole pastes

        runner.run(show(layout.said(wording.GREETING)))
    while True:
        try:
            text = input("> " if person else "")
            if text.strip().lower() in _LEAVE:
                break
            runner.run(_hear(conversation, text))
        except EOFError:
            break
        except KeyboardInterrupt:
            runner.run(show(layout.said(wording.INTERRUPTED)))
    if person:
        runner.run(show(layout.said(wording.GOODBYE)))


async def _hear(conversation: Conversation, text: str) -> None:
    async with working(wording.WORKING):
        posts = await conversation.hear(message(conversation, text))
    await show(*posts)
