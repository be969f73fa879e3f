"""Events that are answered: once, whatever fails on the way."""

import asyncio
from dataclasses import replace

import pytest

from bot.model import (
    Again,
    Commanded,
    DeliveryState,
    Done,
    Ending,
    Job,
    Queue,
    Reacted,
    Reading,
    Task,
    Thread,
    Verdict,
)
from tests.flows.articles import MUSEUM, PIER
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, WALL_URL, Bot


@pytest.fixture
def bot() -> Bot:
    return Bot()


def job(task: Task, target: int) -> Job:
    return Job(task=task, target=target, queue=Queue.BRIEFS, workspace="fake/T1", lock="x")


# --- dialogues -------------------------------------------------------------------------------


async def test_a_link_is_answered_with_its_brief_in_its_thread(bot: Bot) -> None:
    await bot.say(PIER_URL, where="7")
    await bot.do_all()
    (said,) = bot.said
    assert "Old pier at Wexcombe to reopen after storm repairs" in said
    assert bot.platform.posts[0].ref.thread == Thread(channel=NEWS, id="7")
    event = await bot.event()
    assert (event.ending, event.incoming) == (Ending.POSTED, None)
    assert bot.telemetry.endings == {("fake", Ending.POSTED, ""): 1}
    assert {one.trace for one in bot.telemetry.lines} == {event.trace}


async def test_a_question_is_answered_from_its_thread(bot: Bot) -> None:
    await bot.say(PIER_URL, where="1")
    await bot.say(MUSEUM_URL, where="2")
    await bot.do_all()
    await bot.say("What was it?", where="1")
    await bot.do_all()
    assert PIER.paragraphs[0] in bot.said[-1]
    assert MUSEUM.paragraphs[0] not in bot.said[-1]


async def test_what_is_said_in_one_thread_is_answered_in_its_order(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.say("What was it?")
    await bot.do_all()
    assert ["Old pier" in bot.said[0], "The article says" in bot.said[1]] == [True, True]


async def test_several_links_are_one_post(bot: Bot) -> None:
    await bot.say(f"{PIER_URL} {WALL_URL} {MUSEUM_URL}")
    await bot.do_all()
    (said,) = bot.said
    assert "Old pier" in said
    assert "cookie notice" in said
    assert "Museum returns" in said


async def test_who_asks_for_what_cannot_be_is_told_so(bot: Bot) -> None:
    await bot.say("What did the repairs cost?")
    await bot.say("/serach tea")
    await bot.do_all()
    assert "Nothing was read yet" in bot.said[0]
    assert "There is no command “serach”" in bot.said[1]
    assert [(await bot.event(number)).ending for number in (1, 2)] == [Ending.POSTED] * 2


async def test_a_command_is_carried_out(bot: Bot) -> None:
    await bot.intake.accept(
        Commanded(
            key="c1",
            thread=Thread(channel=NEWS, id="1"),
            who="ada",
            text="settings bullets 8",
            at=bot.clock.now(),
        )
    )
    await bot.do_all()
    assert bot.said == ["bullets: 5 -> 8\n"]


async def test_what_calls_for_nothing_ends_without_a_post(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    await bot.do_all()
    given = Reacted(
        key="r1", message=bot.message(PIER_URL, "m-e1"), who="bob", reaction="newspaper"
    )
    await bot.intake.accept(given)
    await bot.do_all()
    event = await bot.event(2)
    assert (event.ending, event.reason, len(bot.said)) == (Ending.SILENT, "briefed_already", 1)
    assert bot.telemetry.endings["fake", Ending.SILENT, "briefed_already"] == 1


# --- once ------------------------------------------------------------------------------------


async def test_a_job_that_is_run_twice_posts_once(bot: Bot) -> None:
    await bot.say(PIER_URL)
    twice = bot.work.jobs[0]
    assert await bot.handle.handle(twice) == Done()
    assert await bot.handle.handle(twice) == Done()
    await bot.do_all()
    assert await bot.handle.handle(twice) == Done()
    assert await bot.handle.handle(job(Task.DELIVER, 1)) == Done()
    await bot.do_all()
    assert len(bot.said) == 1
    assert (await bot.event()).ending is Ending.POSTED


async def test_a_job_that_is_run_twice_at_the_same_time_posts_once(bot: Bot) -> None:
    await bot.say(PIER_URL)
    twice = bot.work.jobs[0]
    await asyncio.gather(*(bot.handle.handle(twice) for _ in range(2)))
    await bot.do_all()
    assert len(bot.said) == 1


@pytest.mark.parametrize("task", Task)
async def test_what_is_not_there_has_nothing_left_to_do(bot: Bot, task: Task) -> None:
    assert await bot.handle.handle(job(task, 7)) == Done()


async def test_what_was_done_before_a_failure_is_not_done_again(bot: Bot) -> None:
    bot.writer.fails[MUSEUM.version] = [KeyError("a bug")]
    third = "https://sample.example/third"
    other = replace(PIER, url=third, version="third", headline="A third one")
    bot.pages.add(third, Reading(source=third, verdict=Verdict.ARTICLE, article=other))
    await bot.say(f"{PIER_URL} {MUSEUM_URL} {third}")
    assert await bot.do_next() == Again(after=0.75)
    assert [step.place for step in await bot.store.steps(1)] == [0]
    assert (await bot.event()).failures == 1
    bot.pages.asked.clear()
    await bot.do_all()
    assert bot.pages.asked == [MUSEUM_URL, third]
    assert [one.version for one in bot.writer.briefed] == [PIER.version, MUSEUM.version, "third"]
    (said,) = bot.said
    assert said.index("Old pier") < said.index("Museum returns") < said.index("A third one")
    assert len(await bot.store.mentions(NEWS, limit=9)) == 3


async def test_a_page_that_could_not_be_read_is_not_asked_for_again(bot: Bot) -> None:
    bot.writer.fails[PIER.version] = [KeyError("a bug")]
    await bot.say(f"{WALL_URL} {PIER_URL}")
    await bot.do_next()
    bot.pages.asked.clear()
    await bot.do_all()
    assert bot.pages.asked == [PIER_URL]
    assert "cookie notice" in bot.said[0]


async def test_what_was_forgotten_between_two_tries_is_not_told(bot: Bot) -> None:
    bot.writer.fails[MUSEUM.version] = [KeyError("a bug")]
    await bot.say(f"{PIER_URL} {MUSEUM_URL}")
    await bot.do_next()
    await bot.store.forget(NEWS, [1])
    await bot.do_all()
    assert "Old pier" not in "".join(bot.said)


async def test_what_was_answered_before_a_failure_is_one_question(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    await bot.say("What was it?")
    entry = bot.work.take()
    assert entry is not None
    # The answer is stored, then the post cannot be.
    begin, calls = bot.store.begin, []

    def second_fails():  # type: ignore[no-untyped-def]
        calls.append(1)
        bot.store.fails = 1 if len(calls) == 2 else 0
        return begin()

    bot.store.begin = second_fails  # type: ignore[method-assign]
    finish = await bot.handle.handle(entry.job)
    bot.store.begin = begin  # type: ignore[method-assign]
    assert isinstance(finish, Again)
    bot.work.settle(entry, finish)
    await bot.do_all()
    assert len(bot.said) == 2
    assert len(await bot.store.answers(NEWS, limit=9)) == 1


# --- failing ---------------------------------------------------------------------------------


async def test_what_fails_over_and_over_is_given_up_and_can_be_revived(bot: Bot) -> None:
    bot.writer.fails[PIER.version] = [KeyError("secret")] * 100
    await bot.say(PIER_URL)
    await bot.do_all()
    event = await bot.event()
    assert (event.ending, event.reason) == (Ending.DEAD, "broken.KeyError")
    assert event.incoming is not None
    assert bot.said == []
    assert bot.telemetry.endings == {("fake", Ending.DEAD, "broken.KeyError"): 1}
    (letter,) = await bot.store.letters(limit=9)
    assert (letter.number, letter.reason) == (1, "broken.KeyError")
    bot.writer.fails.clear()
    await bot.revive(1)
    await bot.do_all()
    assert len(bot.said) == 1
    assert (await bot.event()).ending is Ending.POSTED


async def test_what_another_version_wrote_is_kept_for_it(bot: Bot) -> None:
    await bot.say(PIER_URL)
    inbox = bot.store._state.inbox
    whole = inbox.events[1]
    inbox.events[1] = replace(whole, event=replace(whole.event, incoming=None))
    await bot.do_all()
    event = await bot.event()
    assert (event.ending, event.reason, bot.said) == (Ending.DEAD, "unreadable", [])
    readable = bot.store._state.inbox.events[1]
    bot.store._state.inbox.events[1] = replace(
        readable, event=replace(readable.event, incoming=whole.event.incoming)
    )
    await bot.revive(1)
    await bot.do_all()
    assert len(bot.said) == 1


@pytest.mark.parametrize("fails", [1, 2, 3, 7])
async def test_a_store_that_fails_meanwhile_leads_to_one_post_later(bot: Bot, fails: int) -> None:
    await bot.say(f"{PIER_URL} {MUSEUM_URL}")
    bot.store.fails = fails
    assert isinstance(await bot.do_next(), Again)
    await bot.do_all()
    assert len(bot.said) == 1
    assert len(bot.platform.sent) == 1
    assert len(await bot.store.mentions(NEWS, limit=9)) == 2
    assert (await bot.event()).ending is Ending.POSTED


@pytest.mark.parametrize("good", range(6))
async def test_at_whatever_transaction_the_store_fails_there_is_one_post(
    bot: Bot, good: int
) -> None:
    await bot.say(PIER_URL)
    begin, calls = bot.store.begin, []

    def one_fails():  # type: ignore[no-untyped-def]
        calls.append(1)
        bot.store.fails = 1 if len(calls) == good + 1 else 0
        return begin()

    bot.store.begin = one_fails  # type: ignore[method-assign]
    await bot.do_all()
    assert len(bot.said) == 1
    assert len(bot.platform.sent) == 1
    assert (await bot.event()).ending is Ending.POSTED
    assert (await bot.line()).state is DeliveryState.POSTED


async def test_while_the_store_is_away_nobody_is_asked_over_and_over(bot: Bot) -> None:
    await bot.say(PIER_URL)
    bot.store.away = True
    await bot.do_all(within=600)
    pauses = [one.after for one in bot.finishes if isinstance(one, Again)]
    assert pauses == sorted(pauses)
    assert len(bot.pages.asked) < 40
    bot.store.away = False
    await bot.do_all()
    assert len(bot.said) == 1


async def test_after_the_store_was_there_a_new_trouble_begins_with_a_short_pause(bot: Bot) -> None:
    bot.writer.fails[PIER.version] = [KeyError("a bug")]
    await bot.say(PIER_URL)
    bot.store.away = True
    for _ in range(8):
        await bot.do_next()
        bot.clock.wait(seconds=60)
    bot.store.away = False
    bot.finishes.clear()
    bot.writer.fails[PIER.version] = [KeyError("a bug")]
    await bot.do_next()  # this failure could be stored
    bot.clock.wait(seconds=60)
    bot.store.fails = 1
    await bot.do_next()
    assert [one.after < 1 for one in bot.finishes if isinstance(one, Again)] == [True, True]
    await bot.do_all()
    assert len(bot.said) == 1


async def test_a_store_that_cannot_be_read_is_tried_again(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_: int) -> None:
        raise KeyError

    await bot.say(PIER_URL)
    with monkeypatch.context() as patched:
        patched.setattr(bot.store, "event", broken)
        patched.setattr(bot.store, "delivery", broken)
        for task in Task:
            assert isinstance(await bot.handle.handle(job(task, 1)), Again)
    await bot.do_all()
    assert len(bot.said) == 1


async def test_being_stopped_is_no_failure(bot: Bot) -> None:
    bot.writer.fails[PIER.version] = [asyncio.CancelledError()]  # type: ignore[list-item]
    await bot.say(PIER_URL)
    with pytest.raises(asyncio.CancelledError):
        await bot.handle.handle(bot.work.jobs[0])
    assert (await bot.event()).failures == 0
    await bot.do_all()
    assert len(bot.said) == 1
