"""Receiving what happens in our rooms.

1. We ask for what came after our position, which is noted once the inbox has all that came before
   it: whatever is killed in between is asked for again.
2. What a sync leaves out of a busy room is fetched page by page, back to that position, or to the
   moment when we came in: of what was said before, nothing is heard.
3. What cannot be decrypted is held (`held`), invitations are taken (`entering`).
The first sync ever takes no more than the position and the invitations.
"""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import PlatformError
from bot.model import Joined, Removed
from bot.platforms.matrix.calls import CLIENT, room_path
from bot.platforms.matrix.entering import Entering
from bot.platforms.matrix.hearing import Sealed
from bot.platforms.matrix.held import Held, unreadable
from bot.platforms.matrix.noted import POSITION, Noted
from bot.platforms.matrix.said import session_of
from bot.platforms.matrix.surely import Rounds, end_if_signed_out, surely
from bot.platforms.matrix.synced import events as sound
from bot.platforms.matrix.synced import sync as sound_sync

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bot.model import Incoming
    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.hearing import Hearing
    from bot.platforms.matrix.pace import Pace
    from bot.platforms.matrix.session import Session
    from bot.ports import Clock, Notes, Telemetry

_FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {
            "timeline": {"limit": 50},
            "ephemeral": {"types": []},
            "account_data": {"types": []},
            "state": {"lazy_load_members": False},
        },
    }
)
_POLL = 30.0  # seconds that the server may keep us waiting for something new
_SHORTEST, _LONGEST = 0.5, 60.0  # seconds between two attempts
_ROOMS_AT_ONCE = 16
_PAGES, _PAGE = 100, "100"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How we receive: whose invitations we take, and for how many seconds a key may be late."""

    invites: Sequence[str] = ()
    grace: float = 300.0


class Receiving:
    """Receives events of one session, and takes them to `accept`."""

    def __init__(
        self,
        session: Session,
        hearing: Hearing,
        *,
        notes: Notes,
        accept: Callable[[Incoming], Awaitable[None]],
        manner: Manner,
        clock: Clock,
        telemetry: Telemetry,
        pace: Pace,
    ) -> None:
        self._session, self._hearing = session, hearing
        self._accept, self._telemetry = accept, telemetry
        self._noted = Noted(notes, f"matrix:{session.user}", telemetry)
        self._held = Held(
            session, self._noted, grace=manner.grace, clock=clock, telemetry=telemetry
        )
        self._entering = Entering(
            session, self._noted, allowed=manner.invites, telemetry=telemetry, pace=pace
        )
        self._rooms = asyncio.Semaphore(_ROOMS_AT_ONCE)
        self._rounds = Rounds(telemetry)
        # Sessions whose keys came, until what waits for them was tried.
        self._keys: frozenset[str] = frozenset()
        self.connected = False

    async def run(self, *, ready: asyncio.Event) -> None:
        """Receive until cancelled; `ready` is set once it is known in which rooms we are.

        Raises ConfigurationError where we were logged out.
        """
        await self._noted.load()
        beside = [
            asyncio.create_task(self._entering.run()),
            asyncio.create_task(self._entering.decline()),
        ]
        self._entering.go_on()
        try:
            await self._receive(ready)
        finally:
            self.connected = False
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)

    async def _receive(self, ready: asyncio.Event) -> None:
        whole = True
        pause = _SHORTEST
        while True:
            try:
                synced = await self._sync(whole=whole)
                self._keys |= await self._session.cipher.receive(synced)
                if not ready.is_set():
                    self._telemetry.log("listening", platform="matrix")
                self.connected = True
                ready.set()
                await self._take_in(synced)
                whole, pause = False, _SHORTEST
                await self._session.cipher.upkeep()
            except PlatformError as error:
                end_if_signed_out(error)
                self.connected = False
                self._telemetry.trouble("not_synced", error)
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - keeps no secret
                pause = min(2 * pause, _LONGEST)

    async def _sync(self, *, whole: bool) -> Json:
        """Ask for what is new; the `whole` state of our rooms with it, which nobody else keeps."""
        since = self._noted.get(POSITION)
        query = {"filter": _FILTER, "timeout": "0" if whole else str(int(_POLL * 1000))}
        if since is not None:
            query["since"] = since
        if whole:
            query["full_state"] = "true"
        found = await self._session.calls.get(f"{CLIENT}/sync", query=query, patience=_POLL)
        return sound_sync(found)

    async def _take_in(self, synced: Json) -> None:
        """Take in what a sync brought; then, and only then, note where it ended."""
        since = self._noted.get(POSITION)
        rooms = synced["rooms"]
        # Whoever is put out and invited again has both in one sync, the invitation last.
        for room, left in rooms["leave"].items():
            await self._leave(room, left)
        for room, invitation in rooms["invite"].items():
            self._entering.invited(room, invitation)
        await self._noted.store()  # what was said meanwhile may take long
        self._entering.go_on()
        if since is not None:
            # To the end in each, also where one fails: none may still be at it in the next round.
            each = (self._room(room, one, since) for room, one in rooms["join"].items())
            for failed in await asyncio.gather(*each, return_exceptions=True):
                if failed is not None:
                    raise failed
        await self._held.try_again(self._keys, heard=self._heard, lost=self._lost)
        self._noted.put(POSITION, synced["next_batch"])
        await self._noted.store()
        self._keys = frozenset()
        self._rounds.over()
        self._entering.go_on()

    async def _room(self, room: str, synced: Json, since: str) -> None:
        """Take in what was said in one room, in its order."""
        async with self._rooms:
            timeline = synced["timeline"]
            events = timeline["events"]
            if timeline["limited"] and self._our_entry(events) is None:
                missing = partial(self._missed, room, timeline["prev_batch"], since)
                missed = await self._rounds.ask(room, missing)
                events = [*(missed or ()), *events]
            entry = self._our_entry(events)
            if entry is not None:
                await self._came_in(room, events[entry])
                events = events[entry + 1 :]
            for event in events:
                await self._event(room, event)

    def _our_entry(self, events: Sequence[Json]) -> int | None:
        """Return where in a row of events we last came into the room, if we did."""
        places = (place for place, event in enumerate(events) if self._is_our_entry(event))
        return max(places, default=None)

    def _is_our_entry(self, event: Json) -> bool:
        before = event["unsigned"].get("prev_content", {}).get("membership")
        now = event["content"].get("membership")
        return self._is_about_us(event) and now == "join" and before != "join"

    def _is_about_us(self, event: Json) -> bool:
        ours = event.get("state_key") == self._session.user
        return ours and event.get("type") == "m.room.member"

    async def _missed(self, room: str, newest: str, since: str) -> list[Json]:
        """Return what a sync left out, oldest first. Raises PlatformError."""
        found: list[Json] = []
        start = newest
        for _ in range(_PAGES):
            query = {"dir": "b", "from": start, "to": since, "limit": _PAGE}
            page = await self._session.calls.get(room_path(room, "messages"), query=query)
            chunk = sound(page.get("chunk"))
            found.extend(chunk)
            start = str(page.get("end") or "")
            if not page.get("chunk") or not start or self._our_entry(chunk) is not None:
                return found[::-1]
        self._telemetry.log("gap_too_long", events=len(found))
        return found[::-1]

    async def _event(self, room: str, event: Json) -> None:
        if event["type"] == "m.room.tombstone":
            self._entering.moved(event)
        elif event["type"] != "m.room.encrypted":
            await self._heard(room, event, event)
        elif event["sender"] != self._session.user and event["content"]:
            opened = self._session.cipher.decrypt(room, event)
            if opened is None:
                self._held.hold(room, event, session=session_of(event))
            else:
                await self._heard(room, opened, event)

    async def _heard(self, room: str, event: Json, raw: Json) -> None:
        """Take an event to whoever is to hear of it; it is durable when this returns.

        Where what it is about cannot be read yet, it is held, `raw`, as it came.
        """

        async def taken() -> None:
            try:
                incoming = await self._hearing.incoming(room, event)
            except PlatformError:
                raise
            except Sealed as error:
                self._held.hold(room, raw, session=error.session)
                return
            except Exception as error:  # noqa: BLE001 - whoever sent it can send anything
                self._telemetry.trouble("malformed", error)
                return
            if incoming is not None:
                await surely(partial(self._accept, incoming), self._telemetry)

        await self._rounds.ask(event["event_id"], taken)

    async def _lost(self, room: str, event: Json, since: datetime) -> None:
        said = unreadable(self._hearing, room, event, since)
        await surely(partial(self._accept, said), self._telemetry)

    async def _came_in(self, room: str, event: Json) -> None:
        joined = Joined(
            key=f"join:{event['event_id']}",  # its welcome begins a thread of its own
            channel=self._hearing.channel(room),
            inviter=self._entering.came_in(room, event),
            encrypted=self._session.cipher.rooms.is_encrypted(room),
            direct=self._hearing.is_direct(room),
        )
        await surely(partial(self._accept, joined), self._telemetry)

    async def _leave(self, room: str, left: Json) -> None:
        """Take in that we are in a room no longer, or no longer invited."""
        self._session.cipher.rooms.leave(room)
        self._entering.gone(room)
        self._held.drop(room)
        channel = self._hearing.channel(room)
        for event in left["timeline"]["events"]:
            if self._is_about_us(event):
                key = event["event_id"]
                removed = Removed(key=key, workspace=channel.workspace, channel=channel)
                await surely(partial(self._accept, removed), self._telemetry)
