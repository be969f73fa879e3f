"""What is taken in, and what is not."""

from dataclasses import replace

import pytest

from bot.errors import NotAccepted, NotSent, StoreBusy
from bot.flows.recover import recover
from bot.model import (
    Channel,
    Commanded,
    Decision,
    Ending,
    Joined,
    Message,
    Mode,
    Queue,
    Removed,
    Task,
    Thread,
    Upload,
)
from tests.flows.bot import MUSEUM_URL, NEWS, PIER_URL, Bot


@pytest.fixture
def bot() -> Bot:
    return Bot()


async def set_mode(bot: Bot, mode: Mode) -> None:
    async with bot.store.begin() as tx:
        kept = await bot.store.channel_settings(NEWS)
        await bot.store.change_settings(tx, NEWS, replace(kept, mode=mode), [])


async def test_what_is_for_us_is_in_the_inbox_and_has_a_job(bot: Bot) -> None:
    await bot.say(f"do look at {PIER_URL}")
    (event,) = await bot.store.open_events(after=0, limit=9)
    assert event.incoming.message.text == PIER_URL  # type: ignore[union-attr]
    (job,) = bot.work.jobs
    assert (job.task, job.target, job.queue) == (Task.HANDLE, event.id, Queue.BRIEFS)
    assert (job.workspace, job.lock) == ("fake/T1", "fake/T1/news/1")
    assert bot.telemetry.events == {"fake": 1}
    assert [(one.happened, one.trace) for one in bot.telemetry.lines] == [("accepted", event.trace)]


async def test_questions_wait_in_a_queue_of_their_own(bot: Bot) -> None:
    await bot.say("What did the repairs cost?")
    assert [job.queue for job in bot.work.jobs] == [Queue.QUESTIONS]


async def test_a_command_is_taken_in(bot: Bot) -> None:
    thread = Thread(channel=NEWS, id="1")
    command = Commanded(key="c1", thread=thread, who="ada", text="list", at=bot.clock.now())
    await bot.intake.accept(command)
    assert (await bot.event()).incoming == command


async def test_what_is_delivered_twice_is_taken_in_once(bot: Bot) -> None:
    for _ in range(3):
        await bot.say(PIER_URL, key="same")
    assert len(bot.work.jobs) == 1
    assert bot.telemetry.events == {"fake": 1}
    await bot.do_all()
    await bot.say(PIER_URL, key="same")
    assert bot.work.jobs == []
    assert len(bot.said) == 1


async def test_nothing_is_kept_of_what_is_not_for_us(bot: Bot) -> None:
    await bot.say("Lunch?", us=False)
    await bot.say("What did the repairs cost?", us=False)
    assert bot.store._state.inbox.events == {}
    assert (bot.work.jobs, bot.telemetry.lines) == ([], [])
    assert bot.telemetry.events == {}


async def test_the_channel_s_own_mode_counts(bot: Bot) -> None:
    await set_mode(bot, Mode.AUTOMATIC)
    await bot.say(PIER_URL, us=False)
    assert len(bot.work.jobs) == 1
    await set_mode(bot, Mode.OFF)
    await bot.say(PIER_URL)
    assert len(bot.work.jobs) == 1


async def test_a_question_in_a_thread_of_ours_needs_no_name(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    await bot.say("What did the repairs cost?", us=False)
    await bot.say("What did the repairs cost?", us=False, where="another")
    await bot.do_all()
    assert len(bot.said) == 2


async def test_where_it_cannot_be_stored_it_is_not_accepted(bot: Bot) -> None:
    bot.store.fails = 1
    with pytest.raises(StoreBusy):
        await bot.say(PIER_URL, key="e1")
    assert bot.store._state.inbox.events == {}
    assert bot.work.jobs == []
    assert bot.telemetry.events == {}
    assert [one.happened for one in bot.telemetry.troubles] == ["not_accepted"]
    await bot.say(PIER_URL, key="e1")  # the platform delivers it again
    await bot.do_all()
    assert len(bot.said) == 1


async def test_without_its_job_an_event_is_not_accepted(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> None:
        raise StoreBusy("memory")

    with monkeypatch.context() as patched:
        patched.setattr(bot.work, "enqueue", broken)
        with pytest.raises(StoreBusy):
            await bot.say(PIER_URL)
    assert bot.store._state.inbox.events == {}


async def test_one_event_that_cannot_be_taken_in_is_told_and_ends_nothing(bot: Bot) -> None:
    with pytest.raises(NotAccepted):
        await bot.say(f"{PIER_URL} why? \ud83d is that so?")
    assert bot.store._state.inbox.events == {}
    assert [type(one.error) for one in bot.telemetry.troubles] == [UnicodeEncodeError]


async def test_the_more_a_workspace_has_waiting_the_later_its_next(bot: Bot) -> None:
    for number in range(5):
        await bot.say(PIER_URL, where=str(number))
    assert [job.priority for job in bot.work.jobs] == [0, -1, -2, -2, -3]


async def test_what_is_taken_in_needs_no_recovering(bot: Bot) -> None:
    await bot.say(PIER_URL)
    assert await recover(store=bot.store, work=bot.work) == 0


# --- what waits for a reaction ---------------------------------------------------------------


async def decided(bot: Bot) -> tuple[Decision, str] | None:
    found = await bot.store.decided(NEWS)
    return None if found is None else (found.decision, found.message)


async def test_links_that_nobody_asked_about_are_remembered_and_nothing_else(bot: Bot) -> None:
    await bot.say(f"Ada told me in private: {PIER_URL}", key="e1", us=False)
    found = await bot.store.remembered(NEWS, "m-e1")
    assert found is not None
    assert (found.text, found.author) == (PIER_URL, "ada")
    assert await decided(bot) == (Decision.WAITS_FOR_REACTION, "m-e1")
    assert (bot.work.jobs, await bot.endings(), bot.telemetry.events) == ([], [], {})
    assert [(one.happened, one.facts) for one in bot.telemetry.lines] == [
        ("passed", {"decision": Decision.WAITS_FOR_REACTION})
    ]


@pytest.mark.parametrize(
    ("settings", "given", "decision"),
    [
        ({"mode": Mode.OFF}, {}, Decision.CHANNEL_OFF),
        ({"mode": Mode.AUTOMATIC}, {"outside": True}, Decision.OUTSIDERS),
    ],
)
async def test_where_nobody_may_ask_nothing_is_remembered(
    bot: Bot, settings: dict[str, Mode], given: dict[str, bool], decision: Decision
) -> None:
    await bot.set(**settings)
    await bot.say(PIER_URL, key="e1", us=False, **given)
    assert await bot.store.remembered(NEWS, "m-e1") is None
    assert await decided(bot) == (decision, "m-e1")


async def test_a_message_with_files_is_fetched_again_when_somebody_asks(bot: Bot) -> None:
    upload = Upload(name="a.txt", media_type="text/plain", size=9, handle="F1")
    await bot.say("", key="e1", us=False, uploads=(upload,))
    assert await bot.store.remembered(NEWS, "m-e1") is None
    bot.platform.messages["m-e1"] = replace(bot.message("", "m-e1"), uploads=(upload,))
    bot.platform.files["F1"] = b"The pier opened on Monday after the storm of last winter. " * 20
    await bot.react("m-e1")
    await bot.do_all()
    assert "The pier opened on Monday" in bot.said[0]


async def test_talk_without_links_is_not_decided_about(bot: Bot) -> None:
    await bot.say("Lunch?", us=False)
    assert await decided(bot) is None


async def test_what_is_asked_about_is_decided_once(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1")
    await bot.say(MUSEUM_URL, key="e2", us=False)
    await bot.say(PIER_URL, key="e1")  # delivered again
    assert await decided(bot) == (Decision.WAITS_FOR_REACTION, "m-e2")


# --- reactions -------------------------------------------------------------------------------


async def test_a_reaction_to_what_is_remembered_needs_no_fetching(bot: Bot) -> None:
    await bot.say(PIER_URL, key="e1", us=False)
    await bot.react("m-e1")
    await bot.do_all()
    assert "Old pier" in bot.said[0]
    assert await decided(bot) == (Decision.ASKED, "m-e1")


async def test_a_reaction_to_what_is_not_known_fetches_it(bot: Bot) -> None:
    bot.platform.messages["m9"] = bot.message(PIER_URL, "m9", where="7")
    await bot.react("m9")
    await bot.do_all()
    assert bot.platform.posts[0].ref.thread.id == "7"
    (mention,) = await bot.store.mentions(NEWS, limit=9)
    assert mention.poster == "ada"


async def test_a_reaction_to_what_cannot_be_seen_is_nothing(bot: Bot) -> None:
    await bot.react("m9")
    assert (bot.work.jobs, await decided(bot)) == ([], None)


async def test_a_reaction_is_not_accepted_while_its_message_cannot_be_fetched(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(thread: Thread, message: str) -> Message | None:
        raise NotSent("fake")

    with monkeypatch.context() as patched:
        patched.setattr(bot.platform, "fetch", broken)
        with pytest.raises(NotSent):
            await bot.react("m9", key="r1")
    assert [one.happened for one in bot.telemetry.troubles] == ["not_accepted"]
    bot.platform.messages["m9"] = bot.message(PIER_URL, "m9")
    await bot.react("m9", key="r1")  # the platform delivers it again
    await bot.do_all()
    assert len(bot.said) == 1


@pytest.mark.parametrize(
    ("mode", "given"), [(Mode.MENTION, {}), (Mode.REACTION, {"reaction": "+1"}), (Mode.OFF, {})]
)
async def test_what_nobody_may_want_is_not_fetched(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, mode: Mode, given: dict[str, str]
) -> None:
    async def never(thread: Thread, message: str) -> Message | None:
        raise AssertionError(message)

    monkeypatch.setattr(bot.platform, "fetch", never)
    await bot.set(mode=mode)
    await bot.react("m9", **given)
    assert bot.work.jobs == []


async def test_who_asks_by_a_menu_is_heard_in_any_mode(bot: Bot) -> None:
    await bot.set(mode=Mode.OFF)
    await bot.react("m9", PIER_URL, reaction="", asked=True)
    await bot.do_all()
    assert "Old pier" in bot.said[0]


# --- coming and going ------------------------------------------------------------------------


async def test_who_invited_us_is_known_and_who_invites_us_later(bot: Bot) -> None:
    for key, inviter in (("j1", "ada"), ("j1", "mallory"), ("j2", "bob")):
        await bot.intake.accept(Joined(key=key, channel=NEWS, inviter=inviter))
        assert await bot.store.inviter(NEWS) == ("bob" if key == "j2" else "ada")
    assert len(await bot.endings()) == 2


@pytest.mark.parametrize("channel", [NEWS, None])
async def test_once_we_are_put_out_nothing_is_said_and_all_goes_in_time(
    bot: Bot, channel: Channel | None
) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    await bot.say(MUSEUM_URL)
    await bot.intake.accept(Removed(key="x1", workspace=NEWS.workspace, channel=channel))
    await bot.do_all()
    assert len(bot.said) == 1
    assert (await bot.endings())[1] == (Ending.WITHDRAWN, "put_out")
    bot.clock.wait(days=29)
    await bot.store.expire(bot.clock.now())
    assert await bot.numbers() == [1]
    bot.clock.wait(days=1)
    await bot.store.expire(bot.clock.now())
    assert await bot.numbers() == []


async def test_who_comes_back_in_time_finds_all_of_it(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.do_all()
    await bot.intake.accept(Removed(key="x1", workspace=NEWS.workspace, channel=NEWS))
    await bot.intake.accept(Joined(key="j1", channel=NEWS, inviter="ada"))
    bot.clock.wait(days=31)
    await bot.store.expire(bot.clock.now())
    assert await bot.numbers() == [1]


# --- stop ------------------------------------------------------------------------------------


async def test_a_stop_that_is_delivered_again_stops_nothing_that_was_said_since(bot: Bot) -> None:
    await bot.say(PIER_URL)
    await bot.say("stop", key="s1")
    await bot.say(MUSEUM_URL)
    await bot.say("stop", key="s1")
    await bot.do_all()
    assert [text.split(".")[0].split("\n")[0] for text in bot.said] == [
        "Stopped",
        "Museum returns bronze bell to island village",
    ]
    assert await bot.endings() == [
        (Ending.WITHDRAWN, "taken_back"),
        (Ending.POSTED, ""),
        (Ending.POSTED, ""),
    ]
