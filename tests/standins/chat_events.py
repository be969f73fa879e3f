"""The events of the chat server: delivered until they are acknowledged."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.standins.faults import Dice, Faults


@dataclass
class Injected:
    """One event and when what became of it, in seconds since the server's start."""

    number: int
    event: Any
    frame: str
    at: float
    first: float | None = None
    acked: float | None = None
    deliveries: int = 0
    acks: int = 0

    @property
    def key(self) -> str:
        return str(self.event.get("key", "")) if isinstance(self.event, dict) else ""


class Outbox:
    """Pushes events to the newest connection, a bounded number of them unacknowledged."""

    def __init__(self, faults: Faults, dice: Dice, now: Callable[[], float]) -> None:
        self._faults, self._dice, self._now = faults, dice, now
        self.events: list[Injected] = []
        self.unacked: dict[int, float] = {}  # by number, when last sent; the oldest first
        self.queue: deque[int] = deque()
        self._repeated: deque[int] = deque()
        self._wake = asyncio.Event()
        self.socket: web.WebSocketResponse | None = None
        self.connections = 0
        self.acked = 0
        self.violations: list[str] = []

    def inject(self, event: Any) -> Injected:
        number = len(self.events) + 1
        frame = json.dumps({"delivery": number, "event": event})
        made = Injected(number, event, frame, self._now())
        self.events.append(made)
        self.queue.append(number)
        self._wake.set()
        return made

    def wake(self) -> None:
        """Have the settings looked at again."""
        self._wake.set()

    async def serve(self, socket: web.WebSocketResponse) -> None:
        """Deliver over one connection until it ends or a newer one takes over."""
        older, self.socket = self.socket, socket
        self._wake.set()  # so that the older one's pushing ends
        self.connections += 1
        self.queue.extendleft(reversed(self.unacked))
        self.unacked.clear()
        async with asyncio.TaskGroup() as group:
            if older is not None:
                group.create_task(older.close(code=4000, message=b"superseded"))
            pushing = group.create_task(self._push(socket))
            async for frame in socket:
                if socket is self.socket:
                    self._ack(frame.data)
            pushing.cancel()
        if self.socket is socket:
            self.socket = None

    async def _push(self, socket: web.WebSocketResponse) -> None:
        while socket is self.socket and not socket.closed:
            number = self._next()
            if number is None:
                await self._rest()
                continue
            one = self.events[number - 1]
            one.deliveries += 1
            if one.first is None:
                one.first = self._now()
            try:
                await socket.send_str(one.frame)
            except ConnectionError:
                return

    def _next(self) -> int | None:
        now = self._now()
        due = next(iter(self.unacked), None)
        if due is not None and self.unacked[due] + self._faults.redeliver <= now:
            del self.unacked[due]
            self.unacked[due] = now
            return due
        if self._repeated:
            return self._repeated.popleft()
        if not self.queue or len(self.unacked) >= self._faults.window:
            return None
        if len(self.queue) > 1 and self._dice.of_event("reorder"):
            self.queue[0], self.queue[1] = self.queue[1], self.queue[0]
        number = self.queue.popleft()
        self.unacked[number] = now
        return number

    async def _rest(self) -> None:
        """Wait for something to do: a new event, an ack, or a time to deliver again."""
        self._wake.clear()
        pause = None
        if self.unacked:
            oldest = next(iter(self.unacked.values()))
            pause = max(0.001, oldest + self._faults.redeliver - self._now())
        try:
            async with asyncio.timeout(pause):
                await self._wake.wait()
        except TimeoutError:
            pass

    def _ack(self, data: Any) -> None:
        number = _acked(data)
        if number is None or not 1 <= number <= len(self.events):
            self.violations.append(f"not an ack: {str(data)[:100]}")
            return
        one = self.events[number - 1]
        one.acks += 1
        if one.acks > one.deliveries:
            self.violations.append(f"acked more often than delivered: {number}")
        self._wake.set()
        if one.acked is not None:
            return
        one.acked = self._now()
        self.acked += 1
        if self.unacked.pop(number, None) is None:
            self.queue.remove(number)  # delivered over an older connection
        if self._dice.of_event("duplicate"):
            self._repeated.append(number)


def _acked(data: Any) -> int | None:
    try:
        found = json.loads(data)
    except (TypeError, ValueError):
        return None
    if not isinstance(found, dict) or found.keys() != {"ack"}:
        return None
    return found["ack"] if type(found["ack"]) is int else None
