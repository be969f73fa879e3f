"""The cases in Slack: slash commands, answered to whoever types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.core.talking.wording import RECEIPT
from tests.dialogues.case import Case, Where, Who
from tests.dialogues.cases import cases
from tests.dialogues.world import World
from tests.platforms.slack.bot import SlackBot, slack_bot

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOM = "desk"
NAMES = {Who.KEEPER: "ada", Who.ANYONE: "bob", Who.ADMIN: "cleo"}


class Slack(World):
    def __init__(self, bot: SlackBot) -> None:
        self.bot = bot
        self.store = bot.store
        self.channel = bot.place(ROOM)

    async def types(self, who: Who, words: str, thread: str = "") -> str:
        name = NAMES[who]
        told, before = len(self.bot.told(name, ROOM)), {one.ts for one in self.bot.posts(ROOM)}
        if thread:  # where there are no slash commands
            await self.bot.says(name, f"@briefbot {words}", ROOM, thread=thread)
        else:
            self.bot.slack.commands(name, ROOM, "/brief", words)
            await self.bot.idle()
        answers = [one for one in self.bot.told(name, ROOM)[told:] if RECEIPT not in one]
        posts = [one for one in self.bot.posts(ROOM) if one.ts not in before]
        self.seen_by_all = bool(posts)
        return "\n".join([*answers, *(self.bot._text(one) for one in posts)])

    async def posts(self, who: Who, text: str) -> None:
        await self.bot.says(NAMES[who], text, ROOM)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Slack]:
    folder = tmp_path_factory.mktemp("slack")
    async with slack_bot(folder, settings={"admins": "U0CLEO"}) as bot:
        bot.slack.place.add_user("cleo")
        bot.slack.place.add_channel(ROOM, members=tuple(NAMES.values()))
        bot.slack.invites("ada", ROOM)
        await bot.idle()
        yield Slack(bot)


@pytest.mark.parametrize("case", cases(Where.SLACK), ids=str)
async def test_what_is_typed_in_slack(world: Slack, case: Case) -> None:
    await world.play(case)
