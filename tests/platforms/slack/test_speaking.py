"""When the bot speaks: each mode, and every way of asking."""

import pytest

from tests.platforms.slack.bot import MUSEUM_URL, PIER_URL, WALL_URL

PIER, MUSEUM = "Old pier at Wexcombe", "Museum returns bronze bell"
MODES = ("off", "mention", "reaction", "automatic")
ANSWERED = {
    "link": {"automatic"},
    "mention": {"mention", "reaction", "automatic"},
    "reaction": {"reaction", "automatic"},
    "shortcut": {*MODES},
    "command": {*MODES},
}


async def asked(bot, way):
    """Ask for the brief of a link in one way; return the ts of what it hangs on."""
    if way == "command":
        await bot.types("ada", PIER_URL, "news")
        return bot.posts("news")[-1].ts
    text = f"@briefbot {PIER_URL}" if way == "mention" else PIER_URL
    ts = await bot.says("ada", text, "news")
    if way == "reaction":
        await bot.reacts("bob", ts, "news")
    if way == "shortcut":
        bot.slack.shortcut("bob", "news", ts, "briefbot:brief")
        await bot.idle()
    return ts


@pytest.mark.parametrize("way", ANSWERED)
@pytest.mark.parametrize("mode", MODES)
async def test_a_link(bot, mode, way):
    await bot.founds("news")
    await bot.settles("ada", f"mode {mode}", "news")
    before = len(bot.posts("news"))
    await asked(bot, way)
    briefs = [bot._text(one) for one in bot.posts("news")[before:]]
    assert [PIER in one for one in briefs] == ([True] if mode in ANSWERED[way] else [])


@pytest.mark.parametrize("mode", MODES)
async def test_a_direct_message_is_answered_whatever_the_mode(bot, mode):
    await bot.types("ada", f"settings mode {mode}", "ada")
    ts = await bot.says("ada", PIER_URL, "ada")
    assert PIER in bot.thread(ts, "ada")[0]
    await bot.says("ada", "When does it reopen", "ada", thread=ts)
    assert "reopen on Friday" in bot.thread(ts, "ada")[1]
    await bot.says("ada", "When does the pier reopen?", "ada")
    assert len(bot.posts("ada")) == 3


@pytest.mark.parametrize("mode", MODES[1:])
async def test_a_thread_that_is_ours(bot, mode):
    await bot.founds("news")
    await bot.settles("ada", f"mode {mode}", "news")
    ts = await bot.says("ada", f"@briefbot {PIER_URL}", "news")
    await bot.says("bob", "That was about time.", "news", thread=ts)
    await bot.says("bob", "@ada when does it reopen?", "news", thread=ts)
    await bot.says("bob", "When does it reopen, <!here>?", "news", thread=ts)
    assert len(bot.thread(ts, "news")) == 1
    await bot.says("bob", "When does it reopen?", "news", thread=ts)
    assert "reopen on Friday" in bot.thread(ts, "news")[1]
    await bot.says("bob", "@briefbot when does it reopen", "news", thread=ts)
    assert len(bot.thread(ts, "news")) == 3


async def test_a_thread_of_ours_once_we_are_off(bot):
    await bot.founds("news")
    ts = await bot.says("ada", f"@briefbot {PIER_URL}", "news")
    await bot.settles("bob", "mode off", "news")
    await bot.says("bob", "When does it reopen?", "news", thread=ts)
    await bot.says("bob", "@briefbot when does it reopen?", "news", thread=ts)
    assert len(bot.thread(ts, "news")) == 1


@pytest.mark.parametrize("mode", MODES)
async def test_a_thread_of_people(bot, mode):
    await bot.founds("news")
    await bot.settles("ada", f"mode {mode}", "news")
    ts = await bot.says("ada", "The pier is closed.", "news")
    await bot.says("bob", "When does it reopen?", "news", thread=ts)
    await bot.says("ada", "Ask the council.", "news", thread=ts)
    assert bot.thread(ts, "news") == []


async def test_a_question_in_the_channel_itself_is_not_for_us(bot):
    await bot.says("ada", f"@briefbot {PIER_URL}")
    await bot.says("bob", "When does it reopen?")
    assert len(bot.posts()) == 1
    await bot.says("bob", "@briefbot when does the pier reopen?")
    assert "reopen on Friday" in bot._text(bot.posts()[1])


async def test_a_question_before_anything_was_read(bot):
    ts = await bot.says("ada", "@briefbot when does the pier reopen?")
    assert bot.thread(ts) == []
    assert bot.told("ada") == ["Nothing was read yet. Start with: 📰 on a link"]


async def test_a_greeting(bot):
    ts = await bot.says("ada", "@briefbot hello")
    assert len(bot.thread(ts)) + len(bot.told("ada")) == 1
    await bot.says("ada", "@briefbot")
    assert "mention me with one" in bot.told("ada")[-1]


async def test_another_emoji_is_none_of_ours(bot):
    ts = await bot.says("ada", PIER_URL)
    bot.slack.reacts("bob", "general", ts, "eyes")
    await bot.idle()
    assert bot.posts() == []
    bot.slack.reacts("bob", "general", ts, "rolled_up_newspaper")
    await bot.idle()
    assert len(bot.posts()) == 1


async def test_a_reaction_where_there_is_no_link(bot):
    ts = await bot.says("ada", "Good morning")
    await bot.reacts("bob", ts)
    question = await bot.says("ada", "When is lunch?")
    await bot.reacts("bob", question)
    assert bot.posts() == []
    assert bot.told("bob") == []


async def test_a_reaction_on_a_reply_answers_in_its_thread(bot):
    top = await bot.says("ada", "Have you seen it?")
    ts = await bot.says("bob", PIER_URL, thread=top)
    await bot.reacts("ada", ts)
    assert PIER in bot.thread(top)[0]


async def test_a_reaction_on_an_old_message(bot):
    bot.slack.place.channels["C0GENERAL"].members.discard("U0BRIEF")
    ts = await bot.says("ada", PIER_URL)
    reply = await bot.says("ada", MUSEUM_URL, thread=ts)
    bot.slack.place.channels["C0GENERAL"].members.add("U0BRIEF")
    await bot.reacts("bob", ts)
    assert PIER in bot.thread(ts)[0]
    await bot.reacts("bob", reply)
    assert MUSEUM in bot.thread(ts)[1]


async def test_sites_to_ignore(bot):
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    await bot.settles("bob", "ignore https://www.sample.example/", "news")
    ts = await bot.says("ada", PIER_URL, "news")
    assert bot.thread(ts, "news") == []
    assert "this channel ignores that site" in (await bot.types("bob", "why", "news"))[0]
    await bot.reacts("bob", ts, "news")
    assert PIER in bot.thread(ts, "news")[0]


async def test_the_cap_of_automatic_mode(bot):
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    await bot.settles("ada", "briefs_per_hour 1", "news")
    await bot.says("ada", PIER_URL, "news")
    ts = await bot.says("ada", MUSEUM_URL, "news")
    assert bot.thread(ts, "news") == []
    (why,) = await bot.types("bob", "why", "news")
    assert "as many messages as this channel allows an hour" in why
    await bot.reacts("bob", ts, "news")
    assert MUSEUM in bot.thread(ts, "news")[0]


async def test_the_most_links_of_one_message(bot):
    await bot.founds("news")
    await bot.settles("ada", "links_per_message 1", "news")
    ts = await bot.says("ada", f"@briefbot {PIER_URL} {MUSEUM_URL}", "news")
    (brief,) = bot.thread(ts, "news")
    assert PIER in brief
    assert MUSEUM not in brief


@pytest.mark.parametrize("way", ["mention", "reaction", "shortcut", "command"])
async def test_already_briefed_here(bot, way):
    await bot.founds("news")
    first = await bot.says("ada", f"@briefbot {PIER_URL}", "news")
    pointed = (
        "Already briefed here: Old pier at Wexcombe to reopen after storm repairs "
        f"<https://marlow.slack.com/archives/C0NEWS/p{first.replace('.', '')}>"
    )
    if way == "command":
        assert (await bot.types("bob", PIER_URL, "news"))[-1] == pointed
        return
    second = await asked(bot, way)
    assert bot.thread(second, "news") == [pointed]


async def test_already_briefed_here_in_automatic_mode(bot):
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    await bot.says("ada", PIER_URL, "news")
    ts = await bot.says("bob", f"seen? {PIER_URL}?utm_source=x", "news")
    assert [one[:21] for one in bot.thread(ts, "news")] == ["Already briefed here:"]


async def test_what_was_briefed_in_another_channel_is_briefed_here(bot):
    await bot.founds("news")
    await bot.says("ada", f"@briefbot {PIER_URL}", "news")
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    assert PIER in bot.thread(ts)[0]
    assert "Already" not in bot.thread(ts)[0]


async def test_a_shortcut_on_what_is_briefed_tells_where(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    bot.slack.shortcut("bob", "general", ts, "briefbot:brief")
    await bot.idle()
    assert len(bot.thread(ts)) == 1
    assert bot.told("bob")[0].startswith("Already briefed here: Old pier")


async def test_a_shortcut_where_there_is_no_link(bot):
    ts = await bot.says("ada", "Good morning")
    bot.slack.shortcut("bob", "general", ts, "briefbot:brief")
    await bot.idle()
    assert bot.posts() == []
    assert bot.told("bob") == [
        "There is no link, file or article's text in that message, so there is nothing to brief."
    ]


async def test_why(bot):
    await bot.founds("news")
    assert await bot.types("ada", "why", "news") == [
        "Nobody has posted a link here since I came, or none that I remember."
    ]
    ts = await bot.says("ada", PIER_URL, "news")
    assert "I wait for 📰 on it, or for somebody to mention me" in await why(bot)
    await bot.reacts("bob", ts, "news")
    assert "somebody asked for it. What came of it was posted." in await why(bot)
    await bot.settles("bob", "mode mention", "news")
    await bot.says("ada", MUSEUM_URL, "news")
    assert "here I wait for somebody to mention me with the link" in await why(bot)
    await bot.settles("bob", "mode off", "news")
    await bot.says("ada", MUSEUM_URL, "news")
    assert "I am off in this channel" in await why(bot)
    await bot.settles("ada", "mode automatic", "news")
    await bot.says("ada", WALL_URL, "news")
    assert "Nothing was posted: the page shows a cookie notice" in await why(bot)
    await bot.says("ada", MUSEUM_URL, "news")
    assert "every link is briefed here. What came of it was posted." in await why(bot)


async def why(bot):
    return (await bot.types("bob", "why", "news"))[0]


async def test_stop(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    await bot.says("ada", "@briefbot stop", thread=ts)
    assert bot.thread(ts)[1].startswith("Stopped.")


async def test_who_may_change_what(bot):
    await bot.founds("news")
    refused = "Only those who look after this channel"
    for louder in ("mode automatic", "bots yes", "outsiders yes", "bullets 8", "brief_days 400"):
        (told,) = await bot.types("bob", f"settings {louder}", "news")
        assert told.startswith(refused), louder
    for quieter in ("mode mention", "bullets 3", "ignore sample.example", "briefs_per_hour 2"):
        (told,) = await bot.types("bob", f"settings {quieter}", "news")
        assert not told.startswith(refused), quieter
    (told,) = await bot.types("bob", "settings ignore none", "news")
    assert told.startswith(refused)
    (told,) = await bot.types("ada", "settings mode automatic", "news")
    assert told.startswith("mode")
    assert bot.posts("news")[1:] == []


async def test_the_settings_of_a_direct_message_are_its_persons(bot):
    (told,) = await bot.types("ada", "settings bullets 8", "ada")
    assert not told.startswith("Only those who")
