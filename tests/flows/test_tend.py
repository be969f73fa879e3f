"""What people do with what was posted: delete, edit, shorter, longer, wrong, try again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.core.talking import wording
from bot.errors import NotSent, Rejected, StoreBusy, Unsure
from bot.flows.recover import recover
from bot.model import (
    ChannelSettings,
    Control,
    DeliveryState,
    Ending,
    Mode,
    Reading,
    Sign,
    Thread,
    Verdict,
)
from tests.flows.articles import MUSEUM, PIER
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, WALL_URL, Bot

POSTED, CHANGED = (Ending.POSTED, ""), Ending.CHANGED
SILENT, WITHDRAWN = Ending.SILENT, (Ending.WITHDRAWN, "taken_back")


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def said(bot: Bot, text: str = PIER_URL, **given: str) -> None:
    """Have Ada say m-e1, and have it answered."""
    await bot.say(text, key="e1", **given)
    await bot.do_all()


async def unsure(bot: Bot, *, arrived: bool) -> None:
    """Have m-e1 answered by a post of which nobody knows whether it arrived."""
    error = Unsure("fake")
    (bot.platform.fail_after if arrived else bot.platform.fail_before)(error)
    for _ in range(60):
        bot.platform.fail_find(NotSent("fake"))
    await bot.say(PIER_URL, key="e1")
    for _ in range(60):
        bot.platform.fail_find(Unsure("fake"))
    await bot.do_all()
    bot.platform._blind.clear()
    bot.platform._failures.clear()


# --- deleted ---------------------------------------------------------------------------------


async def test_a_deleted_message_takes_its_post_and_what_it_brought_away(bot: Bot) -> None:
    await bot.say(MUSEUM_URL, where="2")
    await said(bot, f"{PIER_URL} {MUSEUM_URL}")
    await bot.delete("m-e1")
    await bot.do_all()
    (left,) = bot.said
    assert "Museum" in left
    assert await bot.numbers() == [1]
    assert await bot.endings() == [POSTED, POSTED, (CHANGED, "deleted")]
    assert (await bot.line(2)).state is DeliveryState.RETRACTED


async def test_a_message_that_nothing_was_made_of_leaves_no_trace(bot: Bot) -> None:
    await bot.delete("m-unknown")
    await bot.say(PIER_URL, key="e1", us=False)  # waits for a reaction
    await bot.delete("m-e1")
    assert await bot.store.remembered(NEWS, "m-e1") is None
    assert await bot.endings() == []


async def test_a_message_deleted_in_its_turn_is_not_answered(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    await bot.delete("m-e1")
    await bot.do_all()
    assert (bot.said, bot.pages.asked) == ([], [])
    assert await bot.endings() == [WITHDRAWN]


async def test_a_post_that_waits_to_be_sent_is_not_sent(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    await bot.do_next()  # it is in the ledger
    await bot.delete("m-e1")
    await bot.do_all()
    assert (bot.platform.sent, await bot.numbers()) == ([], [])
    assert await bot.endings() == [WITHDRAWN, (CHANGED, "deleted")]


async def test_a_post_that_is_on_its_way_is_waited_for(bot: Bot) -> None:
    deletion: list[asyncio.Task[None]] = []
    bot.platform.before.append(
        lambda: deletion.append(asyncio.ensure_future(bot.delete("m-e1", key="d1")))
    )
    bot.platform.fail_before(NotSent("fake"))
    await bot.say(PIER_URL, key="e1")
    await bot.do_next()
    await bot.do_next()
    await deletion[0]
    bot.platform.before.clear()
    await bot.do_all()
    assert (bot.said, await bot.numbers()) == ([], [])
    assert await bot.endings() == [POSTED, (CHANGED, "deleted")]
    assert len(bot.platform.sent) == 2


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_post_that_may_have_arrived_is_looked_for(bot: Bot, arrived: bool) -> None:
    await unsure(bot, arrived=arrived)
    assert (await bot.line()).state is DeliveryState.UNCERTAIN
    await bot.delete("m-e1")
    await bot.do_all()
    assert (bot.said, await bot.numbers()) == ([], [])
    assert (await bot.line()).state is DeliveryState.RETRACTED
    # Nobody waits for it any more: not now, and not when its line is gone.
    assert await bot.endings() == [WITHDRAWN, (CHANGED, "deleted")]
    assert await bot.store.letters(limit=9) == []
    bot.clock.wait(days=400)
    await bot.store.expire(bot.clock.now())
    assert await recover(store=bot.store, work=bot.work) == 0


async def test_a_deletion_that_is_delivered_again_takes_nothing_back_but_the_message(
    bot: Bot,
) -> None:
    await said(bot)
    for _ in range(3):
        await bot.delete("m-e1", key="d1")
    await bot.do_all()
    await bot.delete("m-e1", key="d1")
    await bot.do_all()
    assert (bot.said, await bot.numbers()) == ([], [])
    assert await bot.endings() == [POSTED, (CHANGED, "deleted")]


async def test_a_post_that_is_gone_is_as_good_as_taken_away(bot: Bot) -> None:
    await said(bot)
    bot.platform.posts.clear()
    await bot.delete("m-e1")
    await bot.do_all()
    assert (await bot.line()).state is DeliveryState.RETRACTED
    assert await bot.numbers() == []


async def test_a_platform_that_lets_no_post_be_taken_away_is_told(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(ref: object) -> None:
        raise Rejected("fake", "cant_delete_message")

    await said(bot)
    monkeypatch.setattr(bot.platform, "retract", refuse)
    await bot.delete("m-e1")
    await bot.do_all()
    assert await bot.numbers() == []
    assert "not_retracted" in [one.happened for one in bot.telemetry.troubles]
    assert (await bot.endings())[-1] == (CHANGED, "deleted")


async def test_a_platform_that_cannot_be_reached_is_asked_again(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    retract, fails = bot.platform.retract, [NotSent("fake"), Unsure("fake"), StoreBusy("memory")]

    async def at_last(ref: object) -> None:
        if fails:
            raise fails.pop()
        await retract(ref)  # type: ignore[arg-type]

    await said(bot)
    monkeypatch.setattr(bot.platform, "retract", at_last)
    await bot.delete("m-e1")
    await bot.do_all()
    assert (bot.said, await bot.numbers(), fails) == ([], [], [])


@pytest.mark.parametrize("good", range(4))
async def test_wherever_the_store_fails_a_deletion_is_done(bot: Bot, good: int) -> None:
    await said(bot)
    await bot.delete("m-e1")
    fail_at(bot, good)
    await bot.do_all()
    assert (bot.said, await bot.numbers()) == ([], [])
    assert (await bot.endings())[-1] == (CHANGED, "deleted")


def fail_at(bot: Bot, good: int) -> None:
    """Let one transaction fail, after so many that do not."""
    begin, calls = bot.store.begin, []

    def one_fails():  # type: ignore[no-untyped-def]
        calls.append(1)
        bot.store.fails = 1 if len(calls) == good + 1 else 0
        return begin()

    bot.store.begin = one_fails  # type: ignore[method-assign]


# --- edited ----------------------------------------------------------------------------------


async def test_an_edit_that_leaves_its_links_changes_nothing(bot: Bot) -> None:
    await said(bot)
    await bot.edit("m-e1", f"do look: {PIER_URL}?utm_source=x", before=PIER_URL)
    assert await bot.endings() == [POSTED]
    await bot.edit("m-e1", f"do look: {PIER_URL}")  # from where nobody tells what it said
    await bot.do_all()
    assert len(bot.platform.sent) == 1
    assert await bot.endings() == [POSTED, (SILENT, "unchanged")]


async def test_an_edit_with_other_links_is_briefed_anew(bot: Bot) -> None:
    await said(bot)
    await bot.edit("m-e1", MUSEUM_URL, before=PIER_URL)
    await bot.do_all()
    (left,) = bot.said
    assert "Museum" in left
    assert await bot.numbers() == [2]
    assert await bot.endings() == [POSTED, POSTED]


async def test_an_edit_that_takes_the_links_away_takes_the_brief_away(bot: Bot) -> None:
    await said(bot)
    await bot.edit("m-e1", "never mind", before=PIER_URL, us=False)
    await bot.do_all()
    assert (bot.said, await bot.numbers()) == ([], [])
    assert await bot.endings() == [POSTED, (CHANGED, "nothing_left")]


async def test_an_edit_before_anything_was_made_of_it_is_what_was_said(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    await bot.edit("m-e1", MUSEUM_URL, before=PIER_URL)
    await bot.do_all()
    (left,) = bot.said
    assert "Museum" in left
    assert bot.pages.asked == [MUSEUM_URL]
    assert await bot.endings() == [WITHDRAWN, POSTED]


async def test_an_edit_of_what_waits_for_a_reaction_waits_for_one(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1", us=False)
    await bot.edit("m-e1", MUSEUM_URL, before=PIER_URL, us=False)
    await bot.react("m-e1")
    await bot.do_all()
    assert bot.pages.asked == [MUSEUM_URL]
    await bot.say(PIER_URL, key="e2", us=False)
    await bot.edit("m-e2", "never mind", before=PIER_URL, us=False)
    assert await bot.store.remembered(NEWS, "m-e2") is None


async def test_an_edit_that_is_delivered_again_does_not_take_itself_back(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    for _ in range(2):
        await bot.edit("m-e1", MUSEUM_URL, before=PIER_URL, key="x1")
    await bot.do_all()
    assert await bot.endings() == [WITHDRAWN, POSTED]
    for _ in range(2):
        await bot.edit("m-e1", PIER_URL, before=MUSEUM_URL, key="x2")
    await bot.do_all()
    await bot.edit("m-e1", PIER_URL, before=MUSEUM_URL, key="x2")
    await bot.do_all()
    (left,) = bot.said
    assert "Old pier" in left
    assert await bot.endings() == [WITHDRAWN, POSTED, POSTED]


async def test_what_is_said_in_the_new_words_names_us_or_is_silent(bot: Bot) -> None:
    await bot.set(mode=Mode.AUTOMATIC)
    await said(bot, us=False)  # type: ignore[arg-type]
    await bot.edit("m-e1", WALL_URL, us=False)
    await bot.do_all()
    assert bot.said == []
    assert bot.platform.shown == [(Thread(channel=NEWS, id="1"), "m-e1", Sign.REFUSED)]
    assert (await bot.endings())[-1] == (SILENT, Verdict.CONSENT_WALL)


async def test_a_question_that_is_edited_is_answered_anew_in_place_of_the_old(bot: Bot) -> None:
    await said(bot)
    await bot.say("What was it?", key="e2")
    await bot.do_all()
    await bot.edit("m-e2", "What was it?", before="What was it?")
    await bot.edit("m-e2", "What did it cost?", before="What was it?")
    await bot.do_all()
    assert [one.text for one in bot.writer.asked] == ["What was it?", "What did it cost?"]
    assert len(bot.said) == 2
    assert len(bot.platform.sent) == 3


async def test_a_question_edited_before_its_turn_is_answered_as_it_is_now(bot: Bot) -> None:
    await said(bot)
    await bot.say("What was it?", key="e2")
    await bot.edit("m-e2", "What did the repairs cost?")
    await bot.do_all()
    assert [one.text for one in bot.writer.asked] == ["What did the repairs cost?"]


@pytest.mark.parametrize("good", range(8))
async def test_wherever_the_store_fails_an_edit_is_briefed_once(bot: Bot, good: int) -> None:
    await said(bot)
    await bot.edit("m-e1", f"{MUSEUM_URL} {PIER_URL}", before=PIER_URL)
    fail_at(bot, good)
    await bot.do_all()
    (left,) = bot.said
    assert left.index("Museum returns") < left.index("Old pier")
    assert len(await bot.numbers()) == 2


async def test_an_edit_whose_brief_fails_half_way_goes_on_there(bot: Bot) -> None:
    await said(bot)
    bot.writer.fails[MUSEUM.version] = [KeyError("a bug")]
    await bot.edit("m-e1", f"{PIER_URL}#2 {MUSEUM_URL}", before=PIER_URL)
    await bot.do_all()
    (left,) = bot.said
    assert left.index("Old pier") < left.index("Museum returns")


async def test_an_edit_in_the_middle_of_its_answer_is_answered(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    event = await bot.event()
    assert event.incoming is not None
    await bot.conversation(NEWS).understood(event.incoming.message, 1)  # its brief is stored
    await bot.edit("m-e1", f"do look: {PIER_URL}")
    await bot.do_all()
    assert len(bot.said) == 1
    assert await bot.endings() == [WITHDRAWN, POSTED]


async def test_a_pasted_text_that_is_edited_is_briefed_anew(bot: Bot) -> None:
    text = "The harbour opened on Monday after the storm, the council of the town said. " * 12
    await said(bot, text)
    await bot.edit("m-e1", text.replace("Monday", "Tuesday"))
    await bot.do_all()
    (left,) = bot.said
    assert "Tuesday" in left
    assert len(await bot.numbers()) == 1


# --- shorter and longer ----------------------------------------------------------------------


async def test_longer_and_shorter_draw_the_same_post_anew(bot: Bot) -> None:
    await said(bot)
    assert "4  " not in bot.said[0]
    await bot.press(Control.LONGER, who="bob")
    await bot.do_all()
    (longer,) = bot.said
    assert f"5  {PIER.paragraphs[4][:-1]}" in longer
    await bot.press(Control.SHORTER)
    await bot.do_all()
    (shorter,) = bot.said
    assert f"3  {PIER.paragraphs[2][:-1]}" in shorter
    assert PIER.paragraphs[3][:-1] not in shorter
    assert await bot.endings() == [POSTED, (CHANGED, "redrawn"), (CHANGED, "redrawn")]
    assert len(bot.platform.sent) == 1


async def test_of_a_message_with_two_links_the_other_brief_stays(bot: Bot) -> None:
    await said(bot, f"{PIER_URL} {MUSEUM_URL}")
    museum = bot.said[0][bot.said[0].index("Museum") :]
    await bot.press(Control.SHORTER, "1")
    await bot.do_all()
    (left,) = bot.said
    assert PIER.paragraphs[2][:-1] in left
    assert museum in left


async def test_a_brief_that_is_kept_no_longer_is_left_out(bot: Bot) -> None:
    await said(bot, f"{PIER_URL} {MUSEUM_URL}")
    bot.store._state.briefs[:] = [one for one in bot.store._state.briefs if one.of.number == 1]
    await bot.press(Control.SHORTER, "1")
    await bot.do_all()
    assert "Museum" not in bot.said[0]
    assert (await bot.endings())[-1] == (CHANGED, "redrawn")


async def test_without_the_text_there_is_no_other_brief(bot: Bot) -> None:
    await bot.set(article_days=0)
    await said(bot)
    before = bot.said[0]
    await bot.press(Control.LONGER, who="bob")
    await bot.do_all()
    assert bot.said[0] == before
    assert [who for who, _ in bot.told] == ["bob"]
    assert "no longer kept" in bot.told[0][1]


async def test_a_post_that_is_on_its_way_is_waited_for_and_written_once(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    await bot.do_next()
    bot.writer.briefed.clear()
    async with bot.store.begin() as tx:
        sending = replace(await bot.line(), state=DeliveryState.SENDING)
        await bot.store.change_delivery(tx, sending, at=bot.clock.now())
    bot.work.entries.clear()
    await bot.press(Control.SHORTER)
    await bot.do_all(within=20)
    assert bot.writer.briefed == []
    await recover(store=bot.store, work=bot.work)
    await bot.do_all()
    assert len(bot.writer.briefed) == 1
    assert f"3  {PIER.paragraphs[2][:-1]}" in bot.said[0]


async def test_a_post_that_is_gone_is_not_drawn_anew(bot: Bot) -> None:
    await said(bot)
    bot.platform.posts.clear()
    await bot.press(Control.SHORTER)
    await bot.do_all()
    assert bot.said == []
    assert "not_changed" in [one.happened for one in bot.telemetry.troubles]
    assert (await bot.endings())[-1] == (CHANGED, "redrawn")


# --- wrong -----------------------------------------------------------------------------------


async def test_a_bullet_that_is_wrong_is_struck_with_who_says_so(bot: Bot) -> None:
    await said(bot)
    await bot.press(Control.STRIKE, "1\n2\nit was\ntwelve legs", who="bob")
    await bot.do_all()
    (left,) = bot.said
    assert "bob says that bullet 2 is wrong: it was twelve legs" in left
    mention = await bot.store.mention(NEWS, 1)
    assert mention is not None
    assert [(one.bullet, one.who, one.why) for one in mention.strikes] == [
        (2, "bob", "it was twelve legs")
    ]


async def test_the_first_who_says_so_stays_and_another_brief_is_without(bot: Bot) -> None:
    await said(bot)
    for who in ("bob", "cleo"):
        await bot.press(Control.STRIKE, "1\n1\nno", who=who)
    await bot.do_all()
    assert bot.said[0].count("is wrong") == 1
    assert "bob says" in bot.said[0]
    await bot.press(Control.LONGER)
    await bot.do_all()
    assert "is wrong" not in bot.said[0]


async def test_what_is_said_of_a_bullet_has_a_bound(bot: Bot) -> None:
    await said(bot)
    await bot.press(Control.STRIKE, "1\n1\n" + "no " * 5_000)
    await bot.do_all()
    assert len(bot.said[0]) < 3_000


@pytest.mark.parametrize("bullet", ["", "x", "0", "3", "-1", "²", "9" * 5_000])
async def test_a_bullet_that_is_none_is_told(bot: Bot, bullet: str) -> None:
    await said(bot)
    before = bot.said[0]
    await bot.press(Control.STRIKE, f"1\n{bullet}\nno", who="bob")
    await bot.do_all()
    assert bot.said[0] == before
    ((who, text),) = bot.told
    assert (who, "no bullet" in text, len(text) < 200) == ("bob", True, True)


# --- delete ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["ada", "cleo"])
async def test_whoever_posted_it_or_looks_after_the_channel_deletes_it(bot: Bot, who: str) -> None:
    bot.keepers = {"cleo"}
    await said(bot)
    await bot.press(Control.DELETE, who=who)
    await bot.do_all()
    assert (bot.said, await bot.numbers()) == ([], [])
    assert (await bot.endings())[-1] == (CHANGED, "deleted")


async def test_anybody_else_is_told_that_he_may_not(bot: Bot) -> None:
    bot.keepers = set()
    await said(bot)
    await bot.press(Control.DELETE, who="bob")
    await bot.do_all()
    assert await bot.numbers() == [1]
    ((who, text),) = bot.told
    assert who == "bob"
    assert "Only whoever posted the link" in text


async def test_what_is_deleted_twice_is_deleted_once(bot: Bot) -> None:
    await said(bot)
    for key in ("p1", "p1", "p2"):
        await bot.press(Control.DELETE, key=key)
    await bot.do_all()
    assert await bot.numbers() == []
    assert bot.told == [("ada", f"{wording.GONE_ALREADY}\n")]


# --- retry -----------------------------------------------------------------------------------


async def dead(bot: Bot) -> None:
    bot.writer.fails[PIER.version] = [KeyError("a bug")] * 100
    await said(bot)
    assert await bot.endings() == [(Ending.DEAD, "broken.KeyError")]
    bot.writer.fails.clear()


async def test_a_keeper_has_tried_again_what_failed(bot: Bot) -> None:
    await dead(bot)
    for _ in range(2):
        await bot.press(Control.RETRY, "1", key="p1")
    await bot.press(Control.RETRY, "1")
    await bot.do_all()
    assert len(bot.said) == 1
    assert await bot.endings() == [POSTED, (CHANGED, "retried"), (CHANGED, "retried")]


async def test_a_post_that_may_have_arrived_is_looked_for_before_it_is_tried_again(
    bot: Bot,
) -> None:
    await unsure(bot, arrived=True)
    await bot.press(Control.RETRY, "1")
    await bot.do_all()
    assert len(bot.said) == 1
    assert (await bot.endings())[0] == POSTED


async def test_nobody_else_has(bot: Bot) -> None:
    await dead(bot)
    await bot.press(Control.RETRY, "1", who="bob")
    await bot.do_all()
    (told,) = bot.said
    assert told.startswith("Only those who look after this channel can do that")


async def test_what_failed_elsewhere_is_not_ours_to_try_again(bot: Bot) -> None:
    await dead(bot)
    held = bot.store._state.inbox.events[1]
    elsewhere = Thread(channel=replace(NEWS, id="board"), id="1")
    moved = replace(held, event=replace(held.event, thread=elsewhere))
    bot.store._state.inbox.events[1] = moved
    await bot.press(Control.RETRY, "1")
    await bot.do_all()
    assert bot.said == []
    assert (await bot.endings())[0][0] is Ending.DEAD


# --- whatever is pressed ---------------------------------------------------------------------

GARBAGE = [
    "x",
    "",
    "\n",
    "0",
    "99",
    "-1",
    "1.5",
    "²",
    "٣٤",
    "9" * 19,
    "9" * 5_000,
    "\n1\n1",
    "x\ny",
]


@pytest.mark.parametrize("value", GARBAGE)
@pytest.mark.parametrize("action", [*Control, "unheard of"])
async def test_no_value_makes_a_press_fail(bot: Bot, action: str, value: str) -> None:
    await said(bot)
    before = bot.said[0]
    await bot.press(action, value)
    await bot.do_all(within=600)
    assert bot.said[0] == before
    assert await bot.numbers() == [1]
    assert bot.telemetry.troubles == []
    assert (await bot.event(2)).ending in (Ending.SILENT, Ending.POSTED)


async def test_what_is_answered_elsewhere_is_not_answered_here(bot: Bot) -> None:
    await said(bot)
    await bot.press(Control.WRONG)
    await bot.do_all()
    assert (await bot.endings())[-1] == (SILENT, "nothing_to_do")


@pytest.mark.parametrize("action", [Control.SHORTER, Control.LONGER, Control.STRIKE])
async def test_what_was_forgotten_is_told_to_whoever_presses(bot: Bot, action: Control) -> None:
    await said(bot)
    await bot.store.forget(NEWS, [1])
    await bot.press(action, who="bob")
    await bot.do_all()
    ((who, text),) = bot.told
    assert who == "bob"
    assert "no longer kept" in text


@pytest.mark.parametrize("value", ["1\n1\nno", "1"])
@pytest.mark.parametrize(
    "action", [Control.SHORTER, Control.LONGER, Control.STRIKE, Control.DELETE, Control.RETRY]
)
async def test_a_press_that_is_delivered_twice_is_done_once(
    bot: Bot, action: Control, value: str
) -> None:
    await said(bot)
    for _ in range(2):
        await bot.press(action, value, key="p1")
    await bot.do_all()
    await bot.press(action, value, key="p1")
    await bot.do_all()
    assert len(await bot.endings()) == 2


@pytest.mark.parametrize("good", range(4))
@pytest.mark.parametrize("action", [Control.SHORTER, Control.STRIKE, Control.DELETE])
async def test_wherever_the_store_fails_a_press_is_done(
    bot: Bot, action: Control, good: int
) -> None:
    await said(bot)
    await bot.press(action, "1\n1\nno")
    fail_at(bot, good)
    await bot.do_all()
    if action is Control.DELETE:
        assert (await bot.numbers(), "Old pier" in "".join(bot.said)) == ([], False)
    else:
        assert (await bot.endings())[-1] == (CHANGED, "redrawn")


async def test_a_link_that_could_not_be_read_has_nothing_to_press(bot: Bot) -> None:
    third = "https://sample.example/third"
    bot.pages.add(third, Reading(source=third, verdict=Verdict.GONE))
    await said(bot, third)
    await bot.press(Control.DELETE)
    await bot.do_all()
    assert len(bot.told) == 2


async def test_a_control_of_another_version_says_what_to_do(bot: Bot) -> None:
    await said(bot)
    await bot.press("unheard of")
    await bot.do_all()
    assert len(bot.said) == 2


@pytest.mark.parametrize(("mode", "left"), [(Mode.REACTION, []), (Mode.AUTOMATIC, [2])])
async def test_a_link_that_comes_after_there_was_none_is_a_new_one(
    bot: Bot, mode: Mode, left: list[int]
) -> None:
    async with bot.store.begin() as tx:
        await bot.store.change_settings(tx, NEWS, ChannelSettings(mode=mode), [])
    await said(bot)
    await bot.edit("m-e1", "never mind", before=PIER_URL, us=False)
    await bot.edit("m-e1", MUSEUM_URL, before="never mind", us=False)  # before the first one's turn
    await bot.do_all()
    assert await bot.numbers() == left
