"""Where people are told of nothing that bots say: who is told of what all the same."""

from __future__ import annotations

import pytest

from bot.core.talking.wording import CHAT, matrix
from bot.model import Control, Notify, Upload
from tests.flows.articles import PIER
from tests.flows.bot import MUSEUM_URL, PIER_URL, WALL_URL, Bot

FILE = Upload(name="minutes.txt", media_type="text/plain", size=900, handle="F1")


@pytest.fixture
def bot() -> Bot:
    bot = Bot(hints=matrix("!brief"))
    bot.platform.files["F1"] = "\n\n".join(PIER.paragraphs).encode()
    return bot


async def notified(bot: Bot) -> list[tuple[str, bool]]:
    """Whom each post names as its asker, and whether it is loud."""
    await bot.do_all()
    return [(one.post.asker, one.post.loud) for one in bot.platform.posts]


async def briefed(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    bot.platform.posts.clear()


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("What did it cost?", False),
        ("tell me about the pier in Wexcombe", True),
        ("ask what it cost", True),
        ("what did we read about the pier?", True),
        ("what did we read about the zeppelin?", True),
    ],
)
async def test_an_answer_is_for_whoever_asked(bot: Bot, text: str, us: bool) -> None:
    await briefed(bot)
    await bot.say(text, us=us, who="bob")
    assert await notified(bot) == [("bob", False)]


async def test_a_question_that_was_typed_as_a_command_is_one(bot: Bot) -> None:
    await briefed(bot)
    await bot.order("What did it cost?", who="bob")
    assert await notified(bot) == [("bob", False)]


@pytest.mark.parametrize(
    ("text", "files"), [(f"{PIER_URL} what did it cost?", ()), ("What did it cost?", (FILE,))]
)
async def test_so_is_a_brief_with_an_answer(bot: Bot, text: str, files: tuple[Upload, ...]) -> None:
    await bot.say(text, who="bob", uploads=files)
    assert await notified(bot) == [("bob", False)]


@pytest.mark.parametrize("text", [PIER_URL, WALL_URL, "list", "proof 1", "help", "settings"])
async def test_anything_else_is_not(bot: Bot, text: str) -> None:
    await briefed(bot)
    await bot.say(text, who="bob")
    assert await notified(bot) == [("", False)]


async def test_who_is_alone_with_us_is_told_of_his_answer(bot: Bot) -> None:
    await briefed(bot)
    await bot.say("What did it cost?", us=False, direct=True)
    assert await notified(bot) == [("ada", False)]


@pytest.mark.parametrize(
    ("notify", "loud"), [(Notify.ANSWERS, False), (Notify.DIGESTS, False), (Notify.ALL, True)]
)
async def test_briefs_are_loud_where_that_is_set(bot: Bot, notify: Notify, loud: bool) -> None:
    await bot.set(notify=notify)
    await bot.say(f"{PIER_URL} {WALL_URL}")
    assert await notified(bot) == [("", loud)]
    await bot.press(Control.SHORTER)  # as it was, also when it is drawn anew
    assert await notified(bot) == [("", loud)]


@pytest.mark.parametrize("text", [WALL_URL, "list", "proof 1"])
async def test_no_other_post_is(bot: Bot, text: str) -> None:
    await briefed(bot)
    await bot.set(notify=Notify.ALL)
    await bot.say(text)
    assert await notified(bot) == [("", False)]


async def test_what_was_briefed_elsewhere_is_pointed_to_in_silence(bot: Bot) -> None:
    await briefed(bot)
    await bot.set(notify=Notify.ALL)
    await bot.say(PIER_URL, where="2")
    assert await notified(bot) == [("", False)]


async def test_elsewhere_posts_say_nothing_of_it(bot: Bot) -> None:
    bot.hints = CHAT  # what is stored there, the previous release can read
    await bot.set(notify=Notify.ALL)
    await bot.say(f"{MUSEUM_URL} what did it cost?")
    assert await notified(bot) == [("", False)]


async def test_the_setting_is_listed_only_here(bot: Bot) -> None:
    await bot.say("settings")
    await bot.do_all()
    bot.hints = CHAT
    await bot.say("settings")
    await bot.do_all()
    assert ["notify = answers" in said for said in bot.said] == [True, False]


# --- a lone word -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "direct", "said"),
    [
        ("lsit", True, "Did you mean “!brief list”?"),
        ("lsit", False, "The article says"),
        ("lsit?", True, "The article says"),
        ("thanks", True, "The article says"),
        ("list", True, "Old pier"),
        ("proof 2", True, "Proof of bullet 2 of 2"),
        ("settings bullets 8", True, "bullets: 5 -> 8"),
        ("help", True, "proof [BULLET]"),
    ],
)
async def test_a_mistyped_command_is_told_where_nobody_else_is(
    bot: Bot, text: str, direct: bool, said: str
) -> None:
    await briefed(bot)
    await bot.say(text, us=not direct, direct=direct)
    await bot.do_all()
    assert said in bot.said[-1]
