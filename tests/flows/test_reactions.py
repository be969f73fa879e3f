"""Reactions that people put on our posts in place of pressing a control."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import NotSent
from bot.model import Control, Ending, Mode, PostRef, Thread
from tests.fakes import store_state
from tests.flows.articles import MUSEUM, PIER
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, WALL_URL, Bot

NOTHING = (Ending.SILENT, "nothing_to_do")


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def briefed(bot: Bot, text: str = PIER_URL) -> str:
    """Have Ada's message m-e1 answered; return the id of the post."""
    await bot.say(text, key="e1")
    await bot.do_all()
    return bot.platform.posts[-1].ref.id


async def put(bot: Bot, action: str, post: str, *, who: str = "bob", key: str = "") -> None:
    """Have somebody put the reaction of a control on a post."""
    await bot.press(action, "", who=who, post=post, key=key)
    await bot.do_all()


async def test_longer_and_shorter_are_drawn_in_the_same_post(bot: Bot) -> None:
    post = await briefed(bot)
    await put(bot, Control.LONGER, post)
    assert f"5  {PIER.paragraphs[4][:-1]}" in bot.said[0]
    await put(bot, Control.SHORTER, post)
    assert f"3  {PIER.paragraphs[2][:-1]}" in bot.said[0]
    assert PIER.paragraphs[3][:-1] not in bot.said[0]
    assert len(bot.platform.sent) == 1


async def test_of_several_briefs_each_is_rewritten_and_the_post_drawn_once(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await briefed(bot, f"{PIER_URL} {WALL_URL} {MUSEUM_URL}")
    bot.writer.briefed.clear()
    drawn: list[PostRef] = []
    change = bot.platform.change

    async def counted(ref: PostRef, given: object) -> None:
        drawn.append(ref)
        await change(ref, given)  # type: ignore[arg-type]

    monkeypatch.setattr(bot.platform, "change", counted)
    await put(bot, Control.LONGER, post)
    assert bot.writer.briefed == [PIER, MUSEUM]
    assert len(drawn) == 1
    assert PIER.paragraphs[4][:-1] in bot.said[0]
    assert MUSEUM.paragraphs[3][:-1] in bot.said[0]


async def test_a_brief_whose_text_is_gone_is_left_as_it_is(bot: Bot) -> None:
    post = await briefed(bot, f"{PIER_URL} {MUSEUM_URL}")
    await forget_text(bot, 1)
    await put(bot, Control.LONGER, post)
    assert PIER.paragraphs[4][:-1] not in bot.said[0]
    assert MUSEUM.paragraphs[3][:-1] in bot.said[0]
    assert bot.told == []
    await forget_text(bot, 2)
    await put(bot, Control.SHORTER, post)
    ((who, text),) = bot.told
    assert (who, "no longer kept" in text) == ("bob", True)


async def forget_text(bot: Bot, number: int) -> None:
    """Let the words of an article go, as the store does once their time is over."""
    state = bot.store._state
    place = next(at for at, one in enumerate(state.mentions) if one.number == number)
    mention = state.mentions[place]
    bare = replace(mention, article=store_state.blank(mention.article))
    store_state.change(state, place, bare)


@pytest.mark.parametrize(
    ("text", "titles"),
    [(PIER_URL, [PIER.headline]), (f"{PIER_URL} {MUSEUM_URL}", [PIER.headline, MUSEUM.headline])],
)
async def test_proof_shows_what_each_brief_rests_on(bot: Bot, text: str, titles: list[str]) -> None:
    post = await briefed(bot, text)
    await put(bot, Control.PROOF, post)
    ((who, shown),) = bot.told
    assert who == "bob"
    assert [title for title in (PIER.headline, MUSEUM.headline) if str(title) in shown] == titles
    assert shown.count("Proof of bullet 1 of") == len(titles)
    assert "2  It was closed in November" in shown
    assert shown.count("The publisher's own bullet") == 2  # those of the pier
    assert bot.platform.posts[-1].ref.thread == Thread(channel=NEWS, id="1")


async def test_why_tells_how_it_came_about(bot: Bot) -> None:
    post = await briefed(bot)
    await put(bot, Control.WHY, post)
    ((who, shown),) = bot.told
    assert who == "bob"
    assert "ada posted the link" in shown
    assert "These are the publisher's own bullets" in shown


@pytest.mark.parametrize("action", [Control.PROOF, Control.WHY])
async def test_they_are_told_for_a_named_brief_too(bot: Bot, action: Control) -> None:
    await briefed(bot)
    await bot.press(action, "1", who="bob")
    await bot.do_all()
    assert len(bot.told) == 1


@pytest.mark.parametrize(
    ("who", "left"), [("ada", []), ("cleo", []), ("bob", [1, 2])], ids=["poster", "keeper", "other"]
)
async def test_delete_takes_it_away_for_whoever_may(bot: Bot, who: str, left: list[int]) -> None:
    bot.keepers = {"cleo"}
    post = await briefed(bot, f"{PIER_URL} {MUSEUM_URL}")
    await put(bot, Control.DELETE, post, who=who)
    assert await bot.numbers() == left
    if left:
        ((told, text),) = bot.told
        assert (told, "Only whoever posted the link" in text) == (who, True)
    else:
        assert bot.said == []


@pytest.mark.parametrize("action", [one for one in Control if one is not Control.RETRY])
async def test_on_a_post_without_a_brief_nothing_is_done(bot: Bot, action: Control) -> None:
    await briefed(bot)
    await bot.say("What did it cost?")
    await bot.do_all()
    before = bot.said
    for post in (bot.platform.posts[-1].ref.id, "p99", "elsewhere"):
        await put(bot, action, post, who="ada")
    assert bot.said == before
    assert (await bot.endings())[2:] == [NOTHING] * 3


@pytest.mark.parametrize("action", [Control.STRIKE, Control.WRONG, Control.RETRY, Control.SETTINGS])
async def test_what_needs_more_words_is_no_reaction(bot: Bot, action: Control) -> None:
    post = await briefed(bot)
    await put(bot, action, post, who="ada")
    assert (await bot.endings())[1:] == [NOTHING]


@pytest.mark.parametrize("action", [Control.DELETE, Control.SHORTER, Control.PROOF])
async def test_of_what_was_forgotten_nothing_is_said(bot: Bot, action: Control) -> None:
    post = await briefed(bot)
    await bot.store.forget(NEWS, [1])
    await put(bot, action, post, who="ada")
    assert (await bot.endings())[1:] == [NOTHING]


async def test_a_reaction_that_comes_twice_counts_once_also_where_we_are_off(bot: Bot) -> None:
    post = await briefed(bot)
    await bot.set(mode=Mode.OFF)
    for _ in range(2):
        await put(bot, Control.PROOF, post, key="r1")
    assert len(bot.told) == 1


async def test_a_platform_that_fails_is_tried_again(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = await briefed(bot)
    change, fails = bot.platform.change, [NotSent("fake")]

    async def at_last(ref: PostRef, given: object) -> None:
        if fails:
            raise fails.pop()
        await change(ref, given)  # type: ignore[arg-type]

    monkeypatch.setattr(bot.platform, "change", at_last)
    await put(bot, Control.LONGER, post)
    assert PIER.paragraphs[4][:-1] in bot.said[0]
