"""The cases in Matrix, on a real homeserver: `!brief` in a room, answered in its thread."""

from __future__ import annotations

import asyncio
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

_API = "/_matrix/client/v3"

pytestmark = [pytest.mark.synapse, pytest.mark.asyncio(loop_scope="module")]


class Matrix(World):
    """A room without encryption, in which one follows what happens: all see the same."""

    def __init__(
        self, bot: MatrixBot, room: str, watcher: Person, tokens: Mapping[Who, str]
    ) -> None:
        assert bot.store is not None
        self.bot = bot
        self.room = room
        self.watcher = watcher
        self.tokens = tokens
        self.store = bot.store
        self.channel = bot.channel(room)
        self._sent = 0

    async def types(self, who: Who, words: str, thread: str = "") -> str:
        before = {one.event_id for one in self._ours(thread)}
        said = await self._says(who, f"!brief {words}", thread)

        def answer() -> Seen | None:
            found = self._ours(thread or said)
            return next((one for one in found if one.event_id not in before), None)

        seen = await self.watcher.until(answer, f"an answer to {words}", room=self.room)
        return seen.body

    async def posts(self, who: Who, text: str) -> None:
        said, decided = await self._says(who, text), None
        async with asyncio.timeout(20):
            while decided is None or decided.message != said:
                await asyncio.sleep(0.02)
                decided = await self.store.decided(self.channel)

    def _ours(self, thread: str) -> list[Seen]:
        return [
            one for one in self.watcher.thread(self.room, thread) if one.sender == self.bot.user_id
        ]

    async def _says(self, who: Who, text: str, thread: str = "") -> str:
        """Say something; return the event's id."""
        self._sent += 1
        tie = contents.relation(thread=thread or None, last=thread, reply_to=None)
        said = contents.message(text, html=None, mentions=(), msgtype="m.text")
        path = f"{_API}/rooms/{self.room}/send/m.room.message/{self._sent}"
        given: dict[str, object] = {**said, **tie}
        found = await self.bot.homeserver.ask("PUT", path, given, token=self.tokens[who])
        return str(found["event_id"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(
    homeserver: Homeserver, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Matrix]:
    folder = tmp_path_factory.mktemp("matrix")
    (folder / "bot").mkdir()
    accounts = {who: await homeserver.register(who.name.lower()) for who in Who}
    keeper, *others = accounts.values()
    watching = await Person.at(
        homeserver, folder / "keeper", name="keeper", account=keeper, signed=False
    )
    admins: dict[str, object] = {"admins": accounts[Who.ADMIN].user_id}
    async with (
        watching as watcher,
        matrix_bot(homeserver, folder / "bot", settings=admins) as bot,
    ):
        invited = [bot.user_id, *(one.user_id for one in others)]
        room = await watcher.create_room(invite=invited)
        tokens = {
            who: (await homeserver.login(one))["access_token"] for who, one in accounts.items()
        }
        for token in tokens.values():
            await homeserver.ask("POST", f"{_API}/join/{room}", {}, token=token)
        for who in invited:
            await watcher.sees_member(room, who)
        yield Matrix(bot, room, watcher, tokens)


@pytest.mark.parametrize("case", cases(Where.MATRIX), ids=str)
async def test_what_is_typed_in_matrix(world: Matrix, case: Case) -> None:
    await world.play(case)
