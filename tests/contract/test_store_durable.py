"""What every store promises of the inbox and of the ledger of posts."""

import asyncio
from dataclasses import replace
from datetime import datetime

import pytest

from bot.model import (
    ChannelSettings,
    Delivery,
    DeliveryState,
    Ending,
    Event,
    Instant,
    Letter,
    Mode,
    PostRef,
    Reading,
    Step,
    Verdict,
)
from bot.ports import Store
from tests.store.samples import (
    ABROAD,
    NEWS,
    NOON,
    OTHER,
    accept,
    article,
    ask,
    change,
    days,
    mention,
    post,
    posted,
    thread,
    to_post,
)

TRIED = Instant(era="this start", seconds=12.5)


async def end(
    store: Store, event: Event, ending: Ending, *, reason: str = "why", at: datetime = NOON
) -> bool:
    async with store.begin() as tx:
        return await store.end_event(tx, event.id, ending, reason=reason, at=at)


async def found(store: Store, event: Event) -> Event:
    kept = await store.event(event.id)
    assert kept is not None
    return kept


async def line(store: Store, delivery: Delivery) -> Delivery:
    kept = await store.delivery(delivery.id)
    assert kept is not None
    return kept


def sent(delivery: Delivery) -> PostRef:
    return PostRef(thread=delivery.thread, id="p1")


async def arrived(store: Store, delivery: Delivery, *, at: datetime = NOON) -> bool:
    done = replace(delivery, state=DeliveryState.POSTED, ref=sent(delivery))
    return await change(store, done, at=at)


async def stuck(
    store: Store,
    delivery: Delivery,
    state: DeliveryState = DeliveryState.UNCERTAIN,
    *,
    at: datetime = NOON,
) -> Delivery:
    assert await change(store, replace(delivery, state=state, reason="Unsure", failures=3), at=at)
    return await line(store, delivery)


# --- transactions ----------------------------------------------------------------------------


async def test_what_waits_for_the_commit_is_called_after_it(store: Store) -> None:
    called: list[str] = []
    async with store.begin() as tx:
        tx.on_commit(lambda: called.append("first"))
        await store.add_event(tx, posted(), thread=thread(), message="", at=NOON)
        tx.on_commit(lambda: called.append("second"))
        await asyncio.sleep(0)
        assert called == []
    await asyncio.sleep(0)
    assert called == ["first", "second"]


async def test_what_waits_for_a_commit_that_never_comes_is_not_called(store: Store) -> None:
    called: list[str] = []

    async def half_done() -> None:
        async with store.begin() as tx:
            tx.on_commit(lambda: called.append("undone"))
            await store.add_event(tx, posted(), thread=thread(), message="", at=NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await half_done()
    await asyncio.sleep(0)
    assert called == []
    assert await store.open_events(after=0, limit=9) == []


# --- the inbox -------------------------------------------------------------------------------


async def test_an_event_comes_back_as_it_was_put_in(store: Store) -> None:
    incoming = posted("e1", where="7")
    given = await accept(store, incoming)
    assert given.incoming == incoming
    assert (given.key, given.thread, given.received_at) == ("e1", thread(name="7"), NOON)
    assert (given.failures, given.ending, given.reason, given.ended_at) == (0, None, "", None)
    assert given.trace
    assert await store.event(given.id) == given
    assert await store.event(given.id + 1) is None


async def test_a_channel_has_each_key_once(store: Store) -> None:
    first = await accept(store, posted("e1"))
    async with store.begin() as tx:
        again = await store.add_event(
            tx, posted("e1", text="other words"), thread=thread(), message="", at=NOON
        )
    assert again is None
    assert await found(store, first) == first
    others = [
        await accept(store, posted("e1", channel=OTHER)),
        await accept(store, posted("e1", channel=ABROAD)),
        await accept(store, posted("e2")),
    ]
    assert len({first.id, *(one.id for one in others)}) == 4
    assert len({first.trace, *(one.trace for one in others)}) == 4


async def test_a_key_stays_taken_when_its_event_has_ended(store: Store) -> None:
    await end(store, await accept(store), Ending.POSTED)
    async with store.begin() as tx:
        assert await store.add_event(tx, posted(), thread=thread(), message="", at=NOON) is None


async def test_words_without_meaning_are_not_taken_in(store: Store) -> None:
    with pytest.raises(UnicodeEncodeError):
        await accept(store, posted(text="half of \ud83d"))
    with pytest.raises(ValueError):  # noqa: PT011 - the stores word it in their own ways
        await accept(store, at=datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point
    assert await store.open_events(after=0, limit=9) == []


@pytest.mark.parametrize("ending", [one for one in Ending if one is not Ending.DEAD])
async def test_when_an_event_has_ended_its_text_is_gone(store: Store, ending: Ending) -> None:
    event = await accept(store)
    assert await end(store, event, ending, at=NOON + days(1))
    kept = await found(store, event)
    assert kept.incoming is None
    assert (kept.ending, kept.reason, kept.ended_at) == (ending, "why", NOON + days(1))


async def test_what_died_keeps_its_text_for_another_try(store: Store) -> None:
    event = await accept(store)
    assert await end(store, event, Ending.DEAD)
    kept = await found(store, event)
    assert (kept.incoming, kept.ending) == (event.incoming, Ending.DEAD)


async def test_the_first_ending_stays(store: Store) -> None:
    event = await accept(store)
    assert await end(store, event, Ending.SILENT)
    kept = await found(store, event)
    assert not await end(store, event, Ending.DEAD, reason="late", at=NOON + days(1))
    assert await found(store, event) == kept
    assert not await end(store, replace(event, id=event.id + 1), Ending.SILENT)


async def test_failures_are_counted(store: Store) -> None:
    event = await accept(store)
    for _ in range(2):
        async with store.begin() as tx:
            await store.failed_event(tx, event.id)
    assert (await found(store, event)).failures == 2


async def test_steps_come_by_place_and_the_first_of_a_place_stays(store: Store) -> None:
    event = await accept(store)
    second = Step(place=1, reading=Reading(source="b", verdict=Verdict.GONE, detail="404"))
    first = Step(
        place=0,
        reading=Reading(source="a", verdict=Verdict.ARTICLE, share=0.5),
        number=3,
        again=True,
    )
    late = replace(second, reading=Reading(source="b", verdict=Verdict.TEASER))
    for step in (second, first, late):
        async with store.begin() as tx:
            await store.add_step(tx, event.id, step)
    assert await store.steps(event.id) == [first, second]
    assert await store.steps(event.id + 1) == []


async def test_steps_go_with_the_text_of_their_event(store: Store) -> None:
    step = Step(place=0, reading=Reading(source="a", verdict=Verdict.GONE))
    dead, silent = await accept(store, posted("e1")), await accept(store, posted("e2"))
    for event, ending in ((dead, Ending.DEAD), (silent, Ending.SILENT)):
        async with store.begin() as tx:
            await store.add_step(tx, event.id, step)
        await end(store, event, ending)
    assert await store.steps(dead.id) == [step]
    assert await store.steps(silent.id) == []


async def test_the_standing_of_a_place_that_nobody_knows(store: Store) -> None:
    standing = await store.standing(thread(), most=5, since=NOON)
    assert (standing.settings, standing.ours, standing.backlog) == (ChannelSettings(), False, 0)


async def test_the_standing_of_a_place(store: Store) -> None:
    loud = ChannelSettings(mode=Mode.AUTOMATIC)
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, loud, [])
    for number in range(4):
        event = await accept(store, posted(f"e{number}"))
    await to_post(store, event)
    await accept(store, posted("e9", channel=OTHER))
    await accept(store, posted("e9", channel=ABROAD))
    await end(store, await accept(store, posted("over")), Ending.SILENT)
    here = await store.standing(thread(), most=99, since=NOON)
    assert (here.settings, here.ours, here.backlog) == (loud, True, 4)
    beside = await store.standing(thread(name="2"), most=3, since=NOON)
    assert (beside.settings, beside.ours, beside.backlog) == (loud, False, 3)
    abroad = await store.standing(thread(ABROAD), most=99, since=NOON)
    assert (abroad.settings, abroad.ours, abroad.backlog) == (ChannelSettings(), False, 1)


async def test_a_thread_stays_ours_when_the_post_has_arrived(store: Store) -> None:
    await arrived(store, await to_post(store, await accept(store)))
    assert (await store.standing(thread(), most=1, since=NOON)).ours


async def test_events_are_open_until_they_have_ended_or_a_post(store: Store) -> None:
    first, ended, answered, last = [await accept(store, posted(f"e{n}")) for n in range(4)]
    await end(store, ended, Ending.SILENT)
    await to_post(store, answered)
    assert await store.open_events(after=0, limit=9) == [first, last]
    assert await store.open_events(after=0, limit=1) == [first]
    assert await store.open_events(after=first.id, limit=9) == [last]


# --- the ledger ------------------------------------------------------------------------------


async def test_a_post_is_put_into_the_ledger_once(store: Store) -> None:
    event = await accept(store)
    given = await to_post(store, event)
    assert (given.state, given.post, given.turn) == (DeliveryState.NEW, post(), 0)
    assert (given.event, given.trace, given.thread) == (event.id, event.trace, event.thread)
    assert (given.tried, given.suspect, given.failures, given.ref) == (None, False, 0, None)
    assert await to_post(store, event, given=post("other words")) == given
    assert await line(store, given) == given
    assert await store.delivery(given.id + 1) is None


async def test_lines_are_open_until_they_arrived_or_were_given_up(store: Store) -> None:
    lines = [await to_post(store, await accept(store, posted(f"e{n}"))) for n in range(5)]
    new, sending, done, uncertain, failed = lines
    await change(store, replace(sending, state=DeliveryState.SENDING, tried=TRIED))
    await arrived(store, done)
    await stuck(store, uncertain)
    await stuck(store, failed, DeliveryState.FAILED)
    sending = await line(store, sending)
    assert await store.open_deliveries(after=0, limit=9) == [new, sending]
    assert await store.open_deliveries(after=0, limit=1) == [new]
    assert await store.open_deliveries(after=new.id, limit=9) == [sending]


async def test_a_change_is_kept_and_its_turn_counted(store: Store) -> None:
    given = await to_post(store, await accept(store))
    sending = replace(
        given, state=DeliveryState.SENDING, tried=TRIED, suspect=True, failures=2, reason="Unsure"
    )
    assert await change(store, sending)
    assert await line(store, given) == replace(sending, turn=1)


async def test_of_two_who_change_a_line_the_second_learns_that_he_is_late(store: Store) -> None:
    given = await to_post(store, await accept(store))
    sending = replace(given, state=DeliveryState.SENDING, tried=TRIED)
    assert await change(store, sending)
    kept = await line(store, given)
    assert not await change(store, replace(given, state=DeliveryState.FAILED, reason="late"))
    assert await line(store, given) == kept
    assert await change(store, replace(kept, failures=1))


async def test_of_two_who_announce_at_the_same_time_one_may_send(store: Store) -> None:
    given = await to_post(store, await accept(store))
    sending = replace(given, state=DeliveryState.SENDING, tried=TRIED)
    won = await asyncio.gather(*(change(store, sending) for _ in range(5)))
    assert sorted(won) == [False] * 4 + [True]


async def test_that_a_post_arrived_is_always_kept_and_its_text_is_not(store: Store) -> None:
    given = await to_post(store, await accept(store))
    await change(store, replace(given, state=DeliveryState.SENDING, tried=TRIED))
    assert await arrived(store, given)  # by someone whose turn it was not
    kept = await line(store, given)
    assert (kept.state, kept.post, kept.ref) == (DeliveryState.POSTED, None, sent(given))


async def test_what_arrived_is_not_changed_any_more(store: Store) -> None:
    given = await to_post(store, await accept(store))
    await arrived(store, given)
    kept = await line(store, given)
    assert not await change(store, replace(kept, state=DeliveryState.NEW))
    assert await line(store, given) == kept


async def test_a_line_that_is_not_there_cannot_be_changed(store: Store) -> None:
    given = await to_post(store, await accept(store))
    assert not await change(store, replace(given, id=given.id + 1))


# --- forgetting ------------------------------------------------------------------------------


async def test_what_is_forgotten_meanwhile_is_not_posted(store: Store) -> None:
    await mention(store)
    event = await accept(store)
    given = await to_post(store, event)
    elsewhere = await to_post(store, await accept(store, posted("e2", where="2")))
    await store.forget(NEWS, [1])
    assert not await change(store, replace(given, state=DeliveryState.SENDING, tried=TRIED))
    kept = await line(store, given)
    assert (kept.state, kept.post, kept.reason) == (DeliveryState.FAILED, None, "forgotten")
    ended = await found(store, event)
    assert (ended.ending, ended.reason, ended.incoming) == (Ending.WITHDRAWN, "forgotten", None)
    assert await store.open_deliveries(after=0, limit=9) == [elsewhere]
    assert await store.letters(limit=9) == []


async def test_what_was_being_sent_when_it_was_forgotten_may_have_arrived(store: Store) -> None:
    await mention(store)
    given = await to_post(store, await accept(store))
    await change(store, replace(given, state=DeliveryState.SENDING, tried=TRIED))
    await store.forget(NEWS, [1])
    assert await arrived(store, await line(store, given))
    assert (await line(store, given)).state is DeliveryState.POSTED


async def test_what_died_and_is_forgotten_cannot_be_revived(store: Store) -> None:
    await mention(store)
    event = await accept(store)
    await stuck(store, await to_post(store, event), DeliveryState.FAILED)
    await end(store, event, Ending.DEAD)
    await store.forget(NEWS, [1])
    ended = await found(store, event)
    assert (ended.ending, ended.incoming) == (Ending.WITHDRAWN, None)
    assert await store.letters(limit=9) == []
    async with store.begin() as tx:
        assert await store.revive(tx, event.id, at=NOON) is None


async def test_what_died_of_a_message_is_gone_with_what_the_message_brought(store: Store) -> None:
    dead, other = await accept(store, posted("e1")), await accept(store, posted("e2"))
    still_open = await accept(store, posted("e3"))
    abroad = await accept(store, posted("e1", channel=OTHER))
    for event in (dead, other, abroad):
        await end(store, event, Ending.DEAD)
    for event in (dead, still_open):
        await mention(store, article(event.key), where="far", message=f"m-{event.key}")
    await store.forget(NEWS, [1, 2])
    gone = await found(store, dead)
    assert (gone.ending, gone.reason, gone.incoming) == (Ending.WITHDRAWN, "forgotten", None)
    assert [one.number for one in await store.letters(limit=9)] == [abroad.id, other.id]
    assert await store.open_events(after=0, limit=9) == [still_open]


# --- letters ---------------------------------------------------------------------------------


async def test_letters_tell_what_died_and_what_is_uncertain_newest_first(store: Store) -> None:
    dead, uncertain, failed, fine = [await accept(store, posted(f"e{n}")) for n in range(4)]
    async with store.begin() as tx:
        await store.failed_event(tx, dead.id)
        await store.end_event(tx, dead.id, Ending.DEAD, reason="broken.KeyError", at=NOON)
    await stuck(store, await to_post(store, uncertain))
    await stuck(store, await to_post(store, failed), DeliveryState.FAILED)
    await end(store, failed, Ending.REFUSED)
    await to_post(store, fine)
    assert await store.letters(limit=9) == [
        Letter(
            number=failed.id,
            thread=failed.thread,
            since=NOON,
            state=DeliveryState.FAILED,
            reason="Unsure",
            failures=3,
        ),
        Letter(
            number=uncertain.id,
            thread=uncertain.thread,
            since=NOON,
            state=DeliveryState.UNCERTAIN,
            reason="Unsure",
            failures=3,
        ),
        Letter(
            number=dead.id,
            thread=dead.thread,
            since=NOON,
            state=DeliveryState.FAILED,
            reason="broken.KeyError",
            failures=1,
        ),
    ]
    assert [one.number for one in await store.letters(limit=1)] == [failed.id]


async def test_a_dead_event_is_opened_again_as_it_was(store: Store) -> None:
    event = await accept(store)
    async with store.begin() as tx:
        await store.failed_event(tx, event.id)
    await end(store, event, Ending.DEAD)
    async with store.begin() as tx:
        assert await store.revive(tx, event.id, at=NOON + days(1)) == (event, None)
    assert await store.open_events(after=0, limit=9) == [event]
    assert await store.letters(limit=9) == []
    await store.expire(NOON + days(400))
    assert await found(store, event) == event


async def test_an_uncertain_post_is_looked_for_when_it_is_revived(store: Store) -> None:
    event = await accept(store)
    given = await to_post(store, event)
    await change(store, replace(given, state=DeliveryState.SENDING, tried=TRIED))
    before = await stuck(store, await line(store, given))
    async with store.begin() as tx:
        revived = await store.revive(tx, event.id, at=NOON)
    again = replace(
        before,
        state=DeliveryState.NEW,
        suspect=True,
        tried=None,
        failures=0,
        reason="",
        turn=before.turn + 1,
    )
    assert revived == (replace(event, answered=True), again)
    assert await store.open_deliveries(after=0, limit=9) == [again]
    assert not await change(store, replace(before, failures=9))  # who had it before is late


async def test_a_failed_post_is_sent_when_it_is_revived(store: Store) -> None:
    event = await accept(store)
    before = await stuck(store, await to_post(store, event), DeliveryState.FAILED)
    await end(store, event, Ending.DEAD)
    async with store.begin() as tx:
        revived = await store.revive(tx, event.id, at=NOON)
    assert revived is not None
    assert revived[0].ending is None
    assert revived[1] == replace(
        before, state=DeliveryState.NEW, failures=0, reason="", turn=before.turn + 1
    )


async def test_what_needs_nobody_cannot_be_revived(store: Store) -> None:
    fine, ended, done = [await accept(store, posted(f"e{n}")) for n in range(3)]
    await end(store, ended, Ending.SILENT)
    await arrived(store, await to_post(store, done))
    await end(store, done, Ending.POSTED)
    for number in (fine.id, ended.id, done.id, done.id + 1):
        async with store.begin() as tx:
            assert await store.revive(tx, number, at=NOON) is None
    assert await store.open_events(after=0, limit=9) == [fine]


# --- keeping for a time ----------------------------------------------------------------------


async def test_an_event_is_known_for_a_week_after_it_ended(store: Store) -> None:
    event = await accept(store)
    await end(store, event, Ending.POSTED, at=NOON + days(1))
    await store.expire(NOON + days(7.9))
    await found(store, event)
    await store.expire(NOON + days(8))
    assert await store.event(event.id) is None
    again = await accept(store)
    assert again.id != event.id


async def test_what_died_can_be_revived_for_a_month(store: Store) -> None:
    event = await accept(store)
    await end(store, event, Ending.DEAD)
    await store.expire(NOON + days(29.9))
    await found(store, event)
    await store.expire(NOON + days(30))
    assert await store.event(event.id) is None


async def test_what_is_open_stays(store: Store) -> None:
    event = await accept(store, posted("e1"))
    given = await to_post(store, await accept(store, posted("e2")))
    await store.expire(NOON + days(3650))
    assert await store.open_events(after=0, limit=9) == [event]
    assert await store.open_deliveries(after=0, limit=9) == [given]


async def test_that_a_thread_is_ours_is_known_for_as_long_as_its_brief(store: Store) -> None:
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, ChannelSettings(brief_days=10, question_days=2), [])
    event = await accept(store)
    given = await to_post(store, event)
    await arrived(store, given)
    await end(store, event, Ending.POSTED)
    await store.expire(NOON + days(9))
    assert await store.event(event.id) is None
    assert (await line(store, given)).event is None
    assert (await store.standing(thread(), most=1, since=NOON)).ours
    await store.expire(NOON + days(10))
    assert await store.delivery(given.id) is None
    assert not (await store.standing(thread(), most=1, since=NOON)).ours


@pytest.mark.parametrize("state", [DeliveryState.UNCERTAIN, DeliveryState.FAILED])
async def test_a_post_that_needs_a_person_waits_for_a_month(
    store: Store, state: DeliveryState
) -> None:
    event = await accept(store)
    given = await stuck(store, await to_post(store, event), state, at=NOON + days(1))
    await store.expire(NOON + days(30.9))
    assert await line(store, given) == given
    assert len(await store.letters(limit=9)) == 1
    await store.expire(NOON + days(31))
    assert await store.delivery(given.id) is None
    assert await store.letters(limit=9) == []
    # Answered anew after a month it would be a surprise, and perhaps a second one.
    assert await store.open_events(after=0, limit=9) == []


async def test_a_question_that_is_answered_twice_is_kept_once(store: Store) -> None:
    await mention(store)
    for _ in range(2):
        await ask(store, article())
    await ask(store, None)
    assert len(await store.answers(NEWS, limit=9)) == 1
    await ask(store, article(), text="And then?")
    assert len(await store.answers(NEWS, limit=9)) == 2
