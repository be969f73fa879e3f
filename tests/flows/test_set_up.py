"""What a channel and its workspace set: shown, changed, tried, logged."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.talking import wording
from bot.core.talking.settings import CHAT
from bot.model import (
    ChannelSettings,
    Field,
    Filled,
    Form,
    Mode,
    Room,
    ShowHome,
    ShowSettings,
    Told,
    WorkspaceSettings,
)
from bot.platforms.console.plain import plain
from tests.flows.bot import NEWS, PIER_URL, Bot

if TYPE_CHECKING:
    from bot.model import Channel

BOARD = replace(NEWS, id="board")


@pytest.fixture
def bot() -> Bot:
    return Bot(admins={"root"}, keepers={"ada", "root"})


async def said(bot: Bot, text: str, *, who: str = "ada", channel: Channel = NEWS) -> str:
    """Type a command in a channel; return what is answered at once."""
    command = bot.command(text, who=who)
    post = await bot.desk.command(replace(command, thread=replace(command.thread, channel=channel)))
    assert post is not None
    return plain(post)


async def held(bot: Bot, name: str, channel: Channel = NEWS) -> Any:
    return getattr(await bot.store.channel_settings(channel), name)


# --- a channel -------------------------------------------------------------------------------


async def test_it_is_said_where_a_setting_is_set(bot: Bot) -> None:
    await said(bot, "settings bullets 8")
    await said(bot, "settings all links_per_message 3", who="root")
    await said(bot, "settings all mode mention lock", who="root")
    shown = await said(bot, "settings")
    assert "bullets = 8   (3 to 8 (or short, standard, long); set here)" in shown
    assert "links_per_message = 3   (1 to 20; the workspace's)" in shown
    assert "mode = mention   (off, mention, reaction, automatic; locked for the workspace)" in shown
    assert "own_wording = no   (yes or no)\n" in shown
    assert len(shown.splitlines()) == len(CHAT)


async def test_a_change_can_be_taken_back(bot: Bot) -> None:
    assert await said(bot, "settings bullets 8") == "bullets: 5 -> 8\n"
    assert await said(bot, "settings bullets 8") == f"{wording.ALREADY_SO}\n"
    assert await said(bot, "settings bullets default") == "bullets: 8 -> 5 (default)\n"
    assert (await bot.store.chosen(NEWS)).own == {}
    assert await said(bot, "settings bullets 5") == "bullets: 5 (default) -> 5\n"
    assert (await bot.store.chosen(NEWS)).own == {"bullets": 5}


async def test_the_log_tells_the_newest_first_and_no_more_than_20(bot: Bot) -> None:
    assert await said(bot, "settings log") == f"{wording.NO_CHANGES}\n"
    for number in range(22):
        await said(bot, f"length {3 + number % 2}", who=("ada", "root")[number % 2])
        bot.clock.wait(seconds=60)
    lines = (await said(bot, "settings log")).splitlines()
    assert len(lines) == 20
    assert lines[0].startswith("root ")
    assert lines[0].endswith("bullets 3 → 4")
    assert lines[1].startswith("ada ")


async def test_language_and_length_are_settings(bot: Bot) -> None:
    assert await said(bot, "language French") == "language: article -> fr\n"
    assert await said(bot, "length = short") == "bullets: 5 -> 3\n"
    assert "language = fr " in await said(bot, "language")
    assert "bullets = 3 " in await said(bot, "length")
    assert "Only those who look after" in await said(bot, "language es", who="bob")
    assert "Did you mean “settings language fr”?" in await said(bot, "language frensh")


async def test_fewest_stories_are_no_more_than_most(bot: Bot) -> None:
    refused = await said(bot, "settings digest_least 6")
    assert refused == (
        "digest_least can be at most 5 here, as digest_most is, not 6. Change digest_most first, "
        "or both at once.\n"
    )
    both = await said(bot, "digest least 6 most 8")
    assert both.startswith("digest_least: 2 -> 6\ndigest_most: 5 -> 8\n")


# --- the digest ------------------------------------------------------------------------------


async def test_the_digest_is_set_in_one_line_or_not_at_all(bot: Bot) -> None:
    assert await said(bot, "digest on 8:30 mon-wed paris least 1") == (
        "digest: no -> yes\n"
        "digest_time: 09:00 -> 08:30\n"
        "digest_days: mon tue wed thu fri -> mon tue wed\n"
        "zone: UTC -> Europe/Paris\n"
        "digest_least: 2 -> 1\n"
        "The digest comes at 08:30 (Europe/Paris) on mon, tue, wed, with 1 story or more, "
        "5 at most. The next one: Mon 09 March, 08:30.\n"
    )
    before = await bot.store.channel_settings(NEWS)
    assert "digest_least can be at most 5" in await said(bot, "digest 9:00 least 7")
    assert "digest can be now, preview" in await said(bot, "digest 9:00 soon")
    assert await bot.store.channel_settings(NEWS) == before


async def test_the_digest_is_paused_by_the_channels_own_day(bot: Bot) -> None:
    await bot.set(digest=True, zone="Pacific/Kiritimati")  # where it is tomorrow already
    here = bot.clock.now() + timedelta(hours=14)
    await said(bot, "digest pause 2 days", who="bob")
    assert await held(bot, "digest_from") == (here + timedelta(days=2)).date().isoformat()
    assert "Only those who look after" in await said(bot, "digest resume", who="bob")
    assert "digest_from: " in await said(bot, "digest resume")
    assert await held(bot, "digest_from") == ""


async def test_a_change_of_the_digest_that_is_off_says_so(bot: Bot) -> None:
    assert "No digest comes: digest on turns it on." in await said(bot, "digest 9:30")
    assert await said(bot, "digest") == (
        "No digest comes: digest on turns it on.\nTo see what it would say now: digest preview.\n"
    )


async def test_trying_the_digest_says_when_the_next_one_comes(bot: Bot) -> None:
    shown = await said(bot, "digest on paris try")
    assert shown.startswith("Tried, nothing is changed: digest: no -> yes\n")
    assert "The next one: Thu 05 March, 09:00." in shown
    assert await bot.store.channel_settings(NEWS) == ChannelSettings()


async def test_it_is_said_when_the_last_digest_came(bot: Bot) -> None:
    await said(bot, "digest on")
    told = Told(day=bot.clock.now().date(), until=bot.clock.now(), number=0, posted=False)
    async with bot.store.begin() as tx:
        await bot.store.tell(tx, NEWS, told)
    shown = await said(bot, "digest")
    assert "The last one: Wednesday 4 March, with too little in it to post." in shown
    assert "The next one: Thu 05 March, 09:00." in shown


# --- trials ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("settings mode automatic try", "I brief every link that is posted"),
        ("settings mode off try", "I say nothing here"),
        ("settings ignore a.example try", "Links to a.example would wait for 📰."),
        ("settings links_per_message 2 try", "Most links of one message: 2."),
        ("settings zone paris try", "No digest comes"),
        ("settings article_days 3 try", "Days that articles' text is kept: 3."),
        ("settings model_private yes try", "Send pasted and uploaded text to the model: yes."),
        ("digest on try", "The digest comes at 09:00 (UTC)"),
    ],
)
async def test_a_trial_says_what_it_would_do_and_changes_nothing(
    bot: Bot, text: str, says: str
) -> None:
    shown = await said(bot, text)
    assert shown.startswith("Tried, nothing is changed: ")
    assert says in shown
    assert await bot.store.channel_settings(NEWS) == ChannelSettings()
    assert await bot.store.setting_changes(NEWS) == []


async def test_a_trial_is_refused_as_the_change_would_be(bot: Bot) -> None:
    assert "Only those who look after" in await said(bot, "settings mode automatic try", who="bob")
    assert "can be 3 to 8" in await said(bot, "settings bullets 9 try")


async def test_a_trial_of_how_a_brief_is_written_shows_the_last_one_so(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    before = (await bot.store.mentions(NEWS, limit=1))[0]
    assert await bot.desk.command(bot.command("length 3 try")) is None  # it has to be written
    await bot.order("settings own_wording yes try", who="ada")
    await bot.do_all()
    (told,) = bot.told
    assert told[0] == "ada"
    assert told[1].startswith("Tried, nothing is changed: own_wording: no -> yes\n")
    assert wording.AS_IT_WOULD_LOOK in told[1]
    assert "Old pier at Wexcombe" in told[1]
    assert (await bot.store.mentions(NEWS, limit=1))[0] == before
    assert await bot.store.channel_settings(NEWS) == ChannelSettings()


async def test_a_trial_in_a_mention_is_for_whoever_tries_alone(bot: Bot) -> None:
    await bot.say("settings bullets 3 try", who="ada")
    await bot.say("settings bullets 3 try", who="ada", us=False, direct=True)
    await bot.do_all()
    assert [to for to, _ in bot.told] == ["ada"]
    assert len(bot.said) == 2
    assert all(wording.NO_BRIEF_TO_SHOW in text for text in bot.said)


# --- a whole workspace -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["settings all", "settings all log", "settings all bullets 4", "settings all bullets lock try"],
)
async def test_a_workspace_is_set_by_its_admins_alone(bot: Bot, text: str) -> None:
    for who in ("ada", "bob"):  # who looks after the channel looks after no other
        assert "Only my admins" in await said(bot, text, who=who)
    assert "Only my admins" not in await said(bot, text, who="root")


async def test_in_private_nobody_is_an_admin_who_is_none(bot: Bot) -> None:
    post = await bot.desk.command(bot.command("settings all bullets 4", who="bob", direct=True))
    assert post is not None
    assert "Only my admins" in plain(post)


async def test_a_workspaces_default_holds_where_a_channel_has_not_its_own(bot: Bot) -> None:
    await said(bot, "settings bullets 8")
    await said(bot, "settings mode off", channel=BOARD)
    shown = await said(bot, "settings all bullets 4", who="root")
    assert shown == (
        "bullets: 5 (default) -> 4\nIt changed in 1 of 2 channels, 1 keeps its own.\n"
        "board: 5 -> 4\n"
    )
    assert [await held(bot, "bullets", one) for one in (NEWS, BOARD)] == [8, 4]
    assert "bullets = 4   (the workspace's)" in await said(bot, "settings all", who="root")
    assert "bullets 5 (default) → 4" in await said(bot, "settings all log", who="root")


async def test_what_is_locked_is_refused_with_who_can_change_it(bot: Bot) -> None:
    await said(bot, "settings all bullets 4 lock", who="root")
    for text in ("settings bullets 3", "length 3", "settings bullets default", "length 3 try"):
        post = await bot.conversation(NEWS).hear(bot.message(text, "m"))
        assert plain(post[0]) == (
            "bullets is 4 in the whole workspace and can't be set in one channel. My admins can "
            "change that: settings all bullets unlock.\n"
        )
    await said(bot, "settings all bullets unlock", who="root")
    assert await said(bot, "settings bullets 3") == "bullets: 4 -> 3\n"


async def test_a_trial_over_300_channels_counts_them_and_lists_20(bot: Bot) -> None:
    for number in range(300):
        channel = replace(NEWS, id=f"c{number:03}")
        mode = (Mode.OFF, Mode.REACTION)[number % 2] if number < 100 else None
        async with bot.store.begin() as tx:
            await bot.store.join(tx, channel, inviter="ada", at=bot.clock.now())
            if mode is not None:
                wanted = ChannelSettings(mode=mode)
                await bot.store.change_settings(tx, channel, wanted, [], names=["mode"])
    lines = (await said(bot, "settings all mode automatic try", who="root")).splitlines()
    assert lines[0] == "Tried, nothing is changed: mode: reaction (default) -> automatic"
    assert lines[1] == (
        "It would change in 200 of 300 channels, 200 of them louder, 100 keep their own. "
        "The first 20:"
    )
    assert lines[2] == "c100: reaction -> automatic"
    assert lines[-1] == "and 180 more channels"
    assert len(lines) == 2 + 20 + 1
    lines = (await said(bot, "settings all mode off lock try", who="root")).splitlines()
    assert lines[1] == "It would change in 250 of 300 channels. The first 20:"
    assert await bot.store.workspace_settings(NEWS.workspace) == WorkspaceSettings()
    await said(bot, "settings all mode off lock", who="root")
    modes = {one.settings.mode for one in await bot.store.channels(NEWS.workspace)}
    assert modes == {Mode.OFF}


# --- the app's own pages ---------------------------------------------------------------------


async def form(bot: Bot) -> dict[str, Field]:
    sheet = await bot.desk.show(ShowSettings(room=Room(channel=NEWS, name="news"), who="ada"))
    return {one.name: one for one in sheet.blocks if isinstance(one, Field)}


async def fill(bot: Bot, *values: tuple[str, str], who: str = "ada") -> dict[str, str]:
    context = "fake\nT1\nnews\nnews"
    filled = Filled(key="f", form=Form.SETTINGS, context=context, who=who, values=values)
    return dict(await bot.desk.fill(filled))


async def test_a_form_shows_a_lock_and_refuses_what_it_locks(bot: Bot) -> None:
    await said(bot, "settings all bullets 4 lock", who="root")
    fields = await form(bot)
    assert fields["bullets"].value == "4"
    assert fields["bullets"].hint.startswith("Locked for the workspace: my admins can change it.")
    assert "Locked" not in fields["mode"].hint
    wrong = await fill(bot, ("bullets", "6"), ("mode", "off"))
    assert list(wrong) == ["bullets"]
    assert "in the whole workspace" in wrong["bullets"]
    assert await fill(bot, ("bullets", "4"), ("mode", "off")) == {}
    assert await held(bot, "mode") is Mode.OFF


async def test_a_form_sets_what_it_changes_and_nothing_else(bot: Bot) -> None:
    fields = await form(bot)
    values = {name: one.value for name, one in fields.items()} | {"digest_from": "2026-12-24"}
    assert await fill(bot, *values.items()) == {}
    assert (await bot.store.chosen(NEWS)).own == {"digest_from": "2026-12-24"}


async def test_two_fields_that_go_together_only_are_changed_together(bot: Bot) -> None:
    assert await fill(bot, ("digest_least", "6"), ("digest_most", "8")) == {}
    wrong = await fill(bot, ("digest_least", "9"), ("bullets", "3"))
    assert list(wrong) == ["digest_least"]
    assert "at most 8" in wrong["digest_least"]
    assert await held(bot, "bullets") == 5


async def test_the_home_page_tells_the_last_changes(bot: Bot) -> None:
    await said(bot, "digest pause until 2026-12-24")
    await said(bot, "length 3")
    rooms = (Room(channel=NEWS, name="news"),)
    home = await bot.desk.show(ShowHome(workspace=NEWS.workspace, who="ada", rooms=rooms))
    text = "\n".join(getattr(one, "text", "") for one in home.blocks)
    assert "digest_from none → 2026-12-24" in text
    assert "bullets 5 → 3" in text


# --- help ------------------------------------------------------------------------------------


async def test_help_tells_of_a_command_and_of_what_can_be_set(bot: Bot) -> None:
    shown = await said(bot, "help digest")
    assert shown.startswith("digest [now|preview|on|off|pause|TIME|DAYS|ZONE]\n")
    assert "For example: digest pause 2 weeks" in shown
    assert "Who may: anyone, where it makes me quieter" in shown
    shown = await said(bot, "help settings")
    assert "bullets = 5   (3 to 8 (or short, standard, long))  Bullets of a brief" in shown
    assert all(f"{name} = " in shown for name in CHAT)
    assert "Did you mean “help settings”?" in await said(bot, "help setings")
    assert "There is no command “serve”" in await said(bot, "help serve")


async def test_help_fits_the_place(bot: Bot) -> None:
    for hints, first, example in (
        (wording.SLACK, "/brief URL [QUESTION]", "/brief digest pause 2 weeks"),
        (wording.matrix("!brief"), "!brief URL [QUESTION]", "!brief digest pause 2 weeks"),
        (wording.matrix("!news"), "!news brief URL [QUESTION]", "!news digest pause 2 weeks"),
    ):
        bot.hints = hints
        shown = await said(bot, "help")
        assert shown.startswith(f"{first} ")
        assert hints.keepers in shown
        assert "serve" not in shown
        assert example in await said(bot, "help digest")
