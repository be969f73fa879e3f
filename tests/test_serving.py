"""How the bot that listens is wired: who looks after a channel, and when it is ready."""

import asyncio

import aiohttp
import pytest

from bot.app import serving
from bot.errors import NotSent
from bot.model import Channel
from bot.platforms.loopback import Loopback
from bot.platforms.slack.slack import Slack
from bot.settings import Settings
from bot.telemetry import configure
from tests.fakes.platform import FakePlatform
from tests.flows.bot import NEWS, Bot


async def keepers(bot: Bot, *people: str, admins: tuple[str, ...] = ()) -> list[bool]:
    here = serving._Here(channel=NEWS, store=bot.store, platforms=bot.platforms, admins=admins)
    return [await here.keeper(who) for who in people]


async def test_admins_inviters_and_moderators_look_after_a_channel() -> None:
    bot = Bot()
    async with bot.store.begin() as tx:
        await bot.store.join(tx, NEWS, inviter="ann", at=bot.clock.now())
    bot.platform.moderators = {"mod"}
    people = ("root", "ann", "mod", "bob")
    assert await keepers(bot, *people, admins=("root",)) == [True, True, True, False]
    bot.platforms.clear()  # not set up any more
    assert await keepers(bot, *people, admins=("root",)) == [True, True, False, False]


class Unreachable(FakePlatform):
    async def moderates(self, channel: Channel, who: str) -> bool:  # noqa: ARG002 - the port's
        raise NotSent(self.name, "away")


async def test_where_the_platform_cannot_be_asked_it_is_tried_again() -> None:
    bot = Bot()
    bot.platforms["fake"] = Unreachable()  # type: ignore[assignment]  # the bot's own watches
    assert await keepers(bot, "root", admins=("root",)) == [True]
    with pytest.raises(NotSent):
        await keepers(bot, "bob")


async def test_a_front_end_that_stands_by_is_ready() -> None:
    bot = Bot(apart=True)
    bot.platform.session = "fake/bot"
    service = bot.service()
    settings = Settings(listen="127.0.0.1:0")
    telemetry = configure("json")
    async with (
        serving._on_the_web(settings, service, telemetry, front_end=True, hooks={}) as address,
        aiohttp.ClientSession(f"http://{address}") as client,
    ):

        async def parts() -> object:
            async with client.get("/readyz") as response:
                assert response.status == 200
                return (await response.json())["parts"]

        assert await parts() == {"store": True}
        running = asyncio.create_task(service.run(front_end=True, worker=False))
        async with asyncio.timeout(5):
            while not bot.platform.connected:  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.005)
        assert await parts() == {"store": True, "fake": True}
        running.cancel()
        await asyncio.wait([running])


@pytest.mark.parametrize("kind", [Slack, Loopback])
def test_these_have_no_session(kind: type[Slack | Loopback]) -> None:
    assert not kind.session.fget(object())  # type: ignore[attr-defined]  # it looks at nothing
