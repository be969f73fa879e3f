"""Messages whose key is late, and what is said about them: tried again as keys arrive."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bot.errors import PlatformError
from bot.model import Unreadable
from bot.platforms.matrix.calls import in_path
from bot.platforms.matrix.said import thread_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.hearing import Hearing
    from bot.platforms.matrix.noted import Noted
    from bot.platforms.matrix.session import Session
    from bot.ports import Clock, Telemetry

_PREFIX = "held/"
# How much is held in all, and of one room: nobody there can have all others' messages lost.
_MOST, _MOST_OF_A_ROOM = 10_000, 1000
_LARGEST = 50_000_000  # characters in all
_NEEDED = ("algorithm", "ciphertext", "session_id", "sender_key", "device_id")


class Held:
    """Holds what could not be decrypted for `grace` seconds."""

    def __init__(
        self,
        session: Session,
        noted: Noted,
        *,
        grace: float,
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._session, self._noted = session, noted
        self._grace, self._clock, self._telemetry = grace, clock, telemetry
        # Of what is noted from before, keys may have come when we did not look.
        self._looked = False

    def hold(self, room: str, event: Json, *, session: str) -> None:
        """Hold an event of a room until the key of a session is here."""
        name = f"{_place(room)}{event['event_id']}"
        before = self._noted.get(name)
        since = self._moment() if before is None else json.loads(before)["since"]
        held = _noted(event, session, since)
        if held is None or (before is None and self._is_full(room)):
            self._telemetry.log("not_held")
            return
        self._noted.put(name, held)

    def _moment(self) -> Json:
        """Return this moment: how long ago it is, is told by the clock that nobody sets."""
        instant = self._clock.instant()
        day = self._clock.now().isoformat()
        return {"era": instant.era, "seconds": instant.seconds, "at": day}

    def _is_full(self, room: str) -> bool:
        everything = self._noted.starting(_PREFIX)
        return (
            len(everything) >= _MOST
            or sum(name.startswith(_place(room)) for name in everything) >= _MOST_OF_A_ROOM
            or sum(map(len, everything.values())) >= _LARGEST
        )

    def drop(self, room: str) -> None:
        """Hold nothing of a room any more."""
        for name in self._noted.starting(_place(room)):
            self._noted.put(name, None)

    async def try_again(
        self,
        keys: frozenset[str],
        *,
        heard: Callable[[str, Json, Json], Awaitable[None]],
        lost: Callable[[str, Json, datetime], Awaitable[None]],
    ) -> None:
        """Take what the keys open to `heard`, with how it came, and what is too late to `lost`.

        The first time all is tried: a key may have come just before we were stopped.
        """
        for name, text in self._noted.starting(_PREFIX).items():
            held = json.loads(text)
            event, room = held["event"], unquote(name.removeprefix(_PREFIX).partition("/")[0])
            now, since = self._moment(), held["since"]
            if since["era"] != now["era"]:  # nobody knows how long that is ago
                since = {**now, "at": since["at"]}
                self._noted.put(name, json.dumps({**held, "since": since}))
            late = now["seconds"] - since["seconds"] > self._grace
            if self._looked and not late and held["session"] not in keys:
                continue
            encrypted = event["type"] == "m.room.encrypted"
            opened = self._session.cipher.decrypt(room, event) if encrypted else event
            if opened is None and not late:
                continue
            self._noted.put(name, None)
            if opened is None:
                await lost(room, event, datetime.fromisoformat(since["at"]))
                continue
            try:  # where what it is about still cannot be read, it is held again
                await heard(room, opened, event)
            except PlatformError:
                self._noted.put(name, text)
                raise
            if late:
                self._noted.put(name, None)
        self._looked = True


def _noted(event: Json, session: str, since: Json) -> str | None:
    """Return an event as it is noted; None where it is nested as deep as nobody does by chance."""
    try:
        return json.dumps({"event": _bare(event), "session": session, "since": since})
    except RecursionError:
        return None


def unreadable(hearing: Hearing, room: str, event: Json, since: datetime) -> Unreadable:
    """Return what is said where a key never came: once a day to whoever sent such a thing."""
    return Unreadable(
        key=f"unreadable:{room}:{event['sender']}:{since:%Y-%m-%d}",
        thread=hearing.thread(room, thread_of(event)),
        message_id=event["event_id"],
        who=event["sender"],
        direct=hearing.is_direct(room),
    )


def _place(room: str) -> str:
    return f"{_PREFIX}{in_path(room)}/"


def _bare(event: Json) -> Json:
    """Return no more of an event than it takes to open it: the rest can be anything."""
    content = event["content"]
    if event["type"] != "m.room.encrypted":
        return event
    kept: Json = {name: content[name] for name in _NEEDED if isinstance(content.get(name), str)}
    relation = content.get("m.relates_to")
    if isinstance(relation, dict):
        kept["m.relates_to"] = _plain_relation(relation)
    return {**event, "content": kept, "unsigned": {}}


def _plain_relation(relation: Json) -> Json:
    kept = {name: one for name, one in relation.items() if isinstance(one, str)}
    reply = relation.get("m.in_reply_to")
    event = reply.get("event_id") if isinstance(reply, dict) else None
    return {**kept, "m.in_reply_to": {"event_id": event}} if isinstance(event, str) else kept
