"""Posts that arrive once, whatever the platform, the store and the clocks do."""

import asyncio
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.working.retry import LOOK_UP, PLATFORM
from bot.errors import NotSent, Rejected, Throttled, Unsure
from bot.model import (
    Again,
    DeliveryState,
    Done,
    Ending,
    Finish,
    Instant,
    Job,
    Queue,
    Task,
)
from tests.flows.bot import NEWS, PIER_URL, SETTLE, Bot


@pytest.fixture
async def bot() -> Bot:
    """A bot that has a post to deliver, and nothing else to do."""
    made = Bot()
    await made.say(PIER_URL)
    await made.do_next()
    made.finishes.clear()
    return made


def down(count: int) -> list[NotSent]:
    return [NotSent("fake", "connection")] * count


async def deliver(bot: Bot, number: int = 1) -> Finish:
    job = Job(task=Task.DELIVER, target=number, queue=Queue.POSTS, workspace="fake/T1", lock="x")
    return await bot.handle.handle(job)


async def posted_once(bot: Bot) -> None:
    """That there is one post, and all who ask are told where."""
    (sent,) = bot.platform.posts
    line = await bot.line()
    assert (line.state, line.ref, line.post) == (DeliveryState.POSTED, sent.ref, None)
    assert sent.key == line.key
    event = await bot.event()
    assert (event.ending, event.incoming) == (Ending.POSTED, None)
    assert bot.telemetry.endings["fake", Ending.POSTED, ""] == 1
    assert await bot.store.letters(limit=9) == []


# --- as it should be -------------------------------------------------------------------------


async def test_a_post_arrives_with_its_key(bot: Bot) -> None:
    await bot.do_all()
    await posted_once(bot)
    assert bot.platform.looks == 0
    assert {"answer", "post"} <= {step for step, _ in bot.telemetry.steps}


async def test_the_ledger_says_so_before_anything_is_sent(bot: Bot) -> None:
    seen: list[object] = []
    bot.platform.before.append(lambda: seen.append((bot.line_now().state, bot.line_now().tried)))
    began = bot.clock.instant()
    await bot.do_all()
    await posted_once(bot)
    assert seen == [(DeliveryState.SENDING, began)]


async def test_two_who_deliver_the_same_line_post_once(bot: Bot) -> None:
    finishes = await asyncio.gather(*(deliver(bot) for _ in range(3)))
    assert [one for one in finishes if one == Done()]
    await bot.do_all()
    await posted_once(bot)
    assert len(bot.platform.sent) == 1


# --- it may have arrived ---------------------------------------------------------------------


async def test_what_arrived_without_an_answer_is_found_and_not_sent_again(bot: Bot) -> None:
    bot.platform.fail_after(Unsure("fake", "timeout"))
    await bot.do_next()
    assert (await bot.line()).state is DeliveryState.SENDING
    await bot.do_all()
    await posted_once(bot)
    assert (len(bot.platform.sent), bot.platform.looks) == (1, 1)
    assert bot.clock.instant().seconds >= SETTLE


async def test_what_did_not_arrive_is_sent_again_once_that_is_sure(bot: Bot) -> None:
    bot.platform.fail_before(Unsure("fake", "timeout"))
    await bot.do_all()
    await posted_once(bot)
    assert (len(bot.platform.sent), bot.platform.looks) == (2, 1)
    assert bot.clock.instant().seconds >= SETTLE


@pytest.mark.parametrize("arrives", [True, False])
async def test_a_process_that_died_while_sending_leaves_one_post(bot: Bot, arrives: bool) -> None:
    died = asyncio.CancelledError()
    if arrives:
        bot.platform.fail_after(died)  # type: ignore[arg-type]
    else:
        bot.platform.fail_before(died)  # type: ignore[arg-type]
    with pytest.raises(asyncio.CancelledError):
        await deliver(bot)
    bot.start()
    finish = await deliver(bot)
    assert isinstance(finish, Again)
    assert finish.after >= SETTLE
    await bot.do_all()
    await posted_once(bot)
    assert bot.clock.instant().seconds >= SETTLE


async def test_what_another_machine_was_sending_is_waited_for_from_now_on(bot: Bot) -> None:
    line = await bot.line()
    elsewhere = Instant(era="another machine", seconds=bot.clock.instant().seconds - 1000)
    sending = replace(line, state=DeliveryState.SENDING, tried=elsewhere)
    async with bot.store.begin() as tx:
        assert await bot.store.change_delivery(tx, sending, at=bot.clock.now())
    bot.clock.wait(seconds=1000)
    began = bot.clock.instant().seconds
    first = await deliver(bot)
    assert isinstance(first, Again)
    assert first.after >= SETTLE
    bot.clock.wait(seconds=4)
    second = await deliver(bot)
    assert second == Again(after=first.after - 4)
    await bot.do_all()
    await posted_once(bot)
    assert bot.clock.instant().seconds - began >= SETTLE
    assert bot.platform.looks == 1


async def test_a_clock_on_the_wall_that_is_set_changes_nothing(bot: Bot) -> None:
    bot.platform.fail_before(Unsure("fake"))
    await bot.do_next()
    bot.clock.jump(days=2)
    finish = await deliver(bot)
    assert isinstance(finish, Again)
    bot.clock.jump(days=-4)
    await bot.do_all()
    await posted_once(bot)


async def test_a_look_up_that_fails_is_made_again(bot: Bot) -> None:
    bot.platform.fail_after(Unsure("fake"))
    for error in (NotSent("fake"), Throttled("fake", 30), Unsure("fake")):
        bot.platform.fail_find(error)
    await bot.do_all()
    await posted_once(bot)
    assert (len(bot.platform.sent), bot.platform.looks) == (1, 4)


async def test_what_nobody_can_find_out_is_left_to_a_person(bot: Bot) -> None:
    bot.platform.fail_after(Unsure("fake"))
    for _ in range(1000):
        bot.platform.fail_find(Unsure("fake"))
    await bot.do_all()
    line = await bot.line()
    assert (line.state, line.reason) == (DeliveryState.UNCERTAIN, "Unsure")
    assert line.post is not None
    assert (await bot.event()).ending is None
    assert [one.state for one in await bot.store.letters(limit=9)] == [DeliveryState.UNCERTAIN]
    assert bot.clock.instant().seconds >= LOOK_UP.deadline / 2  # type: ignore[operator]
    assert len(bot.platform.sent) == 1
    assert bot.work.jobs == []
    bot.platform._blind.clear()
    await bot.revive(1)
    await bot.do_all()
    await posted_once(bot)  # it was there all the time
    assert len(bot.platform.sent) == 1


# --- it has not arrived ----------------------------------------------------------------------


async def test_who_asks_us_to_wait_is_waited_for(bot: Bot) -> None:
    bot.platform.fail_before(Throttled("fake", 90))
    finish = await bot.do_next()
    assert isinstance(finish, Again)
    assert 90 <= finish.after <= 90 * 1.25
    line = await bot.line()
    assert (line.state, line.failures) == (DeliveryState.NEW, 1)
    await bot.do_all()
    await posted_once(bot)
    assert (len(bot.platform.sent), bot.platform.looks) == (2, 0)
    assert bot.clock.instant().seconds >= 90


async def test_what_was_not_sent_is_sent_again_without_a_look(bot: Bot) -> None:
    for error in down(5):
        bot.platform.fail_before(error)
    await bot.do_all()
    await posted_once(bot)
    assert (len(bot.platform.sent), bot.platform.looks) == (6, 0)
    assert [one.happened for one in bot.telemetry.troubles] == ["post_failed"] * 5


async def test_after_a_day_without_a_platform_a_person_has_to_look(bot: Bot) -> None:
    for error in down(2000):
        bot.platform.fail_before(error)
    await bot.do_all(within=3 * 86_400)
    line, event = await bot.line(), await bot.event()
    assert (line.state, line.reason) == (DeliveryState.FAILED, "NotSent")
    assert (event.ending, event.reason) == (Ending.DEAD, "NotSent")
    assert bot.clock.instant().seconds >= PLATFORM.deadline / 2  # type: ignore[operator]
    assert bot.telemetry.endings == {("fake", Ending.DEAD, "NotSent"): 1}
    assert bot.work.jobs == []
    (letter,) = await bot.store.letters(limit=9)
    assert (letter.number, letter.state) == (1, DeliveryState.FAILED)
    bot.platform._failures.clear()
    await bot.revive(letter.number)
    await bot.do_all()
    await posted_once(bot)
    assert bot.platform.looks == 0  # nothing was ever sent


async def test_what_is_refused_for_good_ends_at_once(bot: Bot) -> None:
    bot.platform.fail_before(Rejected("fake", "not_in_channel"))
    assert await bot.do_next() == Done()
    line, event = await bot.line(), await bot.event()
    assert (line.state, line.reason) == (DeliveryState.FAILED, "not_in_channel")
    assert (event.ending, event.reason) == (Ending.REFUSED, "not_in_channel")
    assert bot.telemetry.endings == {("fake", Ending.REFUSED, "not_in_channel"): 1}
    assert (bot.said, bot.work.jobs) == ([], [])
    await bot.revive(1)  # somebody invited us meanwhile
    await bot.do_all()
    await posted_once(bot)


async def test_a_platform_that_is_not_set_up_may_be_some_day(bot: Bot) -> None:
    platforms = bot.deliver.platforms
    assert isinstance(platforms, dict)
    platforms.clear()
    await bot.do_all(within=3600)
    assert (await bot.line()).state is DeliveryState.NEW
    platforms["fake"] = bot.platform
    await bot.do_all()
    await posted_once(bot)


async def test_an_error_that_nobody_foresaw_leads_to_one_post(bot: Bot) -> None:
    def break_once() -> None:
        bot.platform.after.clear()
        raise KeyError

    bot.platform.after.append(break_once)  # it arrived all the same
    assert isinstance(await bot.do_next(), Again)
    await bot.do_all()
    await posted_once(bot)


# --- forgetting ------------------------------------------------------------------------------


async def test_what_is_forgotten_meanwhile_is_not_posted(bot: Bot) -> None:
    await bot.store.forget(NEWS, [1])
    await bot.do_all()
    assert bot.platform.sent == []
    event = await bot.event()
    assert (event.ending, event.reason) == (Ending.WITHDRAWN, "forgotten")
    assert await bot.store.letters(limit=9) == []


async def test_what_is_forgotten_while_it_waits_is_not_posted(bot: Bot) -> None:
    bot.platform.fail_before(Throttled("fake", 90))
    await bot.do_next()
    await bot.store.forget(NEWS, [1])
    await bot.do_all()
    assert bot.said == []
    assert (await bot.event()).ending is Ending.WITHDRAWN


async def test_what_is_forgotten_just_before_it_is_sent_is_not_posted(bot: Bot) -> None:
    read = bot.store.delivery

    async def then_forgotten(number: int):  # type: ignore[no-untyped-def]
        line = await read(number)
        bot.store.delivery = read  # type: ignore[method-assign]
        await bot.store.forget(NEWS, [1])
        return line

    bot.store.delivery = then_forgotten  # type: ignore[method-assign]
    await bot.do_all()
    assert bot.platform.sent == []


async def test_that_what_is_forgotten_while_it_is_sent_arrived_is_known(bot: Bot) -> None:
    forgetting: list[asyncio.Task[object]] = []
    bot.platform.before.append(
        lambda: forgetting.append(asyncio.ensure_future(bot.store.forget(NEWS, [1])))
    )
    await bot.do_all()
    await asyncio.gather(*forgetting)
    line = await bot.line()
    assert (line.state, line.post) == (DeliveryState.POSTED, None)
    assert (await bot.event()).incoming is None


# --- the store -------------------------------------------------------------------------------


async def test_where_it_cannot_be_announced_it_is_not_sent(bot: Bot) -> None:
    bot.store.fails = 1
    assert isinstance(await bot.do_next(), Again)
    assert bot.platform.sent == []
    await bot.do_all()
    await posted_once(bot)
    assert bot.platform.looks == 0


async def test_where_its_arrival_cannot_be_stored_it_is_found_later(bot: Bot) -> None:
    bot.platform.after.append(lambda: setattr(bot.store, "away", True))
    assert isinstance(await bot.do_next(), Again)
    assert len(bot.said) == 1
    bot.platform.after.clear()
    bot.store.away = False
    await bot.do_all()
    await posted_once(bot)
    assert (len(bot.platform.sent), bot.platform.looks) == (1, 1)


async def test_what_took_long_to_announce_is_announced_anew(bot: Bot) -> None:
    slow = [5.0, 3.0]

    def wait(_: object) -> None:
        if slow:
            bot.clock.wait(seconds=slow.pop(0))

    ages: list[float] = []

    def note_age() -> None:
        tried = bot.line_now().tried
        ages.append(bot.clock.instant().seconds - tried.seconds if tried else -1)

    bot.store.before_change = wait
    bot.platform.before.append(note_age)
    await bot.do_next()
    assert (slow, ages) == ([], [0])
    await posted_once(bot)


async def test_who_is_overtaken_while_announcing_does_not_send(bot: Bot) -> None:
    started: list[asyncio.Task[Finish]] = []

    def overtaken(_: object) -> None:
        if not started:
            bot.clock.wait(seconds=5)
            started.append(asyncio.ensure_future(deliver(bot)))

    bot.store.before_change = overtaken
    await bot.do_all()
    await asyncio.gather(*started)
    await bot.do_all()
    await posted_once(bot)
    assert len(bot.platform.sent) == 1


async def test_a_post_that_this_version_cannot_read_is_kept(bot: Bot) -> None:
    inbox = bot.store._state.inbox
    line = inbox.lines[1]

    async def unreadable(number: int):  # type: ignore[no-untyped-def]
        return replace(bot.line_now(number), post=None)

    read, bot.store.delivery = bot.store.delivery, unreadable  # type: ignore[method-assign]
    await bot.do_all()
    bot.store.delivery = read  # type: ignore[method-assign]
    kept = await bot.line()
    assert (kept.state, kept.reason, kept.post) == (
        DeliveryState.FAILED,
        "unreadable",
        line.delivery.post,
    )
    assert (await bot.event()).ending is Ending.DEAD
    await bot.revive(1)
    await bot.do_all()
    await posted_once(bot)


# --- a storm ---------------------------------------------------------------------------------

hardships = st.lists(
    st.sampled_from(
        ["lost", "arrived", "down", "throttled", "blind", "unsure", "store", "died", "wait"]
    ),
    max_size=30,
)


def suffer(bot: Bot, hardship: str) -> None:
    match hardship:
        case "lost":
            bot.platform.fail_before(Unsure("fake"))
        case "arrived":
            bot.platform.fail_after(Unsure("fake"))
        case "down":
            bot.platform.fail_before(NotSent("fake"))
        case "throttled":
            bot.platform.fail_before(Throttled("fake", 5))
        case "blind":
            bot.platform.fail_find(NotSent("fake"))
        case "unsure":
            bot.platform.fail_find(Unsure("fake"))
        case "store":
            bot.store.fails += 1
        case "died":
            bot.start()
        case "wait":
            bot.clock.wait(seconds=7)


@settings(max_examples=60, deadline=None)
@given(hardships)
def test_after_any_storm_there_is_one_post_for_each_event(taken: list[str]) -> None:
    async def storm() -> None:
        bot = Bot()
        for number in range(3):
            await bot.say(PIER_URL, where=str(number % 2))
        for hardship in taken:
            suffer(bot, hardship)
            await bot.do_next()
        await bot.do_all()
        keys = [sent.key for sent in bot.platform.posts]
        assert len(keys) == len(set(keys)) == 3
        for number in range(1, 4):
            assert (await bot.event(number)).ending is Ending.POSTED
        assert bot.work.jobs == []

    asyncio.run(storm())
