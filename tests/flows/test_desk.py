"""What is answered at once: sheets, forms, commands that need no work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.core.talking import wording
from bot.core.talking.settings import CHAT, shown
from bot.model import (
    Channel,
    ChannelSettings,
    Control,
    Controls,
    Field,
    Filled,
    Form,
    Heading,
    Line,
    Mode,
    Room,
    ShowHome,
    ShowProof,
    ShowSettings,
    ShowWhy,
    ShowWrong,
    Workspace,
)
from bot.platforms.console.plain import plain
from tests.flows.articles import PIER
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, Bot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import Sheet, Wish

OF_NEWS = "fake\nT1\nnews\n"


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def briefed(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    await bot.do_all()


def text_of(sheet: Sheet) -> str:
    lines = [one.text for one in sheet.blocks if isinstance(one, Line | Heading)]
    return "\n".join((sheet.title, *lines))


def fields_of(sheet: Sheet) -> dict[str, Field]:
    return {one.name: one for one in sheet.blocks if isinstance(one, Field)}


async def fill(
    bot: Bot,
    form: Form,
    context: str,
    *values: tuple[str, str],
    who: str = "ada",
    key: str = "f1",
) -> Mapping[str, str]:
    filled = Filled(key=key, form=form, context=context, who=who, values=values)
    return await bot.desk.fill(filled)


# --- sheets ----------------------------------------------------------------------------------


async def test_the_proof_shows_every_bullet_with_what_it_rests_on(bot: Bot) -> None:
    await briefed(bot)
    sheet = await bot.desk.show(ShowProof(channel=NEWS, number=1))
    assert (sheet.title, sheet.form) == (wording.PROOF_TITLE, None)
    assert PIER.headline in text_of(sheet)
    assert "2 of 2" in text_of(sheet)


async def test_why_tells_who_posted_it_and_how_it_was_made(bot: Bot) -> None:
    await briefed(bot)
    sheet = await bot.desk.show(ShowWhy(channel=NEWS, number=1))
    assert "ada" in {one.who for one in sheet.blocks if isinstance(one, Line)}
    assert "posted the link on 4 March 2026" in text_of(sheet).replace("04", "4")
    assert "publisher's own bullets" in text_of(sheet)


async def test_what_is_wrong_can_be_said_of_the_bullets_that_stand(bot: Bot) -> None:
    await briefed(bot)
    sheet = await bot.desk.show(ShowWrong(channel=NEWS, number=1))
    assert (sheet.form, sheet.context) == (Form.WRONG, f"{OF_NEWS}1")
    assert [one.value for one in fields_of(sheet)["bullet"].choices] == ["1", "2"]
    await fill(bot, Form.WRONG, sheet.context, ("bullet", "1"), ("why", "no"))
    await bot.do_all()
    sheet = await bot.desk.show(ShowWrong(channel=NEWS, number=1))
    assert [one.value for one in fields_of(sheet)["bullet"].choices] == ["2"]
    await fill(bot, Form.WRONG, sheet.context, ("bullet", "2"), ("why", "no"), key="f2")
    await bot.do_all()
    sheet = await bot.desk.show(ShowWrong(channel=NEWS, number=1))
    assert (sheet.form, text_of(sheet)) == (None, f"{wording.WRONG_TITLE}\n{wording.ALL_STRUCK}")


@pytest.mark.parametrize("kind", [ShowProof, ShowWhy, ShowWrong])
@pytest.mark.parametrize("number", [0, 1, 7])
async def test_what_is_not_kept_is_said_not_to_be(bot: Bot, kind: type[Wish], number: int) -> None:
    if number == 1:
        await briefed(bot)
        await bot.store.forget(NEWS, [1])
    sheet = await bot.desk.show(kind(channel=NEWS, number=number))  # type: ignore[call-arg]
    assert sheet.form is None
    assert wording.NO_LONGER_KEPT in text_of(sheet)


async def test_what_is_elsewhere_is_not_shown(bot: Bot) -> None:
    await briefed(bot)
    for other in (
        replace(NEWS, id="board"),
        replace(NEWS, workspace=Workspace(platform="fake", id="T2")),
    ):
        sheet = await bot.desk.show(ShowProof(channel=other, number=1))
        assert PIER.headline not in text_of(sheet)


async def test_the_settings_are_shown_as_they_are(bot: Bot) -> None:
    await bot.set(mode=Mode.AUTOMATIC, bullets=7, ignore="example.com")
    room = Room(channel=NEWS, name="the news of the town and more")
    sheet = await bot.desk.show(ShowSettings(room=room, who="bob"))
    assert (sheet.form, sheet.context) == (Form.SETTINGS, f"{OF_NEWS}{room.name}")
    assert len(sheet.title) <= 24
    found = {name: field.value for name, field in fields_of(sheet).items()}
    kept = await bot.store.channel_settings(NEWS)
    assert found == {name: shown(kept, name) for name in CHAT}
    assert all(
        field.value in [one.value for one in field.choices]
        for field in fields_of(sheet).values()
        if field.choices
    )


async def test_the_home_page_shows_the_rooms_that_we_share(bot: Bot) -> None:
    await briefed(bot)
    await fill(bot, Form.SETTINGS, OF_NEWS, ("bullets", "3"))
    rooms = (Room(channel=NEWS, name="news"), Room(channel=replace(NEWS, id="b"), name="board"))
    home = await bot.desk.show(ShowHome(workspace=NEWS.workspace, who="ada", rooms=rooms))
    text = text_of(home)
    assert "#news" in text
    assert "#board" in text
    assert "1 brief of 1 article" in text
    assert "Nothing is kept of it yet." in text
    assert "bullets 5 → 3" in text
    controls = [one for one in home.blocks if isinstance(one, Controls)]
    assert [(one.about, one.shown) for one in controls] == [
        ("news\nnews", (Control.SETTINGS,)),
        ("b\nboard", (Control.SETTINGS,)),
    ]


async def test_what_needs_a_person_is_in_its_room(bot: Bot) -> None:
    bot.writer.fails[PIER.version] = [KeyError("a bug")] * 100
    await briefed(bot)
    rooms = (Room(channel=replace(NEWS, id="b"), name="board"), Room(channel=NEWS, name="news"))
    home = await bot.desk.show(ShowHome(workspace=NEWS.workspace, who="ada", rooms=rooms))
    assert [one.about for one in home.blocks if isinstance(one, Controls)] == [
        "b\nboard",
        "news\n1",
        "news\nnews",
    ]
    assert "was not posted (broken.KeyError)" in text_of(home)


async def test_a_home_page_has_a_bound_and_an_empty_one_says_how_to_begin(bot: Bot) -> None:
    rooms = tuple(Room(channel=replace(NEWS, id=str(n)), name=str(n)) for n in range(25))
    home = await bot.desk.show(ShowHome(workspace=NEWS.workspace, who="ada", rooms=rooms))
    assert "5 more channels" in text_of(home)
    home = await bot.desk.show(ShowHome(workspace=NEWS.workspace, who="ada", rooms=()))
    assert wording.HOME_EMPTY in text_of(home)


# --- the form of settings --------------------------------------------------------------------


async def test_settings_are_changed_together(bot: Bot) -> None:
    wrong = await fill(
        bot,
        Form.SETTINGS,
        f"{OF_NEWS}news",
        *(("mode", "automatic"), ("bullets", "8"), ("ignore", "Example.com"), ("robots", "always")),
    )
    assert wrong == {}
    kept = await bot.store.channel_settings(NEWS)
    assert (kept.mode, kept.bullets, kept.ignore) == (Mode.AUTOMATIC, 8, "example.com")
    log = await bot.store.setting_changes(NEWS)
    assert [(one.who, one.name) for one in log] == [
        ("ada", "mode"),
        ("ada", "bullets"),
        ("ada", "ignore"),
        ("ada", "robots"),
    ]


async def test_one_that_does_not_fit_changes_none(bot: Bot) -> None:
    wrong = await fill(
        bot,
        Form.SETTINGS,
        OF_NEWS,
        *(("mode", "off"), ("bullets", "9"), ("zone", "Mars/Base"), ("colour", "red")),
    )
    assert wrong["bullets"] == "This can be 3 to 8 (or short, standard, long)."
    assert "time zone" in wrong["zone"]
    assert "no setting “colour”" in wrong["colour"]
    assert sorted(wrong) == ["bullets", "colour", "zone"]
    assert await bot.store.channel_settings(NEWS) == ChannelSettings()
    assert await bot.store.setting_changes(NEWS) == []


async def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(bot: Bot) -> None:
    sheet = await bot.desk.show(ShowSettings(room=Room(channel=NEWS, name="news"), who="bob"))
    values = [(name, field.value) for name, field in fields_of(sheet).items()]
    assert await fill(bot, Form.SETTINGS, sheet.context, *values, who="bob") == {}
    assert await bot.store.setting_changes(NEWS) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("mode", "off"), ("mode", "mention"), ("ignore", "a.example"), ("bullets", "3")),
        *(("briefs_per_hour", "1"), ("links_per_message", "1"), ("digest_most", "2")),
    ],
)
async def test_anyone_makes_it_quieter(bot: Bot, name: str, value: str) -> None:
    assert await fill(bot, Form.SETTINGS, OF_NEWS, (name, value), who="bob") == {}
    assert shown(await bot.store.channel_settings(NEWS), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("mode", "automatic"), ("bots", "yes"), ("outsiders", "yes"), ("bullets", "8")),
        *(("briefs_per_hour", "60"), ("digest", "yes"), ("model_private", "yes")),
        *(
            ("article_days", "1"),
            ("brief_days", "400"),
            ("robots", "never"),
            ("zone", "Asia/Tokyo"),
        ),
    ],
)
async def test_only_keepers_make_it_louder(bot: Bot, name: str, value: str) -> None:
    quieter = ("links_per_message", "1")
    wrong = await fill(bot, Form.SETTINGS, OF_NEWS, quieter, (name, value), who="bob")
    assert wrong == {name: wording.KEEPERS_ONLY}
    assert await bot.store.channel_settings(NEWS) == ChannelSettings()
    assert await fill(bot, Form.SETTINGS, OF_NEWS, quieter, (name, value)) == {}
    assert shown(await bot.store.channel_settings(NEWS), name) == value


@pytest.mark.parametrize("context", ["", "x", "\n\n\n", "fake\nT1\n\nnews"])
@pytest.mark.parametrize("form", Form)
async def test_a_form_that_is_none_of_ours_changes_nothing(
    bot: Bot, form: Form, context: str
) -> None:
    values = [("mode", "off"), ("bullet", "1"), ("why", "no")]
    assert await fill(bot, form, context, *values) == {}
    assert bot.store._state.settings == {}
    assert bot.work.jobs == []


# --- the form of what is wrong ---------------------------------------------------------------


async def test_what_is_wrong_goes_the_way_of_every_event(bot: Bot) -> None:
    await briefed(bot)
    values = (("bullet", "2"), ("why", "twelve\nlegs"))
    for _ in range(2):  # sent twice
        assert await fill(bot, Form.WRONG, f"{OF_NEWS}1", *values, who="bob") == {}
    await bot.do_all()
    assert "bob says that bullet 2 is wrong: twelve legs" in bot.said[0]
    assert len(await bot.endings()) == 2


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"bullet": "9", "why": "no"}, ["bullet"]),
        ({"bullet": "x", "why": "no"}, ["bullet"]),
        ({"bullet": "", "why": "no"}, ["bullet"]),
        ({"bullet": "1", "why": " \n"}, ["why"]),
        ({"bullet": "1"}, ["why"]),
        ({}, ["bullet", "why"]),
    ],
)
async def test_what_does_not_fit_is_said_by_its_field(
    bot: Bot, values: dict[str, str], wrong: list[str]
) -> None:
    await briefed(bot)
    assert sorted(await fill(bot, Form.WRONG, f"{OF_NEWS}1", *values.items())) == wrong
    assert bot.work.jobs == []


@pytest.mark.parametrize("about", ["1", "x", "", "0", "9" * 5_000])
async def test_of_what_is_no_longer_kept_nothing_is_wrong(bot: Bot, about: str) -> None:
    values = (("bullet", "1"), ("why", "no"))
    assert await fill(bot, Form.WRONG, f"{OF_NEWS}{about}", *values) == {}
    assert bot.work.jobs == []


# --- commands --------------------------------------------------------------------------------


async def ordered(bot: Bot, text: str, **given: str) -> str | None:
    post = await bot.desk.command(bot.command(text, **given))
    return None if post is None else plain(post)


@pytest.mark.parametrize(
    "text",
    [
        *(PIER_URL, f"brief {PIER_URL}", "ask what was it?", "stop"),
        *("What did the repairs cost?", "what did the repairs cost, pray tell", "word " * 200),
        "Who paid for it?",
    ],
)
async def test_what_takes_work_is_left_to_the_inbox(bot: Bot, text: str) -> None:
    await briefed(bot)
    assert await ordered(bot, text) is None


@pytest.mark.parametrize("text", ["", "  ", "help", "HELP"])
async def test_help_lists_the_commands(bot: Bot, text: str) -> None:
    said = await ordered(bot, text)
    assert said is not None
    assert "settings" in said


async def test_why_tells_what_was_decided_last(bot: Bot) -> None:
    assert await ordered(bot, "why") == f"{wording.NO_DECISION}\n"
    await bot.say(PIER_URL, key="e1", us=False)
    said = await ordered(bot, "why")
    assert said is not None
    assert "I wait for 📰" in said
    assert "https://fake.example/m-e1" in said


async def test_list_search_and_proof_show_what_is_kept(bot: Bot) -> None:
    assert await ordered(bot, "list") == f"{wording.EMPTY_LIST}\n"
    await briefed(bot)
    for text in ("list", "search pier", "search the old pier repairs"):
        said = await ordered(bot, text)
        assert said is not None
        assert "Old pier at Wexcombe" in said, text
    assert await ordered(bot, "search zeppelin") == f"{wording.NOTHING_FOUND}\n"
    assert "Proof of bullet 1 of 2" in str(await ordered(bot, "proof 1"))
    assert "no bullet 9" in str(await ordered(bot, "proof 9"))


async def test_settings_are_shown_and_changed_by_whoever_may(bot: Bot) -> None:
    assert "mode = reaction" in str(await ordered(bot, "settings"))
    assert "mode = reaction" in str(await ordered(bot, "settings mode", who="bob"))
    assert "reaction -> off" in str(await ordered(bot, "settings mode off", who="bob"))
    assert "Only those who look after" in str(
        await ordered(bot, "settings mode automatic", who="bob")
    )
    assert "off -> automatic" in str(await ordered(bot, "settings mode automatic"))
    assert "no setting “colour”" in str(await ordered(bot, "settings colour red"))
    assert "can be 3 to 8" in str(await ordered(bot, "settings bullets 99"))
    days = str(await ordered(bot, "settings digest_days mon tue fri"))
    assert "mon tue fri" in days


async def test_everyone_forgets_what_is_his_and_keepers_all_of_it(bot: Bot) -> None:
    bot.keepers = {"cleo"}
    await bot.say(PIER_URL, who="ada")
    await bot.say(MUSEUM_URL, who="bob")
    await bot.do_all()
    for who, text, left in (
        ("bob", "forget 1", [1, 2]),
        ("bob", "forget mine", [1]),
        ("bob", "forget mine", [1]),
        ("cleo", f"forget {PIER_URL}", []),
        ("cleo", "forget", []),
    ):
        assert await ordered(bot, text, who=who) is None  # it takes work
        await bot.order(text, who=who)
        await bot.do_all()
        assert await bot.numbers() == left
    refused, erased, nothing, all_of_it, what = [text for _, text in bot.told]
    assert "Only those who look after" in refused
    assert erased.startswith("Erased: 1 posted article, 1 brief. Nothing of it is kept here")
    assert "1 post of mine about it taken away" in erased
    assert nothing == "There was nothing to erase.\n"
    assert all_of_it.startswith("Erased: 1 posted article, 1 brief.")
    assert "missing" in what


async def test_everyone_exports_what_is_his_and_keepers_all_of_it(bot: Bot) -> None:
    bot.keepers = {"cleo"}
    await bot.say(PIER_URL, who="ada")
    await bot.say(MUSEUM_URL, who="bob")
    await bot.do_all()
    for form in ("", " md", " json"):
        of_bob = str(await ordered(bot, f"export{form}", who="bob"))
        assert ("Old pier" in of_bob, "Museum returns" in of_bob) == (False, True)
        of_all = str(await ordered(bot, f"export{form}", who="cleo"))
        assert ("Old pier" in of_all, "Museum returns" in of_all) == (True, True)


async def test_usage_says_that_no_model_is_set_up(bot: Bot) -> None:
    assert await ordered(bot, "usage") == f"{wording.NO_MODEL}\n"


async def test_a_mistyped_command_is_told_which_was_meant(bot: Bot) -> None:
    assert "Did you mean “search tea”?" in str(await ordered(bot, "serach tea"))


GARBAGE = [
    "/",
    "!!",
    "?",
    "\n\n",
    "٣",
    "🗞️",
    "<@U1>",
    "settings " + "x" * 9_999,
    "forget \n",
    "proof ²",
]


@pytest.mark.parametrize(
    "text", [*GARBAGE, "export pdf", "list the ministers", "proof " + "9" * 5_000]
)
async def test_nothing_that_is_typed_makes_the_desk_fail(bot: Bot, text: str) -> None:
    await briefed(bot)
    await ordered(bot, text)
    assert await bot.numbers() == [1]
    assert await bot.store.channel_settings(NEWS) == ChannelSettings()


async def test_in_private_everybody_is_a_keeper(bot: Bot) -> None:
    bot.keepers = set()
    post = await bot.desk.command(bot.command("settings bullets 8", who="bob", direct=True))
    assert post is not None
    assert plain(post) == "bullets: 5 -> 8\n"
    assert await bot.store.channel_settings(Channel(workspace=NEWS.workspace, id="news"))
