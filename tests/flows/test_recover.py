"""What is open and has no job gets one."""

import pytest

from bot.flows import recover as recovering
from bot.flows.recover import recover
from bot.model import DeliveryState, Ending, Job, Queue, Task
from tests.flows.bot import PIER_URL, WALL_URL, Bot


@pytest.fixture
def bot() -> Bot:
    return Bot()


def lose_jobs(bot: Bot) -> list[Job]:
    """Leave the queue behind, as a restore does; return what it held."""
    lost = bot.work.jobs
    bot.work.entries.clear()
    return lost


async def test_where_nothing_is_open_nothing_is_done(bot: Bot) -> None:
    assert await recover(store=bot.store, work=bot.work) == 0


async def test_an_event_gets_its_job_back(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.say("What did it cost?")
    lost = lose_jobs(bot)
    assert await recover(store=bot.store, work=bot.work) == 2
    assert [(one.key, one.queue, one.lock) for one in bot.work.jobs] == [
        (one.key, one.queue, one.lock) for one in lost
    ]
    assert [one.queue for one in bot.work.jobs] == [Queue.BRIEFS, Queue.QUESTIONS]
    await bot.do_all()
    assert len(bot.said) == 2


async def test_a_post_gets_its_job_back(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_next()
    lost = lose_jobs(bot)
    assert [one.task for one in lost] == [Task.DELIVER]
    assert await recover(store=bot.store, work=bot.work) == 1
    assert bot.work.jobs == lost
    await bot.do_all()
    assert len(bot.said) == 1


async def test_what_may_have_arrived_is_looked_for(bot: Bot) -> None:
    await bot.say(PIER_URL)
    bot.platform.after.append(lambda: setattr(bot.store, "away", True))
    await bot.do_next()
    await bot.do_next()
    bot.platform.after.clear()
    bot.store.away = False
    lose_jobs(bot)
    bot.start()
    assert (await bot.line()).state is DeliveryState.SENDING
    assert await recover(store=bot.store, work=bot.work) == 1
    await bot.do_all()
    assert len(bot.said) == 1


async def test_what_has_its_job_gets_no_second(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.say(WALL_URL, where="2")
    await bot.do_next()
    before = bot.work.jobs
    assert await recover(store=bot.store, work=bot.work) == 0
    assert bot.work.jobs == before


async def test_what_runs_gets_no_second(bot: Bot) -> None:
    await bot.say(PIER_URL)
    assert bot.work.take() is not None
    assert await recover(store=bot.store, work=bot.work) == 0


async def test_what_is_over_gets_none(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    await bot.say(WALL_URL)
    async with bot.store.begin() as tx:
        await bot.store.end_event(tx, 2, Ending.DEAD, reason="why", at=bot.clock.now())
    lose_jobs(bot)
    assert await recover(store=bot.store, work=bot.work) == 0


async def test_however_many_are_open_all_get_theirs(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovering, "_AT_ONCE", 3)
    for number in range(7):
        await bot.say(WALL_URL, where=str(number))
    for _ in range(3):
        await bot.do_next()
    kept = lose_jobs(bot)
    assert {one.task for one in kept} == set(Task)
    assert await recover(store=bot.store, work=bot.work) == len(kept) == 6
    assert {one.key for one in bot.work.jobs} == {one.key for one in kept}
    await bot.do_all()
    assert len(bot.said) == 7
