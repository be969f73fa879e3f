"""Socket Mode: connections that the app opened, over which it is sent envelopes."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

if TYPE_CHECKING:
    from tests.standins.slack.delivery import Attempt
    from tests.standins.slack.state import State

_HOST = "applink-stand-in"
_MOST = 10


class Sockets:
    """Up to ten connections; each envelope goes to one of them, in turn."""

    def __init__(self, slack: State) -> None:
        self._slack = slack
        self._open: list[web.WebSocketResponse] = []
        self._requests: dict[web.WebSocketResponse, web.Request] = {}
        self._turn = 0
        self._tickets: set[str] = set()
        self._connected = asyncio.Event()
        self.connections = 0
        self.stray_acks: list[Any] = []

    @property
    def count(self) -> int:
        return len(self._open)

    def ticket(self) -> str:
        """Return the address of a new connection; it can be used once."""
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        root = self._slack.root.replace("http", "ws", 1)
        return f"{root}/link/?ticket={ticket}&app_id={self._slack.place.app_id}"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or len(self._open) >= _MOST:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=1, compress=False)
        await socket.prepare(request)
        await socket.send_str(json.dumps(self._hello()))
        self.connections += 1
        self._open.append(socket)
        self._requests[socket] = request
        self._connected.set()
        try:
            async for frame in socket:
                if frame.type == WSMsgType.TEXT:
                    self._read(frame.data)
        finally:
            self._forget(socket)
        return socket

    async def carry(self, attempt: Attempt) -> str:
        """Send to one of the connections; waits until there is one, commands only for a while."""
        patience = (
            None
            if attempt.delivery.kind == "events_api"
            else self._slack.deliveries.redeliver_after
        )
        try:
            async with asyncio.timeout(patience):
                await self._send(attempt.envelope())
        except TimeoutError:
            return "dispatch_failed"
        return ""

    async def _send(self, text: str) -> None:
        while True:
            await self._connected.wait()
            self._turn = (self._turn + 1) % len(self._open)
            socket = self._open[self._turn]
            try:
                await socket.send_str(text)
            except (ConnectionError, RuntimeError):
                self._forget(socket)
            else:
                return

    def disconnect(self, reason: str = "refresh_requested", *, close: bool = True) -> None:
        """Send every connection a disconnect frame, as Slack does when it wants them anew.

        A `warning` comes some seconds before the end; with `close` Slack ends them itself.
        """
        self._slack.soon(self._disconnect(reason, close))

    async def _disconnect(self, reason: str, close: bool) -> None:
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": _HOST}}
        for socket in tuple(self._open):
            if close:
                self._forget(socket)
            await socket.send_str(json.dumps(frame))
            if close:
                await socket.close()

    def break_off(self) -> None:
        """Break every connection without a word."""
        for socket in tuple(self._open):
            transport = self._requests[socket].transport
            self._forget(socket)
            if transport is not None:
                transport.abort()

    async def close(self) -> None:
        for socket in tuple(self._open):
            await socket.close()

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._open:
            self._open.remove(socket)
            del self._requests[socket]
        if not self._open:
            self._connected.clear()

    def _read(self, text: str) -> None:
        found = json.loads(text)
        if not isinstance(found, dict) or "envelope_id" not in found:
            self.stray_acks.append(found)
            return
        self._slack.deliveries.acked(found["envelope_id"], found.get("payload"))

    def _hello(self) -> dict[str, Any]:
        return {
            "type": "hello",
            "num_connections": len(self._open) + 1,
            "debug_info": {
                "host": _HOST,
                "build_number": 1,
                "approximate_connection_time": 18_060,
            },
            "connection_info": {"app_id": self._slack.place.app_id},
        }
