"""What is said where it is encrypted: kept for less long, and shown to no model."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.talking import wording
from bot.core.talking.wording import matrix
from bot.flows.spending import Counted, Denied, Spending
from bot.model import Budget, Control, Edited, Ending, Joined, Mode, Origin, Thread, Unreadable
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, Bot

HERE = Thread(channel=NEWS, id="1")


@pytest.fixture
def bot() -> Bot:
    bot = Bot(hints=matrix("!brief"))
    bot.spending = spending(bot)
    return bot


def spending(bot: Bot, *, local: bool = False) -> Spending:
    return Spending(
        store=bot.store,
        clock=bot.clock,
        telemetry=bot.telemetry,
        budget=Budget(a_day=10_000, a_channel=10_000),
        local=local,
    )


def leaves(bot: Bot) -> list[type[object]]:
    """What the writer was given: leave to ask a model, or none."""
    return [type(one) for one in bot.writer.left]


async def origins(bot: Bot) -> list[Origin]:
    return [one.origin for one in await bot.store.mentions(NEWS, limit=9)][::-1]


@pytest.mark.parametrize("text", [PIER_URL, f"brief {PIER_URL}", f"look: {PIER_URL}"])
async def test_a_private_link_is_kept_as_pasted_text_is_and_no_model_sees_it(
    bot: Bot, text: str
) -> None:
    await bot.say(text, private=True)
    await bot.do_all()
    assert await origins(bot) == [Origin.PRIVATE_LINK]
    assert "Text kept 30 days." in bot.said[0]
    assert leaves(bot) == [Denied]
    bot.clock.wait(days=31)
    await bot.store.expire(bot.clock.now())
    (mention,) = await bot.store.mentions(NEWS, limit=9)
    assert mention.article.paragraphs == ()


async def test_any_other_link_is_public(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    assert await origins(bot) == [Origin.LINK]
    assert "Text kept 90 days." in bot.said[0]
    assert leaves(bot) == [Counted]


@pytest.mark.parametrize("local", [True, False])
async def test_a_model_may_see_it_where_keepers_say_so_or_it_is_the_operators(
    bot: Bot, local: bool
) -> None:
    bot.spending = spending(bot, local=local)
    await bot.set(model_private=not local)
    await bot.say(f"{PIER_URL} what did it cost?", private=True)
    await bot.do_all()
    assert leaves(bot) == [Counted, Counted]


async def test_questions_about_it_are_for_no_model(bot: Bot) -> None:
    await bot.say(PIER_URL, private=True)
    await bot.say(MUSEUM_URL)  # before it was encrypted, say
    await bot.do_all()
    bot.writer.left.clear()
    await bot.say("What did it cost?")
    await bot.do_all()
    assert leaves(bot) == [Denied]


async def test_a_private_question_about_what_is_public_is_for_no_model(bot: Bot) -> None:
    await bot.say(MUSEUM_URL)
    await bot.do_all()
    bot.writer.left.clear()
    await bot.say("How much does the bell weigh?", private=True)
    await bot.say("What did we read about the bell?", private=True)
    await bot.say("What did we read about the bell this week?")
    await bot.do_all()
    assert leaves(bot) == [Denied, Denied, Counted]


async def test_another_length_of_it_is_not_written_by_a_model(bot: Bot) -> None:
    await bot.say(PIER_URL, private=True)
    await bot.do_all()
    await bot.press(Control.LONGER)
    await bot.do_all()
    assert leaves(bot) == [Denied, Denied]


@pytest.mark.parametrize(("private", "origin"), [(True, Origin.PRIVATE_LINK), (False, Origin.LINK)])
async def test_what_waits_for_a_reaction_is_as_private_as_its_room(
    bot: Bot, private: bool, origin: Origin
) -> None:
    await bot.say(PIER_URL, key="e1", us=False, private=private)
    await bot.react("m-e1", private=private)
    await bot.do_all()
    assert await origins(bot) == [origin]


async def test_what_has_to_be_fetched_says_itself_whether_it_is(bot: Bot) -> None:
    fetched = replace(bot.message(PIER_URL, "m-e1"), private=True)
    bot.platform.messages["m-e1"] = fetched
    await bot.react("m-e1")
    await bot.do_all()
    assert await origins(bot) == [Origin.PRIVATE_LINK]


async def test_an_edited_one_stays_private(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1", private=True)
    await bot.do_all()
    message = replace(bot.message(MUSEUM_URL, "m-e1"), private=True)
    await bot.intake.accept(Edited(key="x1", message=message, before=PIER_URL, mentions_us=True))
    await bot.do_all()
    assert await origins(bot) == [Origin.PRIVATE_LINK]
    assert leaves(bot) == [Denied, Denied]


# --- what cannot be read ---------------------------------------------------------------------


async def sealed(bot: Bot, key: str, *, direct: bool = False, where: str = "1") -> None:
    thread = Thread(channel=NEWS, id=where)
    await bot.intake.accept(
        Unreadable(key=key, thread=thread, message_id="m-x", who="bob", direct=direct)
    )
    await bot.do_all()


async def test_who_cannot_be_read_is_told_what_to_do_once_a_key(bot: Bot) -> None:
    await sealed(bot, "s1")
    assert bot.said == []
    await bot.set(mode=Mode.AUTOMATIC)
    for key in ("s1", "s1"):
        await sealed(bot, key)
    assert bot.told == [("bob", f"{wording.UNREADABLE}\n")]
    assert bot.platform.posts[0].ref.thread == HERE
    await sealed(bot, "s2", direct=True, where="9")
    assert len(bot.told) == 2


async def test_in_a_thread_of_ours_he_is_told_too_and_heard_once_the_key_is_there(
    bot: Bot,
) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    await sealed(bot, "s1")
    assert len(bot.told) == 1
    await bot.say("What did it cost?", key="x", us=False)
    await bot.do_all()
    assert "The article says" in bot.said[-1]


# --- the welcome -----------------------------------------------------------------------------


@pytest.mark.parametrize("encrypted", [True, False])
async def test_the_welcome_fits_the_room(bot: Bot, encrypted: bool) -> None:
    await bot.intake.accept(Joined(key="j1", channel=NEWS, inviter="ada", encrypted=encrypted))
    await bot.do_all()
    (said,) = bot.said
    assert said.startswith("ada invited me.")
    assert ("stored as decrypted text" in said) is encrypted
    assert ("Texts are kept 30 days, briefs" in said) is encrypted
    assert "!brief settings" in said
    assert await bot.endings() == [(Ending.POSTED, "")]
