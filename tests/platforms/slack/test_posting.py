"""Each thing is posted once, whatever becomes of the calls."""

import asyncio

import pytest

from tests.platforms.slack.bot import MUSEUM_URL, PIER_BULLET, PIER_URL, slack_bot


async def once(bot, within=12.0):
    """Ask for a brief, wait for it, and see that it comes once."""
    ts = bot.slack.says("ada", "general", f"@briefbot {PIER_URL}")
    await bot.slack.until(bot.posts, within=within)
    await bot.idle()
    assert len(bot.thread(ts)) == 1
    assert PIER_BULLET in bot.thread(ts)[0]


@pytest.fixture
async def hasty(tmp_path):
    """Give the bot with short time-outs."""
    settings = {"post_timeout": 0.4, "post_grace": 0.2}
    async with slack_bot(tmp_path, settings=settings) as bot:
        yield bot


async def test_asked_to_wait(hasty):
    hasty.slack.faults.throttle("chat.postMessage", retry_after=1)
    await once(hasty)
    assert hasty.calls("chat.postMessage") == ["ratelimited", "ok"]


@pytest.mark.parametrize("fault", ["fail", "drop_before", "drop_after"])
async def test_a_call_fails(hasty, fault):
    getattr(hasty.slack.faults, fault)("chat.postMessage")
    await once(hasty)
    looked = hasty.calls("conversations.replies")
    assert looked == ["ok"]
    assert len(hasty.calls("chat.postMessage")) == (1 if fault == "drop_after" else 2)


async def test_a_call_is_carried_out_late(hasty):
    hasty.slack.faults.late("chat.postMessage", seconds=0.5)
    await once(hasty)
    assert hasty.calls("chat.postMessage") == ["late ok"]


async def test_an_answer_comes_after_the_time_out(hasty):
    hasty.slack.faults.delay("chat.postMessage", seconds=0.5)
    await once(hasty)
    assert len(hasty.calls("chat.postMessage")) == 1


async def test_the_look_fails_as_well(hasty):
    hasty.slack.faults.drop_after("chat.postMessage")
    hasty.slack.faults.fail("conversations.replies")
    await once(hasty)
    await hasty.idle()
    assert hasty.calls("chat.postMessage") == ["dropped after"]


async def test_a_top_level_post_is_looked_for_in_the_history(hasty):
    hasty.slack.faults.drop_after("chat.postMessage")
    await hasty.types("ada", PIER_URL)
    await hasty.idle()
    assert len(hasty.posts()) == 1
    assert hasty.calls("conversations.history") == ["ok"]
    await hasty.says("bob", "How much did the repairs cost?", thread=hasty.posts()[0].ts)
    assert "2.4 million" in hasty.thread(hasty.posts()[0].ts)[0]


async def test_a_word_for_one_person_fails(hasty):
    hasty.slack.faults.fail("chat.postEphemeral")
    await hasty.says("ada", "@briefbot https://gone.example/x")
    await hasty.idle()
    assert 1 <= len(hasty.told("ada")) <= 2


async def test_one_post_a_second_and_channel(tmp_path):
    async with slack_bot(tmp_path, pace=1.0) as bot:
        await bot.founds("news")
        bot.slack.says("ada", "general", f"@briefbot {PIER_URL}")
        bot.slack.says("ada", "general", f"@briefbot {MUSEUM_URL}")
        other = bot.slack.says("ada", "news", f"@briefbot {PIER_URL}")
        await bot.idle()
        first, second = (float(one.ts) for one in bot.posts())
        assert second - first >= 0.99
        assert "ratelimited" not in bot.calls("chat.postMessage")
        (there,) = [one for one in bot.posts("news") if one.thread == other]
        assert float(there.ts) < second + 1.0


@pytest.mark.parametrize("fault", ["throttle", "fail", "drop_before", "drop_after"])
async def test_a_change_fails(hasty, fault):
    ts = await hasty.says("ada", f"@briefbot {PIER_URL}")
    getattr(hasty.slack.faults, fault)("chat.update")
    await hasty.presses("bob", "shorter")
    await hasty.idle()
    (brief,) = hasty.thread(ts)
    assert brief.count("•") == 3


@pytest.mark.parametrize("fault", ["throttle", "fail", "drop_before", "drop_after"])
async def test_a_deletion_fails(hasty, fault):
    ts = await hasty.says("ada", f"@briefbot {PIER_URL}")
    getattr(hasty.slack.faults, fault)("chat.delete")
    await hasty.deletes(ts)
    await hasty.idle()
    assert hasty.posts() == []
    assert await hasty.types("ada", "list") == ["Nothing was briefed yet."]


@pytest.mark.parametrize("word", ["is_archived", "not_in_channel", "restricted_action"])
async def test_a_post_is_refused_for_good(bot, word):
    bot.slack.faults.refuse("chat.postMessage", word)
    await bot.says("ada", f"@briefbot {PIER_URL}")
    assert bot.posts() == []
    assert bot.calls("chat.postMessage") == [word]
    (letter,) = await bot.store.letters(limit=5)
    assert letter.reason == word
    assert f"The chat refused the post ({word})" in (await bot.types("ada", "why"))[0]


async def test_a_channel_is_archived_while_it_reads(bot):
    bot.pages.held = asyncio.Event()
    bot.slack.says("ada", "general", f"@briefbot {PIER_URL}")
    await bot.slack.until(lambda: bot.pages.asked)
    bot.slack.place.channel("general").is_archived = True
    bot.pages.held.set()
    await bot.idle()
    (letter,) = await bot.store.letters(limit=5)
    assert letter.reason == "is_archived"


async def test_the_thread_is_gone_before_the_answer_comes(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    bot.pages.held = asyncio.Event()
    asked = bot.slack.says("bob", "general", f"@briefbot {MUSEUM_URL}", thread=ts)
    await bot.slack.until(lambda: len(bot.pages.asked) == 2)
    for one in (*bot.posts(), *[one for one in bot.slack.messages("general") if one.ts == asked]):
        bot.slack.deletes("general", one.ts)
    bot.slack.deletes("general", ts)
    await bot.slack.settled()
    bot.pages.held.set()
    await bot.idle()
    assert bot.posts() == []


async def test_a_restart_while_a_post_is_on_its_way(hasty):
    hasty.slack.faults.delay("chat.postMessage", seconds=0.2)
    ts = hasty.slack.says("ada", "general", f"@briefbot {PIER_URL}")
    await hasty.slack.until(lambda: hasty.calls("chat.postMessage"))
    await hasty.stop()
    await hasty.start()
    await hasty.idle()
    assert len(hasty.thread(ts)) == 1
