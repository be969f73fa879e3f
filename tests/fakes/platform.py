"""A platform in memory that keeps the same promises as the real ones."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.errors import BriefbotError, PlatformError, Rejected, SourceMissing
from bot.model import Channel, Incoming, Message, Post, PostRef, Sign, Thread, Upload
from bot.ports import Desk


@dataclass(frozen=True)
class Sent:
    """One post that arrived."""

    ref: PostRef
    key: str
    post: Post


class FakePlatform:
    """Delivers what is said to it until that is accepted; fails when and as it is told to.

    `posts` holds what arrived, `sent` the keys of all attempts, `accepted` the events that were
    acknowledged. Each `fail_*` is for one call, in the order in which they were asked for.
    """

    def __init__(self, name: str = "fake", *, settle: float = 0.0) -> None:
        self.name = name
        self.settle = settle
        self.connected = False
        self.posts: list[Sent] = []
        self.sent: list[str] = []
        self.accepted: list[Incoming] = []
        self.files: dict[str, bytes | BriefbotError] = {}
        self.closed = False
        self.session = ""
        self.moderators: set[str] = set()
        self._count = 0
        self.shown: list[tuple[Thread, str, Sign]] = []
        self.paces: dict[str, float] = {}
        self.messages: dict[str, Message] = {}
        self.desk: Desk | None = None
        self._failures: deque[tuple[PlatformError | None, bool]] = deque()
        self._blind: deque[PlatformError] = deque()
        self._said: asyncio.Queue[Incoming] = asyncio.Queue()

    def say(self, incoming: Incoming) -> None:
        """Let an event happen."""
        self._said.put_nowait(incoming)

    def fail_before(self, error: PlatformError) -> None:
        """Let a post fail before anything arrived."""
        self._failures.append((error, False))

    def fail_after(self, error: PlatformError) -> None:
        """Let a post arrive and fail all the same."""
        self._failures.append((error, True))

    def succeed(self) -> None:
        """Let a post through before the next one that fails."""
        self._failures.append((None, True))

    def fail_find(self, error: PlatformError) -> None:
        """Let a look-up fail."""
        self._blind.append(error)

    async def listen(self, accept: Callable[[Incoming], Awaitable[None]], desk: Desk) -> None:
        self.connected, self.desk = True, desk
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    incoming = await self._said.get()
                    task = group.create_task(_accepted(incoming, accept))
                    task.add_done_callback(partial(self._done, incoming))
        finally:
            self.connected = False

    def _done(self, incoming: Incoming, task: asyncio.Task[bool]) -> None:
        if not task.cancelled() and task.exception() is None and task.result():
            self.accepted.append(incoming)
        else:
            self.say(incoming)

    def pace(self, thread: Thread, key: str) -> float:  # noqa: ARG002 - the port's
        return self.paces.pop(key, 0.0)

    async def post(self, thread: Thread, post: Post, *, key: str) -> PostRef:
        await asyncio.sleep(0)
        self.sent.append(key)
        error, arrives = self._failures.popleft() if self._failures else (None, True)
        self._count += 1
        ref = PostRef(thread=thread, id=f"p{self._count}")
        if arrives:
            self.posts.append(Sent(ref, key, post))
        if error is not None:
            raise error
        return ref

    async def show(self, thread: Thread, message: str, sign: Sign) -> None:
        self.shown.append((thread, message, sign))

    async def change(self, ref: PostRef, post: Post) -> None:
        await asyncio.sleep(0)
        if not any(sent.ref == ref for sent in self.posts):
            raise Rejected(self.name, "message_not_found")
        self.posts = [Sent(ref, sent.key, post) if sent.ref == ref else sent for sent in self.posts]

    async def retract(self, ref: PostRef) -> None:
        await asyncio.sleep(0)
        self.posts = [sent for sent in self.posts if sent.ref != ref]

    async def fetch(self, thread: Thread, message: str) -> Message | None:  # noqa: ARG002 - the port's
        await asyncio.sleep(0)
        return self.messages.get(message)

    async def moderates(self, channel: Channel, who: str) -> bool:  # noqa: ARG002 - the port's
        return who in self.moderators

    def link(self, thread: Thread) -> str:
        return f"https://{self.name}.example/{thread.id}"

    async def find(self, thread: Thread, key: str) -> PostRef | None:
        await asyncio.sleep(0)
        if self._blind:
            raise self._blind.popleft()
        for sent in self.posts:
            if sent.key == key and sent.ref.thread == thread:
                return sent.ref
        return None

    async def download(self, upload: Upload) -> bytes:
        if upload.handle not in self.files:
            raise SourceMissing(upload.name)
        found = self.files[upload.handle]
        if isinstance(found, BriefbotError):
            raise found
        return found

    async def close(self) -> None:
        self.closed = True


async def _accepted(incoming: Incoming, accept: Callable[[Incoming], Awaitable[None]]) -> bool:
    try:
        await accept(incoming)
    except BriefbotError:
        await asyncio.sleep(0)  # others have their turn
        return False
    return True
