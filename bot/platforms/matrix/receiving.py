"""Receiving what happens in our rooms.

1. We ask for what came after our position, which is noted once the inbox has all that came before
   it: whatever is killed in between is asked for again.
2. What a sync leaves out of a busy room is fetched page by page, back to that position, or to the
   moment when we came in: of what was said before, nothing is heard.
3. What cannot be decrypted is noted as it came and tried again as keys arrive; after a while
   somebody is told.
4. Invitations are noted as well, until we are in.
The first sync ever takes no more than the position and the invitations.
"""

from __future__ import annotations

import asyncio
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from bot.errors import BriefbotError, ConfigurationError, PlatformError, Rejected, StoreError
from bot.model import Joined, Removed, Unreadable
from bot.platforms.matrix import invites
from bot.platforms.matrix.calls import CLIENT, SIGNED_OUT, in_path, room_path
from bot.platforms.matrix.invites import Invitation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from datetime import datetime

    from bot.model import Incoming
    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.hearing import Hearing
    from bot.platforms.matrix.session import Session
    from bot.ports import Notes, Telemetry

_Result = TypeVar("_Result")

POSITION = "position"
HELD = "held/"
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
_TRIES = 8  # to take in an event that cannot be taken in
_HELD_MOST = 10_000
_JOIN_LONGEST = 600.0
_JOIN_TRIES = 150  # about a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How we receive: whose invitations we take, and for how long a key may be late."""

    invites: Sequence[str]
    grace: float = 300.0


class Receiving:
    """Receives events of one session, and takes them to `accept` until it is cancelled."""

    def __init__(
        self,
        session: Session,
        hearing: Hearing,
        *,
        notes: Notes,
        accept: Callable[[Incoming], Awaitable[None]],
        manner: Manner,
        now: Callable[[], datetime],
        telemetry: Telemetry,
    ) -> None:
        self._session, self._hearing = session, hearing
        self._store, self._accept = notes, accept
        self._manner, self._now, self._telemetry = manner, now, telemetry
        self._account = f"matrix:{session.user}"
        self._notes: dict[str, str] = {}
        self._rooms = asyncio.Semaphore(_ROOMS_AT_ONCE)
        self._invited = asyncio.Event()
        self._ready = asyncio.Event()
        self.connected = False

    async def run(self, *, ready: asyncio.Event) -> None:
        """Receive until cancelled; `ready` is set once it is known in which rooms we are.

        Raises ConfigurationError where we were logged out.
        """
        self._ready = ready
        self._notes = dict(await self._surely(lambda: self._store.notes(self._account)) or {})
        joining = asyncio.create_task(self._join_all())
        try:
            await self._receive()
        finally:
            self.connected = False
            joining.cancel()
            await asyncio.wait([joining])

    async def _receive(self) -> None:
        whole = True
        pause = _SHORTEST
        while True:
            try:
                synced = await self._sync(whole=whole)
                keys = await self._session.cipher.receive(synced)
                self.connected = True
                self._ready.set()
                await self._take_in(synced, keys)
                await self._session.cipher.upkeep()
            except PlatformError as error:
                _end_if_signed_out(error)
                self.connected = False
                self._telemetry.trouble("not_synced", error)
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311 - keeps no secret
                pause = min(2 * pause, _LONGEST)
            else:
                whole, pause = False, _SHORTEST

    async def _sync(self, *, whole: bool) -> Json:
        """Ask for what is new; the `whole` state of our rooms with it, which nobody else keeps."""
        since = self._notes.get(POSITION)
        query = {"filter": _FILTER, "timeout": "0" if whole else str(int(_POLL * 1000))}
        if since is not None:
            query["since"] = since
        if whole:
            query["full_state"] = "true"
        return await self._session.calls.get(f"{CLIENT}/sync", query=query, timeout=_POLL)

    async def _take_in(self, synced: Json, keys: frozenset[str]) -> None:
        """Take in what a sync brought; then, and only then, note where it ended."""
        since = self._notes.get(POSITION)
        rooms = synced.get("rooms") or {}
        changes: dict[str, str | None] = {POSITION: synced["next_batch"]}
        for room, invited in (rooms.get("invite") or {}).items():
            await self._invitation(room, invited, changes)
        for room, left in (rooms.get("leave") or {}).items():
            await self._leave(room, left, changes)
        if since is not None:
            joined = (rooms.get("join") or {}).items()
            await asyncio.gather(*(self._room(*one, since, changes) for one in joined))
        await self._try_held(keys, changes)
        await self._note(changes)

    async def _note(self, changes: dict[str, str | None]) -> None:
        if all(self._notes.get(name) == text for name, text in changes.items()):
            return
        await self._surely(lambda: self._store.note(self._account, changes))
        for name, text in changes.items():
            if text is None:
                self._notes.pop(name, None)
            else:
                self._notes[name] = text
                if name.startswith(invites.NOTE):
                    self._invited.set()

    async def _room(
        self, room: str, synced: Json, since: str, changes: dict[str, str | None]
    ) -> None:
        """Take in what was said in one room, in its order."""
        async with self._rooms:
            timeline = synced.get("timeline") or {}
            events = list(timeline.get("events") or ())
            if timeline.get("limited") and self._our_entry(events) is None:
                before = await self._surely(
                    lambda: self._missed(room, str(timeline.get("prev_batch")), since)
                )
                events = [*(before or ()), *events]
            entry = self._our_entry(events)
            if entry is not None:
                await self._came_in(room, events[entry], changes)
                events = events[entry + 1 :]
            for event in events:
                await self._event(room, event, changes)

    def _our_entry(self, events: Sequence[Json]) -> int | None:
        """Return where in a row of events we came into the room, if we did."""
        for place in range(len(events) - 1, -1, -1):
            if self._is_our_entry(events[place]):
                return place
        return None

    def _is_our_entry(self, event: Json) -> bool:
        ours = event.get("type") == "m.room.member" and event.get("state_key") == self._session.user
        unsigned = event.get("unsigned") or {}
        before = (unsigned.get("prev_content") or {}).get("membership")
        now = (event.get("content") or {}).get("membership")
        return ours and now == "join" and before != "join"

    async def _missed(self, room: str, newest: str, since: str) -> list[Json]:
        """Return what a sync left out, oldest first. Raises PlatformError."""
        found: list[Json] = []
        start = newest
        for _ in range(_PAGES):
            query = {"dir": "b", "from": start, "to": since, "limit": _PAGE}
            page = await self._session.calls.get(room_path(room, "messages"), query=query)
            chunk = page.get("chunk") or []
            found.extend(chunk)
            start = page.get("end") or ""
            if not chunk or not start or self._our_entry(chunk) is not None:
                break
        else:
            self._telemetry.log("gap_too_long", events=len(found))
        return found[::-1]

    async def _event(self, room: str, event: Json, changes: dict[str, str | None]) -> None:
        if event.get("type") == "m.room.tombstone":
            self._moved(event, changes)
        elif event.get("type") != "m.room.encrypted":
            await self._heard(room, event)
        elif event.get("sender") == self._session.user or event.get("content") == {}:
            return  # our own, or taken back
        else:
            opened = self._session.cipher.decrypt(room, event)
            if opened is not None:
                await self._heard(room, opened)
            elif len(self._notes) >= _HELD_MOST:
                self._telemetry.log("not_held")
            else:
                held = {"event": event, "since": self._now().timestamp()}
                changes[f"{HELD}{room}/{event['event_id']}"] = json.dumps(held)

    async def _heard(self, room: str, event: Json) -> None:
        async def taken() -> None:
            try:
                incoming = await self._hearing.incoming(room, event)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                self._telemetry.trouble("malformed", error)  # whoever sent it can send anything
                return
            if incoming is not None:
                await self._accept(incoming)

        await self._surely(taken)

    async def _surely(self, doing: Callable[[], Awaitable[_Result]]) -> _Result | None:
        """Do something until it is done; give up on what is tried in vain, but for the store."""
        tries, pause = 0, _SHORTEST
        while True:
            try:
                return await doing()
            except BriefbotError as error:
                if isinstance(error, PlatformError):
                    _end_if_signed_out(error)
                tries += not isinstance(error, StoreError)
                if tries >= _TRIES:
                    self._telemetry.trouble("event_dropped", error)
                    return None
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST)

    async def _try_held(self, keys: frozenset[str], changes: dict[str, str | None]) -> None:
        """Try again what could not be decrypted; say so where its key does not come."""
        for name, text in tuple(self._held()):
            held = json.loads(text)
            event, room = held["event"], name.removeprefix(HELD).partition("/")[0]
            waited = self._now().timestamp() - held["since"]
            late = waited > self._manner.grace or waited < 0
            session = event["content"].get("session_id")
            if not late and keys and session not in keys:
                continue
            opened = self._session.cipher.decrypt(room, event)
            if opened is not None:
                await self._heard(room, opened)
            elif late:
                await self._surely(lambda e=event, r=room: self._accept(self._unreadable(r, e)))
            else:
                continue
            changes[name] = None

    def _held(self) -> Iterator[tuple[str, str]]:
        return ((name, text) for name, text in self._notes.items() if name.startswith(HELD))

    def _unreadable(self, room: str, event: Json) -> Unreadable:
        relation = (event.get("content") or {}).get("m.relates_to") or {}
        in_thread = relation.get("rel_type") == "m.thread"
        root = str(relation.get("event_id")) if in_thread else event["event_id"]
        return Unreadable(
            key=f"unreadable:{room}:{event['content'].get('session_id')}",
            thread=self._hearing.thread(room, root),
            message_id=event["event_id"],
            who=event["sender"],
            direct=self._hearing.is_direct(room),
        )

    async def _invitation(self, room: str, invited: Json, changes: dict[str, str | None]) -> None:
        found = invites.read(room, invited, self._session.user)
        if found is None:
            return
        invitation, kind = found
        allowed = invites.welcome(invitation.inviter, self._manner.invites, self._session.server)
        if allowed and not kind:
            changes[invitation.note] = invitation.text()
            return
        self._telemetry.log("invitation_declined", kind=kind or "room")
        await self._decline(room)

    async def _decline(self, room: str) -> None:
        try:
            await self._session.calls.post(room_path(room, "leave"), {})
        except PlatformError as error:  # then it stays open; nothing hangs on it
            self._telemetry.trouble("not_declined", error)

    def _moved(self, event: Json, changes: dict[str, str | None]) -> None:
        """Follow a room that was replaced by another."""
        room = (event.get("content") or {}).get("replacement_room")
        if isinstance(room, str) and room.startswith("!"):
            who = str(event.get("sender") or "")
            moved = Invitation(room=room, inviter=who, via=who.partition(":")[2])
            changes[moved.note] = moved.text()

    async def _came_in(self, room: str, event: Json, changes: dict[str, str | None]) -> None:
        name = invites.NOTE + room
        kept = self._notes.get(name)
        inviter = str((event.get("unsigned") or {}).get("prev_sender") or "")
        inviter = invites.noted(name, kept).inviter if kept is not None else inviter
        joined = Joined(
            key=event["event_id"],
            channel=self._hearing.channel(room),
            inviter=inviter if inviter != self._session.user else "",
            encrypted=self._session.cipher.is_encrypted(room),
        )
        await self._surely(lambda: self._accept(joined))
        changes[name] = None

    async def _leave(self, room: str, left: Json, changes: dict[str, str | None]) -> None:
        """Take in that we are in a room no longer, or no longer invited."""
        self._session.cipher.client.rooms.pop(room, None)
        changes[invites.NOTE + room] = None
        for name, _ in tuple(self._held()):
            if name.startswith(f"{HELD}{room}/"):
                changes[name] = None
        for event in (left.get("timeline") or {}).get("events") or ():
            if event.get("type") == "m.room.member" and event.get("state_key") == (
                self._session.user
            ):
                channel = self._hearing.channel(room)
                removed = Removed(
                    key=event["event_id"], workspace=channel.workspace, channel=channel
                )
                await self._surely(lambda gone=removed: self._accept(gone))

    async def _join_all(self) -> None:
        """Join the rooms that we are invited to, again where that fails, for about a day."""
        tries: dict[str, int] = {}
        while True:
            self._invited.clear()
            waiting = [
                invites.noted(name, text)
                for name, text in self._notes.items()
                if name.startswith(invites.NOTE)
            ]
            for invitation in waiting:
                if not self._session.cipher.knows(invitation.room):
                    tries[invitation.room] = tries.get(invitation.room, 0) + 1
                    await self._join(invitation, tries[invitation.room])
            failures = max((tries[one.room] for one in waiting), default=0)
            pause = min(2.0 ** min(failures, 10), _JOIN_LONGEST) if waiting else None
            try:
                async with asyncio.timeout(pause):
                    await self._invited.wait()
                await asyncio.sleep(0)
            except TimeoutError:
                continue

    async def _join(self, invitation: Invitation, tries: int) -> None:
        path = f"{CLIENT}/join/{in_path(invitation.room)}"
        if invitation.via:
            path += f"?server_name={in_path(invitation.via)}"
        try:
            await self._session.calls.post(path, {})
        except PlatformError as error:
            self._telemetry.trouble("not_joined", error)
            if isinstance(error, Rejected) and tries >= _JOIN_TRIES:
                await self._note({invitation.note: None})


def _end_if_signed_out(error: PlatformError) -> None:
    if isinstance(error, Rejected) and error.detail in SIGNED_OUT:
        raise ConfigurationError("matrix_signed_out", ["MATRIX_PASSWORD"]) from error
