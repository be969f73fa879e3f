"""What can be taken along: briefs, questions and answers with their proof, and no full text."""

from __future__ import annotations

import json

import pytest

from bot.core.talking import wording
from bot.core.talking.export import FORM, VERSION
from bot.flows import command
from bot.model import Answer, Control, Thread, Voice
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, Bot

COST = "What did the repairs cost?"
NEVER_QUOTED = "Marion Ashdown"
"""In a paragraph that neither the brief nor an answer rests on."""


@pytest.fixture
async def bot() -> Bot:
    made = Bot(keepers={"cleo"})
    await made.say(PIER_URL, who="ada", where="1")
    await made.say(MUSEUM_URL, who="bob", where="2")
    await made.do_all()
    await made.say(COST, who="bob", where="1")
    await made.say("Who lined the quay?", who="ada", where="2")
    await made.do_all()
    return made


async def export(bot: Bot, argument: str, who: str, where: str = "1") -> command.Written:
    return await command.export(
        argument,
        who=who,
        keeper=who in bot.keepers,
        thread=Thread(channel=NEWS, id=where),
        channel=NEWS,
        store=bot.store,
        clock=bot.clock,
    )


async def as_json(bot: Bot, argument: str, who: str, where: str = "1") -> dict[str, object]:
    return json.loads((await export(bot, f"{argument} json", who, where)).text)


def numbers(found: dict[str, object]) -> list[int]:
    return [one["number"] for one in found["briefs"]]


def askers(found: dict[str, object]) -> list[str]:
    return [one["asker"] for one in found["questions"]]


async def test_the_form_says_what_it_is(bot: Bot) -> None:
    found = await as_json(bot, "", "cleo")
    assert {name: found[name] for name in ("form", "version", "of", "made_at")} == {
        "form": FORM,
        "version": VERSION,
        "of": "channel",
        "made_at": "2026-03-04T12:00:00+00:00",
    }
    assert found["questions"] == []


@pytest.mark.parametrize(
    ("typed", "who", "briefs", "asked"),
    [
        ("in 1: ", "cleo", [2, 1], []),
        ("in 1: ", "ada", [1], []),
        ("in 1: mine", "ada", [1], ["ada"]),
        ("in 1: mine", "bob", [2], ["bob"]),
        ("in 1: mine", "cleo", [], []),
        ("in 1: thread", "cleo", [1], ["bob"]),
        ("in 1: thread", "ada", [1], []),
        ("in 1: thread", "bob", [], ["bob"]),
        ("in 2: thread", "bob", [2], []),
        ("in 9: thread", "cleo", [], []),
    ],
)
async def test_everybody_gets_what_is_his_and_keepers_all_of_a_place(
    bot: Bot, typed: str, who: str, briefs: list[int], asked: list[str]
) -> None:
    where, _, argument = typed.removeprefix("in ").partition(": ")
    found = await as_json(bot, argument, who, where)
    assert (numbers(found), askers(found)) == (briefs, asked)
    written = await export(bot, argument, who, where)
    assert (written.briefs, written.questions) == (len(briefs), len(asked))


async def test_a_quote_of_an_answer_says_which_article_it_is_from(bot: Bot) -> None:
    (question,) = (await as_json(bot, "mine", "bob"))["questions"]
    assert question["question"] == COST
    assert question["thread"] == "1"
    assert question["voice"] == "says"
    (quote,) = question["quotes"]
    assert quote["article"] == 1  # Ada's: Bob asked about it
    assert quote["quote"] == question["answer"]


@pytest.mark.parametrize("argument", ["", "mine", "thread", "json", "mine json", "json thread"])
async def test_no_full_text_is_in_it(bot: Bot, argument: str) -> None:
    for who in ("ada", "cleo"):
        assert NEVER_QUOTED not in (await export(bot, argument, who)).text


async def test_a_struck_bullet_is_marked(bot: Bot) -> None:
    await bot.press(Control.STRIKE, "1\n2\nIt was twelve", who="bob")
    await bot.do_all()
    (brief,) = (await as_json(bot, "mine", "ada"))["briefs"]
    assert brief["struck"] == {"2": "It was twelve"}
    assert "~~ It was twelve" in (await export(bot, "mine", "ada")).text


async def test_a_page_has_the_questions_after_the_articles(bot: Bot) -> None:
    text = (await export(bot, "mine md", "bob")).text
    articles, asked = text.split("## Asked on 2026-03-04 12:00\n")
    assert "Museum returns" in articles
    assert asked.startswith(f"\n{COST}\n\n- The pier at Wexcombe will reopen")
    assert "\n  > ¶1 The pier at Wexcombe will reopen" in asked


async def test_what_nothing_answers_says_so(bot: Bot) -> None:
    await bot.say("forget 2", who="bob", where="2")
    await bot.do_all()
    found = await bot.store.mention(NEWS, 1)
    assert found is not None
    bot.writer.answer = nothing  # type: ignore[method-assign]
    await bot.say("Where is the moon?", who="eve", where="1")
    await bot.do_all()
    assert "- The article doesn't say.\n" in (await export(bot, "mine", "eve")).text


async def nothing(*_: object, **__: object) -> object:
    return Answer(voice=Voice.ABSENT, text="")


async def test_an_article_that_two_posted_is_exported_by_both(bot: Bot) -> None:
    await bot.say(PIER_URL, who="bob", where="3")
    await bot.do_all()
    assert numbers(await as_json(bot, "", "ada")) == [1]
    assert numbers(await as_json(bot, "", "bob")) == [3, 2]
    assert numbers(await as_json(bot, "", "cleo")) == [3, 2]


async def test_it_is_asked_for_where_people_talk(bot: Bot) -> None:
    await bot.say("export mine", who="bob", where="5")
    await bot.say("export thread json", who="eve", where="5")
    await bot.do_all()
    mine, nothing_his = bot.said[-2:]
    assert "Museum returns" in mine
    assert COST in mine
    assert "Old pier" not in mine
    assert nothing_his == f"{wording.NOTHING_IN_THREAD}\n"
