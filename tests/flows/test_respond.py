"""Who hears of what: briefs are everyone's, refusals the asker's, else there is a sign."""

from __future__ import annotations

import pytest

from bot.core.talking import wording
from bot.errors import NotSent, SourceTooLarge
from bot.flows.respond import Respond
from bot.model import Ending, Joined, Mode, Sign, Thread, Upload, Verdict
from tests.flows.articles import PIER
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, WALL_URL, Bot

POSTED = (Ending.POSTED, "")
NEVER = "https://never.example/x"
MINUTES = Upload(name="minutes.txt", media_type="text/plain", size=900, handle="F1")


@pytest.fixture
def bot() -> Bot:
    return Bot()


# --- refusals --------------------------------------------------------------------------------


async def test_a_brief_is_everyone_s(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    assert (len(bot.said), bot.told) == (1, [])


async def test_what_could_not_be_read_is_told_to_whoever_asked_alone(bot: Bot) -> None:
    await bot.say(WALL_URL, who="bob")
    await bot.react("m9", WALL_URL, who="cleo")
    await bot.order(f"brief {WALL_URL}", who="dora")
    await bot.do_all()
    assert [who for who, _ in bot.told] == ["bob", "cleo", "dora"]
    assert all("cookie notice" in text for _, text in bot.told)
    assert await bot.endings() == [POSTED] * 3


async def test_in_private_nobody_else_is_there(bot: Bot) -> None:
    await bot.say(WALL_URL, us=False, direct=True)
    await bot.order(f"brief {WALL_URL}", direct=True)
    await bot.do_all()
    assert (len(bot.said), bot.told) == (2, [])


async def test_where_nobody_asked_there_is_a_sign_and_why_tells(bot: Bot) -> None:
    await bot.set(mode=Mode.AUTOMATIC)
    await bot.say(WALL_URL, key="e1", us=False)
    await bot.do_all()
    assert bot.said == []
    assert bot.platform.shown == [(Thread(channel=NEWS, id="1"), "m-e1", Sign.REFUSED)]
    assert await bot.endings() == [(Ending.SILENT, Verdict.CONSENT_WALL)]
    assert "cookie notice" in await why(bot)


async def test_among_several_links_those_that_failed_are_said_beside_the_briefs(bot: Bot) -> None:
    await bot.set(mode=Mode.AUTOMATIC)
    await bot.say(f"{WALL_URL} {PIER_URL} {NEVER}", us=False)
    await bot.do_all()
    (said,) = bot.said
    assert said.index("cookie notice") < said.index("Old pier") < said.index("never.example")
    assert bot.told == []


async def test_where_all_of_several_links_failed_it_is_as_with_one(bot: Bot) -> None:
    await bot.say(f"{WALL_URL} {NEVER}", who="bob")
    await bot.set(mode=Mode.AUTOMATIC)
    await bot.say(f"{NEVER} {WALL_URL}", us=False)
    await bot.do_all()
    ((who, text),) = bot.told
    assert (who, "cookie notice" in text, "never.example" in text) == ("bob", True, True)
    assert await bot.endings() == [POSTED, (Ending.SILENT, Verdict.UNREACHABLE)]


async def test_what_cannot_be_done_as_asked_is_told_to_whoever_asked_alone(bot: Bot) -> None:
    await bot.say("What did the repairs cost?", who="bob")
    await bot.say("/serach tea", who="cleo")
    await bot.say("settings mode automatic", who="dora")
    await bot.do_all()
    assert [(who, text.split(".")[0]) for who, text in bot.told] == [
        ("bob", "Nothing was read yet"),
        ("cleo", "There is no command “serach”"),
        (
            "dora",
            "Only those who look after this channel can do that: whoever invited me, and my admins",
        ),
    ]


# --- the welcome -----------------------------------------------------------------------------


async def invite(bot: Bot, key: str = "j1") -> None:
    await bot.intake.accept(Joined(key=key, channel=NEWS, inviter="ada"))


async def test_an_invitation_is_answered_with_a_welcome_once(bot: Bot) -> None:
    for _ in range(2):
        await invite(bot)
    await bot.do_all()
    await invite(bot)
    await bot.do_all()
    (said,) = bot.said
    assert said.startswith("ada invited me.")
    assert "puts 📰 on it" in said
    assert "No text leaves this installation." in said
    assert await bot.store.inviter(NEWS) == "ada"


async def test_the_welcome_says_how_the_channel_is_set_and_where_texts_go(bot: Bot) -> None:
    await bot.set(mode=Mode.AUTOMATIC, briefs_per_hour=7, article_days=1)
    respond = bot.handle.respond
    bot.handle = type(bot.handle)(
        **{
            **{name: getattr(bot.handle, name) for name in bot.handle.__slots__ if name[0] != "_"},
            "respond": Respond(
                conversation=respond.conversation,
                tend=respond.tend,
                store=respond.store,
                leaves="api.example",
            ),
        }
    )
    await invite(bot)
    await bot.do_all()
    (said,) = bot.said
    assert "up to 7 messages an hour" in said
    assert "Texts are kept 1 day," in said
    assert "goes to the model at api.example" in said


# --- files -----------------------------------------------------------------------------------


async def test_a_file_is_briefed_with_what_is_asked_beside_it(bot: Bot) -> None:
    bot.platform.files["F1"] = "\n\n".join(PIER.paragraphs).encode()
    await bot.say("What was it?", uploads=(MINUTES,))
    await bot.do_all()
    (said,) = bot.said
    assert "1  The pier at Wexcombe will reopen" in said
    assert "The article says" in said
    assert "File's text kept 30 days" in said
    (mention,) = await bot.store.mentions(NEWS, limit=9)
    assert (mention.origin, mention.source) == ("upload", "minutes.txt")


async def test_files_and_links_of_one_message_are_one_post(bot: Bot) -> None:
    bot.platform.files["F1"] = "\n\n".join(PIER.paragraphs).encode()
    await bot.say(MUSEUM_URL, uploads=(MINUTES,))
    await bot.do_all()
    (said,) = bot.said
    assert said.index("The pier at Wexcombe") < said.index("Museum returns")


async def test_a_file_that_is_too_large_or_gone_is_told_to_whoever_sent_it(bot: Bot) -> None:
    bot.platform.files["F1"] = SourceTooLarge("minutes.txt", "20000000")
    await bot.say("", uploads=(MINUTES,), who="bob")
    await bot.do_all()
    del bot.platform.files["F1"]
    await bot.say("have a look", uploads=(MINUTES,), who="cleo")
    await bot.do_all()
    (first, large), (second, gone) = bot.told
    assert (first, "minutes.txt is over the limit of 20 MB" in large) == ("bob", True)
    assert (second, "minutes.txt could not be reached" in gone) == ("cleo", True)


@pytest.mark.parametrize("text", ["brief", "brief this", "brief this, please"])
async def test_to_brief_what_is_attached_is_no_text_to_brief(bot: Bot, text: str) -> None:
    bot.platform.files["F1"] = "\n\n".join(PIER.paragraphs).encode()
    await bot.say(text, uploads=(MINUTES,))
    await bot.do_all()
    (said,) = bot.said
    assert "1  The pier at Wexcombe will reopen" in said


async def test_a_file_that_nobody_asked_about_gets_a_sign(bot: Bot) -> None:
    await bot.set(mode=Mode.AUTOMATIC)
    await bot.say("", uploads=(MINUTES,), us=False)
    await bot.do_all()
    assert bot.said == []
    assert [sign for _, _, sign in bot.platform.shown] == [Sign.REFUSED]


async def test_a_file_that_cannot_be_fetched_just_now_is_fetched_later(bot: Bot) -> None:
    bot.platform.files["F1"] = NotSent("fake")
    await bot.say("", uploads=(MINUTES,))
    await bot.do_next()
    bot.platform.files["F1"] = "\n\n".join(PIER.paragraphs).encode()
    await bot.do_all()
    assert "The pier at Wexcombe" in bot.said[0]


# --- what was briefed before -----------------------------------------------------------------


async def test_what_was_briefed_elsewhere_is_pointed_to(bot: Bot) -> None:
    await bot.say(PIER_URL, where="1")
    await bot.do_all()
    await bot.say(PIER_URL, where="2")
    await bot.do_all()
    assert bot.said[1].startswith(wording.ALREADY_BRIEFED)
    assert "https://fake.example/1" in bot.said[1]
    await bot.say("What was it?", where="2")  # can be asked there all the same
    await bot.do_all()
    assert "The article says" in bot.said[2]


async def test_in_the_same_thread_it_is_briefed_again(bot: Bot) -> None:
    for _ in range(2):
        await bot.say(PIER_URL, where="1")
        await bot.do_all()
    assert ["1  The pier" in text for text in bot.said] == [True, True]
    assert len(bot.writer.briefed) == 1


async def test_what_was_forgotten_is_briefed_anew(bot: Bot) -> None:
    await bot.say(PIER_URL, where="1")
    await bot.do_all()
    await bot.store.forget(NEWS, [1])
    await bot.say(PIER_URL, where="2")
    await bot.do_all()
    assert "1  The pier" in bot.said[-1]
    assert wording.ALREADY_BRIEFED not in bot.said[-1]


# --- questions an hour -----------------------------------------------------------------------


async def test_who_asks_more_than_the_channel_allows_is_told_so_alone(bot: Bot) -> None:
    await bot.set(questions_per_hour=2)
    await bot.say(PIER_URL)
    await bot.do_all()
    for number in range(3):
        await bot.say(f"What was number {number}?", who="bob", us=False)
        await bot.do_all()
        bot.clock.wait(minutes=1)
    assert len(bot.writer.asked) == 2
    ((who, text),) = bot.told
    assert (who, "2 questions within an hour" in text) == ("bob", True)
    await bot.say("What was it?", who="cleo")
    await bot.do_all()
    assert len(bot.writer.asked) == 3
    bot.clock.wait(minutes=58)
    await bot.say("And what else?", who="bob")
    await bot.do_all()
    assert len(bot.writer.asked) == 4


# --- why -------------------------------------------------------------------------------------


async def why(bot: Bot) -> str:
    """What /brief why says."""
    post = await bot.desk.command(bot.command("why"))
    assert post is not None
    return " ".join(line.text for line in post.blocks if hasattr(line, "text"))


@pytest.mark.parametrize(
    ("settings", "said", "words"),
    [
        ({"mode": Mode.REACTION}, {}, "I wait for 📰"),
        ({"mode": Mode.MENTION}, {}, "wait for somebody to mention me"),
        ({"mode": Mode.OFF}, {}, "I am off in this channel"),
        ({"mode": Mode.OFF}, {"us": True}, "I am off in this channel"),
        ({"ignore": "sample.example"}, {}, "ignores that site"),
        ({}, {"bot": True}, "another bot posted it"),
        ({}, {"outside": True}, "people of other organisations"),
        ({}, {}, "every link is briefed here. What came of it was posted."),
        ({}, {"us": True}, "somebody asked for it. What came of it was posted."),
    ],
)
async def test_why_tells_what_was_decided(
    bot: Bot, settings: dict[str, object], said: dict[str, bool], words: str
) -> None:
    await bot.set(**{"mode": Mode.AUTOMATIC, **settings})
    await bot.say(PIER_URL, key="e1", where="m-e1", **{"us": False, **said})
    await bot.do_all()
    assert words in await why(bot)


async def test_why_tells_how_it_stands_and_what_became_of_it(bot: Bot) -> None:
    await bot.set(mode=Mode.AUTOMATIC, briefs_per_hour=1)
    await bot.say(PIER_URL, key="e1", us=False)
    assert (await why(bot)).endswith("I am at it.")
    await bot.do_all()
    await bot.say(MUSEUM_URL, key="e2", us=False)
    assert "as many messages as this channel allows an hour" in await why(bot)
    await bot.react("m-e2")
    await bot.do_all()
    assert "somebody asked for it. What came of it was posted." in await why(bot)
    await bot.delete("m-e2")
    await bot.do_all()
    assert "What was posted has been changed since." in await why(bot)


async def test_why_tells_that_it_failed(bot: Bot) -> None:
    bot.writer.fails[PIER.version] = [KeyError("a bug")] * 100
    await bot.say(PIER_URL)
    await bot.do_all()
    assert "It failed (broken.KeyError)" in await why(bot)
