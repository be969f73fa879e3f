"""Slack is away, comes back, or wants us no longer."""

import asyncio

import pytest

from bot.app.slack import slack_of
from bot.core.talking import wording
from bot.errors import ConfigurationError
from bot.settings import Settings
from tests.fakes.desk import ClosedDesk
from tests.fakes.telemetry import FakeTelemetry
from tests.platforms.slack.bot import PIER_BULLET, PIER_URL, slack_bot
from tests.standins.slack import SUBSCRIBED, SlackServer

EVERYTHING = SUBSCRIBED | {"member_left_channel"}


async def test_slack_refreshes_the_connection_while_people_talk(bot):
    said = []
    for turn in range(4):
        said.append(bot.slack.says("ada", "general", f"@briefbot {PIER_URL}?{turn}"))
        if turn % 2:
            bot.slack.faults.disconnect()
        await asyncio.sleep(0)
    await bot.idle()
    for ts in said:
        assert len([one for one in bot.posts() if one.thread == ts]) + len(bot.told("ada")) >= 1
    before = bot.slack.sockets.connections
    assert before >= 2
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    assert len(bot.thread(ts)) == 1


async def test_the_connection_breaks_without_a_word(bot):
    bot.slack.sockets.break_off()
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    assert PIER_BULLET in bot.thread(ts)[0]


async def test_a_warning_before_the_end(bot):
    bot.slack.sockets.disconnect("warning", close=False)
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    assert PIER_BULLET in bot.thread(ts)[0]


async def test_the_bot_is_started_before_slack_can_be_reached(tmp_path):
    async with slack_bot(tmp_path, started=False) as bot:
        bot.slack.faults.drop_before("auth.test")
        await bot.start()
        ts = await bot.says("ada", f"@briefbot {PIER_URL}")
        assert PIER_BULLET in bot.thread(ts)[0]


async def test_no_connection_is_to_be_had_at_first(tmp_path):
    async with slack_bot(tmp_path, started=False) as bot:
        bot.slack.faults.fail("apps.connections.open")
        await bot.start()
        ts = await bot.says("ada", f"@briefbot {PIER_URL}")
        assert PIER_BULLET in bot.thread(ts)[0]


async def test_we_are_put_out_of_the_workspace(bot):
    await bot.says("ada", f"@briefbot {PIER_URL}")
    assert (await bot.store.kept(bot.place())).mentions == 1
    bot.slack.uninstalls()
    await bot.idle()
    calls = len(bot.slack.calls)
    assert not bot.running.done()
    gone = await bot.store.expire(bot.later(days=31))
    assert gone.mentions == 1
    assert (await bot.store.kept(bot.place())).mentions == 0
    assert len(bot.slack.calls) == calls


async def test_a_revoked_token_is_not_knocked_with_without_end(bot):
    bot.slack.uninstalls()
    await bot.idle()
    bot.slack.sockets.disconnect()
    await bot.slack.until(lambda: "token_revoked" in bot.calls("auth.test"))
    assert bot.calls("apps.connections.open").count("token_revoked") < 10
    bot.slack.revoked = False  # installed again
    await bot.slack.until(lambda: bot.service.platforms[0].connected)
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    assert PIER_BULLET in bot.thread(ts)[0]


async def test_the_tokens_of_somebody_else_are_revoked(bot):
    await bot.says("ada", f"@briefbot {PIER_URL}")
    bot.slack.tell({"type": "tokens_revoked", "tokens": {"oauth": ["U0ADA"], "bot": []}})
    await bot.idle()
    assert (await bot.store.expire(bot.later(days=31))).mentions == 0


async def test_put_out_while_a_post_is_on_its_way(bot):
    bot.pages.held = asyncio.Event()
    bot.slack.says("ada", "general", f"@briefbot {PIER_URL}")
    await bot.slack.until(lambda: bot.pages.asked)
    bot.slack.uninstalls()
    await bot.slack.settled()
    bot.pages.held.set()
    await bot.idle()
    assert bot.posts() == []
    assert bot.calls("chat.postMessage") in ([], ["token_revoked"])
    assert not bot.running.done()


async def test_invited_again_within_the_days_that_all_is_kept(tmp_path):
    async with slack_bot(tmp_path, subscribed=EVERYTHING) as bot:
        await bot.founds("news")
        await bot.says("ada", f"@briefbot {PIER_URL}", "news")
        bot.slack.kicks("news")
        await bot.idle()
        bot.slack.invites("ada", "news")
        await bot.idle()
        await bot.store.expire(bot.later(days=31))
        assert len(await bot.types("ada", "list", "news")) == 1
        assert "Old pier" in (await bot.types("ada", "list", "news"))[0]


async def test_put_out_of_a_channel(tmp_path):
    async with slack_bot(tmp_path, subscribed=EVERYTHING) as bot:
        await bot.founds("news")
        await bot.says("ada", f"@briefbot {PIER_URL}", "news")
        bot.slack.kicks("news")
        await bot.idle()
        assert (await bot.store.expire(bot.later(days=31))).mentions == 1


async def nobody(incoming):
    raise AssertionError(incoming)


@pytest.mark.parametrize("wrong", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_does_not_know_ends_it_with_what_to_do(wrong):
    async with SlackServer(seed=1) as slack:
        tokens = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            wrong: "xoxb-mistyped",
        }
        platform = slack_of(Settings(SLACK_API_URL=slack.url, **tokens), FakeTelemetry())
        try:
            with pytest.raises(ConfigurationError) as told:
                await platform.listen(nobody, ClosedDesk())
        finally:
            await platform.close()
    assert "Slack does not know the token" in wording.explain(told.value, wording.TERMINAL)
