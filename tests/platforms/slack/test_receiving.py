"""What Slack delivers: each thing said is heard once, and nothing that we said ourselves."""

from tests.platforms.slack.bot import MUSEUM_URL, PIER_BULLET, PIER_URL, slack_bot

FEED_BLOCKS = [
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": f"New today: <{PIER_URL}|Old pier to reopen>"},
    }
]


async def test_a_mention_comes_twice_and_is_answered_once(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    assert bot.seen()[:2] == [
        f"ada: @briefbot {PIER_URL}",
        f"  briefbot: Old pier at Wexcombe to reopen after storm repairs <{PIER_URL}>",
    ]
    (brief,) = bot.thread(ts)
    assert PIER_BULLET in brief
    names = [one.name for one in bot.slack.deliveries.all if one.name != "app_home_opened"]
    assert names.count("app_mention") == 1
    assert names.count("message") >= 2  # hers, and ours


async def test_events_that_come_again_are_one(bot):
    bot.slack.faults.duplicate_next(6)
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    await bot.says("ada", "When does it reopen?", thread=ts)
    assert len(bot.posts()) == 2


async def test_events_whose_acknowledgement_was_lost_are_one(tmp_path):
    async with slack_bot(tmp_path, redeliver_after=0.2) as bot:
        bot.slack.faults.lose_acks(3)
        await bot.says("ada", f"@briefbot {PIER_URL}")
        assert max(one.attempts for one in bot.slack.deliveries.all) > 1
        assert len(bot.posts()) == 1


async def test_events_that_overtake_each_other(bot):
    bot.slack.faults.reorder_next(3)
    ts = bot.slack.says("ada", "general", PIER_URL)
    bot.slack.reacts("bob", "general", ts, "newspaper")
    await bot.idle()
    assert len(bot.thread(ts)) == 1


async def test_the_reaction_of_two_people_makes_one_brief(bot):
    ts = await bot.says("ada", PIER_URL)
    await bot.reacts("ada", ts)
    await bot.reacts("bob", ts)
    assert len(bot.thread(ts)) == 1


async def test_our_own_posts_and_edits_are_nothing_to_us(bot):
    await bot.founds("news")
    await bot.settles("ada", "bots yes", "news")
    await bot.settles("ada", "mode automatic", "news")
    await bot.says("ada", PIER_URL, "news")
    await bot.presses("bob", "shorter", "news")
    await bot.presses("bob", "longer", "news")
    accepted = bot.telemetry.events["slack"]
    assert accepted == 4  # she invited, she posted, he pressed twice
    assert len(bot.posts("news")) == 2


async def test_other_bots_are_not_heard(bot):
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    await bot.says("feed", f"New: {PIER_URL}", "news", bot=True)
    await bot.says("feed", f"@briefbot {PIER_URL}", "news", bot=True)
    assert len(bot.posts("news")) == 1  # the welcome
    assert "another bot posted it" in (await bot.types("ada", "why", "news"))[0]


async def test_other_bots_are_heard_where_a_keeper_wants_that(bot):
    await bot.founds("news")
    await bot.settles("ada", "bots yes", "news")
    first = await bot.says("feed", f"New: {PIER_URL}", "news", bot=True)
    assert bot.thread(first, "news") == []
    await bot.settles("ada", "mode automatic", "news")
    second = await bot.says("feed", f"New: {PIER_URL}", "news", bot=True)
    assert PIER_BULLET in bot.thread(second, "news")[0]
    await bot.says("feed", "Is that so?", "news", bot=True, thread=second)
    assert len(bot.thread(second, "news")) == 1


async def test_a_person_briefs_what_a_bot_posted_links_in_blocks_included(bot):
    ts = await bot.says("feed", "", bot=True, blocks=FEED_BLOCKS)
    assert bot.thread(ts) == []
    await bot.reacts("bob", ts)
    assert PIER_BULLET in bot.thread(ts)[0]


async def test_a_person_briefs_what_a_bot_posted_in_attachments(bot):
    ts = await bot.says("feed", "Two stories", bot=True)
    message = bot.slack.place.message("general", ts)
    bot.slack.unfurl(
        message,
        [
            {"title": "Old pier to reopen", "title_link": PIER_URL, "fallback": "Old pier"},
            {"title": "A bell", "text": "A bell", "from_url": MUSEUM_URL, "fallback": "A bell"},
        ],
    )
    await bot.idle()
    await bot.reacts("bob", ts)
    (brief,) = bot.thread(ts)
    assert "Old pier at Wexcombe" in brief
    assert "Museum returns bronze bell" in brief


async def test_the_preview_of_a_link_is_no_edit(bot):
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    ts = await bot.says("ada", PIER_URL, "news")
    bot.slack.unfurls("news", ts, PIER_URL)
    await bot.idle()
    assert len(bot.thread(ts, "news")) == 1
    assert len(bot.pages.asked) == 1


async def test_channels_that_others_read_are_left_alone(bot):
    await bot.founds("joint", is_ext_shared=True)
    ts = await bot.says("ada", f"@briefbot {PIER_URL}", "joint")
    await bot.reacts("bob", ts, "joint")
    assert bot.thread(ts, "joint") == []
    assert "people of other organisations" in (await bot.types("ada", "why", "joint"))[0]
    await bot.settles("ada", "outsiders yes", "joint")
    await bot.reacts("ada", ts, "joint")
    assert PIER_BULLET in bot.thread(ts, "joint")[0]


async def test_only_a_keeper_opens_a_shared_channel(bot):
    await bot.founds("joint", is_ext_shared=True)
    (answer,) = await bot.types("bob", "settings outsiders yes", "joint")
    assert answer.startswith("Only those who look after this channel")


async def test_the_event_of_another_team_is_left_aside(bot):
    bot.slack.place.team = "T0OTHER"
    await bot.says("ada", f"@briefbot {PIER_URL}")
    assert bot.posts() == []
    assert not bot.slack.deliveries.open()
    bot.slack.place.team = "T0TEAM"
    await bot.says("ada", f"@briefbot {PIER_URL}")
    assert len(bot.posts()) == 1
