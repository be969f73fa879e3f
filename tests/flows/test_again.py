"""What came before, in another thread: the same words, changed, at another address, edited."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.reading import identity
from bot.core.talking import wording
from bot.model import Control, Posted, Reading, Thread, Verdict
from tests.core.answering.test_again import EDITED, REPORT
from tests.flows.articles import PIER
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, Bot

if TYPE_CHECKING:
    from bot.model import Article

NEW = "The owners of the pavilion asked for 300 new seats on Tuesday, and for a roof of glass."


@pytest.fixture
async def bot() -> Bot:
    made = Bot()
    await made.say(MUSEUM_URL, where="0")
    await made.say(PIER_URL, where="1")
    await made.do_all()
    return made


async def link(bot: Bot, article: Article, *, url: str = "", where: str = "2") -> str:
    """Post a link to an article; return what is said."""
    url = url or article.url or ""
    bot.pages.add(url, Reading(source=url, verdict=Verdict.ARTICLE, article=article))
    before = len(bot.said)
    await bot.say(url, where=where)
    await bot.do_all()
    (said,) = bot.said[before:]
    return said


def changed(article: Article, *paragraphs: str) -> Article:
    """Another version of an article, without bullets of its own."""
    return identity.article(
        url=article.url,
        headline=article.headline,
        publisher=article.publisher,
        language="en",
        paragraphs=paragraphs or article.paragraphs,
    )


def pointed(said: str, where: str = "1") -> bool:
    return said.startswith(wording.DISCUSSED) and f"https://fake.example/{where}" in said


async def test_of_a_changed_page_only_what_is_new_is_said(bot: Bot) -> None:
    said = await link(bot, changed(PIER, NEW, *PIER.paragraphs))
    assert pointed(said)
    assert wording.NEW_IN_IT in said
    assert "1  The owners of the pavilion" in said
    assert "[¶1]" in said
    assert "2.4 million" not in said


async def test_of_a_page_with_fewer_words_nothing_is_new(bot: Bot) -> None:
    said = await link(bot, changed(PIER, *PIER.paragraphs[:3]))
    assert pointed(said)
    assert wording.NOTHING_NEW in said
    assert "1  " not in said


async def test_where_something_else_stands_at_an_address_it_is_briefed(bot: Bot) -> None:
    said = await link(bot, replace(REPORT, url=PIER.url), url=PIER_URL)
    assert wording.DISCUSSED not in said
    assert "1  " in said


async def test_the_same_text_at_another_address(bot: Bot) -> None:
    said = await link(bot, replace(PIER, url="https://amp.example/pier"))
    assert pointed(said)
    assert wording.NOTHING_NEW in said


async def test_a_copy_that_another_house_edited(bot: Bot) -> None:
    said = await link(bot, EDITED)
    assert pointed(said)
    assert "asked for 300 new seats" in said
    assert "landing stage" not in said


async def test_another_outlet_s_own_report_gets_its_brief(bot: Bot) -> None:
    said = await link(bot, REPORT)
    assert wording.DISCUSSED not in said
    assert said.startswith("Pier opens again")


async def test_it_is_pointed_to_what_was_discussed_last_of_a_page(bot: Bot) -> None:
    await link(bot, changed(PIER, NEW, *PIER.paragraphs), where="2")
    more = "The fair on the pier head opens on 12 June, and 40 stalls have been let."
    said = await link(bot, changed(PIER, NEW, more, *PIER.paragraphs), where="3")
    assert pointed(said, "2")
    assert "40 stalls" in said
    assert "300 new seats" not in said


async def test_in_its_own_thread_a_changed_page_is_briefed(bot: Bot) -> None:
    said = await link(bot, changed(PIER, NEW, *PIER.paragraphs), where="1")
    assert wording.DISCUSSED not in said


async def test_it_can_be_asked_about_and_proven_where_it_was_pointed_from(bot: Bot) -> None:
    await link(bot, changed(PIER, NEW, *PIER.paragraphs))
    (post,) = [one.post for one in bot.platform.posts][-1:]
    assert [one.shown for one in post.blocks if hasattr(one, "shown")] == [(Control.PROOF,)]
    await bot.say("How many new seats did the owners ask for?", where="2")
    await bot.do_all()
    assert "300 new seats" in bot.said[-1]
    await bot.say("proof 1", where="2")
    await bot.do_all()
    assert "Proof of bullet 1" in bot.said[-1]


async def test_without_the_earlier_text_only_the_very_same_words_count(bot: Bot) -> None:
    bot.clock.wait(days=91)
    await bot.store.expire(bot.clock.now())
    copy = await link(bot, EDITED, where="2")
    new = await link(bot, changed(PIER, NEW, *PIER.paragraphs[:1]), where="3")
    same = await link(bot, PIER, url=PIER_URL, where="4")
    assert [wording.DISCUSSED in said for said in (copy, new, same)] == [False, False, False]
    assert same.startswith(wording.ALREADY_BRIEFED)


async def test_what_was_forgotten_is_pointed_to_no_more(bot: Bot) -> None:
    await bot.store.forget(NEWS, [2])
    assert wording.DISCUSSED not in await link(bot, EDITED)


async def test_what_another_channel_read_is_not_known(bot: Bot) -> None:
    before = len(bot.said)
    bot.pages.add(EDITED.url, Reading(source=EDITED.url, verdict=Verdict.ARTICLE, article=EDITED))
    thread = Thread(channel=replace(NEWS, id="other"), id="2")
    message = replace(bot.message(EDITED.url, "m-other"), thread=thread)
    await bot.intake.accept(Posted(key="other", message=message, mentions_us=True))
    await bot.do_all()
    (said,) = bot.said[before:]
    assert said.startswith("Wexcombe gets its pier back")
