"""A chat server that is as hard on us as a real one can be; also a program of its own.

`python -m tests.standins.chat --port 0` prints {"port": ...} and serves until it is killed.
What it does wrong is set with POST /control and drawn from a seeded generator. Whatever it does,
a post is there for `find` no later than `late + lag` seconds after its request came in: the
adapter's grace must be longer than that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Any

from aiohttp import WSMsgType, web

_WINDOW = 400


@dataclass
class Faults:
    """How likely each fault is, 0 to 1, and how long those that last do."""

    throttle: float = 0.0  # 429 with Retry-After, nothing posted
    retry_after: float = 0.2
    error_before: float = 0.0  # 500, nothing posted
    error_after: float = 0.0  # 500, and yet posted
    drop_before: float = 0.0  # no answer, nothing posted
    drop_after: float = 0.0  # no answer, and yet posted
    drop_late: float = 0.0  # no answer, posted `late` seconds later
    late: float = 0.5
    lag: float = 0.0  # seconds until a post can be found
    duplicate: float = 0.0  # an event is delivered twice
    find_error: float = 0.0  # 500 to a look-up
    redeliver: float = 0.5  # seconds after which an event without acknowledgement comes again


@dataclass
class Event:
    body: dict[str, Any]
    sent: float | None = None  # when last
    first: float | None = None
    acked: bool = False


@dataclass
class Chat:
    seed: int = 1
    port: int = 0
    faults: Faults = field(default_factory=Faults)

    def __post_init__(self):
        self.random = random.Random(self.seed)  # noqa: S311 - faults, not secrets
        self.events: list[Event] = []
        self.waiting = 0  # the first that may not be acknowledged yet
        self.posts: list[dict[str, Any]] = []
        self.by_key: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        self.happened: Counter[str] = Counter()
        self.refuse: set[str] = set()
        self.began = time.monotonic()
        self.socket: web.WebSocketResponse | None = None
        self.bell = asyncio.Event()
        self.runner: web.AppRunner | None = None
        self.late: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self):
        await self.start()
        return self

    async def __aexit__(self, *_):
        await self.stop()

    async def start(self):
        app = web.Application()
        app.add_routes(
            [
                web.get("/events", self.serve_events),
                web.post("/posts", self.serve_post),
                web.get("/posts", self.serve_find),
                web.post("/control", self.serve_control),
                web.post("/control/events", self.serve_inject),
                web.get("/control/state", self.serve_state),
                web.get("/control/posts", self.serve_all),
            ]
        )
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await self._listen()

    async def _listen(self):
        site = web.TCPSite(self.runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self.runner.addresses[0][1]
        self.site = site

    async def stop(self):
        for task in self.late:
            task.cancel()
        await self.runner.cleanup()

    async def cut(self, seconds: float):
        """Close every connection and refuse new ones for a while."""
        self.happened["cut"] += 1
        await self.site.stop()
        if self.socket is not None:
            self.socket._writer.transport.abort()
        await asyncio.sleep(seconds)
        await self._listen()

    # --- events -------------------------------------------------------------------------------

    def say(self, *events: dict[str, Any]) -> None:
        self.events.extend(Event(body) for body in events)
        self.bell.set()

    async def serve_events(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse(heartbeat=10)
        await socket.prepare(request)
        self.happened["connect"] += 1
        self.socket = socket
        for event in self.events[self.waiting :]:
            event.sent = None  # a new connection gets all that was not acknowledged
        pushing = asyncio.create_task(self.push(socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    number = json.loads(message.data)["ack"]
                    self.events[number].acked = True
                    while self.waiting < len(self.events) and self.events[self.waiting].acked:
                        self.waiting += 1
                    self.bell.set()
        finally:
            pushing.cancel()
            if self.socket is socket:
                self.socket = None
        return socket

    async def push(self, socket: web.WebSocketResponse) -> None:
        with suppress(ConnectionError):
            while self.socket is socket:
                self.bell.clear()
                now = time.monotonic()
                stop = min(len(self.events), self.waiting + _WINDOW)
                for number in range(self.waiting, stop):
                    event = self.events[number]
                    due = event.sent is None or now - event.sent >= self.faults.redeliver
                    if event.acked or not due:
                        continue
                    if event.sent is not None:
                        self.happened["redelivered"] += 1
                    event.sent = now
                    event.first = event.first or now
                    frame = json.dumps({"delivery": number, "event": event.body})
                    await socket.send_str(frame)
                    if self.hit("duplicate"):
                        await socket.send_str(frame)
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.1):
                        await self.bell.wait()

    # --- posts --------------------------------------------------------------------------------

    def hit(self, fault: str) -> bool:
        chance = getattr(self.faults, fault)
        if chance and self.random.random() < chance:
            self.happened[fault] += 1
            return True
        return False

    async def serve_post(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        problem = self.wrong_with(body)
        if problem:
            self.happened[f"refused {problem}"] += 1
            status = 404 if problem == "channel" else 400
            return web.json_response({"error": problem}, status=status)
        if self.hit("throttle"):
            after = str(self.faults.retry_after)
            return web.json_response({}, status=429, headers={"Retry-After": after})
        if self.hit("error_before"):
            return web.json_response({}, status=500)
        if self.hit("drop_before"):
            return self.hang_up(request)
        if self.hit("drop_late"):
            task = asyncio.create_task(self.commit_late(body))
            self.late.add(task)
            task.add_done_callback(self.late.discard)
            return self.hang_up(request)
        post = self.commit(body)
        if self.hit("error_after"):
            return web.json_response({}, status=500)
        if self.hit("drop_after"):
            return self.hang_up(request)
        return web.json_response({"id": post["id"]})

    def wrong_with(self, body: dict[str, Any]) -> str:
        if set(body) != {"workspace", "channel", "thread", "key", "text"}:
            return "fields"
        if not all(isinstance(value, str) and value for value in body.values()):
            return "empty"
        if len(body["text"]) > 12_000:
            return "too long"
        return "channel" if body["channel"] in self.refuse else ""

    def hang_up(self, request: web.Request) -> web.StreamResponse:
        request.transport.abort()
        return web.Response(status=500)

    async def commit_late(self, body: dict[str, Any]) -> None:
        await asyncio.sleep(self.faults.late)
        self.commit(body)

    def commit(self, body: dict[str, Any]) -> dict[str, Any]:
        post = {**body, "id": f"p{len(self.posts)}", "at": time.monotonic()}
        self.posts.append(post)
        self.by_key.setdefault(_where(body), []).append(post)
        return post

    async def serve_find(self, request: web.Request) -> web.Response:
        if self.hit("find_error"):
            return web.json_response({}, status=500)
        visible = time.monotonic() - self.faults.lag
        found = self.by_key.get(_where(request.query), [])
        return web.json_response({"posts": [one for one in found if one["at"] <= visible]})

    # --- control ------------------------------------------------------------------------------

    async def serve_control(self, request: web.Request) -> web.Response:
        given = await request.json()
        for name, value in given.items():
            match name:
                case "cut":
                    task = asyncio.create_task(self.cut(value))
                    self.late.add(task)
                    task.add_done_callback(self.late.discard)
                case "refuse":
                    self.refuse = set(value)
                case _:
                    assert name in {one.name for one in fields(Faults)}, name
                    setattr(self.faults, name, value)
        return web.json_response({})

    async def serve_inject(self, request: web.Request) -> web.Response:
        self.say(*await request.json())
        return web.json_response({})

    async def serve_state(self, _: web.Request) -> web.Response:
        return web.json_response(self.state())

    def state(self) -> dict[str, Any]:
        keys = Counter(one["key"] for one in self.posts)
        return {
            "injected": len(self.events),
            "acked": sum(one.acked for one in self.events),
            "posts": len(self.posts),
            "duplicates": {key: count for key, count in keys.items() if count > 1},
            "connected": self.socket is not None,
            "happened": dict(self.happened),
            "late": len(self.late),
        }

    async def serve_all(self, _: web.Request) -> web.Response:
        events = [
            {"key": one.body["key"], "first": one.first, "acked": one.acked} for one in self.events
        ]
        return web.json_response({"posts": self.posts, "events": events})


def _where(given: Any) -> tuple[str, ...]:
    return tuple(given[name] for name in ("workspace", "channel", "thread", "key"))


def posted(key: str, text: str, **more: Any) -> dict[str, Any]:
    """Make the event of a message that mentions us, in a thread of its own unless said."""
    return {
        "type": "posted",
        "key": key,
        "workspace": "W1",
        "channel": "C1",
        "message": f"m-{key}",
        "author": "ada",
        "text": text,
        "sent_at": "2026-03-04T12:00:00+00:00",
        "mentions_us": True,
        **more,
    }


async def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    async with Chat(seed=given.seed, port=given.port) as chat:
        print(json.dumps({"port": chat.port}), flush=True)  # noqa: T201 - whoever started it reads this
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
