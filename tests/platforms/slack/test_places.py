"""Every kind of conversation: those that we are not in, private ones, those of a few people."""

from tests.platforms.slack.bot import MUSEUM_URL, PIER_BULLET, PIER_URL

UNINVITED = (
    "I am not in this conversation, so I can't post here. Invite me (/invite @Briefbot), or write "
    "to me alone."
)


async def test_a_command_where_we_are_not(bot):
    assert await bot.types("ada", PIER_URL, "random") == [UNINVITED]
    assert bot.pages.asked == []
    assert len(await bot.types("ada", "help", "random")) == 1


async def test_a_shortcut_where_we_are_not(bot):
    ts = await bot.says("ada", PIER_URL, "random")
    bot.slack.shortcut("bob", "random", ts, "briefbot:brief")
    await bot.idle()
    assert bot.told("bob", "random") == [UNINVITED]
    assert bot.pages.asked == []


async def test_a_private_channel(bot):
    await bot.founds("desk", kind="private")
    ts = await bot.says("ada", PIER_URL, "desk")
    await bot.reacts("bob", ts, "desk")
    assert PIER_BULLET in bot.thread(ts, "desk")[0]
    await bot.types("bob", MUSEUM_URL, "desk")
    assert "Museum returns" in bot._text(bot.posts("desk")[-1])
    elsewhere = await bot.types("bob", "list")
    assert elsewhere == ["Nothing was briefed yet."]


async def test_a_command_in_a_direct_message(bot):
    await bot.types("ada", PIER_URL, "ada")
    assert PIER_BULLET in bot._text(bot.posts("ada")[0])
    assert "Old pier" in (await bot.types("ada", "list", "ada"))[0]


async def test_a_command_between_two_people(bot):
    bot.slack.place.add_channel("", id="D0ADABOB", kind="im", members=("ada", "bob"))
    assert await bot.types("ada", PIER_URL, "D0ADABOB") == [UNINVITED]


async def test_a_conversation_of_a_few_people(bot):
    members = ("ada", "bob", "briefbot")
    bot.slack.place.add_channel("few", id="G0FEW", kind="mpim", members=members)
    ts = await bot.says("ada", f"@briefbot {PIER_URL}", "few")
    assert PIER_BULLET in bot.thread(ts, "few")[0]
    await bot.says("bob", "lovely, is it?", "few")
    assert len(bot.posts("few")) == 1


async def test_a_reply_that_is_shown_in_the_channel_as_well(bot):
    top = await bot.says("ada", "Seen this?")
    reply = bot.slack.place.message("general", await bot.says("bob", "yes", thread=top))
    assert bot.posts() == []
    bot.slack.place.channel("general").messages.pop(reply.ts)
    reply.subtype, reply.ts = "thread_broadcast", bot.slack.place.ts()
    reply.text = f"<@U0BRIEF> <{PIER_URL}>"
    bot.slack.enter(reply)
    await bot.idle()
    (brief,) = bot.thread(top)
    assert PIER_BULLET in brief


async def test_links_as_people_write_them(bot):
    ts = await bot.says("ada", f"@briefbot (see <{PIER_URL}?a=1&b=2|the pier>), it's <bold>.")
    assert len(bot.thread(ts)) + len(bot.told("ada")) == 1
    assert bot.pages.asked == [f"{PIER_URL}?a=1&b=2"]


async def test_what_was_posted_here_is_not_told_elsewhere(bot):
    await bot.founds("news")
    await bot.says("ada", f"@briefbot {PIER_URL}", "news")
    told = await bot.types("bob", "When does the pier reopen?")
    assert "Friday" not in told[-1]
    assert "Old pier" not in "".join(await bot.types("bob", "search pier"))
    assert await bot.types("bob", "export") == ["Nothing that you posted or asked is kept here."]
