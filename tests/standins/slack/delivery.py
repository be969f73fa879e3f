"""How events, commands and presses reach the app: once at least, and again where no ack came."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.standins.slack.faults import Faults

Ack = dict[str, Any] | None
_NEVER_SENT = "no_connection"


@dataclass(eq=False)
class Delivery:
    """One payload on its way; `ack` is what the app answered with, `failed` why Slack gave up.

    Events are sent again, three times in Slack; commands and presses once only: there the person
    reads that it did not work.
    """

    kind: str  # events_api, slash_commands, interactive
    payload: dict[str, Any]
    then: Callable[[Ack], None] | None = None
    retries: int = 0
    attempts: int = 0
    acked: bool = False
    ack: Ack = None
    failed: str = ""
    at: float = field(default_factory=time.monotonic)
    acked_at: float = 0.0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def name(self) -> str:
        inner = self.payload.get("event") or self.payload
        return str(inner.get("command") or inner.get("subtype") or inner.get("type"))

    def answered(self, ack: Ack) -> None:
        """Take an ack; only the first one counts."""
        if not self.over.is_set():
            self.acked, self.ack, self.acked_at = True, ack, time.monotonic()
            self.over.set()
            if self.then is not None:
                self.then(ack)

    def give_up(self, reason: str) -> None:
        if not self.over.is_set():
            self.failed = reason
            self.over.set()

    async def done(self, within: float = 10) -> Ack:
        """Wait until it was acked or given up; return the ack's payload."""
        async with asyncio.timeout(within):
            await self.over.wait()
        return self.ack


@dataclass(frozen=True)
class Attempt:
    """What a carrier takes to the app; `number` is 0 the first time."""

    delivery: Delivery
    number: int
    reason: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def envelope(self) -> str:
        kind = self.delivery.kind
        found: dict[str, Any] = {
            "envelope_id": self.id,
            "payload": self.delivery.payload,
            "type": kind,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            found["retry_attempt"] = self.number
            found["retry_reason"] = self.reason if self.number else ""
        return json.dumps(found)


class Carrier(Protocol):
    async def carry(self, attempt: Attempt) -> str:
        """Take it to the app; return the reason why that did not work, or nothing."""
        ...


class Deliveries:
    """Everything sent to the app, in order; `carrier` is the sockets or an address."""

    def __init__(
        self, faults: Faults, carrier: Carrier, redeliver_after: float, retries: int
    ) -> None:
        self._faults = faults
        self.carrier = carrier
        self.redeliver_after = redeliver_after
        self.retries = retries
        self.all: list[Delivery] = []
        self._attempts: dict[str, Delivery] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[asyncio.Event] = []

    def send(
        self, kind: str, payload: dict[str, Any], then: Callable[[Ack], None] | None = None
    ) -> Delivery:
        """Begin to deliver; returns at once."""
        again = self.retries if kind == "events_api" else 0
        made = Delivery(kind, payload, then, again)
        self.all.append(made)
        held = self._hold(made)
        self._start(self._deliver(made, held))
        if kind == "events_api" and self._faults.of_event("duplicate"):
            self._start(self._again(made))
        return made

    def acked(self, envelope_id: str, payload: Ack) -> None:
        """Take the app's ack of an envelope; one that is not known does nothing."""
        found = self._attempts.get(envelope_id)
        if found is not None and not self._faults.loses_ack():
            found.answered(payload)

    def open(self) -> list[Delivery]:
        return [one for one in self.all if not one.over.is_set()]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _hold(self, made: Delivery) -> asyncio.Event | None:
        """Let an event wait for the next one to overtake it, or free the one that waits."""
        waiting, self._held = self._held, []
        for one in waiting:
            asyncio.get_running_loop().call_later(0.01, one.set)
        if made.kind != "events_api" or waiting or not self._faults.of_event("reorder"):
            return None
        held = asyncio.Event()
        self._held.append(held)
        return held

    async def _deliver(self, one: Delivery, held: asyncio.Event | None) -> None:
        if held is not None:
            try:
                async with asyncio.timeout(self._faults.hold_at_most):
                    await held.wait()
            except TimeoutError:
                pass
        reason = ""
        for number in range(1 + one.retries):
            attempt = Attempt(one, number, reason)
            self._attempts[attempt.id] = one
            one.attempts += 1
            failed = await self.carrier.carry(attempt)
            if failed and number < one.retries:
                await asyncio.sleep(self.redeliver_after)
            reason = failed or await self._acked(one)
            if one.over.is_set():
                return
        one.give_up(reason)

    async def _acked(self, one: Delivery) -> str:
        try:
            async with asyncio.timeout(self.redeliver_after):
                await one.over.wait()
        except TimeoutError:
            return "timeout"
        return ""

    async def _again(self, one: Delivery) -> None:
        await asyncio.sleep(self._faults.duplicate_after)
        attempt = Attempt(one, 1, "timeout")
        self._attempts[attempt.id] = one
        one.attempts += 1
        await self.carrier.carry(attempt)
