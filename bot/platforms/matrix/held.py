"""Messages whose key is late, and what is said about them: tried again as keys arrive."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bot.model import Unreadable
from bot.platforms.matrix.calls import in_path
from bot.platforms.matrix.said import thread_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.hearing import Hearing
    from bot.platforms.matrix.noted import Noted
    from bot.platforms.matrix.session import Session
    from bot.ports import Telemetry

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
        now: Callable[[], datetime],
        telemetry: Telemetry,
    ) -> None:
        self._session, self._noted = session, noted
        self._grace, self._now, self._telemetry = grace, now, telemetry
        # Of what is noted from before, keys may have come when we did not look.
        self._looked = False

    def hold(self, room: str, event: Json, *, session: str) -> None:
        """Hold an event of a room until the key of a session is here."""
        place, everything = _place(room), self._noted.starting(_PREFIX)
        of_the_room = sum(name.startswith(place) for name in everything)
        if (
            len(everything) >= _MOST
            or of_the_room >= _MOST_OF_A_ROOM
            or sum(map(len, everything.values())) >= _LARGEST
        ):
            self._telemetry.log("not_held")
            return
        name = f"{place}{event['event_id']}"
        before, now = everything.get(name), self._now().timestamp()
        since = now if before is None else json.loads(before)["since"]
        if not self._waits(since):
            return
        held = {"event": _bare(event), "session": session, "since": since}
        self._noted.put(name, json.dumps(held))

    def _waits(self, since: float) -> bool:
        """Tell whether the key of what has been held since then may still come."""
        return 0 <= self._now().timestamp() - since <= self._grace

    def drop(self, room: str) -> None:
        """Hold nothing of a room any more."""
        for name in self._noted.starting(_place(room)):
            self._noted.put(name, None)

    async def try_again(
        self,
        keys: frozenset[str],
        *,
        heard: Callable[[str, Json, Json], Awaitable[None]],
        lost: Callable[[str, Json], Awaitable[None]],
    ) -> None:
        """Take what the keys open to `heard`, and what has waited for too long to `lost`.

        The first time all is tried: a key may have come just before we were stopped.
        """
        for name, text in self._noted.starting(_PREFIX).items():
            held = json.loads(text)
            event, room = held["event"], unquote(name.removeprefix(_PREFIX).partition("/")[0])
            late = not self._waits(held["since"])
            if self._looked and not late and held["session"] not in keys:
                continue
            encrypted = event.get("type") == "m.room.encrypted"
            opened = self._session.cipher.decrypt(room, event) if encrypted else event
            if opened is None and not late:
                continue
            self._noted.put(name, None)
            if opened is None:
                await lost(room, event)
            else:  # it is held again where what it is about still cannot be read
                await heard(room, opened, event)
        self._looked = True


def unreadable(hearing: Hearing, room: str, event: Json) -> Unreadable:
    """Return what is said where a key never came: once a day to whoever sent such a thing."""
    at = datetime.fromtimestamp(event["origin_server_ts"] / 1000, UTC)
    return Unreadable(
        key=f"unreadable:{room}:{event['sender']}:{at:%Y-%m-%d}",
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
