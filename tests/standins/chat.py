"""A small chat server for tests, chaos and benchmarks; its protocol is in docs/loopback.md.

In a test: `async with Chat(seed=1) as chat: ...`. As a program: `python -m tests.standins.chat
--port 0`, which prints {"port", "url", "started"} on a line and serves until SIGTERM (with
--until-eof also until its standard input ends, so that it dies with whoever started it).

For no post to be lost or doubled, late + lag must stay below the adapter's grace.
"""

import argparse
import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Self

from aiohttp import web

from tests.standins.chat_events import Injected, Outbox
from tests.standins.chat_posts import Posts
from tests.standins.chat_requests import handle
from tests.standins.faults import Dice, Faults

WORKSPACE, CHANNEL = "W1", "C1"


def message_event(
    text: str,
    *,
    key: str,
    workspace: str = WORKSPACE,
    channel: str = CHANNEL,
    thread: str | None = None,
    message: str = "",
    author: str = "ada",
    sent_at: str = "2026-03-04T12:00:00+00:00",
    mentions_us: bool = True,
    direct: bool = False,
) -> dict[str, Any]:
    """Return the event of a message; one without a thread starts its own."""
    return {
        "kind": "posted",
        "key": key,
        "workspace": workspace,
        "channel": channel,
        "thread": thread,
        "message": message or f"m-{key}",
        "author": author,
        "text": text,
        "sent_at": sent_at,
        "mentions_us": mentions_us,
        "direct": direct,
    }


class Chat:
    """The server in this process; `faults`, `posts` and `outbox` may be looked at and changed."""

    def __init__(
        self, *, seed: int = 0, host: str = "127.0.0.1", port: int = 0, **faults: Any
    ) -> None:
        self._host, self.port = host, port
        self.started = time.monotonic()
        self.faults = Faults()
        self.faults.change(**faults)
        self.dice = Dice(self.faults, seed)
        self.outbox = Outbox(self.faults, self.dice, self.now)
        self.posts = Posts(self.faults, self.now)
        self.working: list[tuple[str, bool]] = []
        self._listening: asyncio.Server | None = None
        self._mending: set[asyncio.Task[None]] = set()
        self._web = web.Server(partial(handle, self), access_log=None)

    def now(self) -> float:
        """Return seconds since the start."""
        return time.monotonic() - self.started

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self.port}"

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._mending:
            task.cancel()
        self.posts.forget_pending()
        self.shut()
        await self._web.shutdown(0.1)

    async def open(self) -> None:
        """Listen, on the same port as before if there was one."""
        loop = asyncio.get_running_loop()
        self._listening = await loop.create_server(
            self._web, self._host, self.port, reuse_address=True, backlog=1024
        )
        self.port = self._listening.sockets[0].getsockname()[1]

    def shut(self) -> None:
        """Refuse connections from now on and break those there are."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for connection in self._web.connections:
            if connection.transport is not None:
                connection.transport.abort()

    def cut(self, seconds: float) -> None:
        """Shut for some time, without forgetting anything."""
        self.dice.counts["network_cut"] += 1
        self.shut()
        task = asyncio.create_task(self._mend(seconds))
        self._mending.add(task)
        task.add_done_callback(self._mending.discard)

    async def _mend(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self._listening is None:
            await self.open()

    def inject(self, event: Any) -> Injected:
        made = self.outbox.inject(event)
        self.posts.expect(made)
        return made

    def say(self, text: str, **given: Any) -> dict[str, Any]:
        """Inject the event of a message, with a key of its own unless one is given."""
        event = message_event(text, **{"key": f"e{len(self.outbox.events) + 1}", **given})
        self.inject(event)
        return event

    async def until(self, reached: Callable[[], object], *, within: float = 10) -> None:
        """Wait for something to come true. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not reached():  # noqa: ASYNC110 - what is waited for is a test's own condition
                await asyncio.sleep(0.005)

    def change(self, **faults: Any) -> None:
        """Change what goes wrong from now on. Raises BadControl."""
        self.faults.change(**faults)
        self.outbox.wake()

    # --- what can be asked ---

    def state(self) -> dict[str, Any]:
        outbox = self.outbox
        return {
            "injected": len(outbox.events),
            "acked": outbox.acked,
            "unacked": len(outbox.unacked),
            "waiting": len(outbox.queue),
            "connected": outbox.socket is not None,
            "connections": outbox.connections,
            "violations": outbox.violations,
            "faults": {kind: n for kind, n in self.dice.counts.items() if n},
            **self.posts.state(),
        }

    def history(self) -> dict[str, Any]:
        events = [self.history_of(one) for one in self.outbox.events]
        return {"now": self.now(), "posts": self.posts.listed(), "events": events}

    def history_of(self, one: Injected) -> dict[str, Any]:
        return {
            "key": one.key,
            "injected": one.at,
            "first": one.first,
            "acked": one.acked,
            "deliveries": one.deliveries,
            "posts": [[post.id, post.at] for post in self.posts.answers.get(one.key, ())],
        }


# --- as a program -----------------------------------------------------------------------------


async def _serve(make: Callable[[], Chat], *, until_eof: bool) -> None:
    loop, over = asyncio.get_running_loop(), asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, over.set)
    if until_eof:
        loop.add_reader(0, lambda: os.read(0, 4096) or over.set())
    async with make() as chat:
        ready = {"port": chat.port, "url": chat.url, "started": chat.started}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        await over.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="A small chat server for tests.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--control", type=json.loads, default={}, help="faults, as JSON")
    parser.add_argument("--until-eof", action="store_true")
    given = parser.parse_args()
    make = partial(Chat, seed=given.seed, host=given.host, port=given.port, **given.control)
    asyncio.run(_serve(make, until_eof=given.until_eof))


if __name__ == "__main__":
    main()
