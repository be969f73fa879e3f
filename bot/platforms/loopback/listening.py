"""Receiving events: one socket at a time, many events in flight, for ever."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import suppress
from typing import TYPE_CHECKING

import aiohttp

from bot.errors import BriefbotError
from bot.platforms.loopback.events import decode

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractAsyncContextManager

    from bot.model import Incoming

    Accept = Callable[[Incoming], Awaitable[None]]
    Socket = aiohttp.ClientWebSocketResponse
    Connect = Callable[[], AbstractAsyncContextManager[Socket]]

_AT_ONCE = 256
_SHORTEST, _LONGEST = 0.05, 2.0  # seconds between two attempts to connect
_LOST = (aiohttp.ClientError, OSError, TimeoutError)


class Listening:
    """What is known of the socket: whether it is open, and how many events were malformed."""

    def __init__(self) -> None:
        self.connected = False
        self.malformed = 0
        self._places = asyncio.Semaphore(_AT_ONCE)

    async def run(self, connect: Connect, accept: Accept) -> None:
        """Receive until cancelled; an event that is still being accepted then is not acknowledged.

        A lost connection is made again, after a pause that doubles while nothing is received.
        """
        pause = _SHORTEST
        async with asyncio.TaskGroup() as group:
            while True:
                heard = False
                with suppress(*_LOST):
                    async with connect() as socket:
                        heard = await self._receive(socket, accept, group)
                pause = _SHORTEST if heard else pause
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - keeps no secret
                pause = min(2 * pause, _LONGEST)

    async def _receive(self, socket: Socket, accept: Accept, group: asyncio.TaskGroup) -> bool:
        """Take events from one connection until it ends; return whether there were any."""
        heard = False
        self.connected = True
        try:
            async for frame in socket:
                if frame.type is aiohttp.WSMsgType.ERROR:
                    break
                heard = True
                await self._places.acquire()  # holds up the server, so that nothing piles up here
                task = group.create_task(self._take(socket, frame, accept))
                task.add_done_callback(self._leave)
        finally:
            self.connected = False
        return heard

    def _leave(self, _: asyncio.Task[None]) -> None:
        self._places.release()

    async def _take(self, socket: Socket, frame: aiohttp.WSMessage, accept: Accept) -> None:
        delivery, incoming = self._read(frame)
        if incoming is not None:
            try:
                await accept(incoming)
            except BriefbotError:
                return  # the server delivers it again
        if delivery is not None:
            with suppress(*_LOST):  # likewise
                await socket.send_str(f'{{"ack": {delivery}}}')

    def _read(self, frame: aiohttp.WSMessage) -> tuple[int | None, Incoming | None]:
        """Return a frame's number and what it says, each None where it cannot be told."""
        delivery = None
        try:
            found = _object(frame)
            delivery = _delivery(found)
            return delivery, decode(_event(found))
        except (ValueError, RecursionError):
            self.malformed += 1
            return delivery, None


def _object(frame: aiohttp.WSMessage) -> dict[str, object]:
    found = json.loads(frame.data) if frame.type is aiohttp.WSMsgType.TEXT else None
    if not isinstance(found, dict):
        raise ValueError("frame")  # noqa: TRY004 - one error for whatever is malformed
    return found


def _delivery(found: dict[str, object]) -> int:
    number = found.get("delivery")
    if not isinstance(number, int) or isinstance(number, bool):
        raise ValueError("delivery")  # noqa: TRY004 - as above
    return number


def _event(found: dict[str, object]) -> object:
    if found.keys() != {"delivery", "event"}:
        raise ValueError(*found)
    return found["event"]
