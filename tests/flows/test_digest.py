"""A channel's day in one post: when it comes, what it tells, and that it comes once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.core.digesting import schedule
from bot.core.talking.wording import matrix
from bot.errors import StoreBusy
from bot.model import (
    Channel,
    ChannelSettings,
    Ending,
    Notify,
    Reading,
    SettingChange,
    Thread,
    Verdict,
)
from tests.fakes.clock import FakeClock
from tests.flows.articles import PIER
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, WALL_URL, Bot

WEDNESDAY = date(2026, 3, 4)
TEN_TO_NINE = datetime(2026, 3, 4, 8, 50, tzinfo=UTC)


async def turn_on(bot: Bot, channel: Channel = NEWS, **changes: Any) -> None:
    kept = ChannelSettings(digest=True, digest_least=1, **changes)
    entry = SettingChange(
        who="ada",
        at=bot.clock.now() - timedelta(hours=12),
        name="digest",
        before="no",
        after="yes",
    )
    async with bot.store.begin() as tx:
        await bot.store.change_settings(tx, channel, kept, [entry])


async def at_work(**changes: Any) -> Bot:
    """A bot in a channel with a digest, ten minutes before it comes."""
    bot = Bot(clock=FakeClock(TEN_TO_NINE))
    await turn_on(bot, **changes)
    return bot


async def morning(bot: Bot) -> None:
    """Let ten minutes pass, with a look at the clock each minute."""
    for _ in range(11):
        await bot.clockwork.tick()
        await bot.do_all(within=0)
        bot.clock.wait(minutes=1)


def digests(bot: Bot) -> list[str]:
    return [text for text in bot.said if text.startswith("Wednesday 4 March")]


async def test_it_comes_at_its_time_in_a_thread_of_its_own() -> None:
    bot = await at_work()
    await bot.say(PIER_URL, where="7")
    await bot.do_all(within=0)
    await bot.clockwork.tick()
    await bot.do_all(within=0)
    assert digests(bot) == []
    await morning(bot)
    (told,) = digests(bot)
    assert "1 story" in told
    assert bot.platform.posts[-1].ref.thread.id not in ("1", "7")
    assert await bot.store.told(NEWS) is not None


async def test_a_day_without_links_says_nothing_and_is_not_asked_again() -> None:
    bot = await at_work()
    await morning(bot)
    assert bot.said == []
    assert await bot.endings() == [(Ending.SILENT, "too_little")]


async def test_what_is_too_little_waits_for_the_next_digest() -> None:
    bot = await at_work()
    await bot.set(digest_least=2)
    await bot.say(PIER_URL)
    await morning(bot)
    assert digests(bot) == []
    await bot.say(MUSEUM_URL, where="2")
    bot.clock.wait(hours=23, minutes=50)
    await morning(bot)
    assert bot.said[-1].startswith("Thursday 5 March · 2 stories")


async def test_each_article_is_told_in_one_digest() -> None:
    bot = await at_work()
    await bot.say(PIER_URL)
    await morning(bot)
    bot.clock.wait(hours=1)
    await bot.say(MUSEUM_URL, where="2")
    bot.clock.wait(hours=22, minutes=50)
    await morning(bot)
    assert "museum" not in digests(bot)[0].lower()
    assert bot.said[-1].startswith("Thursday 5 March · 1 story")
    assert "museum" in bot.said[-1].lower()
    assert "pier" not in bot.said[-1].lower()


async def test_links_that_could_not_be_read_are_counted_and_named() -> None:
    bot = await at_work()
    await bot.say(f"{PIER_URL} {WALL_URL}")
    await morning(bot)
    (told,) = digests(bot)
    assert "1 link could not be read" in told
    assert "https://wall.example/a (cookie notice)" in told


async def test_no_more_stories_than_the_channel_wants_are_told() -> None:
    bot = await at_work(digest_most=1)
    await bot.say(f"{PIER_URL} {MUSEUM_URL}")
    await morning(bot)
    (told,) = digests(bot)
    assert "2 stories" in told
    assert "and 1 more" in told


async def test_a_bullet_that_was_struck_is_not_told() -> None:
    bot = await at_work()
    await bot.say(PIER_URL)
    await bot.do_all(within=0)
    (mention,) = await bot.store.mentions(NEWS, limit=9)
    assert mention.brief is not None
    first = mention.brief.bullets[0].text
    await bot.press("strike", f"{mention.number}\n1\nIt is not so.")
    await morning(bot)
    (told,) = digests(bot)
    assert first not in told


async def test_where_it_was_turned_off_in_the_last_moment_nothing_is_said() -> None:
    bot = await at_work()
    await bot.say(PIER_URL)
    await bot.do_all(within=0)
    bot.clock.wait(minutes=11)
    await bot.clockwork.tick()
    await bot.set(digest=False)
    await bot.do_all(within=0)
    assert digests(bot) == []
    assert (Ending.SILENT, "digest_off") in await bot.endings()


async def test_a_day_that_was_told_meanwhile_is_not_told_again() -> None:
    bot = await at_work()
    await bot.say(PIER_URL)
    await bot.do_all(within=0)
    bot.clock.wait(minutes=11)
    await bot.clockwork.tick()
    told = (await bot.conversation(NEWS).telling(ChannelSettings())).told
    async with bot.store.begin() as tx:
        await bot.store.tell(tx, NEWS, told)
    await bot.do_all(within=0)
    assert digests(bot) == []
    assert (Ending.SILENT, "told_already") in await bot.endings()


@pytest.mark.parametrize(
    ("notify", "loud"),
    [(Notify.ANSWERS, False), (Notify.DIGESTS, True), (Notify.ALL, True)],
)
async def test_where_nobody_is_told_of_bots_people_are_told_as_they_want(
    notify: Notify, *, loud: bool
) -> None:
    bot = Bot(clock=FakeClock(TEN_TO_NINE), hints=matrix("!brief"))
    await turn_on(bot, notify=notify)
    await bot.say(PIER_URL)
    await morning(bot)
    assert bot.platform.posts[-1].post.loud is loud


async def test_a_store_that_is_away_for_a_while_only_delays_it() -> None:
    bot = await at_work()
    await bot.say(PIER_URL)
    await bot.do_all(within=0)
    bot.clock.wait(minutes=10)
    bot.store.away = True
    assert await bot.clockwork.tick() == 1
    bot.store.away = False
    await morning(bot)
    assert len(digests(bot)) == 1


async def test_a_clock_that_cannot_read_the_store_looks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot = await at_work()

    async def away() -> list[Any]:
        raise StoreBusy("memory")

    with monkeypatch.context() as broken:
        broken.setattr(bot.store, "subscriptions", away)
        assert await bot.clockwork.tick() == 0
    assert bot.telemetry.troubles[-1].happened == "clock_failed"


async def test_one_channel_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = await at_work()
    other = Channel(workspace=NEWS.workspace, id="other")
    await turn_on(bot, other)
    bot.clock.wait(minutes=11)
    due = schedule.due
    seen: list[ChannelSettings] = []

    def fail_first(settings: ChannelSettings, *given: Any, **named: Any) -> date | None:
        seen.append(settings)
        if len(seen) == 1:
            raise KeyError(settings.zone)
        return due(settings, *given, **named)

    monkeypatch.setattr(schedule, "due", fail_first)
    assert await bot.clockwork.tick() == 1
    assert bot.telemetry.troubles[-1].happened == "not_due"


# --- asked for ----------------------------------------------------------------------------------


async def test_a_preview_is_shown_to_whoever_asks_and_nothing_is_kept_of_it() -> None:
    bot = Bot(clock=FakeClock(TEN_TO_NINE))
    await bot.say("digest preview", who="bob")
    await bot.do_all(within=0)
    assert "Nothing new to tell" in bot.said[-1]
    await bot.say(PIER_URL)
    await bot.say("digest preview", who="bob", where="9")
    await bot.do_all(within=0)
    who, text = bot.told[-1]
    assert who == "bob"
    assert text.startswith("Wednesday 4 March · 1 story")
    assert await bot.store.told(NEWS) is None


async def test_now_it_takes_the_place_of_the_one_of_today() -> None:
    bot = await at_work()
    await bot.say(PIER_URL)
    await bot.order("digest now")
    await bot.do_all(within=0)
    assert len(digests(bot)) == 1
    assert bot.platform.posts[-1].post.to == ""  # it is for everybody
    await bot.say(MUSEUM_URL, where="2")
    await morning(bot)
    assert len(digests(bot)) == 1
    bot.clock.wait(hours=24)
    await morning(bot)
    assert bot.said[-1].startswith("Thursday 5 March · 1 story")
    assert "pier" not in bot.said[-1].lower()


async def test_now_once_more_it_tells_what_came_since() -> None:
    bot = await at_work()
    await bot.say(PIER_URL)
    await morning(bot)
    await bot.say("digest now", where="5")
    await bot.do_all(within=0)
    assert "Nothing new to tell" in bot.said[-1]
    await bot.say(MUSEUM_URL, where="2")
    await bot.say("digest now", where="5")
    await bot.do_all(within=0)
    assert "museum" in bot.said[-1].lower()
    assert len(digests(bot)) == 2


async def test_now_is_for_those_who_look_after_the_channel() -> None:
    bot = await at_work()
    await bot.say(PIER_URL)
    await bot.say("digest now", who="bob")
    await bot.do_all(within=0)
    assert digests(bot) == []
    assert "Only those who look after" in bot.said[-1]


async def test_paused_it_comes_again_on_its_day() -> None:
    bot = await at_work(digest_from="2026-03-05")
    await morning(bot)
    assert await bot.endings() == []
    await bot.say(PIER_URL)
    bot.clock.wait(hours=24)
    await morning(bot)
    assert bot.said[-1].startswith("Thursday 5 March · 1 story")


async def test_what_is_asked_in_its_thread_is_answered_from_all_that_was_read() -> None:
    bot = await at_work()
    await bot.say(f"{PIER_URL} {MUSEUM_URL}")
    await morning(bot)
    begun = bot.platform.posts[-1].ref
    line = await bot.store.delivery_of(begun)
    assert line is not None
    async with bot.store.begin() as tx:  # as a platform does where a post begins a thread
        ref = replace(begun, thread=Thread(channel=NEWS, id=begun.id))
        await bot.store.change_delivery(tx, replace(line, ref=ref), at=bot.clock.now())
        await bot.store.rename_thread(tx, line.thread, ref.thread)
    await bot.say("When does the pier reopen?", where=begun.id, us=False)
    await bot.do_all(within=0)
    assert "Friday" in bot.said[-1]
    assert "Old pier at Wexcombe" in bot.said[-1]


async def test_a_teaser_is_told_as_one_also_once_its_brief_is_written_anew() -> None:
    bot = await at_work()
    teaser = Reading(source=PIER_URL, verdict=Verdict.TEASER, article=PIER, share=0.2)
    bot.pages.add(PIER_URL, teaser)
    await bot.say(PIER_URL)
    await bot.do_all(within=0)
    assert bot.said[-1].count("beginning") == 1
    await bot.press("shorter", "1")
    await bot.do_all(within=0)
    assert bot.said[-1].count("beginning") == 1
    await morning(bot)
    (told,) = digests(bot)
    assert "only its beginning was read" in told
