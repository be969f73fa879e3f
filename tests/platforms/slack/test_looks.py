"""How the bot speaks: signs while it reads, one post, refusals, answers, hard texts."""

import asyncio
import copy
from dataclasses import replace

import pytest

from bot.core.reading.identity import article
from bot.model import Reading, Verdict
from tests.flows.articles import PIER
from tests.platforms.slack.bot import MUSEUM_URL, PIER_BULLET, PIER_URL, WALL_URL

LONG_URL = "https://sample.example/long"


def reading(url, *, bullets=(), paragraphs=(), headline="A headline", **more):
    found = article(
        url=url,
        headline=headline,
        publisher="The Sample Post",
        lead_bullets=list(bullets),
        paragraphs=list(paragraphs) or list(PIER.paragraphs),
        **more,
    )
    return Reading(source=url, verdict=Verdict.ARTICLE, article=found)


async def slowly(bot):
    """Let something be read until it is shown that it is; return what stood there meanwhile."""
    bot.pages.held = asyncio.Event()
    ts = bot.slack.says("ada", "general", f"@briefbot {PIER_URL}")
    shown = bot.slack.place.message("general", ts).reactions
    await bot.slack.until(lambda: "eyes" in shown)
    during = copy.deepcopy(shown)
    bot.pages.held.set()
    await bot.idle()
    return ts, during


@pytest.mark.signs
async def test_signs_while_it_reads(bot):
    ts, during = await slowly(bot)
    assert during == {"eyes": ["U0BRIEF"]}
    message = bot.slack.place.message("general", ts)
    assert message.reactions == {"white_check_mark": ["U0BRIEF"]}
    assert bot.slack.statuses[0] == ("C0GENERAL", ts, "is reading …")
    assert bot.slack.statuses[-1] == ("C0GENERAL", ts, "")


@pytest.mark.signs
async def test_signs_on_a_plan_without_statuses(bot):
    bot.slack.faults.statuses = False
    ts, during = await slowly(bot)
    assert during == {"eyes": ["U0BRIEF"]}
    assert bot.slack.place.message("general", ts).reactions == {"white_check_mark": ["U0BRIEF"]}
    assert bot.slack.statuses == []
    assert len(bot.thread(ts)) == 1


async def test_what_is_quick_has_no_signs(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    assert bot.slack.place.message("general", ts).reactions == {}
    assert bot.slack.statuses == []


@pytest.mark.signs
async def test_signs_fail_and_the_brief_comes_all_the_same(bot):
    bot.slack.faults.fail("assistant.threads.setStatus")
    bot.slack.faults.throttle("reactions.add", retry_after=1)
    bot.pages.held = asyncio.Event()
    ts = bot.slack.says("ada", "general", f"@briefbot {PIER_URL}")
    await bot.slack.until(lambda: bot.calls("assistant.threads.setStatus"))
    bot.pages.held.set()
    await bot.idle()
    assert len(bot.thread(ts)) == 1


async def test_one_post_for_several_links(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL} {MUSEUM_URL} {WALL_URL}")
    (post,) = bot.thread(ts)
    lines = post.splitlines()
    assert lines[0] == f"Old pier at Wexcombe to reopen after storm repairs <{PIER_URL}>"
    assert f"Museum returns bronze bell to island village <{MUSEUM_URL}>" in lines
    assert any("shows a cookie notice in place of the article" in line for line in lines)
    assert bot.told("ada") == []


async def test_a_refusal_is_seen_by_the_asker_alone(bot):
    ts = await bot.says("ada", f"@briefbot {WALL_URL}")
    assert bot.thread(ts) == []
    (told,) = bot.told("ada")
    assert told.startswith(f"{WALL_URL} shows a cookie notice in place of the article.")
    assert told.endswith("with a mention of me; it stays in this channel.")
    await bot.reacts("bob", ts)
    assert bot.told("bob") == [told]
    assert (await bot.types("bob", WALL_URL))[-1] == told


async def test_a_refusal_where_nobody_asked_is_a_sign(bot):
    await bot.founds("news")
    await bot.settles("ada", "mode automatic", "news")
    ts = await bot.says("ada", WALL_URL, "news")
    assert bot.thread(ts, "news") == []
    assert bot.told("ada", "news")[1:] == []
    assert bot.slack.place.message("news", ts).reactions == {"no_entry_sign": ["U0BRIEF"]}
    assert "cookie notice" in (await bot.types("ada", "why", "news"))[0]


async def test_a_refusal_in_a_direct_message(bot):
    ts = await bot.says("ada", WALL_URL, "ada")
    assert "cookie notice" in bot.thread(ts, "ada")[0]


async def test_an_answer_with_its_quote(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    await bot.says("bob", "How much did the repairs cost?", thread=ts)
    lines = bot.thread(ts)[1].splitlines()
    assert lines[0].startswith("The article says")
    assert lines[1].startswith("> ¶1")
    assert "2.4 million" in lines[1]
    assert lines[-1] == "1 · Old pier at Wexcombe to reopen after storm repairs · The Sample Post"


async def test_what_the_article_does_not_say(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    await bot.says("bob", "Who painted the town hall of Norsay?", thread=ts)
    assert bot.thread(ts)[1].splitlines()[0] == "The article doesn't say."


async def test_a_link_with_a_question(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL} How much did the repairs cost?")
    (post,) = bot.thread(ts)
    assert PIER_BULLET in post
    assert "The article says" in post


async def test_a_command_with_a_question(bot):
    receipt, *_ = await bot.types("ada", f"{PIER_URL} How much did the repairs cost?")
    assert receipt == "I am at it; the answer comes here in a moment."
    (post,) = [bot._text(one) for one in bot.posts()]
    assert "The article says" in post


async def test_a_question_by_command_is_seen_by_the_asker_alone(bot):
    await bot.says("ada", f"@briefbot {PIER_URL}")
    told = await bot.types("bob", "How much did the repairs cost?")
    assert "2.4 million" in told[-1]
    assert len(bot.posts()) == 1


async def test_the_brief_of_a_command_begins_a_thread(bot):
    await bot.types("ada", PIER_URL)
    (post,) = bot.posts()
    assert post.thread is None
    await bot.says("bob", "How much did the repairs cost?", thread=post.ts)
    assert "2.4 million" in bot.thread(post.ts)[0]
    await bot.presses("bob", "shorter", post=post.ts)
    assert bot._text(bot.slack.place.message("general", post.ts)).count("•") == 3


@pytest.mark.parametrize(
    "question",
    [
        "چه زمانی اسکله باز می‌شود؟",
        "מתי המזח ייפתח?",
        "When does it reopen? 🎉👩‍👩‍👧",
        "*When* _does_ ~it~ `reopen`? & <b>why</b>?",
        "When " * 3000 + "does it reopen?",
        "w" * 20_000 + "?",
        "\u202ewhen\u202c\u0000?",
    ],
)
async def test_questions_of_every_kind(bot, question):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    await bot.says("bob", f"@briefbot {question}", thread=ts)
    assert len(bot.thread(ts)) + len(bot.told("bob")) == 2


TRAPS = (
    "Read <!here> & <https://trap.example/x|this> or @channel now, says @ada of *Wexcombe*",
    "`code` ~struck~ :tada: <@U0ADA> <#C0GENERAL> <!subteam^S1> https://evil.example/y",
    "اسکله وکسکام روز جمعه پس از تعمیرات باز می‌شود و ۲٫۴ میلیون هزینه داشت",
    "המזח נפתח מחדש ביום שישי לאחר תיקונים של 2.4 מיליון",
    "The pier \u202ereopens\u202c on Friday 👩‍👩‍👧 after repairs of 2.4 million pounds",
)


async def test_articles_that_try_to_act(bot):
    bot.pages.add(LONG_URL, reading(LONG_URL, bullets=TRAPS, headline="Pier <!channel> & more"))
    bot.pages.add(
        "https://trap.example/x",
        reading("https://trap.example/x", bullets=TRAPS, headline="<https://evil.example|x>"),
    )
    ts = await bot.says("ada", "@briefbot https://trap.example/x")
    (post,) = bot.thread(ts)
    assert TRAPS[0] in post
    assert TRAPS[2] in post
    assert TRAPS[3] in post
    await bot.says("bob", "What is to be read?", thread=ts)
    await bot.presses("bob", "proof", post=bot.posts()[0].ts)
    await bot.types("ada", "list")
    await bot.types("ada", "export")


async def test_eight_long_bullets(bot):
    bullets = [f"Bullet {n} tells of the pier at length: {'and so on, ' * 25}" for n in range(8)]
    paragraphs = [f"Bullet {n} {'of the body, ' * 80}" for n in range(8)]
    bot.pages.add(LONG_URL, reading(LONG_URL, bullets=bullets, paragraphs=paragraphs))
    await bot.founds("news")
    await bot.settles("ada", "bullets 8", "news")
    ts = await bot.says("ada", f"@briefbot {LONG_URL} {PIER_URL}", "news")
    (post,) = bot.thread(ts, "news")
    assert post.count("•") >= 8
    await bot.presses("bob", "proof", "news")
    assert "8 of 8" in bot.dialog("bob")
    await bot.presses("bob", "more", "news", option="Wrong?")
    assert await bot.submits("bob", bullet="8", why="long " * 500) == []
    (post,) = bot.thread(ts, "news")
    assert "@bob says that bullet 8 is wrong" in post


async def test_a_headline_without_an_address(bot):
    text = "\n\n".join(["Old pier to reopen", *PIER.paragraphs, *PIER.paragraphs[:2]])
    ts = await bot.says("ada", f"@briefbot {text}")
    (post,) = bot.thread(ts)
    assert post.splitlines()[0] == "Old pier to reopen"
    assert "undated" in post.splitlines()[1]


async def test_the_fallback_text_holds_the_whole_brief(bot):
    await bot.says("ada", f"@briefbot {PIER_URL}")
    (post,) = bot.posts()
    assert PIER_BULLET in post.text
    assert "It was closed in November" in post.text
    assert "<https" not in post.text.replace(f"<{PIER_URL}", "")


async def test_an_old_article_is_said_to_be_old(bot):
    ts = await bot.says("ada", f"@briefbot {PIER_URL}")
    assert "3 March 2026" in bot.thread(ts)[0].splitlines()[1]
    undated = replace(PIER, published=None)
    bot.pages.add(LONG_URL, Reading(source=LONG_URL, verdict=Verdict.ARTICLE, article=undated))


async def test_a_message_of_many_links(bot):
    links = " ".join(f"https://gone.example/{n}" for n in range(100))
    await bot.says("ada", f"@briefbot {links}")
    assert len(bot.told("ada")) == 1
    assert len(bot.pages.asked) == 5
