"""Messages whose key is late, and what is said about them: tried again as keys arrive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.model import Unreadable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import Instant
    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.hearing import Hearing
    from bot.platforms.matrix.noted import Noted
    from bot.platforms.matrix.session import Session
    from bot.ports import Telemetry

_PREFIX = "held/"
_MOST = 10_000


class Held:
    """Holds what could not be decrypted for `grace` seconds."""

    def __init__(
        self,
        session: Session,
        noted: Noted,
        *,
        grace: float,
        instant: Callable[[], Instant],
        telemetry: Telemetry,
    ) -> None:
        self._session, self._noted = session, noted
        self._grace, self._instant, self._telemetry = grace, instant, telemetry

    def hold(self, room: str, event: Json, *, session: str) -> None:
        """Hold an event of a room until the key of a session is here."""
        name = f"{_PREFIX}{room}/{event['event_id']}"
        if len(self._noted.starting(_PREFIX)) >= _MOST:
            self._telemetry.log("not_held")
            return
        before = self._noted.get(name)
        since = self._now() if before is None else json.loads(before)["since"]
        self._put(name, event, session, since)

    def _now(self) -> Json:
        now = self._instant()
        return {"era": now.era, "seconds": now.seconds}

    def _put(self, name: str, event: Json, session: str, since: Json) -> None:
        held = {"event": event, "session": session, "since": since}
        self._noted.put(name, json.dumps(held))

    def drop(self, room: str) -> None:
        """Hold nothing of a room any more."""
        for name in self._noted.starting(f"{_PREFIX}{room}/"):
            self._noted.put(name, None)

    async def try_again(
        self,
        keys: frozenset[str],
        *,
        heard: Callable[[str, Json], Awaitable[None]],
        lost: Callable[[str, Json], Awaitable[None]],
    ) -> None:
        """Take what the keys open to `heard`, and what has waited for too long to `lost`.

        Without keys, all is tried: one may have come while we were not looking.
        """
        for name, text in self._noted.starting(_PREFIX).items():
            held = json.loads(text)
            event, room = held["event"], name.removeprefix(_PREFIX).partition("/")[0]
            now, since = self._now(), held["since"]
            if since["era"] != now["era"]:  # nobody knows how long that is ago
                since = now
                self._put(name, event, held["session"], since)
            late = now["seconds"] - since["seconds"] > self._grace
            if keys and not late and held["session"] not in keys:
                continue
            encrypted = event.get("type") == "m.room.encrypted"
            opened = self._session.cipher.decrypt(room, event) if encrypted else event
            if opened is None and not late:
                continue
            self._noted.put(name, None)
            if opened is None:
                await lost(room, event)
            elif encrypted or not late:  # what is about it is held again where it must be
                await heard(room, opened)


def unreadable(hearing: Hearing, room: str, event: Json) -> Unreadable:
    """Return what is said where a key never came: once for all that it would open."""
    content = event.get("content") or {}
    relation = content.get("m.relates_to") or {}
    in_thread = relation.get("rel_type") == "m.thread"
    root = str(relation.get("event_id")) if in_thread else event["event_id"]
    return Unreadable(
        key=f"unreadable:{room}:{content.get('session_id')}",
        thread=hearing.thread(room, root),
        message_id=event["event_id"],
        who=event["sender"],
        direct=hearing.is_direct(room),
    )
