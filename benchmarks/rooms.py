"""Rooms on a real homeserver, with people and the bot in them, and what became of what was said.

The homeserver, the bot and two news sites (one of them slow) are processes of their own; the
people are in this one. Moments are the homeserver's own: those of its events.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import Counter, defaultdict
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.processes import Process, module
from benchmarks.program import executable
from tests.homeserver import homeserver_in
from tests.standins.matrix import Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

    from tests.homeserver import Account, Homeserver, Limits
    from tests.standins.matrix import Seen

NAMES = ("ada", "bob", "cat", "dan", "eve")
_SLOW_PAGE = 8.0  # seconds
_PATIENCE = 60.0  # seconds without a new post until the rest is lost
_STARTING = 60.0
_A_WHILE = 5.0  # seconds in which what is said twice would come
_LOOK_EVERY = 0.5

logging.getLogger("nio").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A room of two people and the bot, whom `owner` has brought in."""

    id: str
    encrypted: bool
    owner: Person
    mate: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A link that was said: `root` is the message, `words` stand in its brief and in no other."""

    room: Room
    root: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post of the bot: when it came, in seconds since what it answers, and on their clock."""

    after: float
    at: float
    right: bool


@dataclass(kw_only=True)
class Place:
    """Rooms with people in them; `bot` is the process that serves them."""

    homeserver: Homeserver
    account: Account
    bot: Process
    people: Sequence[Person]
    fast: str
    slow: str
    rooms: list[Room] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    async def settle_in(self, number: int) -> float:
        """Make so many rooms, every other one encrypted; return how long it took to come in."""
        began = time.monotonic()
        for at in range(number):
            owner, mate = (self.people[(at + place) % len(self.people)] for place in (0, 1))
            encrypted = at % 2 == 0
            room = await owner.create_room(
                encrypted=encrypted, invite=[mate, self.account.user_id], name=f"room {at}"
            )
            await mate.join(room)
            self.rooms.append(Room(id=room, encrypted=encrypted, owner=owner, mate=mate))
        for one in self.rooms:
            await one.owner.sees_member(one.id, self.account.user_id, within=600)
        return time.monotonic() - began

    async def wish(self, *wishes: str) -> None:
        """Set in every room what is wished for, and see that it is set."""
        for wish in wishes:
            said = [(one, await one.owner.say(one.id, f"!brief {wish}")) for one in self.rooms]
            for room, root in said:
                await room.owner.sees(room.id, lambda one, at=root: one.thread == at, within=120)

    async def welcomed(self) -> None:
        """Wait until the bot has introduced itself everywhere."""
        for room in self.rooms:
            await room.mate.sees(
                room.id, lambda one: one.sender == self.account.user_id, within=200
            )

    async def ask(
        self, room: Room, *, by: Person, slow: bool = False, named: bool = False
    ) -> Asked:
        """Say a link to a page that the bot has not seen."""
        number = next(self._numbers)
        link = f"http://{self.slow if slow else self.fast}/story/{number}"
        root = await by.say(room.id, f"!brief {link}" if named else f"Look: {link}")
        return Asked(room=room, root=root, words=f"Town{number} ")

    async def answered(self, asked: Sequence[Asked], *, patience: float = _PATIENCE) -> None:
        """Wait until each has its post, or no new one comes; and for what comes too often."""
        best, since = -1, time.monotonic()
        while best < len(asked) and time.monotonic() - since < patience:
            await asyncio.sleep(_LOOK_EVERY)
            found = sum(bool(posts) for posts in self.posts(asked).values())
            if found > best:
                best, since = found, time.monotonic()
        await asyncio.sleep(_A_WHILE)

    def posts(self, asked: Iterable[Asked]) -> dict[Asked, list[Post]]:
        """Return the readable posts that came for each link, as the second person sees them."""
        seen = {room.id: self._room(room) for room in self.rooms}
        found = {}
        for one in asked:
            began, posts = seen[one.room.id]
            found[one] = [
                Post(after=_at(post) - began[one.root], at=_at(post), right=one.words in post.body)
                for post in posts[one.root]
            ]
        return found

    def _room(self, room: Room) -> tuple[dict[str, float], dict[str, list[Seen]]]:
        """Return when each message was sent, and the bot's readable posts below it."""
        began: dict[str, float] = {}
        posts = defaultdict(list)
        for one in room.mate.timeline(room.id):
            began[one.event_id] = _at(one)
            if one.sender == self.account.user_id and one.readable and one.thread:
                posts[one.thread].append(one)
        return began, posts

    def wrong(self) -> dict[str, float]:
        """Return what nobody could read, and what was not encrypted though its room is."""
        unreadable = plain = 0
        for room in self.rooms:
            for person in (room.owner, room.mate):
                ours = [
                    one
                    for one in person.timeline(room.id)
                    if one.sender == self.account.user_id and not one.redacted
                ]
                unreadable += sum(not one.readable for one in ours)
                plain += sum(not one.encrypted for one in ours) if room.encrypted else 0
        return {"unreadable": unreadable, "not encrypted in encrypted rooms": plain}

    def lines(self) -> list[dict[str, Any]]:
        """Return what the bot has logged."""
        logged = self.bot.log.read_text("utf-8", "replace").splitlines()
        return [json.loads(line) for line in logged if line.startswith("{")]

    def refused(self) -> Counter[str]:
        """Return how often the homeserver told the bot to wait, by what it was about."""
        lines = self.lines()
        return Counter(line["event"] for line in lines if line.get("error") == "Throttled")


def _at(one: Seen) -> float:
    return float(one.raw["origin_server_ts"]) / 1000


@asynccontextmanager
async def place(*, limits: Limits | None = None) -> AsyncIterator[Place]:
    """Lend a homeserver with five people, whom nothing slows down, and the bot."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="briefbot-bench-")))
        homeserver = await stack.enter_async_context(
            homeserver_in(folder / "homeserver", limits=limits)
        )

        def start(name: str, *command: str, **given: Any) -> Process:
            process = Process(command, data=folder / "data", log=folder / f"{name}.log", **given)
            stack.callback(process.kill)
            return process

        fast, slow = (
            f"127.0.0.1:{start(name, *module('tests.standins.site', *more)).first_line()['port']}"
            for name, more in (("site", ()), ("slow", ("--delay", str(_SLOW_PAGE))))
        )
        people = []
        for name in NAMES:
            person = await Person.at(homeserver, folder / name, name=name)
            stack.push_async_callback(person.close)
            await homeserver.override_ratelimit(person.user_id)
            people.append(person)
        account = await homeserver.register("briefbot")
        settings = _settings(homeserver, account, f"{fast},{slow}")
        bot = start("serve", executable(), "serve", settings=settings)
        await _connected(bot)
        yield Place(
            homeserver=homeserver, account=account, bot=bot, people=people, fast=fast, slow=slow
        )
        await asyncio.to_thread(bot.stop)


async def _connected(bot: Process) -> None:
    end = time.monotonic() + _STARTING
    while '"serving"' not in (said := bot.log.read_text("utf-8", "replace")):
        if bot.over or time.monotonic() > end:
            raise TimeoutError(f"the bot does not start: {said[-2000:]}")
        await asyncio.sleep(0.1)


def _settings(homeserver: Homeserver, account: Account, sites: str) -> dict[str, str]:
    return {
        "MATRIX_HOMESERVER": homeserver.url,
        "MATRIX_USER": account.user_id,
        "MATRIX_PASSWORD": account.password,
        "BRIEFBOT_FETCH_ALLOW_HOSTS": sites,
        "BRIEFBOT_LISTEN": "off",
        "BRIEFBOT_LOG_FORMAT": "json",
    }
