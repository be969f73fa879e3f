"""What people have forgotten: links, threads, what is theirs, a channel; and the receipts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import NotSent, Rejected
from bot.model import Control, Decision, DeliveryState, Ending, Mode
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, Bot
from tests.store.samples import mention

COST = "What did the repairs cost?"


@pytest.fixture
def bot() -> Bot:
    return Bot(keepers={"cleo"})


async def says(bot: Bot, text: str, *, who: str = "ada", where: str = "1") -> str:
    """Have somebody say something; return what the bot says to that."""
    before = len(bot.platform.sent)
    await bot.say(text, who=who, where=where)
    await bot.do_all()
    new = bot.platform.sent[before:]
    return "".join(
        said for one, said in zip(bot.platform.posts, bot.said, strict=True) if one.key in new
    )


async def asked(bot: Bot) -> list[tuple[str, str]]:
    """Return who asked what, oldest first."""
    answers = await bot.store.answers(NEWS, limit=99)
    return [(one.asker, one.text) for one, _ in answers][::-1]


# --- a link ----------------------------------------------------------------------------------


async def test_the_brief_of_a_forgotten_link_is_taken_away(bot: Bot) -> None:
    brief = await says(bot, PIER_URL)
    answer = await says(bot, COST)
    said = await says(bot, "forget 1", where="2")
    assert said == (
        "Erased: 1 posted article, 1 brief, 1 question with its answer. Nothing of it is kept here "
        "any more.\n1 post of mine about it taken away. Answers that I gave stay in the chat; "
        "delete them there.\n"
    )
    assert bot.said == [answer, said]
    assert brief not in bot.said
    assert (await bot.line(1)).state is DeliveryState.RETRACTED


async def test_a_post_that_briefs_others_too_is_drawn_anew(bot: Bot) -> None:
    both = await says(bot, f"{PIER_URL} {MUSEUM_URL}")
    assert "Old pier" in both
    said = await says(bot, f"forget {PIER_URL}", where="2")
    assert said.startswith("Erased: 1 posted article, 1 brief.")
    assert "taken away" not in said
    left = bot.said[0]
    assert "Museum returns" in left
    assert "Old pier" not in left


async def test_what_the_platform_does_not_let_us_take_away_is_forgotten_all_the_same(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await says(bot, PIER_URL)

    async def away(_: object) -> None:
        raise NotSent("fake")

    monkeypatch.setattr(bot.platform, "retract", away)
    said = await says(bot, "forget 1", where="2")
    assert said.startswith("Erased: 1 posted article")
    assert "taken away" not in said
    assert await bot.numbers() == []
    assert [one.happened for one in bot.telemetry.troubles] == ["not_taken_away"]


async def test_a_post_that_somebody_deleted_is_no_trouble_for_forgetting(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await says(bot, PIER_URL)

    async def gone(_: object) -> None:
        raise Rejected("fake", "message_not_found")

    monkeypatch.setattr(bot.platform, "retract", gone)
    assert "Erased: 1 posted article" in await says(bot, "forget 1", where="2")
    assert (await bot.line(1)).state is DeliveryState.RETRACTED


async def test_nothing_is_taken_away_of_what_may_not_be_forgotten(bot: Bot) -> None:
    brief = await says(bot, PIER_URL)
    for text in ("forget 1", "forget thread", f"forget {PIER_URL}", "forget channel yes"):
        await says(bot, text, who="bob", where="1" if "thread" in text else "2")
    assert bot.said[0] == brief
    assert await bot.numbers() == [1]


async def test_a_forget_that_is_done_twice_is_done_once(bot: Bot) -> None:
    await says(bot, PIER_URL)
    await bot.say("forget 1", where="2")
    bot.store.fails = 1  # its receipt cannot be stored
    await bot.do_all()
    assert await bot.numbers() == []
    assert len(bot.said) == 1


# --- mine ------------------------------------------------------------------------------------


async def test_what_somebody_posted_and_asked_goes_and_no_other_s(bot: Bot) -> None:
    await says(bot, PIER_URL, who="ada")
    await says(bot, MUSEUM_URL, who="bob", where="2")
    await says(bot, COST, who="ada", where="2")
    await says(bot, COST, who="bob", where="2")
    said = await says(bot, "forget mine", who="ada", where="3")
    assert said.startswith("Erased: 1 posted article, 1 brief, 1 question with its answer. Nothing")
    assert await bot.numbers() == [2]
    assert await asked(bot) == [("bob", COST)]


async def test_who_only_asked_has_something_to_forget(bot: Bot) -> None:
    await says(bot, PIER_URL)
    await says(bot, COST, who="bob")
    said = await says(bot, "forget mine", who="bob", where="3")
    assert said == ("Erased: 1 question with its answer. Nothing of it is kept here any more.\n")
    assert await bot.numbers() == [1]
    again = await says(bot, "forget mine", who="bob", where="3")
    assert again == "There was nothing to erase.\n"


async def test_a_link_that_waits_is_forgotten_with_whoever_posted_it(bot: Bot) -> None:
    await bot.say(PIER_URL, key="w", us=False, who="bob")
    assert await bot.store.remembered(NEWS, "m-w") is not None
    said = await says(bot, "forget mine", who="bob")
    assert said.startswith("Erased: 1 message that waited.")
    assert await bot.store.remembered(NEWS, "m-w") is None


# --- a thread --------------------------------------------------------------------------------


async def test_whose_links_a_thread_is_of_forgets_all_of_it(bot: Bot) -> None:
    await says(bot, PIER_URL, who="ada")
    await says(bot, COST, who="bob")
    await says(bot, MUSEUM_URL, who="bob", where="2")
    said = await says(bot, "forget thread", who="ada")
    assert said.startswith("Erased: 1 posted article, 1 brief, 1 question with its answer.")
    assert await bot.numbers() == [2]


async def test_of_a_thread_that_is_not_all_his_goes_his_part(bot: Bot) -> None:
    await says(bot, MUSEUM_URL, who="bob")
    await says(bot, PIER_URL, who="ada")  # it answers from this one
    for who in ("ada", "bob"):
        await says(bot, COST, who=who)
    said = await says(bot, "forget thread", who="bob")
    assert said.startswith("Erased: 1 posted article, 1 brief, 1 question with its answer.")
    assert await bot.numbers() == [2]
    assert await asked(bot) == [("ada", COST)]


async def test_a_keeper_forgets_any_thread(bot: Bot) -> None:
    await says(bot, PIER_URL, who="ada")
    await says(bot, MUSEUM_URL, who="bob")
    await says(bot, COST, who="eve")
    said = await says(bot, "forget thread", who="cleo")
    assert said.startswith("Erased: 2 posted articles, 2 briefs, 1 question with its answer.")
    assert await bot.numbers() == []
    assert await asked(bot) == []


async def test_where_nothing_was_said_there_is_no_thread_to_forget(bot: Bot) -> None:
    await says(bot, PIER_URL)
    said = await says(bot, "forget thread", where="2")
    assert said.startswith("Nothing of this thread is kept.")
    assert await bot.numbers() == [1]


# --- a channel -------------------------------------------------------------------------------


async def test_a_channel_is_forgotten_by_its_keepers_once_they_confirm_it(bot: Bot) -> None:
    await bot.set(mode=Mode.AUTOMATIC)
    await says(bot, PIER_URL, who="ada")
    await says(bot, COST, who="bob")
    assert "Only those who look after" in await says(bot, "forget channel", who="ada", where="2")
    first = await says(bot, "forget channel", who="cleo", where="2")
    assert first == (
        "That erases all that is kept of this channel since 2026-03-04: 1 posted article with its "
        "brief, 1 question with its answer, and what waits to be answered or posted. Settings and "
        "the log of who changed them stay, and so does what I posted in the chat. To do it, type: "
        "forget channel yes\n"
    )
    assert await bot.numbers() == [1]
    said = await says(bot, "forget channel yes", who="cleo", where="2")
    assert said == (
        "Erased: 1 posted article, 1 brief, 1 question with its answer. Nothing of it is kept here "
        "any more. Settings and the log of who changed them stay, and so does what I posted in the "
        "chat.\n"
    )
    assert await bot.numbers() == []
    assert await asked(bot) == []
    assert (await bot.store.channel_settings(NEWS)).mode is Mode.AUTOMATIC
    assert "Nothing was read yet" in await says(bot, "forget channel", who="cleo", where="2")


async def test_what_waits_to_be_answered_goes_with_the_channel(bot: Bot) -> None:
    await says(bot, MUSEUM_URL)
    await bot.say("forget channel yes", who="cleo", where="2")
    await bot.say(PIER_URL, where="3")
    await bot.say(MUSEUM_URL, where="4", us=False)
    assert (await bot.store.decided(NEWS)).decision is Decision.WAITS_FOR_REACTION
    await bot.do_all()
    assert bot.said[-1].startswith("Erased: 1 posted article, 1 brief, 2 messages that waited.")
    assert (await bot.endings())[2] == (Ending.WITHDRAWN, "forgotten")
    assert await bot.numbers() == []
    assert await bot.store.decided(NEWS) is None


async def test_a_post_of_a_forgotten_channel_can_still_be_deleted(bot: Bot) -> None:
    await says(bot, PIER_URL)
    ref = bot.platform.posts[0].ref.id
    await says(bot, "forget channel yes", who="cleo", where="2")
    await bot.press(Control.DELETE, "1", who="cleo", post=ref)
    await bot.do_all()
    assert ref not in [one.ref.id for one in bot.platform.posts]


async def test_what_another_channel_holds_cannot_be_read_from_a_receipt(bot: Bot) -> None:
    await says(bot, PIER_URL)
    first = await says(bot, "forget 1", where="2")
    await says(bot, PIER_URL)
    there = await bot.store.mention(NEWS, 2)
    assert there is not None
    other = await mention(bot.store, there.article, channel=replace(NEWS, id="other"))
    assert await says(bot, "forget 2", where="2") == first
    assert list(await bot.store.mentions(other.thread.channel, limit=9)) == [other]
