"""The bot's home, its forms, and its welcome."""

import asyncio
from dataclasses import replace

import pytest

from bot.model import DeliveryState
from tests.platforms.slack.bot import PIER_URL, slack_bot
from tests.standins.slack import SUBSCRIBED


async def test_the_home_of_somebody_who_shares_no_channel(bot):
    bot.slack.place.add_user("eve")
    assert await bot.home("eve") == (
        "# Briefbot\n"
        "Invite me into a channel (/invite @Briefbot), post a link there and put 📰 on it. I read "
        "the article and post its brief in the thread."
    )


async def test_everybody_sees_his_own_channels(bot):
    await bot.founds("news")
    await bot.founds("desk", kind="private")
    bot.slack.place.channel("desk").members.discard("U0BOB")
    bot.slack.place.add_channel("lounge", members=("ada", "bob"))  # we are not in there
    ada, bob = await bot.home("ada"), await bot.home("bob")
    assert [line for line in ada.splitlines() if line.startswith("#")] == [
        "# Briefbot",
        "#general",
        "#news",
        "#desk",
    ]
    assert "#news" in bob
    assert "#desk" not in bob
    assert "#lounge" not in ada


async def test_what_the_home_tells_of_a_channel(bot):
    await bot.founds("news")
    await bot.says("ada", f"@briefbot {PIER_URL}", "news")
    await bot.settles("ada", "bullets 8", "news")
    lines = (await bot.home("bob")).splitlines()
    lines = lines[lines.index("#news") :]
    facts = "reaction · 8 bullets · the article's language · no digest · text kept 90 days"
    assert lines[1] == facts
    assert "Kept since" in lines[3]
    assert "1 brief of 1 article, 0 questions." in lines[3]
    assert any(line.startswith("@ada ") and "bullets 5 → 8" in line for line in lines)


async def test_the_messages_tab_is_no_home(bot):
    bot.slack.opens_home("bob", "messages")
    await bot.idle()
    assert bot.slack.home("bob") is None


@pytest.fixture
async def form(bot):
    """Give the bot with the settings form of a channel open, for its keeper and for another."""
    await bot.founds("news")
    for who in ("ada", "bob"):
        await bot.home(who)
        home = bot.slack.home(who)
        _open(bot, who, home)
        await bot.idle()
    return bot


def _open(bot, who, home):
    for block in home.form["blocks"]:
        for one in block.get("elements", ()):
            if one.get("value") == "C0NEWS\nnews":
                bot.slack.presses(who, "", home.id, one["action_id"], value=one["value"])


async def test_a_keeper_changes_settings(form):
    assert "== #news" in form.dialog("ada")
    assert await form.submits("ada", mode="automatic", bullets="3", ignore="example.com") == []
    home = "\n".join(form.slack.home_seen("ada"))  # which is drawn anew at once
    assert "automatic · 3 bullets" in home
    assert "mode reaction → automatic" in home
    shown = await form.types("ada", "settings ignore", "news")
    assert "example.com" in shown[0]


async def test_a_form_that_is_sent_as_it_was(form):
    assert await form.submits("bob") == []
    assert "→" not in "\n".join(form.slack.home_seen("bob"))


async def test_what_does_not_fit_is_said_field_by_field(form):
    wrong = await form.submits("ada", zone="Mars/Base", digest_days="funday", mode="automatic")
    assert sorted(wrong) == [
        "digest_days: This can be days like mon tue wed.",
        "zone: This can be a time zone like Europe/Paris.",
    ]
    (shown,) = await form.types("ada", "settings mode", "news")
    assert shown.startswith("mode = reaction")  # all or nothing
    assert await form.submits("ada", zone="Europe/Paris", digest_days="mon", mode="automatic") == []
    (shown,) = await form.types("ada", "settings mode", "news")
    assert shown.startswith("mode = automatic")


async def test_a_number_out_of_bounds(form):
    (wrong,) = await form.submits("ada", bullets="9")
    assert wrong == "bullets: This can be 3 to 8 (or short, standard, long)."


async def test_another_may_only_make_it_quieter(form):
    wrong = await form.submits("bob", mode="automatic", bullets="3")
    assert wrong == ["mode: Only those who look after this channel can make me louder here."]
    assert await form.submits("bob", mode="mention", bullets="3") == []
    assert "mention · 3 bullets" in "\n".join(form.slack.home_seen("bob"))


async def test_the_admins_of_the_operator_look_after_every_channel(tmp_path):
    async with slack_bot(tmp_path, settings={"admins": "U0BOB"}) as bot:
        (told,) = await bot.types("bob", "settings mode automatic")
        assert told.startswith("mode")


async def test_a_post_that_may_have_arrived_waits_for_a_keeper(bot):
    await bot.founds("news")
    await park(bot)
    assert len(bot.posts("news")) == 1
    await bot.home("ada")
    lines = bot.slack.home_seen("ada")
    assert any("may not have arrived" in line for line in lines)
    assert "[Try again]" in lines
    await bot.home("bob")
    bot.slack.presses("bob", "", bot.slack.home("bob").id, "briefbot:retry")
    await bot.idle()
    assert len(bot.posts("news")) == 1
    assert bot.told("bob", "news")[0].startswith("Only those who look after this channel")
    bot.slack.presses("ada", "", bot.slack.home("ada").id, "briefbot:retry")
    await bot.idle()
    assert len(bot.posts("news")) == 2
    assert "Try again" not in await bot.home("ada")


async def park(bot):
    """Let a post be sent of which nobody can say whether it arrived, and give up looking."""
    bot.slack.faults.drop_before("chat.postMessage")
    ts = bot.slack.says("ada", "news", f"@briefbot {PIER_URL}")
    await bot.slack.until(lambda: any(one.happened == "post_failed" for one in bot.telemetry.lines))
    place = bot.place("news")
    (line,) = await bot.store.deliveries_about(place, ts)
    while not line.failures:
        await asyncio.sleep(0)
        (line,) = await bot.store.deliveries_about(place, ts)
    lost = replace(line, state=DeliveryState.UNCERTAIN, reason="ServerDisconnectedError")
    async with bot.store.begin() as tx:
        await bot.store.change_delivery(tx, lost, at=bot.later())
    await bot.idle()


@pytest.mark.parametrize("more", [set(), {"member_left_channel"}])
async def test_one_welcome_an_invitation(tmp_path, more):
    async with slack_bot(tmp_path, subscribed=SUBSCRIBED | more) as bot:
        bot.slack.faults.duplicate_next(2)
        await bot.founds("news")
        (welcome,) = bot.posts("news")
        lines = bot.slack.seen("news", welcome.ts)
        assert lines[0].startswith("briefbot: @ada invited me. I read the articles")
        assert "No text leaves this installation." in "\n".join(lines)
        bot.slack.kicks("news")
        await bot.idle()
        bot.slack.invites("bob", "news")
        await bot.idle()
        assert len(bot.posts("news")) == 2
        assert "@bob invited me" in bot._text(bot.posts("news")[1])
        (told,) = await bot.types("bob", "settings mode automatic", "news")
        assert told.startswith("mode")


async def test_other_people_come_and_go(bot):
    await bot.founds("news")
    bot.slack.place.add_user("eve")
    bot.slack.joins("eve", "news", "ada")
    await bot.idle()
    bot.slack.leaves("eve", "news")
    await bot.idle()
    assert len(bot.posts("news")) == 1


async def test_a_welcome_where_texts_leave_the_house(tmp_path):
    keys = {"OPENAI_API_KEY": "sk-stand-in", "OPENAI_BASE_URL": "https://models.example/v1"}
    async with slack_bot(tmp_path, settings={**keys, "OPENAI_MODEL": "m"}) as bot:
        await bot.founds("news")
        text = bot._text(bot.posts("news")[0])
        assert "models.example" in text
