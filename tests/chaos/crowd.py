"""People in rooms of a homeserver: what they say in a storm, and what they were answered."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from tests.standins.matrix import Person

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence
    from pathlib import Path

    from tests.homeserver import Homeserver
    from tests.standins.matrix.seen import Seen

logging.getLogger("nio").setLevel(logging.CRITICAL)  # a homeserver that restarts is no news


@dataclass(eq=False)
class Room:
    """A room; `keeper` made it, `away` are those of its people who are coming back.

    `steady` are those who are there all the time.
    """

    id: str
    mode: str
    keeper: Person
    encrypted: bool
    people: list[Person] = field(default_factory=list)
    steady: list[Person] = field(default_factory=list)
    away: list[Person] = field(default_factory=list)

    def __str__(self) -> str:
        kind = "encrypted" if self.encrypted else "plain"
        return f"{self.mode} {kind} {self.id}"


class Crowd:
    """Everybody but the bot, whose id is `bot`. Each says one thing after the other."""

    def __init__(self, homeserver: Homeserver, folder: Path, bot: str) -> None:
        self._homeserver, self._folder, self.bot = homeserver, folder, bot
        self.everybody: list[Person] = []
        self.called: Counter[tuple[str, str]] = Counter()  # by room and thread
        self.complaints: list[str] = []
        self._briefs: list[tuple[Room, str]] = []
        self._doing: set[asyncio.Task[None]] = set()
        self._turns: defaultdict[Person, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._numbers = count(1)

    async def close(self) -> None:
        for task in self._doing:
            task.cancel()
        for one in self.everybody:
            await one.close()

    async def add(self, name: str, *, strict: bool = False) -> Person:
        """Have somebody with an account of his own."""
        folder = self._folder / str(next(self._numbers))
        person = await Person.at(self._homeserver, folder, name=name, strict=strict)
        self.everybody.append(person)
        return person

    async def again(self, who: Person) -> None:
        """Have somebody log in on one more device."""
        folder = self._folder / str(next(self._numbers))
        self.everybody.append(
            await Person.at(
                self._homeserver,
                folder,
                name=who.name,
                account=who.account,
                identity=who.identity,
            )
        )

    async def room(
        self, keeper: Person, others: Sequence[Person], *, mode: str, encrypted: bool
    ) -> Room:
        """Have a room with the bot in it, which welcomes whoever invited it."""
        id_ = await keeper.create_room(
            encrypted=encrypted, invite=[*others, self.bot], direct=mode == "direct"
        )
        self.called[id_, ""] += 1
        for one in others:
            await one.join(id_)
        people = [keeper, *others]
        room = Room(id_, mode, keeper, encrypted, people, steady=people[:2])
        for one in room.people:
            await one.sees_member(id_, self.bot, within=120)
        return room

    # --- what is done -------------------------------------------------------------------------

    def begin(self, doing: Coroutine[object, object, None]) -> None:
        """Have something done meanwhile; what goes wrong there is a complaint."""
        task = asyncio.create_task(doing)
        self._doing.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._doing.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self.complaints.append(f"{type(error).__name__}: {error}"[:2000])

    async def idle(self, *, besides: int = 0) -> None:
        """Wait until all that was begun is done, `besides` so many."""
        while len(self._doing) > besides:
            await asyncio.wait(self._doing, timeout=0.05, return_when=asyncio.FIRST_COMPLETED)

    async def say(self, who: Person, room: Room, text: str, **given: object) -> str:
        async with self._turns[who]:
            return await who.say(room.id, text, **given)

    async def ask(
        self, who: Person, room: Room, text: str, *, brief: bool = False, **given: object
    ) -> str:
        """Say what is to have one post in its thread; `brief` where that can be asked about."""
        event = await self.say(who, room, text, **given)
        root = given.get("thread") or event
        self.called[room.id, str(root)] += 1
        if brief:
            self._briefs.append((room, event))
        return event

    async def react(self, who: Person, event: str, key: str) -> None:
        async with self._turns[who]:
            await who.react(event, key)

    async def invite(self, room: Room, who: str) -> None:
        """Have somebody invited, without a look at what comes of it.

        To nio, who leaves and is invited within one gap of a sync was there all the time.
        """
        asked = {"user_id": who}
        await room.keeper.client.ask("POST", f"/rooms/{room.id}/invite", asked)

    async def expel(self, room: Room) -> None:
        """Have the bot put out of a room, and invited anew: it says who it is once more."""
        keeper = room.keeper
        await keeper.kick(room.id, self.bot)
        await asyncio.sleep(1.0)
        await self.invite(room, self.bot)
        self.called[room.id, ""] += 1
        await keeper.sees_member(room.id, self.bot, within=120)
        await self.ask(keeper, room, "!brief list")

    # --- what came of it ----------------------------------------------------------------------

    def ours(self, room: Room) -> list[Seen]:
        """Return the bot's posts in a room, as its keeper sees them."""
        line = room.keeper.timeline(room.id)
        return [one for one in line if one.sender == self.bot and not one.redacted]

    def members(self, room: Room) -> set[str]:
        return {one.user_id for one in room.people}

    def briefed(self, rooms: Sequence[Room]) -> list[tuple[Room, str]]:
        """Return the messages in these rooms whose brief is there."""
        there = {(room.id, one.thread) for room in rooms for one in self.ours(room)}
        return [(room, root) for room, root in self._briefs if (room.id, root) in there]

    async def answered(self, rooms: Sequence[Room], *, within: float) -> None:
        """Wait until nothing is missing in these rooms. Raises TimeoutError with what is."""
        end = asyncio.get_running_loop().time() + within
        while missing := self.missing(rooms):
            if asyncio.get_running_loop().time() > end:
                raise TimeoutError(missing)
            await asyncio.sleep(0.05)

    def open(self, rooms: Sequence[Room]) -> list[str]:
        """Return what is being done, and what has fewer posts than it called for."""
        return [*map(str, self._doing), *self.missing(rooms)]

    def missing(self, rooms: Sequence[Room]) -> list[str]:
        """Return what has fewer posts in these rooms than it called for."""
        there = Counter(
            (room.id, one.thread or "") for room in rooms for one in self.ours(room) if one.readable
        )
        ids = {room.id for room in rooms}
        return [
            f"{place}: {there[place]} of {called}"
            for place, called in self.called.items()
            if place[0] in ids and there[place] < called
        ]
