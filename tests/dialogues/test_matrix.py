"""The cases in Matrix, on a real homeserver: `!brief` in a room, answered in its thread."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.dialogues.case import Case, Where, Who
from tests.dialogues.cases import cases
from tests.dialogues.world import World
from tests.platforms.matrix.bot import matrix_bot
from tests.standins.matrix import Person, contents

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from tests.homeserver import Homeserver
    from tests.platforms.matrix.bot import MatrixBot
    from tests.standins.matrix.seen import Seen

pytestmark = [pytest.mark.synapse, pytest.mark.asyncio(loop_scope="module")]


class Matrix(World):
    def __init__(self, bot: MatrixBot, room: str, people: Mapping[Who, Person]) -> None:
        assert bot.store is not None
        self.bot = bot
        self.room = room
        self.people = people
        self.store = bot.store
        self.channel = bot.channel(room)
        self._sent = 0

    async def types(self, who: Who, words: str, thread: str = "") -> str:
        before = {one.event_id for one in self._ours(thread)}
        said = await self._says(who, f"!brief {words}", thread)

        def answer() -> Seen | None:
            found = self._ours(thread or said)
            return next((one for one in found if one.event_id not in before), None)

        seen = await self._watcher.until(answer, f"an answer to {words}", room=self.room)
        return seen.body

    async def posts(self, who: Who, text: str) -> None:
        said, decided = await self._says(who, text), None
        async with asyncio.timeout(20):
            while decided is None or decided.message != said:
                await asyncio.sleep(0.02)
                decided = await self.store.decided(self.channel)

    @property
    def _watcher(self) -> Person:
        """Who follows what happens: one is enough, all see the same."""
        return self.people[Who.KEEPER]

    def _ours(self, thread: str) -> list[Seen]:
        return [
            one for one in self._watcher.thread(self.room, thread) if one.sender == self.bot.user_id
        ]

    async def _says(self, who: Who, text: str, thread: str = "") -> str:
        """Say something in a room without encryption: then that is all it takes."""
        self._sent += 1
        tie = contents.relation(thread=thread or None, last=thread, reply_to=None)
        said = contents.message(text, html=None, mentions=(), msgtype="m.text")
        path = f"/rooms/{self.room}/send/m.room.message/{self._sent}"
        found = await self.people[who].client.ask("PUT", path, {**said, **tie})
        return str(found["event_id"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Matrix]:
    folder = tmp_path_factory.mktemp("matrix")
    async with AsyncExitStack() as stack:
        people = {}
        for who in Who:
            people[who] = await Person.at(homeserver, folder / who.name, name=who.name.lower())
            stack.push_async_callback(people[who].close)
        (folder / "bot").mkdir()
        admins = {"admins": people[Who.ADMIN].user_id}
        bot = await stack.enter_async_context(
            matrix_bot(homeserver, folder / "bot", settings=admins)
        )
        keeper, *others = people.values()
        room = await keeper.create_room(invite=[*others, bot.user_id])
        for one in others:
            await one.join(room)
        for one in people.values():
            await one.sees_member(room, bot.user_id)
        for one in others:
            await one.pause()  # who follows what happens costs the homeserver time
        yield Matrix(bot, room, people)


@pytest.mark.parametrize("case", cases(Where.MATRIX), ids=str)
async def test_what_is_typed_in_matrix(world: Matrix, case: Case) -> None:
    await world.play(case)
