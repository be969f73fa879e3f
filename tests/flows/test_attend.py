"""What takes long is shown, and is broken off where nobody wants it any more."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import NotSent
from bot.model import Deleted, Ending, Sign, Thread
from tests.flows.bot import NEWS, PIER_URL, Bot

HERE = Thread(channel=NEWS, id="1")


@pytest.fixture
def bot() -> Bot:
    made = Bot()
    made.writer.thinking = asyncio.Event()
    return made


async def test_while_it_takes_long_the_platform_shows_so(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    doing = asyncio.create_task(bot.do_all())
    while len(bot.platform.shown) < 3:  # noqa: ASYNC110 - shown by the real clock
        await asyncio.sleep(0.005)
    bot.writer.thinking.set()
    await doing
    assert bot.platform.shown[0] == (HERE, "m-e1", Sign.WORKING)
    assert bot.platform.shown[-1] == (HERE, "m-e1", Sign.DONE)
    assert len(bot.said) == 1


async def test_what_is_done_at_once_is_not_announced() -> None:
    bot = Bot(moment=60)
    await bot.say(PIER_URL)
    await bot.do_all()
    assert bot.platform.shown == []


async def test_a_deleted_message_is_not_answered(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    doing = asyncio.create_task(bot.do_all())
    await asyncio.sleep(0.03)
    await bot.intake.accept(Deleted(key="d1", thread=HERE, message_id="m-e1"))
    await doing
    event = await bot.event()
    assert (event.ending, event.reason) == (Ending.WITHDRAWN, "taken_back")
    assert bot.said == []
    assert bot.writer.briefed == []
    assert bot.platform.shown[-1] == (HERE, "m-e1", Sign.NOTHING)
    assert bot.telemetry.endings == {("fake", Ending.WITHDRAWN, "taken_back"): 1}


async def test_a_message_deleted_before_its_turn_is_not_even_read(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    await bot.intake.accept(Deleted(key="d1", thread=HERE, message_id="m-e1"))
    await bot.do_all()
    assert bot.pages.asked == []
    assert bot.said == []


async def test_what_was_taken_back_just_before_its_post_is_stored_is_not_posted(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    bot.writer.thinking.set()

    async def take_back() -> None:
        await bot.intake.accept(Deleted(key="d1", thread=HERE, message_id="m-e1"))

    event = await bot.event()
    assert event.incoming is not None
    await bot.conversation(NEWS).understood(
        event.incoming.message, 1
    )  # its brief is stored, its post is not
    await take_back()
    await bot.do_all()
    assert bot.said == []


async def test_stop_ends_what_is_under_way_in_its_thread_and_says_so(bot: Bot) -> None:
    await bot.say(PIER_URL, where="1")
    await bot.say(PIER_URL, where="2")
    doing = asyncio.create_task(bot.do_next())
    await asyncio.sleep(0.03)
    await bot.say("stop", where="1")
    await doing
    bot.writer.thinking.set()
    await bot.do_all()
    assert (await bot.event(1)).ending is Ending.WITHDRAWN
    assert (await bot.event(2)).ending is Ending.POSTED
    assert (await bot.event(3)).ending is Ending.POSTED
    assert any(text.startswith("Stopped.") for text in bot.said)
    assert len(bot.said) == 2


async def test_a_platform_that_cannot_show_it_holds_nothing_up(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(thread: Thread, message: str, sign: Sign) -> None:
        raise NotSent("fake")

    monkeypatch.setattr(bot.platform, "show", refuse)
    await bot.say(PIER_URL)
    doing = asyncio.create_task(bot.do_all())
    await asyncio.sleep(0.05)
    bot.writer.thinking.set()
    await doing
    assert len(bot.said) == 1
