"""A person's client as it follows what happens: what it saw, and waiting for what it will."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Self, TypeVar

from nio import MegolmEvent, RoomMessagesResponse, SyncResponse, TypingNoticeEvent

from tests.standins.matrix.seen import Seen, Timeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from nio.responses import RoomInfo

    from tests.standins.matrix.client import Client
    from tests.standins.matrix.trust import IdentityChange

_T = TypeVar("_T")
_FILTER = {"room": {"timeline": {"limit": 100}}}
_PAGES = 20  # of what was missed, or was there before us


class Watcher:
    """What one device has seen since it logged in."""

    def __init__(self, name: str, client: Client) -> None:
        self.name = name
        self.client = client
        self.typed: defaultdict[str, set[str]] = defaultdict(set)  # who ever typed in a room
        self.typing: defaultdict[str, set[str]] = defaultdict(set)  # who does now
        self._timelines: defaultdict[str, Timeline] = defaultdict(Timeline)
        self._left: set[str] = set()
        self._since: str | None = None  # moved when all of a sync has been taken in
        self._news = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    @property
    def user_id(self) -> str:
        return self.client.user_id

    @property
    def identity_changes(self) -> list[IdentityChange]:
        """Whose master key is another one than it was."""
        return self.client.trust.changes

    @property
    def distrusted(self) -> list[Seen]:
        """What a strict person is not shown, since nobody signed the device it came from."""
        trusts = self.client.is_trusted
        return [one for line in self._timelines.values() for one in line.distrusted(trusts)]

    def timeline(self, room: str) -> list[Seen]:
        """Return all messages of a room, also of threads, and the deleted and unreadable ones."""
        return self._timelines[room].messages(self.client.is_trusted)

    def thread(self, room: str, root: str) -> list[Seen]:
        """Return the messages below another one, without those that were deleted."""
        return [one for one in self.timeline(room) if one.thread == root and not one.redacted]

    def reactions(self, room: str, event: str) -> dict[str, set[str]]:
        """Return who reacted to a message, by key."""
        return self._timelines[room].reactions(event)

    def events(self, room: str) -> list[dict[str, Any]]:
        """Return all events of a room as they came, decrypted where that was possible."""
        return self._timelines[room].raw()

    def members(self, room: str) -> dict[str, str]:
        """Return who is in a room, `join` or `invite`."""
        known = self.client.rooms.get(room)
        users = known.users.items() if known is not None and room not in self._left else ()
        return {user: "invite" if one.invited else "join" for user, one in users}

    def invitations(self) -> list[str]:
        """Return the rooms that this person is invited to."""
        return list(self.client.invited_rooms)

    def transcript(self, room: str) -> list[str]:
        """Return what is in a room, one line a message, replies in threads set in."""
        return [_line(one) for one in self.timeline(room)]

    def knows(self, other: Watcher) -> bool:
        """Tell whether another's device is known here to be signed by its owner."""
        return self.client.trust.is_signed(other.user_id, other.client.device_id)

    async def sees(
        self, room: str, what: str | Callable[[Seen], object], *, within: float = 20
    ) -> Seen:
        """Wait for a readable message that contains a text, or of which something holds."""

        def found() -> Seen | None:
            fits = (lambda one: what in one.body) if isinstance(what, str) else what
            return next((one for one in self.timeline(room) if one.readable and fits(one)), None)

        wanted = f"{what!r}" if isinstance(what, str) else "such a message"
        return await self.until(found, wanted, room=room, within=within)

    async def sees_reaction(
        self, room: str, event: str, key: str, *, by: str | None = None, within: float = 20
    ) -> None:
        """Wait for a reaction to a message, of somebody or of a certain user."""

        def found() -> bool:
            who = self.reactions(room, event).get(key, set())
            return bool(who) if by is None else by in who

        await self.until(found, f"a reaction {key}", room=room, within=within)

    async def sees_typing(self, room: str, who: str, *, within: float = 20) -> None:
        """Wait until somebody types, or did since we are here."""
        await self.until(lambda: who in self.typed[room], f"{who} typing", room=room, within=within)

    async def sees_member(
        self, room: str, who: str, membership: str = "join", *, within: float = 20
    ) -> None:
        """Wait until somebody is in a room, or is `invite`d, or has `leave`d it."""
        await self.until(
            lambda: self.members(room).get(who, "leave") == membership,
            f"{membership} of {who}",
            room=room,
            within=within,
        )

    async def until(
        self, check: Callable[[], _T | None], wanted: str, *, room: str = "", within: float = 20
    ) -> _T:
        """Wait until something holds; say what was seen where it never does."""
        clock = asyncio.get_running_loop().time
        end = clock() + within
        while not (found := check()):
            if self._following is not None and self._following.done():
                self._following.result()
            if clock() >= end:
                raise AssertionError(self._missed(wanted, room, within))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), end - clock())
        return found

    async def follow(self) -> None:
        """Begin to follow; return when all that is there has been seen."""
        await self._sync(timeout=0)
        self._following = asyncio.create_task(self._forever())

    async def pause(self) -> None:
        """Be away: what comes meanwhile is seen after the next `follow`."""
        if self._following is not None:
            self._following.cancel()
            await asyncio.wait([self._following])
            self._following = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self.pause()
        await self.client.close()

    async def _forever(self) -> None:
        while True:
            await self._sync(timeout=10_000)

    async def _sync(self, timeout: int) -> None:  # noqa: ASYNC109 - the server's, not ours
        answer = await self.client.sync(timeout, _FILTER, since=self._since)
        if not isinstance(answer, SyncResponse):
            await asyncio.sleep(0.1)  # it is being restarted
            return
        await self.client.catch_up(answer)
        for room, info in answer.rooms.join.items():
            self._left.discard(room)
            await self._take(room, info)
        for room, info in answer.rooms.leave.items():
            self._left.add(room)
            await self._take(room, info)
        for timeline in self._timelines.values():
            timeline.open(self.client.opened)
        self._since = answer.next_batch
        self._news.set()
        self._news = asyncio.Event()

    async def _take(self, room: str, info: RoomInfo) -> None:
        timeline = self._timelines[room]
        if info.timeline.limited:
            for event in await self._missing(room, info.timeline.prev_batch):
                timeline.take(event)
        for event in info.timeline.events:
            if isinstance(event, MegolmEvent):
                event.room_id = room
            timeline.take(event)
        for notice in info.ephemeral:
            if isinstance(notice, TypingNoticeEvent):
                self.typing[room] = set(notice.users)
                self.typed[room].update(notice.users)

    async def _missing(self, room: str, before: str) -> list[Any]:
        """Page back to what is known, or to the beginning; oldest first."""
        found: list[Any] = []
        for _ in range(_PAGES):
            answer = await self.client.room_messages(room, before, limit=100)
            if not isinstance(answer, RoomMessagesResponse):
                break
            for event in answer.chunk:
                if event.source["event_id"] in self._timelines[room]:
                    return found[::-1]
                found.append(event)
            if not answer.end or not answer.chunk:
                break
            before = answer.end
        return found[::-1]

    def _missed(self, wanted: str, room: str, within: float) -> str:
        lines = [f"{self.name} did not see {wanted} within {within:g} s. What there was:"]
        for one in [room] if room else list(self._timelines):
            lines += [f"in {one}, of {self.members(one)}:", *self.transcript(one)]
        lines += [f"distrusted: {one.sender}: {one.body}" for one in self.distrusted]
        return "\n  ".join(lines)


def _line(one: Seen) -> str:
    text = one.body if one.readable else "(deleted)" if one.redacted else "(cannot be decrypted)"
    edited = " (edited)" if one.edited else ""
    return f"{'  ' if one.thread else ''}{one.sender.partition(':')[0]}: {text}{edited}"
