"""How we come into rooms: invited by whom we let, tried again until we are in.

A homeserver tells of an invitation once. So it is noted, with who sent it, until we see ourselves
come in: a room that cannot be joined now (another server is away) is joined later. To come in
counts as a post does where a server limits those, and takes its turn among them.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import PlatformError, Rejected, Throttled
from bot.platforms.matrix import invites
from bot.platforms.matrix.calls import CLIENT, in_path, room_path
from bot.platforms.matrix.invites import NOTE, Invitation
from bot.platforms.matrix.synced import is_room_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.noted import Noted
    from bot.platforms.matrix.pace import Pace
    from bot.platforms.matrix.session import Session
    from bot.ports import Telemetry

_SHORTEST, _LONGEST = 0.5, 600.0  # seconds between two attempts to join
_TRIES = 150  # about a day
_JOIN = "join"
_MOST_UNWANTED = 1000


class Entering:
    """Takes invitations, and joins. `allowed` are patterns of who may invite us."""

    def __init__(
        self,
        session: Session,
        noted: Noted,
        *,
        allowed: Sequence[str],
        telemetry: Telemetry,
        pace: Pace,
    ) -> None:
        self._session, self._noted, self._pace = session, noted, pace
        self._allowed, self._telemetry = allowed, telemetry
        self._bell = asyncio.Event()
        self._unwanted: asyncio.Queue[str] = asyncio.Queue(_MOST_UNWANTED)
        self._tries: dict[str, int] = {}
        self._due: dict[str, float] = {}  # when each is tried next, by the loop's clock

    def invited(self, room: str, invitation: Json) -> None:
        """Note an invitation, or have it declined."""
        found = invites.read(room, invitation, self._session.user)
        if found is None:
            return
        asked, kind = found
        who = asked.inviter
        if who and not kind and invites.welcome(who, self._allowed, self._session.server):
            self._noted.put(asked.note, asked.text())
            self._due.pop(room, None)
            return
        self._telemetry.log("invitation_declined")
        with suppress(asyncio.QueueFull):  # then it stays open; nothing hangs on it
            self._unwanted.put_nowait(room)

    async def decline(self) -> None:
        """Decline what we do not take, until cancelled.

        Beside the listening: the server asks the one that the invitation came from, which may
        take its time.
        """
        while True:
            room = await self._unwanted.get()
            try:
                await self._session.calls.post(room_path(room, "leave"), {})
            except PlatformError as error:
                self._telemetry.trouble("not_declined", error)

    def moved(self, event: Json) -> None:
        """Follow a room to the one that replaces it, where it says so itself.

        That is state, which only those may set who look after it; anybody may say the same words.
        """
        room = event["content"].get("replacement_room")
        if event.get("state_key") == "" and is_room_id(room):
            who = event["sender"]
            moved = Invitation(room=room, inviter=who, via=who.partition(":")[2])
            self._noted.put(moved.note, moved.text())

    def came_in(self, room: str, event: Json) -> str:
        """Take in that we are in a room; return who invited us, empty where that is not known."""
        kept = self._noted.get(NOTE + room)
        self.gone(room)
        if kept is not None:
            return invites.noted(NOTE + room, kept).inviter
        before: str = event["unsigned"].get("prev_sender", "")
        return "" if before == self._session.user else before

    def gone(self, room: str) -> None:
        """Take in that we are not, or no longer wanted, in a room."""
        self._noted.put(NOTE + room, None)
        self._tries.pop(room, None)
        self._due.pop(room, None)

    def go_on(self) -> None:
        """Look at what is noted by now."""
        self._bell.set()

    async def run(self) -> None:
        """Join what is noted, until cancelled."""
        while True:
            self._bell.clear()
            waiting = [
                invites.noted(name, text) for name, text in self._noted.starting(NOTE).items()
            ]
            outside = [one for one in waiting if not self._session.cipher.rooms.knows(one.room)]
            now = asyncio.get_running_loop().time
            for one in outside:
                if self._due.get(one.room, 0.0) <= now():
                    self._due[one.room] = now() + await self._join(one)
            due = [self._due.get(one.room, 0.0) for one in outside]
            try:
                async with asyncio.timeout(max(min(due) - now(), 0.0) if due else None):
                    await self._bell.wait()
            except TimeoutError:
                continue

    async def _join(self, invitation: Invitation) -> float:
        """Join a room where its turn has come; return in how many seconds to try again.

        How long a server has us wait that limits joins says nothing about posts.
        """
        room = invitation.room
        wait = self._pace.wait(room, _JOIN)
        if wait:
            return wait
        self._tries[room] = tries = self._tries.get(room, 0) + 1
        path = f"{CLIENT}/join/{in_path(room)}"
        if invitation.via:
            path += f"?server_name={in_path(invitation.via)}"
        try:
            await self._session.calls.post(path, {})
        except PlatformError as error:
            self._telemetry.trouble("not_joined", error)
            if isinstance(error, Throttled):
                return max(error.after, _SHORTEST)
            if isinstance(error, Rejected) and tries >= _TRIES:
                self.gone(room)
                await self._noted.store()
        return min(2.0 ** min(tries, 10), _LONGEST)
