"""What stands between the bot and its homeserver, and loses, refuses and delays what passes."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from aiohttp import web
from yarl import URL

if TYPE_CHECKING:
    import random

_FAULTS = {
    "throttle": 0.02,
    "fail_before": 0.015,
    "fail_after": 0.02,
    "drop_before": 0.015,
    "drop_after": 0.02,
    "late": 0.01,
    "held_up": 0.01,
}
_LATE_KEYS = 0.5
_MARK = "~kept"
_MARKED = re.compile(rf"{_MARK}\d+")
_ON_POSTS = 3.0  # a post is one request of many, and what all of this is about
_OURS = frozenset({"host", "connection", "content-length", "transfer-encoding", "content-encoding"})


class Between:
    """A reverse proxy. What is `late` by more than `patience` comes when nobody waits for it."""

    def __init__(self, chances: random.Random, upstream: str, *, patience: float) -> None:
        self._random, self._upstream = chances, upstream
        self._patience = patience
        self._stormy = self._cut = False
        self._keys = _LateKeys()
        self._open: dict[int, web.Request] = {}
        self.counts: Counter[str] = Counter()
        self.synced = asyncio.Event()  # a sync came through since somebody cleared it

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=60), cookie_jar=aiohttp.DummyCookieJar()
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    def storm(self, *, on: bool) -> None:
        """Let the faults begin, or end."""
        self._stormy = on

    def cut(self, *, on: bool) -> None:
        """Break all connections and refuse new ones, until it is over."""
        self._cut = on
        if on:
            for request in self._open.values():
                _drop(request)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if self._cut:
            return _drop(request)
        self._open[id(request)] = request
        try:
            return await self._faulty(request, self._fault(request))
        finally:
            del self._open[id(request)]

    def _fault(self, request: web.Request) -> str:
        if not self._stormy:
            return ""
        chance = self._random.random()
        for kind, odds in _FAULTS.items():
            chance -= odds * (_ON_POSTS if "/send/" in request.path else 1.0)
            if chance < 0:
                self.counts[kind] += 1
                return kind
        return ""

    async def _faulty(self, request: web.Request, fault: str) -> web.StreamResponse:
        body = await request.read()
        refused = self._refused(request, fault)
        if refused is not None:
            return refused
        if fault == "held_up":
            await asyncio.sleep(self._patience)
        answer = await self._passed(request, body)
        if fault == "fail_after":
            return web.Response(status=504)
        if fault == "drop_after":
            return _drop(request)
        if fault == "late":
            await asyncio.sleep(self._patience)
        if request.path.endswith("/sync") and answer.status == HTTPStatus.OK:
            self.synced.set()
        return answer

    def _refused(self, request: web.Request, fault: str) -> web.StreamResponse | None:
        """Return what is answered to a request that does not get through, if it does not."""
        match fault:
            case "throttle":
                wait = self._random.randint(50, 500)
                told = {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": wait}
                return web.json_response(told, status=429)
            case "fail_before":
                return web.Response(status=502, text="<html>Bad Gateway</html>")
            case "drop_before":
                return _drop(request)
            case _:
                return None

    async def _passed(self, request: web.Request, body: bytes) -> web.Response:
        headers = {name: one for name, one in request.headers.items() if name.lower() not in _OURS}
        try:
            async with self._session.request(
                request.method,
                URL(self._upstream + self._path(request), encoded=True),
                data=body,
                headers=headers,
                allow_redirects=False,
            ) as answer:
                found = {
                    name: one for name, one in answer.headers.items() if name.lower() not in _OURS
                }
                text = await answer.read()
                if request.path.endswith("/sync") and answer.status == HTTPStatus.OK:
                    text = self._without_keys(request, text)
                return web.Response(status=answer.status, body=text, headers=found)
        except (aiohttp.ClientError, TimeoutError):  # it is being restarted
            return web.Response(status=502, text="<html>Bad Gateway</html>")

    def _path(self, request: web.Request) -> str:
        """Return what is asked for; whoever has keys to come waits for nothing else."""
        path = _MARKED.sub("", request.raw_path)
        if self._keys.kept and request.path.endswith("/sync"):
            return path.replace("timeout=30000", "timeout=300")
        return path

    def _without_keys(self, request: web.Request, text: bytes) -> bytes:
        synced = json.loads(text)
        late = self._stormy and self._random.random() < _LATE_KEYS
        if self._keys.pass_on(synced, since=request.query.get("since", ""), late=late):
            self.counts["late keys"] += 1
        return json.dumps(synced).encode()


class _LateKeys:
    """Keeps what goes to devices back until the next sync, as servers do that are far away.

    Where that sync ended is marked: whoever goes on from there has them. A sync that brought
    nothing else ends where it began, so the server's own word for it would not tell.
    """

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self._number = 0

    def pass_on(self, synced: dict[str, Any], *, since: str, late: bool) -> bool:
        """Change what a sync brings; tell whether something is kept back."""
        if self.kept and since.endswith(f"{_MARK}{self._number}"):
            self.kept = []
        new = (synced.get("to_device") or {}).get("events") or []
        if late and new and not self.kept:
            self.kept = new
            self._number += 1
            synced["to_device"] = {"events": []}
            return True
        if self.kept:
            self.kept = [*self.kept, *(one for one in new if one not in self.kept)]
            self._number += 1
            synced["to_device"] = {"events": self.kept}
            synced["next_batch"] += f"{_MARK}{self._number}"
        return False


def _drop(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
