"""Where people talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import Incoming, Post, PostRef, Thread, Upload


class Platform(Protocol):
    """A place where people talk."""

    @property
    def name(self) -> str:
        """The `Workspace.platform` that this adapter serves."""
        ...

    @property
    def settle(self) -> float:
        """Seconds after an attempt to post from when `find` is sure to see what became of it."""
        ...

    @property
    def connected(self) -> bool:
        """Whether events are being received."""
        ...

    async def listen(self, accept: Callable[[Incoming], Awaitable[None]]) -> None:
        """Receive events until cancelled, connecting again as often as it takes.

        An event is acknowledged once `accept` has returned for it; where that raises, the event
        is left to the platform to deliver again. Events are accepted while others still are.
        """
        ...

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:
        """Put a post into a thread, once: nothing is tried a second time here.

        `key` goes with it, so that `find` can tell. Raises Throttled or NotSent where nothing was
        posted, Unsure where that is not known, Rejected where it never will be.
        """
        ...

    async def working(self, thread: Thread, *, on: bool) -> None:
        """Show in a thread that an answer is being worked on, or no longer. Raises PlatformError.

        It is shown again every few seconds while it goes on.
        """
        ...

    async def find(self, thread: Thread, key: str) -> PostRef | None:
        """Look whether a post with this key is in the thread. Raises PlatformError."""
        ...

    async def download(self, upload: Upload) -> bytes:
        """Fetch a file that came with a message. Raises SourceError."""
        ...

    async def close(self) -> None:
        """Let go of every connection."""
        ...
