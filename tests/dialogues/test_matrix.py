"""The cases in Matrix, on a real homeserver: `!brief` in a room, answered in its thread."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from tests.dialogues.cases import Case, Where, Who, cases
from tests.dialogues.world import World
from tests.platforms.matrix.bot import matrix_bot
from tests.standins.matrix import Person

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

    async def types(self, who: Who, words: str) -> str:
        person = self.people[who]
        said = await person.say(self.room, f"!brief {words}")

        def answer() -> Seen | None:
            ours = [one for one in person.thread(self.room, said) if one.sender == self.bot.user_id]
            return ours[0] if ours else None

        seen = await person.until(answer, f"an answer to {words}", room=self.room)
        return seen.body


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
        yield Matrix(bot, room, people)


@pytest.mark.parametrize("case", cases(Where.MATRIX), ids=str)
async def test_what_is_typed_in_matrix(world: Matrix, case: Case) -> None:
    await world.play(case)
