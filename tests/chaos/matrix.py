"""Matrix as a scene: each message that calls for it has one post in its thread when it is over.

A real homeserver, with real keys: what counts is what people can read. Most rooms are encrypted.
What calls for a post: a link where links are briefed unasked, a link or a command beside a
mention, a link in a conversation with the bot, a link that people put a newspaper on, what is
asked about any of these, and an invitation. Nothing of ours may be unreadable, or in the open.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

from tests.chaos.between import Between
from tests.chaos.crowd import Crowd, Room
from tests.chaos.judging import judged
from tests.homeserver import Homeserver

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from tests.chaos.scene import Judgement
    from tests.standins.matrix import Person

_PATIENCE = 2.0  # seconds that the bot gives a request; a busy homeserver takes one half of that
_BURST = 60  # messages, more than a sync brings of a room
_BURST_EVERY = 20  # lives
_RESTARTS, _NEW_DEVICES, _ABSENCES, _NEW_ROOMS = 0.03, 0.03, 0.05, 0.03
_EXPULSIONS = 0.05
_MOST_ROOMS, _MOST_DEVICES = 16, 6
_QUESTION = "How many weeks will it close?"


class MatrixScene:
    """See `Scene`."""

    births: Sequence[float] = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9)
    rooms: Sequence[tuple[str, bool]] = (
        ("automatic", True),
        ("automatic", True),
        ("automatic", False),
        ("mention", True),
        ("mention", False),
        ("reaction", True),
    )

    def __init__(self, chances: random.Random, site: str) -> None:
        self._random, self._site = chances, site
        self._numbers, self._lives = count(1), count(1)
        self._rooms: list[Room] = []
        self._last: list[tuple[Room, str]] = []
        self._counts: Counter[str] = Counter()
        self._restarting, self._visiting = asyncio.Lock(), asyncio.Lock()

    async def __aenter__(self) -> Self:
        self._temporary = TemporaryDirectory(prefix="briefbot-synapse-", ignore_cleanup_errors=True)
        folder = Path(self._temporary.name)
        self._homeserver = Homeserver(folder / "homeserver")
        await self._homeserver.start()
        self._between = Between(self._random, self._homeserver.url, patience=_PATIENCE)
        await self._between.__aenter__()
        self._account = await self._homeserver.register("briefbot")
        self._crowd = Crowd(self._homeserver, folder / "people", self._account.user_id)
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._crowd.close()
        await self._between.__aexit__(*error)
        await self._homeserver.kill()
        self._temporary.cleanup()

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "MATRIX_HOMESERVER": self._between.url,
            "MATRIX_USER": self._account.user_id,
            "MATRIX_PASSWORD": self._account.password,
            "BRIEFBOT_POST_TIMEOUT": str(_PATIENCE),
        }

    @property
    def posts(self) -> int:
        return sum(len(self._crowd.ours(room)) for room in self._rooms)

    @property
    def acked(self) -> bool:
        return not self._crowd.open(self._rooms)

    @property
    def faults(self) -> dict[str, int]:
        return {**self._between.counts, **self._counts}

    # --- what people do -----------------------------------------------------------------------

    async def prepare(self) -> None:
        """Bring the bot into rooms of every mode; from then on all goes wrong."""
        self._ada = await self._crowd.add("ada", strict=True)
        self._bob = await self._crowd.add("bob")
        self._cyd = await self._crowd.add("cyd", strict=True)
        rooms = (self._open(mode, encrypted=encrypted) for mode, encrypted in self.rooms)
        await asyncio.gather(*rooms, self._alone_with(self._ada), self._alone_with(self._bob))
        visited = await self._crowd.room(self._ada, [self._bob], mode="visited", encrypted=True)
        self._rooms.append(visited)
        await self._crowd.answered(self._rooms, within=60)
        self._between.storm(on=True)

    async def _alone_with(self, who: Person) -> None:
        self._rooms.append(await self._crowd.room(who, [], mode="direct", encrypted=True))

    async def _open(self, mode: str, *, encrypted: bool) -> None:
        """Have a room, and the bot in it as it is wished for."""
        others = [self._bob, self._cyd]
        room = await self._crowd.room(self._ada, others, mode=mode, encrypted=encrypted)
        for wish in (f"mode {mode}", "briefs_per_hour 60", "questions_per_hour 500"):
            await self._crowd.ask(self._ada, room, f"!brief settings {wish}")
            await self._crowd.answered([room], within=120)
        self._rooms.append(room)

    async def heard(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(6):
                await self._between.synced.wait()

    async def away(self) -> None:
        """Talk on while nobody listens; sometimes more than one sync can tell of."""
        if next(self._lives) % _BURST_EVERY == _BURST_EVERY // 2:
            await self.burst()

    async def burst(self) -> None:
        """Say a lot in one room, with links among it that are to be briefed."""
        self._counts["bursts"] += 1
        room = self._room("automatic")
        links = [self._random.random() < 0.1 for _ in range(_BURST)]
        halves = [(self._ada, links[::2]), (self._bob, links[1::2])]
        await asyncio.gather(*(self._chat(who, room, said) for who, said in halves))

    async def _chat(self, who: Person, room: Room, links: Sequence[bool]) -> None:
        for number, link in enumerate(links):
            if link:
                await self._crowd.ask(who, room, f"Look: {self._link()}", brief=True)
            else:
                await self._crowd.say(who, room, f"I have {number} things to say")

    def talk(self, count: int) -> None:
        self._between.synced.clear()
        for _ in range(count):
            self._crowd.begin(self._say(self._random.random()))
        for chance, doing in (
            (_RESTARTS, self._restart),
            (_NEW_DEVICES, self._new_device),
            (_ABSENCES, self._absence),
            (_NEW_ROOMS, self._new_room),
            (_EXPULSIONS, self._expulsion),
        ):
            if self._random.random() < chance:
                self._crowd.begin(doing())

    async def _say(self, chance: float) -> None:
        crowd, who = self._crowd, self._random.choice((self._ada, self._bob))
        at_us = {"mentions": [self._account.user_id]}
        if chance < 0.2 and await self._follow_up(who):
            return
        if chance < 0.45:
            await crowd.ask(who, self._room("automatic"), f"Look: {self._link()}", brief=True)
        elif chance < 0.6:
            text = f"@briefbot {self._link()} please"
            await crowd.ask(who, self._room("mention"), text, brief=True, **at_us)
        elif chance < 0.7:
            room = next(one for one in self._rooms if one.mode == "direct" and one.keeper is who)
            await crowd.ask(who, room, self._link(), brief=True)
        elif chance < 0.75:
            await crowd.ask(who, self._room("mention"), "!brief list")
        elif chance < 0.87:
            await self._react(who)
        elif chance < 0.92:  # asked for, but it cannot be read
            gone = f"@briefbot http://{self._site}/nowhere/{next(self._numbers)}"
            await crowd.ask(who, self._room("mention"), gone, **at_us)
        elif chance < 0.96:  # nor this, but nobody asked: it gets a sign
            gone = f"http://{self._site}/nowhere/{next(self._numbers)}"
            await crowd.say(who, self._room("automatic"), gone)
        else:  # nobody asks the bot
            await crowd.say(who, self._room("automatic"), "See you at lunch?")

    async def _react(self, who: Person) -> None:
        """One puts a newspaper on it, sometimes two: there is one brief."""
        room = self._room("reaction")
        text = f"Somebody should read {self._link()}"
        event = await self._crowd.ask(who, room, text, brief=True)
        for one in (self._ada, self._bob) if self._random.random() < 0.3 else (who,):
            await self._crowd.react(one, event, "📰")

    async def _follow_up(self, who: Person) -> bool:
        """Ask about a brief that is there; in the bot's own thread it need not be named."""
        found = self._crowd.briefed([one for one in self._rooms if one.mode != "direct"])
        if not found:
            return False
        room, thread = self._random.choice(found[-30:])
        named = self._random.random() < 0.5
        text = f"@briefbot {_QUESTION}" if named else _QUESTION
        mentions = [self._account.user_id] if named else []
        await self._crowd.ask(who, room, text, thread=thread, mentions=mentions)
        return True

    def _room(self, mode: str) -> Room:
        return self._random.choice([one for one in self._rooms if one.mode == mode])

    def _link(self) -> str:
        return f"http://{self._site}/story/{self._random.randrange(100_000)}"

    async def _new_room(self) -> None:
        if len(self._rooms) < _MOST_ROOMS:
            self._counts["new rooms"] += 1
            await self._open("mention", encrypted=self._random.random() < 0.7)

    async def _new_device(self) -> None:
        if self._counts["new devices"] < _MOST_DEVICES:
            self._counts["new devices"] += 1
            await self._crowd.again(self._random.choice((self._bob, self._cyd)))

    async def _absence(self) -> None:
        """Have somebody leave a room and come back."""
        room = self._room("automatic")
        if self._cyd in room.away:
            return
        self._counts["absences"] += 1
        room.away.append(self._cyd)
        await self._cyd.leave(room.id)
        await asyncio.sleep(self._random.uniform(1, 6))
        await self._crowd.invite(room, self._cyd.user_id)
        await self._cyd.join(room.id)
        room.away.remove(self._cyd)

    async def _expulsion(self) -> None:
        """Put the bot out of a room where nothing is open, and invite it anew."""
        room = self._room("visited")
        if not self._visiting.locked() and not self._crowd.missing([room]):
            async with self._visiting:
                self._counts["expulsions"] += 1
                await self._crowd.expel(room)

    # --- what goes wrong ----------------------------------------------------------------------

    async def _restart(self) -> None:
        async with self._restarting:
            self._counts["restarts of the homeserver"] += 1
            await (
                self._homeserver.stop if self._random.random() < 0.5 else self._homeserver.kill
            )()
            await self._homeserver.start()

    def cut(self, seconds: float) -> None:
        self._between.cut(on=True)
        asyncio.get_running_loop().call_later(seconds, lambda: self._between.cut(on=False))

    def calm(self) -> None:
        """Have one more question in each room, whose answer everybody there can read."""
        self._between.storm(on=False)
        self._between.cut(on=False)
        self._crowd.begin(self._part())

    async def _part(self) -> None:
        await self._crowd.idle(besides=1)
        for room in self._rooms:
            event = await self._crowd.ask(room.keeper, room, "!brief list")
            self._last.append((room, event))

    # --- what came of it ----------------------------------------------------------------------

    def judge(self, rows: Sequence[Mapping[str, Any]]) -> Judgement:
        found = judged(self._crowd, self._rooms, self._last)
        found.unfinished = [row["key"] for row in rows if row["ending"] is None]
        found.lost += [f"{row['key']}: {row['reason']}" for row in rows if row["ending"] == "dead"]
        return found


class SmallMatrixScene(MatrixScene):
    """One that is soon set up."""

    births = (0.3, 0.8)
    rooms = (("automatic", True), ("mention", False), ("reaction", True))
