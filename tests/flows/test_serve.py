"""The bot at work: what runs beside each other, and what is looked after meanwhile."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from bot.errors import ConfigurationError
from bot.flows import serve
from bot.model import Ending, Message, Posted, Thread
from tests.flows.bot import NEWS, PIER_URL, Bot

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_TEND_EVERY", 0.01)
    monkeypatch.setattr(serve, "_TEND_SOON", 0.01)


async def until(reached: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not reached():  # noqa: ASYNC110 - what is waited for is the test's own condition
            await asyncio.sleep(0.005)


def posted(bot: Bot) -> Posted:
    message = Message(
        thread=Thread(channel=NEWS, id="1"),
        id="m1",
        author="ada",
        text=PIER_URL,
        sent_at=bot.clock.now(),
    )
    return Posted(key="e1", message=message, mentions_us=True)


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_memory_is_given_back_now_and_then() -> None:
    bot, given_back = Bot(), []
    running = asyncio.create_task(
        bot.service(lambda: given_back.append(1)).run(front_end=False, worker=False)
    )
    await until(lambda: len(given_back) > 1)
    await stopped(running)


async def test_a_store_that_fails_is_tended_again_soon() -> None:
    bot = Bot()
    await bot.say(PIER_URL)
    bot.work.entries.clear()  # its process died before the job was there
    bot.store.fails = 1
    tending = asyncio.create_task(bot.service().tend())
    await until(lambda: any(one.happened == "tended" for one in bot.telemetry.lines))
    await stopped(tending)
    happened = [one.happened for one in bot.telemetry.lines]
    assert happened.count("tending_failed") <= 1
    await bot.do_all()
    assert (await bot.event()).ending is Ending.POSTED


async def test_a_front_end_listens_and_takes_in() -> None:
    bot = Bot()
    running = asyncio.create_task(bot.service().run(front_end=True, worker=False))
    await until(lambda: bot.platform.connected)
    bot.platform.say(posted(bot))
    await until(lambda: bot.platform.accepted)
    await until(lambda: len(bot.work.entries) == 1)
    await stopped(running)
    assert not bot.platform.connected


async def test_a_session_is_held_by_one_front_end_and_another_takes_over() -> None:
    bot = Bot(apart=True)
    bot.platform.session = "fake/bot"
    first, second = bot.service(), bot.service()
    running = asyncio.create_task(first.run(front_end=True, worker=False))
    await until(lambda: bot.platform.connected)
    waiting = asyncio.create_task(second.run(front_end=True, worker=False))
    await asyncio.sleep(0.05)
    assert ([*first.listening], [*second.listening]) == ([bot.platform], [])
    bot.platform.say(posted(bot))
    await until(lambda: len(bot.work.entries) == 1)
    await stopped(running)
    await until(lambda: bot.platform.connected)
    assert ([*first.listening], [*second.listening]) == ([], [bot.platform])
    await stopped(waiting)
    assert not bot.platform.connected


async def test_a_platform_without_a_session_is_listened_to_by_all() -> None:
    bot = Bot()
    assert [*bot.service().listening] == [bot.platform]


async def test_what_ends_the_listening_ends_the_service() -> None:
    bot = Bot(apart=True)
    bot.platform.session = "fake/bot"
    bot.platform.listen = refused
    with pytest.raises(ExceptionGroup) as raised:
        await bot.service().run(front_end=True, worker=False)
    assert raised.group_contains(ConfigurationError)


async def refused(*_: object) -> None:
    raise ConfigurationError("slack_token", ["SLACK_BOT_TOKEN"])


async def test_one_process_does_it_all_with_a_session_too() -> None:
    bot = Bot()
    bot.platform.session = "fake/bot"
    service = bot.service()
    running = asyncio.create_task(service.run(front_end=True, worker=True))
    bot.platform.say(posted(bot))
    await until(lambda: bot.said)
    assert [*service.listening] == [bot.platform]
    await stopped(running)
    assert (await bot.event()).ending is Ending.POSTED


async def test_one_process_does_it_all() -> None:
    bot = Bot()
    running = asyncio.create_task(bot.service().run(front_end=True, worker=True))
    bot.platform.say(posted(bot))
    await until(lambda: bot.said)
    await stopped(running)
    assert (await bot.event()).ending is Ending.POSTED
