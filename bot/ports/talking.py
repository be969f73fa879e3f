"""Where people talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from bot.model import (
        Channel,
        Commanded,
        Filled,
        Incoming,
        Message,
        Post,
        PostRef,
        Sheet,
        Sign,
        Thread,
        Upload,
        Wish,
    )


class Desk(Protocol):
    """Who answers at once, to one person: dialogs, a home page, commands that need no work.

    Raises StoreError and nothing else; what a person did wrong is said in what is returned.
    """

    async def show(self, wish: Wish) -> Sheet:
        """Return what somebody wants to see."""
        ...

    async def fill(self, filled: Filled) -> Mapping[str, str]:
        """Take in a form; where a field does not fit, change nothing and say why, by its name."""
        ...

    async def command(self, commanded: Commanded) -> Post | None:
        """Return the answer to a command; None where it takes work, and belongs into the inbox."""
        ...


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

    @property
    def session(self) -> str:
        """What only one process may have at a time to listen and post; empty where many may."""
        ...

    async def moderates(self, channel: Channel, who: str) -> bool:
        """Tell whether somebody looks after a channel by the platform's own rules.

        Raises PlatformError.
        """
        ...

    async def listen(self, accept: Callable[[Incoming], Awaitable[None]], desk: Desk) -> None:
        """Receive events until cancelled, connecting again as often as it takes.

        An event is acknowledged once `accept` has returned for it; where that raises, the event
        is left to the platform to deliver again. Events are accepted while others still are.
        What must be answered at once goes to the desk.
        """
        ...

    def pace(self, thread: Thread, key: str) -> float:
        """Return in how many seconds a post may be sent without haste; with 0, it may be now.

        Each key has a moment of its own: asked again after that time, it is 0.
        """
        ...

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:
        """Put a post into a thread, once: nothing is tried a second time here.

        `key` goes with it, so that `find` can tell. Raises Throttled or NotSent where nothing was
        posted, Unsure where that is not known, Rejected where it never will be.
        """
        ...

    async def show(self, thread: Thread, message: str, sign: Sign) -> None:
        """Show at a message how far it is, in place of the last sign. Raises PlatformError.

        WORKING is shown again every few seconds while it goes on. Where `message` is empty, it
        is about the thread.
        """
        ...

    async def change(self, ref: PostRef, post: Post) -> None:
        """Put another text in place of a post of ours; doing it twice is doing it once.

        Raises Throttled, NotSent, Unsure, or Rejected where the post is gone.
        """
        ...

    async def retract(self, ref: PostRef) -> None:
        """Take a post of ours away; it may be gone already. Raises as `change`."""
        ...

    async def fetch(self, thread: Thread, message: str) -> Message | None:
        """Return a message that people can see there; None where there is none.

        Its own thread may be another than the one asked for. Raises PlatformError.
        """
        ...

    def link(self, thread: Thread) -> str:
        """Return the address of a thread's first message; empty where there is none."""
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
