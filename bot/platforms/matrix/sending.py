"""What goes into a room: as encrypted as the room is, and once.

Nothing can be sent but a `_Ready`, and that is made only where the room's encryption was looked
at: what is known to be encrypted is encrypted for ever, of the rest the server is asked just
before. Each event has a transaction id of its own, drawn from what it is about: a server that got
it before, within a day, answers with the event that it made then. It stands in the event as well,
in the open, so that it can be looked for later.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Rejected, Unsure
from bot.platforms.matrix.calls import NAME, room_path
from bot.platforms.matrix.synced import events

if TYPE_CHECKING:
    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.session import Session

MARK = "app.briefbot.key"
"""Where an event says which of our posts it is; nobody else can read anything from it."""

_NOT_THERE = "M_NOT_FOUND"
_PAGES = 20
_PAGE = "100"
_DIGITS = 32


@dataclass(frozen=True, slots=True)
class _Ready:
    """An event that may go out as it is."""

    room: str
    kind: str
    content: Json


def txn_of(*about: str) -> str:
    """Return the transaction id of what is sent about something."""
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:_DIGITS]


class Sending:
    """Sends events into our rooms."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def message(self, room: str, content: Json, *, txn: str) -> str:
        """Send a message; return its id. Raises PlatformError, Unsure once it went out."""
        return await self._put(await self._ready(room, "m.room.message", content, txn), txn)

    async def react(self, room: str, event: str, key: str, *, txn: str) -> str:
        """Put a reaction on a message; return its id. What reacts is never encrypted."""
        relation = {"rel_type": "m.annotation", "event_id": event, "key": key}
        content = {"m.relates_to": relation}
        return await self._put(_Ready(room, "m.reaction", content), txn)

    async def redact(self, room: str, event: str) -> None:
        """Take an event of ours away; it may be gone already. Raises PlatformError."""
        path = room_path(room, "redact", event, txn_of("redact", event))
        try:
            await self._session.calls.put(path, {})
        except Rejected as error:
            if error.detail != _NOT_THERE:
                raise

    async def _ready(self, room: str, kind: str, content: Json, txn: str) -> _Ready:
        cipher = self._session.cipher
        if not cipher.rooms.is_encrypted(room) and await self._became_encrypted(room):
            cipher.rooms.mark_encrypted(room)
        if not cipher.rooms.is_encrypted(room):
            return _Ready(room, kind, {**content, MARK: txn})
        sealed = await cipher.encrypt(room, kind, content)
        return _Ready(room, "m.room.encrypted", {**sealed, MARK: txn})

    async def _became_encrypted(self, room: str) -> bool:
        """Ask the server whether a room is encrypted: a sync may be late. Raises PlatformError."""
        try:
            await self._session.calls.get(room_path(room, "state", "m.room.encryption", ""))
        except Rejected as error:
            if error.detail == _NOT_THERE:
                return False
            raise
        return True

    async def _put(self, ready: _Ready, txn: str) -> str:
        path = room_path(ready.room, "send", ready.kind, txn)
        answer = await self._session.calls.put(path, ready.content, sends=True)
        event = answer.get("event_id")
        if not isinstance(event, str):
            raise Unsure(NAME, "no event_id")
        return event

    async def find(self, room: str, root: str, txn: str) -> str | None:
        """Look for a message of ours by its transaction id; `root` is its thread's or empty.

        Raises PlatformError: nothing is known then.
        """
        if root:
            path = room_path(room, "relations", root, "m.thread", version="v1")
        else:
            path = room_path(room, "messages")
        start = ""
        for _ in range(_PAGES):
            query = {"dir": "b", "limit": _PAGE}
            if start:
                query["from"] = start
            try:
                page = await self._session.calls.get(path, query=query)
            except Rejected as error:
                if root and error.detail == _NOT_THERE:
                    return None
                raise
            for event in events(page.get("chunk")):
                if self._is_it(event, txn):
                    found: str = event["event_id"]
                    return found
            start = str(page.get("next_batch") or page.get("end") or "")
            if not start or not page.get("chunk"):
                return None
        return None

    def _is_it(self, event: Json, txn: str) -> bool:
        content, unsigned = event["content"], event["unsigned"]
        ours = event["sender"] == self._session.user
        # A redacted one has no content left: it was there, and was taken away.
        return ours and txn in (content.get(MARK), unsigned.get("transaction_id"))
