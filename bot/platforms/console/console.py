"""The terminal: prints posts, shows that work is going on, takes what is typed."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import SourceMissing
from bot.model import Channel, PostRef, Thread, Workspace
from bot.platforms.console.plain import plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.model import Incoming, Post, Upload

NAME = "terminal"
CHANNEL = Channel(workspace=Workspace(platform=NAME, id="local"), id=NAME)
"""The terminal is a workspace and a channel of its own."""

_BEFORE_A_SIGN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Standard output as a platform. Only one person reads it, so nothing is threaded."""

    @property
    def name(self) -> str:
        """The platform's name."""
        return NAME

    @property
    def settle(self) -> float:
        """Nothing is awaited: what is written is written."""
        return 0.0

    @property
    def connected(self) -> bool:
        """A terminal is always there."""
        return True

    async def listen(
        self,
        accept: Callable[[Incoming], Awaitable[None]],  # noqa: ARG002 - the port has it
    ) -> None:
        """Wait until cancelled: what is typed is read by `bot.terminal`."""
        await asyncio.Event().wait()

    async def post(
        self,
        thread: Thread,
        post: Post,
        *,
        key: str,  # noqa: ARG002 - the port has it
    ) -> PostRef:
        """Print a post: laid out for a person at a terminal, plain into a pipe."""
        if sys.stdout.isatty():
            from bot.platforms.console.styled import show  # noqa: PLC0415 - rich costs 60 ms cold

            show(post)
        else:
            sys.stdout.write(plain(post))
            sys.stdout.flush()
        return PostRef(thread=thread, id="-")

    async def find(
        self,
        thread: Thread,  # noqa: ARG002 - the port has it
        key: str,  # noqa: ARG002 - the port has it
    ) -> PostRef | None:
        """Find nothing: a terminal does not remember."""
        return None

    async def download(self, upload: Upload) -> bytes:
        """Refuse: nothing is uploaded to a terminal; files are named by their path."""
        raise SourceMissing(upload.name)

    async def close(self) -> None:
        """Nothing is held."""


@asynccontextmanager
async def working(text: str) -> AsyncIterator[None]:
    """Show a sign of work on standard error once it has taken half a second.

    Silent where no person looks at it.
    """
    if not sys.stderr.isatty():
        yield
        return
    sign = asyncio.create_task(_sign(text))
    try:
        yield
    finally:
        sign.cancel()
        with suppress(asyncio.CancelledError):
            await sign


async def _sign(text: str) -> None:
    await asyncio.sleep(_BEFORE_A_SIGN)
    from rich.console import Console as RichConsole  # noqa: PLC0415 - rich costs 60 ms cold

    with RichConsole(stderr=True).status(text):
        await asyncio.Event().wait()
