"""However often it is called for, a message has one post."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model import Deleted, Edited, Ending, Message, Mode, Posted, Reacted, Thread
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, WALL_URL, Bot


@pytest.fixture
def bot() -> Bot:
    return Bot()


def message(bot: Bot, text: str) -> Message:
    thread = Thread(channel=NEWS, id="m1")
    return Message(thread=thread, id="m1", author="ada", text=text, sent_at=bot.clock.now())


async def react(bot: Bot, text: str, who: str) -> None:
    reacted = Reacted(key=f"r-{who}", message=message(bot, text), who=who, reaction="newspaper")
    await bot.intake.accept(reacted)


async def test_two_reactions_are_one_brief(bot: Bot) -> None:
    await react(bot, PIER_URL, "ada")
    await react(bot, PIER_URL, "bob")
    await bot.do_all()
    await react(bot, PIER_URL, "cyd")
    await bot.do_all()
    assert len(bot.said) == 1
    assert [(await bot.event(n)).ending for n in (1, 2, 3)] == [
        Ending.POSTED,
        Ending.SILENT,
        Ending.SILENT,
    ]


async def test_a_reaction_to_what_was_briefed_already_says_nothing(bot: Bot) -> None:
    await bot.intake.accept(Posted(key="p", message=message(bot, PIER_URL), mentions_us=True))
    await bot.do_all()
    await react(bot, PIER_URL, "bob")
    await bot.do_all()
    assert len(bot.said) == 1


async def test_who_asks_in_a_menu_for_what_was_briefed_is_told_so(bot: Bot) -> None:
    await react(bot, PIER_URL, "ada")
    await bot.do_all()
    again = Reacted(key="s", message=message(bot, PIER_URL), who="bob", reaction="", asked=True)
    await bot.intake.accept(again)
    await bot.do_all()
    assert [one.post.to for one in bot.platform.posts] == ["", "bob"]
    assert "Already briefed" in bot.said[1]


async def test_a_reaction_to_what_could_not_be_read_tries_again(bot: Bot) -> None:
    await bot.intake.accept(Posted(key="p", message=message(bot, WALL_URL), mentions_us=True))
    await bot.do_all()
    await react(bot, PIER_URL, "bob")
    await bot.do_all()
    assert len(bot.said) == 2


async def test_what_comes_after_its_edit_says_nothing(bot: Bot) -> None:
    await automatic(bot)
    new = message(bot, MUSEUM_URL)
    edited = Edited(key="edit", message=new, before=PIER_URL, mentions_us=False)
    await bot.intake.accept(edited)
    await bot.intake.accept(Posted(key="p", message=message(bot, PIER_URL)))
    await bot.do_all()
    (said,) = bot.said
    assert "Museum" in said


async def test_an_edit_or_deletion_that_is_told_twice_does_what_it_says(bot: Bot) -> None:
    await automatic(bot)
    await bot.intake.accept(Posted(key="p", message=message(bot, PIER_URL)))
    await bot.do_all()
    edited = Edited(
        key="edit", message=message(bot, MUSEUM_URL), before=PIER_URL, mentions_us=False
    )
    for _ in range(2):
        await bot.intake.accept(edited)
    await bot.do_all()
    assert [("Museum" in one) for one in bot.said] == [True]
    deleted = Deleted(key="gone", thread=Thread(channel=NEWS, id="m1"), message_id="m1")
    for _ in range(2):
        await bot.intake.accept(deleted)
    await bot.do_all()
    assert bot.said == []


async def test_who_wanted_what_a_message_said_gets_what_it_says_now(bot: Bot) -> None:
    await react(bot, PIER_URL, "bob")
    edited = Edited(
        key="edit", message=message(bot, MUSEUM_URL), before=PIER_URL, mentions_us=False
    )
    await bot.intake.accept(edited)
    await bot.do_all()
    (said,) = bot.said
    assert "Museum" in said


async def automatic(bot: Bot) -> None:
    async with bot.store.begin() as tx:
        kept = await bot.store.channel_settings(NEWS)
        await bot.store.change_settings(tx, NEWS, replace(kept, mode=Mode.AUTOMATIC), [])
