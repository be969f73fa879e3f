"""Where a platform has a session, what takes the platform is done by the process that has it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.flows.jobs import delivering, handling, sessions_of
from bot.flows.recover import recover
from bot.model import Done, Ending, Joined, Queue, Reacted, Task, Upload
from tests.fakes.platform import FakePlatform
from tests.flows.bot import NEWS, PIER_URL, Bot

if TYPE_CHECKING:
    from bot.model import Finish, Job

SESSION = Queue.SESSION
FILE = Upload(name="a.pdf", media_type="application/pdf", size=9, handle="F1")


@pytest.fixture
def bot() -> Bot:
    made = Bot(apart=True)
    made.platform.session = "fake/bot"
    return made


async def queued(bot: Bot) -> list[tuple[Task, Queue]]:
    """Return what waits, which is the same once it was lost and found again."""
    there = [(one.task, one.queue) for one in bot.work.jobs]
    lost = bot.work.jobs
    bot.work.entries.clear()
    sessions = sessions_of(bot.platforms.values())
    assert await recover(store=bot.store, work=bot.work, sessions=sessions) == len(lost)
    assert [(one.key, one.queue, one.lock) for one in bot.work.jobs] == [
        (one.key, one.queue, one.lock) for one in lost
    ]
    return there


async def test_briefs_and_questions_are_for_any_process(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.say("What did it cost?", where="2")
    await bot.say(f"brief {PIER_URL}", where="3")
    await bot.say("word " * 200, where="4")
    await bot.say("ask What did it cost?", where="5")
    assert [queue for _, queue in await queued(bot)] == [
        Queue.BRIEFS,
        Queue.QUESTIONS,
        Queue.BRIEFS,
        Queue.BRIEFS,
        Queue.QUESTIONS,
    ]


async def test_what_takes_the_platform_is_for_the_one_that_has_the_session(bot: Bot) -> None:
    await bot.say("settings mode automatic")
    await bot.say("", where="2", uploads=(FILE,))
    await bot.say(PIER_URL, where="3", uploads=(FILE,))
    await bot.say("forget mine", where="4")
    await bot.intake.accept(Joined(key="j", channel=NEWS, inviter="ada"))
    assert await queued(bot) == [(Task.HANDLE, SESSION)] * 5


async def test_a_reaction_is_for_whoever_does_what_it_wants(bot: Bot) -> None:
    for text, uploads, queue in (
        (PIER_URL, (), Queue.BRIEFS),
        (PIER_URL, (FILE,), SESSION),
        ("word " * 200, (), Queue.BRIEFS),
    ):
        message = replace(bot.message(text, f"m {queue} {text[:4]}"), uploads=uploads)
        reacted = Reacted(key=message.id, message=message, who="bob", reaction="📰", asked=True)
        await bot.intake.accept(reacted)
        assert (await queued(bot))[-1] == (Task.HANDLE, queue)


async def test_posts_are_for_the_one_that_has_the_session(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_next()
    assert await queued(bot) == [(Task.DELIVER, SESSION)]
    await bot.do_all()
    assert len(bot.said) == 1


async def test_where_there_is_no_session_nothing_is_apart() -> None:
    bot = Bot()
    await bot.say("settings mode automatic")
    await bot.say("", where="2", uploads=(FILE,))
    await bot.intake.accept(Joined(key="j", channel=NEWS, inviter="ada"))
    await bot.do_next()
    queues = [(one.task, one.queue) for one in bot.work.jobs]
    assert (Task.DELIVER, Queue.POSTS) in queues
    assert SESSION not in {queue for _, queue in queues}


async def test_each_platform_is_asked_for_itself(bot: Bot) -> None:
    await bot.say("settings")
    (line,) = await bot.store.open_events(after=0, limit=9)
    assert sessions_of([bot.platform, FakePlatform("other")]) == {"fake"}
    assert handling(line, Queue.QUESTIONS, sessions={"other"}).queue is Queue.QUESTIONS
    assert handling(line, Queue.QUESTIONS, sessions={"fake"}).queue is SESSION
    unread = replace(line, incoming=None)
    assert handling(unread, Queue.BRIEFS, sessions={"fake"}).queue is Queue.BRIEFS
    await bot.do_next()
    (line,) = await bot.store.open_deliveries(after=0, limit=9)
    assert delivering(line, sessions={"other"}).queue is Queue.POSTS
    assert delivering(line, sessions={"fake"}).queue is SESSION


async def test_a_worker_works_it_out_and_the_front_end_posts_it(bot: Bot) -> None:
    """As on PostgreSQL: one process reads and writes, another has the session."""
    done: dict[str, list[tuple[Task, Queue]]] = {"worker": [], "front end": []}

    async def do(name: str, job: Job) -> Finish:
        done[name].append((job.task, job.queue))
        finish = await bot.handle.handle(job)
        assert isinstance(finish, Done)
        return finish

    async def listen() -> None:
        await asyncio.Event().wait()

    works = [
        asyncio.create_task(bot.work.run(lambda job: do("worker", job), grace=0)),
        asyncio.create_task(
            bot.work.hold("fake/bot", listen, lambda job: do("front end", job), grace=0)
        ),
    ]
    await bot.say(PIER_URL)
    await bot.say("settings", where="2")
    async with asyncio.timeout(10):
        while len(bot.said) < 2:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.005)
    for one in works:
        one.cancel()
    await asyncio.wait(works)
    assert done["worker"] == [(Task.HANDLE, Queue.BRIEFS)]
    assert sorted(done["front end"]) == [
        (Task.DELIVER, SESSION),
        (Task.DELIVER, SESSION),
        (Task.HANDLE, SESSION),
    ]
    assert (await bot.event()).ending is Ending.POSTED


async def test_what_a_person_tries_again_goes_back_to_the_same_place(bot: Bot) -> None:
    await bot.say("settings")
    async with bot.store.begin() as tx:
        await bot.store.end_event(tx, 1, Ending.DEAD, reason="why", at=bot.clock.now())
    bot.work.entries.clear()
    await bot.press("retry", value="1")
    retried = bot.work.jobs
    assert [one.queue for one in retried] == [SESSION]
    await bot.do_next()
    assert {one.queue for one in bot.work.jobs} == {SESSION}
