"""`briefbot console`: a channel in the terminal."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import layout, wording
from bot.core.talking.wording import CONSOLE
from bot.errors import BriefbotError
from bot.platforms.console.console import working
from bot.terminal.exits import Exit
from bot.terminal.inout import message, show, source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.flows.brief import Source
    from bot.flows.converse import Conversation
    from bot.settings import Settings

_LEAVE = frozenset({"quit", "exit", "bye", ":q"})


def talk(settings: Settings) -> Exit:
    """Hold a conversation until "quit" or the end of the input."""
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opening = stack.enter_async_context(_opened(settings))
        conversation = runner.run(opening)
        try:
            _loop(conversation, runner, settings)
        finally:
            runner.run(stack.aclose())
    return Exit.DONE


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Conversation]:
    async with (
        app.reading(settings) as pages,
        app.conversation(settings, hints=CONSOLE, pages=pages) as conversation,
    ):
        yield conversation


def _loop(conversation: Conversation, runner: asyncio.Runner, settings: Settings) -> None:
    """Take one line, or one paste, after the other.

    Standard input is read between runs of the event loop, so that Ctrl-C ends a line that is
    being typed as well as an article that is being read.
    """
    person = sys.stdin.isatty()
    if person:
        import readline  # noqa: PLC0415 - gives `input` editing and history

        readline.parse_and_bind("set enable-bracketed-paste on")  # a paste comes in whole
        runner.run(show(layout.said(wording.GREETING)))
    while True:
        try:
            text = input("> " if person else "")
            if text.strip().lower() in _LEAVE:
                break
            runner.run(_hear(conversation, text, settings))
        except EOFError:
            break
        except BriefbotError as error:
            runner.run(show(layout.said(wording.explain(error, CONSOLE))))
        except KeyboardInterrupt:
            runner.run(show(layout.said("\n" + wording.INTERRUPTED)))
    if person:
        runner.run(show(layout.said(wording.GOODBYE)))


async def _hear(conversation: Conversation, text: str, settings: Settings) -> None:
    heard = message(conversation, text)
    file = _file(text, settings)
    async with working(wording.WORKING):
        if file is None:
            posts = await conversation.hear(heard)
        else:
            posts = (await conversation.hear_sources([file], heard)).posts
    await show(*posts)


def _file(text: str, settings: Settings) -> Source | None:
    """The file that a line names, which only a terminal has. Raises SourceError."""
    name = text.strip().removeprefix("brief ").strip()
    return source(name, settings) if os.path.isfile(name) else None  # noqa: PTH113 - never raises
