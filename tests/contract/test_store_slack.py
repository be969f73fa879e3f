"""What every store keeps for places where people press, react, invite us and put us out."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.model import (
    Channel,
    ChannelSettings,
    Decided,
    Decision,
    Delivery,
    DeliveryState,
    Ending,
    Event,
    Forgotten,
    Kept,
    Mention,
    Message,
    PostRef,
    Purpose,
    SettingChange,
    Strike,
    Thread,
    Tokens,
    Upload,
)
from bot.ports import Store
from tests.store.samples import (
    ABROAD,
    NEWS,
    NOON,
    OTHER,
    TEAM,
    accept,
    article,
    ask,
    brief,
    change,
    days,
    mention,
    posted,
    thread,
    to_post,
)

GONE = NOON + days(30)
NAIVE = datetime(2026, 3, 2)  # noqa: DTZ001 - that is the point


def says(bullet: int = 1, *, who: str = "bob", why: str = "It was Tuesday") -> Strike:
    return Strike(bullet=bullet, who=who, why=why, at=NOON)


async def strike(store: Store, about: Mention, given: Strike) -> None:
    async with store.begin() as tx:
        await store.strike(tx, about, given)


async def found(store: Store, number: int = 1, channel: Channel = NEWS) -> Mention:
    kept = await store.mention(channel, number)
    assert kept is not None
    return kept


async def join(store: Store, channel: Channel = NEWS, *, inviter: str = "ann") -> None:
    async with store.begin() as tx:
        await store.join(tx, channel, inviter=inviter, at=NOON)


async def leave(store: Store, channel: Channel | None = NEWS, *, until: datetime = GONE) -> None:
    async with store.begin() as tx:
        await store.leave(tx, TEAM, channel, until=until)


def waits(name: str = "m1", *, where: Thread | None = None, text: str = "https://a") -> Message:
    return Message(
        thread=where or thread(), id=name, author="ann", text=text, sent_at=NOON - days(1)
    )


async def remember(store: Store, message: Message, *, at: datetime = NOON) -> None:
    async with store.begin() as tx:
        await store.remember(tx, message, at=at)


async def decide(store: Store, message: str, decision: Decision = Decision.TOO_MANY) -> None:
    async with store.begin() as tx:
        await store.decide(tx, NEWS, decision, message=message, at=NOON)


async def end(store: Store, event: Event, ending: Ending, reason: str = "why") -> None:
    async with store.begin() as tx:
        await store.end_event(tx, event.id, ending, reason=reason, at=NOON)


async def unasked(store: Store, key: str, *, at: datetime, channel: Channel = NEWS) -> None:
    incoming = posted(key, channel=channel)
    async with store.begin() as tx:
        await store.add_event(
            tx, incoming, thread=incoming.message.thread, message="", at=at, unasked=True
        )


async def arrived(store: Store, key: str = "e1", *, ref: str = "p1", where: str = "1") -> Delivery:
    line = await to_post(store, await accept(store, posted(key, where=where)))
    here = PostRef(thread=line.thread, id=ref)
    assert await change(store, replace(line, state=DeliveryState.POSTED, ref=here))
    return await kept_line(store, line)


async def kept_line(store: Store, line: Delivery) -> Delivery:
    kept = await store.delivery(line.id)
    assert kept is not None
    return kept


# --- what one message brought ------------------------------------------------------------------


async def test_what_a_message_brought_comes_by_number(store: Store) -> None:
    first = await mention(store, article("a"), message="m1")
    await mention(store, article("b"), message="m2")
    third = await mention(store, article("c"), message="m1", where="2")
    await mention(store, article("a"), message="m1", channel=OTHER)
    assert await store.mentions_by(NEWS, "m1") == [first, third]
    assert await store.mentions_by(NEWS, "m3") == []
    assert await store.mentions_by(ABROAD, "m1") == []


# --- what is said to be wrong ------------------------------------------------------------------


async def test_a_strike_comes_with_every_look_at_its_mention(store: Store) -> None:
    stored = await mention(store, briefed=True, message="m1")
    await strike(store, stored, says(2))
    await strike(store, stored, says(1, who="eve"))
    struck = replace(stored, strikes=(says(1, who="eve"), says(2)))
    assert await store.mention(NEWS, 1) == struck
    assert await store.mentions(NEWS, limit=9) == [struck]
    assert await store.mentions_of(NEWS, article().key) == [struck]
    assert await store.mentions_in(thread()) == [struck]
    assert await store.mentions_by(NEWS, "m1") == [struck]
    assert [hit.mention for hit in await store.search(NEWS, ["monday"])] == [struck]
    assert await mention(store, message="m1") == struck


async def test_of_several_mentions_each_has_its_own_strikes(store: Store) -> None:
    first = await mention(store, article("a"), briefed=True)
    await mention(store, article("b"), briefed=True)
    third = await mention(store, article("c"), briefed=True)
    await mention(store, article("d"))
    await strike(store, first, says(1))
    await strike(store, third, says(3))
    await strike(store, third, says(2))
    strikes = [one.strikes for one in await store.mentions(NEWS, limit=9)]
    assert strikes == [(), (says(2), says(3)), (), (says(1),)]


async def test_the_first_strike_of_a_bullet_stays(store: Store) -> None:
    stored = await mention(store, briefed=True)
    await strike(store, stored, says(why="first"))
    await strike(store, stored, says(who="eve", why="second"))
    assert (await found(store)).strikes == (says(why="first"),)


async def test_another_brief_has_no_strikes(store: Store) -> None:
    stored = await mention(store, briefed=True)
    await strike(store, stored, says())
    async with store.begin() as tx:
        newer = brief(article(), "Newer")
        again = await store.add_brief(tx, await found(store), newer, NOON + days(1))
    assert again == replace(stored, brief=newer)
    assert await found(store) == again
    await strike(store, stored, says(2))  # of the brief that he had seen
    assert (await found(store)).strikes == ()
    await strike(store, again, says(3))
    assert (await found(store)).strikes == (says(3),)


async def test_a_strike_of_what_is_not_there_is_not_kept(store: Store) -> None:
    bare = await mention(store, article("a"))
    gone = await mention(store, article("b"), briefed=True)
    await store.forget(NEWS, [gone.number])
    for one in (bare, gone):
        await strike(store, one, says())
    assert [one.strikes for one in await store.mentions(NEWS, limit=9)] == [()]


async def test_a_strike_goes_with_its_brief(store: Store) -> None:
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, ChannelSettings(brief_days=1), [])
    await strike(store, await mention(store, briefed=True), says())
    await store.expire(NOON + days(1))
    assert ((await found(store)).brief, (await found(store)).strikes) == (None, ())


@pytest.mark.parametrize("wrong", [replace(says(), at=NAIVE), says(why="\ud800")])
async def test_a_strike_that_cannot_be_stored_is_a_mistake(store: Store, wrong: Strike) -> None:
    stored = await mention(store, briefed=True)
    with pytest.raises(ValueError):  # noqa: PT011 - which one is the store's own affair
        await strike(store, stored, wrong)
    assert (await found(store)).strikes == ()


# --- how much there is -------------------------------------------------------------------------


async def test_how_often_somebody_asked_in_a_time(store: Store) -> None:
    for number in range(4):
        await ask(store, None, text=f"{number}?", at=NOON + days(number), where=f"{number % 2}")
    await ask(store, None, channel=OTHER, at=NOON + days(9))
    assert await store.asked_since(NEWS, "bob", NOON + days(1)) == 3
    assert await store.asked_since(NEWS, "bob", NOON + days(3.5)) == 0
    assert await store.asked_since(NEWS, "eve", NOON) == 0
    assert await store.asked_since(ABROAD, "bob", NOON) == 0


async def test_how_much_is_kept(store: Store) -> None:
    nothing = Kept(mentions=0, articles=0, questions=0, since=None)
    assert await store.kept(NEWS) == nothing
    await mention(store, article(version="v1"), at=NOON + days(2))
    await mention(store, article(version="v2"), at=NOON + days(1))
    await mention(store, article("b"), at=NOON + days(3))
    await mention(store, article("c"), channel=OTHER)
    assert await store.kept(NEWS) == Kept(mentions=3, articles=2, questions=0, since=NOON + days(1))
    await ask(store, article("b"))
    assert await store.kept(NEWS) == Kept(mentions=3, articles=2, questions=1, since=NOON)
    assert await store.kept(ABROAD) == nothing


# --- where we are ------------------------------------------------------------------------------


async def test_who_invited_us_last_is_known(store: Store) -> None:
    assert await store.inviter(NEWS) == ""
    await join(store)
    await join(store, OTHER, inviter="bob")
    assert (await store.inviter(NEWS), await store.inviter(OTHER)) == ("ann", "bob")
    await join(store, inviter="eve")
    assert (await store.inviter(NEWS), await store.inviter(ABROAD)) == ("eve", "")
    await mention(store)
    assert await store.inviter(NEWS) == "eve"


async def fill(store: Store, channel: Channel) -> None:
    """Put something of every kind into a channel."""
    await join(store, channel)
    stored = await mention(store, channel=channel, briefed=True)
    await strike(store, stored, says())
    await ask(store, article(), channel=channel)
    await ask(store, None, channel=channel, where="far", text="Who?")
    await remember(store, waits(where=thread(channel)), at=NOON + days(25))
    log = [SettingChange(who="ann", at=NOON, name="bullets", before="5", after="3")]
    async with store.begin() as tx:
        await store.change_settings(tx, channel, ChannelSettings(bullets=3), log)
        await store.decide(tx, channel, Decision.ASKED, message="m1", at=NOON)
        await store.settle_tokens(
            tx,
            channel,
            day=NOON.date(),
            purpose=Purpose.BRIEF,
            model="m",
            reserved=0,
            used=Tokens(taken_in=1),
        )
    event = await accept(store, posted("line", channel=channel))
    line = await to_post(store, event)
    done = replace(
        line, state=DeliveryState.POSTED, ref=PostRef(thread=line.thread, id=f"p-{channel.id}")
    )
    await change(store, done)
    await accept(store, posted("open", channel=channel))


async def contents(store: Store, channel: Channel) -> list[object]:
    """Return what a channel can get at."""
    return [
        await store.inviter(channel),
        list(await store.mentions(channel, limit=9)),
        list(await store.answers(channel, limit=9)),
        list(await store.search(channel, [])),
        await store.remembered(channel, "m1"),
        await store.decided(channel),
        await store.channel_settings(channel),
        list(await store.setting_changes(channel)),
        await store.kept(channel),
        (await store.standing(thread(channel), most=9, since=NOON)).ours,
        [
            one
            for one in await store.usage(channel.workspace, since=NOON.date())
            if one.channel == channel
        ],
    ]


NOTHING: list[object] = [
    "",
    [],
    [],
    [],
    None,
    None,
    ChannelSettings(),
    [],
    Kept(mentions=0, articles=0, questions=0, since=None),
    False,
    [],
]


async def test_all_of_a_channel_goes_when_its_time_has_come(store: Store) -> None:
    for channel in (NEWS, OTHER):
        await fill(store, channel)
    beside = await contents(store, OTHER)
    await leave(store)
    before = await contents(store, NEWS)
    assert await store.expire(NOON + days(29.9)) == Forgotten(
        mentions=0, articles=0, briefs=0, answers=0
    )
    assert await contents(store, NEWS) == before
    gone = await store.expire(NOON + days(30))
    assert gone == Forgotten(mentions=1, articles=0, briefs=1, answers=2)
    assert await contents(store, NEWS) == NOTHING
    assert await contents(store, OTHER) == beside
    assert (await mention(store)).number == 2  # the first is not given again


async def test_an_article_that_nobody_mentions_any_more_goes_along(store: Store) -> None:
    await mention(store)
    await ask(store, article())
    await leave(store)
    gone = await store.expire(NOON + days(30))
    assert gone == Forgotten(mentions=1, articles=1, briefs=0, answers=1)


async def test_a_channel_without_a_mention_goes_as_well(store: Store) -> None:
    await join(store)
    event = await accept(store)
    await leave(store)
    await store.expire(NOON + days(30))
    assert await contents(store, NEWS) == NOTHING
    assert await store.event(event.id) is None


async def test_all_channels_of_a_workspace_go_and_no_other(store: Store) -> None:
    for channel in (NEWS, OTHER, ABROAD):
        await fill(store, channel)
    await leave(store, None)
    abroad = await contents(store, ABROAD)
    await store.expire(NOON + days(30))
    assert await contents(store, NEWS) == await contents(store, OTHER) == NOTHING
    assert await contents(store, ABROAD) == abroad


async def test_what_was_to_go_stays_where_we_are_invited_again(store: Store) -> None:
    stored = await mention(store)
    await leave(store)
    await join(store, inviter="eve")
    await store.expire(NOON + days(30))
    assert await store.mentions(NEWS, limit=9) == [stored]
    assert await store.inviter(NEWS) == "eve"


async def test_what_comes_after_an_erasure_is_kept(store: Store) -> None:
    await mention(store)
    await leave(store)
    await store.expire(NOON + days(30))
    again = await mention(store, at=NOON + days(31))
    await store.expire(NOON + days(60))
    assert await store.mentions(NEWS, limit=9) == [again]


async def test_the_sooner_of_two_times_counts(store: Store) -> None:
    await mention(store)
    await mention(store, channel=OTHER)
    await leave(store, until=NOON + days(10))
    await leave(store, None, until=NOON + days(20))
    await leave(store, OTHER, until=NOON + days(15))
    assert (await store.expire(NOON + days(10))).mentions == 1
    assert (await store.expire(NOON + days(15))).mentions == 1


async def test_what_we_do_not_know_is_left_alone(store: Store) -> None:
    await leave(store)
    await leave(store, None)
    stored = await mention(store)
    await store.expire(NOON + days(30))
    assert await store.mentions(NEWS, limit=9) == [stored]


async def test_what_is_open_ends_where_we_are_put_out(store: Store) -> None:
    keys = ("open", "dead", "new", "sending", "over")
    still_open, dead, new, sending, over = [await accept(store, posted(key)) for key in keys]
    elsewhere = await accept(store, posted("open", channel=OTHER))
    await end(store, dead, Ending.DEAD)
    await end(store, over, Ending.SILENT)
    waiting = await to_post(store, new)
    on_its_way = await to_post(store, sending)
    assert await change(store, replace(on_its_way, state=DeliveryState.SENDING))
    await leave(store)
    for event in (still_open, dead, new, sending):
        ended = await store.event(event.id)
        assert ended is not None
        assert (ended.ending, ended.reason, ended.incoming) == (Ending.WITHDRAWN, "put_out", None)
    silent = await store.event(over.id)
    assert silent is not None
    assert silent.ending is Ending.SILENT
    assert await store.open_events(after=0, limit=9) == [elsewhere]
    assert await store.open_deliveries(after=0, limit=9) == []
    assert await store.letters(limit=9) == []
    assert not await change(store, replace(waiting, state=DeliveryState.SENDING))
    here = PostRef(thread=on_its_way.thread, id="p1")
    assert await change(store, replace(on_its_way, state=DeliveryState.POSTED, ref=here))


@pytest.mark.parametrize("channel", [NEWS, None])
async def test_a_time_without_its_zone_is_a_mistake(store: Store, channel: Channel | None) -> None:
    stored = await mention(store)
    with pytest.raises(ValueError):  # noqa: PT011 - the stores word it in their own ways
        await leave(store, channel, until=NAIVE)
    async with store.begin() as tx:
        with pytest.raises(ValueError):  # noqa: PT011 - as above
            await store.join(tx, NEWS, inviter="ann", at=NAIVE)
    await store.expire(NOON + days(1))
    assert await store.mentions(NEWS, limit=9) == [stored]
    assert await store.inviter(NEWS) == ""


# --- what waits to be asked for ----------------------------------------------------------------


async def test_a_message_is_remembered_without_its_uploads(store: Store) -> None:
    upload = Upload(name="a.pdf", media_type="application/pdf", size=3, handle="h")
    await remember(store, replace(waits(), uploads=(upload,)))
    assert await store.remembered(NEWS, "m1") == waits()
    assert await store.remembered(NEWS, "m2") is None
    assert await store.remembered(OTHER, "m1") is None


async def test_what_a_message_said_before_is_replaced(store: Store) -> None:
    await remember(store, waits())
    edited = waits(text="https://b", where=thread(name="2"))
    await remember(store, edited, at=NOON + days(1))
    assert await store.remembered(NEWS, "m1") == edited
    await store.expire(NOON + days(7))
    assert await store.remembered(NEWS, "m1") == edited


async def test_a_message_is_remembered_for_a_week(store: Store) -> None:
    await remember(store, waits())
    await store.expire(NOON + days(6.9))
    assert await store.remembered(NEWS, "m1") == waits()
    await store.expire(NOON + days(7))
    assert await store.remembered(NEWS, "m1") is None


@pytest.mark.parametrize("place", [{"message": "m1"}, {"thread": "1"}])
async def test_what_is_taken_back_is_not_remembered(store: Store, place: dict[str, str]) -> None:
    beside = waits("m2", where=thread(name="2"))
    elsewhere = waits(where=thread(OTHER))
    for one in (waits(), beside, elsewhere):
        await remember(store, one)
    async with store.begin() as tx:
        assert await store.withdraw(tx, NEWS, at=NOON, **place) == []
    assert await store.remembered(NEWS, "m1") is None
    assert await store.remembered(NEWS, "m2") == beside
    assert await store.remembered(OTHER, "m1") == elsewhere


async def test_what_brought_a_forgotten_article_is_not_remembered(store: Store) -> None:
    await mention(store, article("a"), message="m1")
    await mention(store, article("b"), message="m2")
    for name in ("m1", "m2"):
        await remember(store, waits(name))
    await store.forget(NEWS, [1])
    assert await store.remembered(NEWS, "m1") is None
    assert await store.remembered(NEWS, "m2") == waits("m2")


# --- what was decided --------------------------------------------------------------------------


async def test_the_last_decision_is_known(store: Store) -> None:
    assert await store.decided(NEWS) is None
    await decide(store, "m1", Decision.OUTSIDERS)
    await decide(store, "m2")
    assert await store.decided(NEWS) == Decided(decision=Decision.TOO_MANY, message="m2", at=NOON)
    assert await store.decided(OTHER) is None


async def test_a_decision_comes_with_what_became_of_its_message(store: Store) -> None:
    first = await accept(store, posted("e1"))
    assert first.message == "m-e1"
    await decide(store, "m-e1", Decision.ASKED)
    await end(store, await accept(store, posted("e2")), Ending.REFUSED, "other")
    open_still = Decided(decision=Decision.ASKED, message="m-e1", at=NOON)
    assert await store.decided(NEWS) == open_still
    await end(store, first, Ending.SILENT, "no_article")
    assert await store.decided(NEWS) == replace(
        open_still, ending=Ending.SILENT, reason="no_article"
    )
    again = posted("again")
    async with store.begin() as tx:
        newer = await store.add_event(tx, again, thread=thread(), message="m-e1", at=NOON)
    assert newer is not None
    assert await store.decided(NEWS) == open_still
    await end(store, newer, Ending.POSTED, "")
    assert await store.decided(NEWS) == replace(open_still, ending=Ending.POSTED)
    await store.expire(NOON + days(7))
    assert await store.decided(NEWS) == open_still


async def test_a_decision_about_no_message_has_no_ending(store: Store) -> None:
    async with store.begin() as tx:
        event = await store.add_event(tx, posted(), thread=thread(), message="", at=NOON)
    assert event is not None
    await end(store, event, Ending.SILENT)
    await decide(store, "")
    assert await store.decided(NEWS) == Decided(decision=Decision.TOO_MANY, message="", at=NOON)


# --- what was briefed unasked ------------------------------------------------------------------


async def test_what_was_briefed_unasked_in_a_time_is_counted(store: Store) -> None:
    for number in range(4):
        await unasked(store, f"u{number}", at=NOON + days(number))
    await unasked(store, "u9", at=NOON + days(9), channel=OTHER)
    await accept(store, posted("asked"), at=NOON + days(9))
    for event in await store.open_events(after=0, limit=3):
        await end(store, event, Ending.POSTED)

    async def counted(where: Thread, since: datetime) -> int:
        return (await store.standing(where, most=9, since=since)).unasked

    assert await counted(thread(), NOON + days(1)) == 3
    assert await counted(thread(name="elsewhere"), NOON + days(2.5)) == 1
    assert await counted(thread(), NOON + days(4)) == 0
    assert await counted(thread(OTHER), NOON) == 1
    assert await counted(thread(ABROAD), NOON) == 0


# --- the ledger --------------------------------------------------------------------------------


async def test_an_event_and_its_line_know_their_message(store: Store) -> None:
    event = await accept(store)
    line = await to_post(store, event)
    assert (event.message, line.message) == ("m-e1", "m-e1")
    again = await store.event(event.id)
    assert again is not None
    assert (again.message, (await kept_line(store, line)).message) == ("m-e1", "m-e1")
    await end(store, event, Ending.POSTED)
    await store.expire(NOON + days(7))
    assert (await kept_line(store, line)).message == "m-e1"


async def test_a_post_is_found_by_its_id_once_it_arrived(store: Store) -> None:
    line = await to_post(store, await accept(store))
    here = PostRef(thread=thread(), id="p1")
    assert await store.delivery_of(here) is None
    await change(store, replace(line, state=DeliveryState.POSTED, ref=here))
    done = await kept_line(store, line)
    assert await store.delivery_of(here) == done
    assert await store.delivery_of(PostRef(thread=thread(name="2"), id="p1")) == done
    assert await store.delivery_of(replace(here, id="p2")) is None
    assert await store.delivery_of(PostRef(thread=thread(OTHER), id="p1")) is None


async def test_a_post_that_is_retracted_is_not_found_any_more(store: Store) -> None:
    done = await arrived(store)
    gone = replace(done, state=DeliveryState.RETRACTED)
    assert await change(store, gone, at=NOON + days(1))
    assert await kept_line(store, done) == replace(gone, turn=done.turn + 1)
    assert done.ref is not None
    assert await store.delivery_of(done.ref) is None
    assert await store.deliveries_about(NEWS, "m-e1") == []
    assert await store.letters(limit=9) == []
    assert (await store.standing(thread(), most=9, since=NOON)).ours


async def test_of_two_who_retract_a_post_the_second_learns_that_he_is_late(store: Store) -> None:
    done = await arrived(store)
    gone = replace(done, state=DeliveryState.RETRACTED)
    assert await change(store, gone)
    assert not await change(store, gone)
    assert not await change(store, replace(gone, turn=done.turn + 1))


async def test_a_post_may_be_retracted_before_it_is_known_to_have_arrived(store: Store) -> None:
    line = await to_post(store, await accept(store))
    assert await change(store, replace(line, state=DeliveryState.UNCERTAIN))
    assert await change(store, replace(line, state=DeliveryState.RETRACTED, turn=1))
    kept = await kept_line(store, line)
    assert (kept.state, kept.post) == (DeliveryState.RETRACTED, None)


async def test_what_was_forgotten_before_it_was_posted_is_not_retracted(store: Store) -> None:
    await mention(store)
    line = await to_post(store, await accept(store))
    await store.forget(NEWS, [1])
    kept = await kept_line(store, line)
    assert not await change(store, replace(kept, state=DeliveryState.RETRACTED))
    assert await kept_line(store, line) == kept


async def test_a_retracted_line_goes_with_the_time_of_its_brief(store: Store) -> None:
    done = await arrived(store)
    assert await change(store, replace(done, state=DeliveryState.RETRACTED))
    await store.expire(NOON + days(364))
    await kept_line(store, done)
    await store.expire(NOON + days(365))
    assert await store.delivery(done.id) is None


async def test_the_lines_about_a_message_are_those_that_may_be_seen(store: Store) -> None:
    states = [one for one in DeliveryState if one is not DeliveryState.NEW]
    lines = {}
    for number, state in enumerate([DeliveryState.NEW, *states]):
        incoming = posted(f"e{number}")
        async with store.begin() as tx:
            event = await store.add_event(tx, incoming, thread=thread(), message="m1", at=NOON)
        assert event is not None
        lines[state] = await to_post(store, event)
        if state is not DeliveryState.NEW:
            await change(store, replace(lines[state], state=state))
    await to_post(store, await accept(store, posted("other")))
    seen = ("new", "sending", "posted", "uncertain")
    about = await store.deliveries_about(NEWS, "m1")
    assert about == [await kept_line(store, lines[DeliveryState(name)]) for name in seen]
    assert await store.deliveries_about(OTHER, "m1") == []


async def test_no_lines_are_about_no_message(store: Store) -> None:
    async with store.begin() as tx:
        event = await store.add_event(tx, posted(), thread=thread(), message="", at=NOON)
    assert event is not None
    await to_post(store, event)
    assert await store.deliveries_about(NEWS, "") == []


# --- threads that a post began -----------------------------------------------------------------


async def test_all_of_a_thread_moves_to_its_new_name(store: Store) -> None:
    old, new = thread(name="old"), thread(name="new")
    stored = await mention(store, where="old", briefed=True)
    await strike(store, stored, says())
    beside = await mention(store, article("b"), where="beside")
    await ask(store, article(), where="old")
    await remember(store, waits(where=old))
    still_open = await accept(store, posted("open", where="old"))
    line = await arrived(store, where="old")
    async with store.begin() as tx:
        await store.rename_thread(tx, old, new)
    moved = replace(stored, thread=new, strikes=(says(),))
    assert await store.mentions_in(new) == [moved]
    assert await store.mentions_in(old) == []
    assert await store.mentions(NEWS, limit=9) == [beside, moved]
    assert [one for one, _ in await store.exchanges(new, limit=9)] == ["When did it open?"]
    assert await store.exchanges(old, limit=9) == []
    assert await store.remembered(NEWS, "m1") == waits(where=new)
    event = await store.event(still_open.id)
    assert event == replace(still_open, thread=new)
    ref = PostRef(thread=new, id="p1")
    assert await store.delivery_of(ref) == replace(line, thread=new, ref=ref)
    assert (await store.standing(new, most=9, since=NOON)).ours
    assert not (await store.standing(old, most=9, since=NOON)).ours


async def test_a_thread_of_the_same_name_elsewhere_keeps_it(store: Store) -> None:
    await mention(store, where="old")
    there = await mention(store, channel=OTHER, where="old")
    async with store.begin() as tx:
        await store.rename_thread(tx, thread(name="old"), thread(name="new"))
    assert await store.mentions_in(thread(OTHER, "old")) == [there]


async def test_a_thread_does_not_move_to_another_channel(store: Store) -> None:
    stored = await mention(store)
    async with store.begin() as tx:
        with pytest.raises(ValueError):  # noqa: PT011 - no message is promised
            await store.rename_thread(tx, thread(), thread(OTHER))
    assert await store.mentions_in(thread()) == [stored]
