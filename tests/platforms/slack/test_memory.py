"""What a channel read, found again: by whom, in which outlet, and where it was discussed."""

from __future__ import annotations

from bot.core.talking import wording
from bot.model import Reading, Verdict
from tests.core.answering.test_again import EDITED
from tests.platforms.slack.bot import MUSEUM_URL, PIER_URL


async def test_what_somebody_posted_is_found_by_a_mention_of_him(bot):
    pier = await bot.says("ada", f"@briefbot {PIER_URL}")
    await bot.says("bob", f"@briefbot {MUSEUM_URL}")
    ts = await bot.says("bob", "@briefbot search pier by @ada in the Sample Post")
    (said,) = bot.thread(ts)
    assert "Old pier at Wexcombe" in said
    assert "Museum" not in said
    assert "posted the link on" in said
    assert pier.replace(".", "") in str(bot.posts()[-1])
    ts = await bot.says("bob", "@briefbot what did @bob post this week?")
    (said,) = bot.thread(ts)
    assert "Museum returns bronze bell" in said
    assert "pier" not in said
    ts = await bot.says("bob", "@briefbot search by me")
    assert "Museum returns bronze bell" in bot.thread(ts)[0]
    ts = await bot.says("bob", "@briefbot search pier from nosuch.example")
    assert bot.thread(ts)[0].startswith("Nothing that was read here came from “nosuch.example”")
    assert "Old pier at Wexcombe" in bot.thread(ts)[0]


async def test_an_edited_copy_leads_to_the_thread_with_only_what_is_new(bot):
    first = await bot.says("ada", f"@briefbot {PIER_URL}")
    url = str(EDITED.url)
    bot.pages.add(url, Reading(source=url, verdict=Verdict.ARTICLE, article=EDITED))
    ts = await bot.says("bob", f"@briefbot {url}")
    (said,) = bot.thread(ts)
    assert said.startswith(wording.DISCUSSED)
    assert "300 new seats" in said
    assert "2.4 million" not in said
    assert first.replace(".", "") in str(bot.posts()[-1])
    await bot.says("bob", "How many new seats did the owners ask for?", thread=ts)
    assert "300 new seats" in bot.thread(ts)[1]
