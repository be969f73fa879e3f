"""What is taken in, and what is not."""

from dataclasses import replace

import pytest

from bot.errors import NotAccepted, StoreBusy
from bot.flows.recover import recover
from bot.model import Commanded, Mode, Queue, Task, Thread
from tests.flows.bot import NEWS, PIER_URL, Bot


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def set_mode(bot: Bot, mode: Mode) -> None:
    async with bot.store.begin() as tx:
        kept = await bot.store.channel_settings(NEWS)
        await bot.store.change_settings(tx, NEWS, replace(kept, mode=mode), [])


async def test_what_is_for_us_is_in_the_inbox_and_has_a_job(bot: Bot) -> None:
    await bot.say(f"do look at {PIER_URL}")
    (event,) = await bot.store.open_events(after=0, limit=9)
    assert event.incoming.message.text == PIER_URL  # type: ignore[union-attr]
    (job,) = bot.work.jobs
    assert (job.task, job.target, job.queue) == (Task.HANDLE, event.id, Queue.BRIEFS)
    assert (job.workspace, job.lock) == ("fake/T1", "fake/T1/news/1")
    assert bot.telemetry.events == {"fake": 1}
    assert [(one.happened, one.trace) for one in bot.telemetry.lines] == [("accepted", event.trace)]


async def test_questions_wait_in_a_queue_of_their_own(bot: Bot) -> None:
    await bot.say("What did the repairs cost?")
    assert [job.queue for job in bot.work.jobs] == [Queue.QUESTIONS]


async def test_a_command_is_taken_in(bot: Bot) -> None:
    thread = Thread(channel=NEWS, id="1")
    command = Commanded(key="c1", thread=thread, who="ada", text="list", at=bot.clock.now())
    await bot.intake.accept(command)
    assert (await bot.event()).incoming == command


async def test_what_is_delivered_twice_is_taken_in_once(bot: Bot) -> None:
    for _ in range(3):
        await bot.say(PIER_URL, key="same")
    assert len(bot.work.jobs) == 1
    assert bot.telemetry.events == {"fake": 1}
    await bot.do_all()
    await bot.say(PIER_URL, key="same")
    assert bot.work.jobs == []
    assert len(bot.said) == 1


async def test_nothing_is_kept_of_what_is_not_for_us(bot: Bot) -> None:
    await bot.say("Lunch?", us=False)
    await bot.say("What did the repairs cost?", us=False)
    assert bot.store._state.inbox.events == {}
    assert (bot.work.jobs, bot.telemetry.lines) == ([], [])
    assert bot.telemetry.events == {}


async def test_the_channel_s_own_mode_counts(bot: Bot) -> None:
    await set_mode(bot, Mode.AUTOMATIC)
    await bot.say(PIER_URL, us=False)
    assert len(bot.work.jobs) == 1
    await set_mode(bot, Mode.OFF)
    await bot.say(PIER_URL)
    assert len(bot.work.jobs) == 1


async def test_a_question_in_a_thread_of_ours_needs_no_name(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    await bot.say("What did the repairs cost?", us=False)
    await bot.say("What did the repairs cost?", us=False, where="another")
    await bot.do_all()
    assert len(bot.said) == 2


async def test_where_it_cannot_be_stored_it_is_not_accepted(bot: Bot) -> None:
    bot.store.fails = 1
    with pytest.raises(StoreBusy):
        await bot.say(PIER_URL, key="e1")
    assert bot.store._state.inbox.events == {}
    assert bot.work.jobs == []
    assert bot.telemetry.events == {}
    assert [one.happened for one in bot.telemetry.troubles] == ["not_accepted"]
    await bot.say(PIER_URL, key="e1")  # the platform delivers it again
    await bot.do_all()
    assert len(bot.said) == 1


async def test_without_its_job_an_event_is_not_accepted(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StoreBusy("memory")

    with monkeypatch.context() as patched:
        patched.setattr(bot.work, "enqueue", broken)
        with pytest.raises(StoreBusy):
            await bot.say(PIER_URL)
    assert bot.store._state.inbox.events == {}


async def test_one_event_that_cannot_be_taken_in_is_told_and_ends_nothing(bot: Bot) -> None:
    with pytest.raises(NotAccepted):
        await bot.say(f"{PIER_URL} why? \ud83d is that so?")
    assert bot.store._state.inbox.events == {}
    assert [type(one.error) for one in bot.telemetry.troubles] == [UnicodeEncodeError]


async def test_the_more_a_workspace_has_waiting_the_later_its_next(bot: Bot) -> None:
    for number in range(5):
        await bot.say(PIER_URL, where=str(number))
    assert [job.priority for job in bot.work.jobs] == [0, -1, -2, -2, -3]


async def test_what_is_taken_in_needs_no_recovering(bot: Bot) -> None:
    await bot.say(PIER_URL)
    assert await recover(store=bot.store, work=bot.work) == 0
