"""What is changed or taken back: its brief goes with it, or is written anew."""

import asyncio

import pytest

from tests.platforms.slack.bot import MUSEUM_URL, PIER_URL, slack_bot

PIER, MUSEUM = "Old pier at Wexcombe", "Museum returns bronze bell"


@pytest.fixture
async def news(bot):
    """Give the bot in a channel where every link is briefed."""
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    return bot


async def test_the_same_link_in_other_words(news):
    ts = await news.says("ada", f"look {PIER_URL}", "news")
    await news.edits(ts, f"do look: {PIER_URL}", "news")
    assert len(news.thread(ts, "news")) == 1
    assert len(news.pages.asked) == 1


async def test_another_link(news):
    ts = await news.says("ada", f"look {PIER_URL}", "news")
    await news.edits(ts, f"look {MUSEUM_URL}", "news")
    (brief,) = news.thread(ts, "news")
    assert MUSEUM in brief
    assert "Old pier" not in "\n".join(await news.types("ada", "list", "news"))


async def test_a_second_link(news):
    ts = await news.says("ada", f"look {PIER_URL}", "news")
    await news.edits(ts, f"look {PIER_URL} and {MUSEUM_URL}", "news")
    (brief,) = news.thread(ts, "news")
    assert PIER in brief
    assert MUSEUM in brief


async def test_the_link_is_taken_out(news):
    ts = await news.says("ada", f"look {PIER_URL}", "news")
    await news.edits(ts, "never mind", "news")
    assert news.thread(ts, "news") == []
    assert await news.types("ada", "list", "news") == ["Nothing was briefed yet."]


async def test_a_link_is_put_in(news):
    ts = await news.says("ada", "look at this", "news")
    await news.edits(ts, f"look at this: {PIER_URL}", "news")
    assert PIER in news.thread(ts, "news")[0]


async def test_a_link_is_put_in_where_it_takes_a_reaction(bot):
    ts = await bot.says("ada", "look at this")
    await bot.edits(ts, f"look at this: {PIER_URL}")
    assert bot.thread(ts) == []
    await bot.reacts("bob", ts)
    assert PIER in bot.thread(ts)[0]


async def test_the_link_of_a_reacted_message_is_changed(bot):
    ts = await bot.says("ada", f"look {PIER_URL}")
    await bot.reacts("bob", ts)
    await bot.edits(ts, f"look {MUSEUM_URL}")
    (brief,) = bot.thread(ts)
    assert MUSEUM in brief


async def test_a_link_is_changed_before_somebody_reacts(bot):
    ts = await bot.says("ada", f"look {PIER_URL}")
    await bot.edits(ts, f"look {MUSEUM_URL}")
    await bot.reacts("bob", ts)
    (brief,) = bot.thread(ts)
    assert MUSEUM in brief


async def test_we_are_mentioned_afterwards(bot):
    ts = await bot.says("ada", PIER_URL)
    await bot.edits(ts, f"@briefbot {PIER_URL}")
    assert PIER in bot.thread(ts)[0]


async def test_a_question_is_put_right(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    asked = await bot.says("ada", "When does it sink?", thread=ts)
    assert len(bot.thread(ts)) == 2
    await bot.edits(asked, "When does the pier reopen?")
    brief, answer = bot.thread(ts)
    assert "reopen on Friday" in answer
    assert PIER in brief


async def test_a_question_beside_a_link_is_put_right(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL} When does it ever sink?")
    await bot.edits(ts, f"@briefbot {PIER_URL} When does it reopen?")
    (post,) = bot.thread(ts)
    assert "reopen on Friday" in post.partition("[Proof]")[2]


async def test_a_question_is_taken_back_by_an_edit(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    asked = await bot.says("ada", "When does it reopen?", thread=ts)
    await bot.edits(asked, "never mind")
    assert len(bot.thread(ts)) == 1
    await bot.edits(asked, "@bob when does it reopen?")
    assert len(bot.thread(ts)) == 1


async def test_chatter_becomes_a_question(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    said = await bot.says("bob", "I wonder when it reopens", thread=ts)
    assert len(bot.thread(ts)) == 1
    await bot.edits(said, "When does it reopen?", "general")
    assert "reopen on Friday" in bot.thread(ts)[1]


async def test_people_correct_each_other_in_their_own_thread(bot):
    top = await bot.says("ada", "the pier is closed")
    said = await bot.says("bob", "sinse when?", thread=top)
    await bot.edits(said, "since when?")
    await bot.edits(top, "the pier is closed?")
    assert bot.posts() == []


async def test_a_message_is_deleted(news):
    ts = await news.says("ada", PIER_URL, "news")
    assert len(news.thread(ts, "news")) == 1
    await news.deletes(ts, "news")  # a tombstone stays, while the brief hangs on it
    assert [line for line in news.seen("news") if PIER in line] == []
    assert await news.types("ada", "list", "news") == ["Nothing was briefed yet."]


async def test_a_reply_is_deleted(news):
    top = await news.says("bob", "what about the pier", "news")
    ts = await news.says("ada", PIER_URL, "news", thread=top)
    assert len(news.thread(top, "news")) == 1
    await news.deletes(ts, "news")
    assert news.thread(top, "news") == []


async def test_a_thread_that_people_talk_in_loses_its_first_message(news):
    ts = await news.says("ada", PIER_URL, "news")
    await news.says("bob", "How sad.", "news", thread=ts)
    await news.says("bob", "When does it reopen?", "news", thread=ts)
    assert len(news.thread(ts, "news")) == 2
    await news.deletes(ts, "news")
    (answer,) = news.thread(ts, "news")  # which stays below his question
    assert answer.startswith("The article says")
    assert await news.types("ada", "list", "news") == ["Nothing was briefed yet."]
    await news.says("bob", "Where is it?", "news", thread=ts)


async def test_deleted_while_it_is_read(bot):
    bot.pages.held = asyncio.Event()
    ts = bot.slack.says("ada", "general", f"@briefbot {PIER_URL}")
    await bot.slack.until(lambda: bot.pages.asked)
    bot.slack.deletes("general", ts)
    await bot.slack.settled()
    bot.pages.held.set()
    await bot.idle()
    assert bot.posts() == []
    assert await bot.types("ada", "list") == ["Nothing was briefed yet."]


async def test_a_deletion_that_comes_twice(tmp_path):
    async with slack_bot(tmp_path, redeliver_after=0.2) as bot:
        ts = await bot.says("ada", f"@briefbot {PIER_URL}")
        bot.slack.faults.drop_after("chat.delete")  # so that it takes a while
        bot.slack.faults.lose_acks(1)
        await bot.deletes(ts)
        assert bot.posts() == []
        assert await bot.types("ada", "list") == ["Nothing was briefed yet."]


async def test_an_edit_that_comes_twice(tmp_path):
    async with slack_bot(tmp_path, redeliver_after=0.2) as bot:
        ts = await bot.says("ada", f"@briefbot {PIER_URL}")
        bot.pages.held = asyncio.Event()
        bot.slack.faults.lose_acks(1)
        bot.slack.edits("general", ts, f"@briefbot {MUSEUM_URL}")
        await bot.slack.settled()
        bot.pages.held.set()
        await bot.idle()
        (brief,) = bot.thread(ts)
        assert MUSEUM in brief


async def test_deleted_before_anybody_reacted(bot):
    ts = await bot.says("ada", PIER_URL)
    await bot.deletes(ts)
    assert bot.posts() == []
    assert bot.pages.asked == []


async def test_a_question_is_deleted(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    asked = await bot.says("ada", "When does it reopen?", thread=ts)
    await bot.deletes(asked)
    (brief,) = bot.thread(ts)
    assert PIER in brief


async def test_an_admin_deletes_our_post(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    await bot.deletes(bot.posts()[0].ts)
    await bot.deletes(ts)
    assert bot.posts() == []
