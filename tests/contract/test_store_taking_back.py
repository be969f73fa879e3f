"""What was asked and taken back: the same in memory and in both databases."""

from dataclasses import replace

from bot.model import DeliveryState, Ending, Reading, Step, Verdict
from bot.ports import Store
from tests.store.samples import NEWS, NOON, OTHER, accept, change, post, posted, to_post


async def take_back(store: Store, *, message: str = "", thread: str = "") -> list[int]:
    async with store.begin() as tx:
        return list(await store.withdraw(tx, NEWS, at=NOON, message=message, thread=thread))


async def test_an_open_event_ends_with_its_message(store: Store) -> None:
    incoming = posted("e1")
    event = await accept(store, incoming)
    await accept(store, posted("e2"))
    assert await take_back(store, message=incoming.message.id) == [event.id]
    ended = await store.event(event.id)
    assert ended is not None
    assert (ended.ending, ended.reason, ended.incoming) == (Ending.WITHDRAWN, "taken_back", None)
    assert await take_back(store, message=incoming.message.id) == []


async def test_a_thread_is_taken_back_whole_and_no_other(store: Store) -> None:
    incoming = posted("e1")
    first, second = await accept(store, incoming), await accept(store, posted("e2"))
    assert await take_back(store, thread=incoming.message.thread.id) == [first.id, second.id]
    assert await take_back(store, thread="elsewhere") == []


async def test_what_was_under_way_leaves_no_step(store: Store) -> None:
    incoming = posted("e1")
    event = await accept(store, incoming)
    await take_back(store, message=incoming.message.id)
    step = Step(place=0, reading=Reading(source="https://a.example/", verdict=Verdict.ARTICLE))
    async with store.begin() as tx:
        await store.add_step(tx, event.id, step)
    assert list(await store.steps(event.id)) == []


async def test_another_channel_s_are_not_touched(store: Store) -> None:
    incoming = posted("e1")
    event = await accept(store, incoming)
    async with store.begin() as tx:
        gone = await store.withdraw(tx, OTHER, at=NOON, message=incoming.message.id)
    assert list(gone) == []
    still = await store.event(event.id)
    assert still is not None
    assert still.ending is None


async def test_its_post_is_not_put_into_the_ledger_any_more(store: Store) -> None:
    incoming = posted("e1")
    event = await accept(store, incoming)
    await take_back(store, message=incoming.message.id)
    async with store.begin() as tx:
        assert await store.add_delivery(tx, event, key="k", post=post(), at=NOON) is None


async def test_a_post_that_waits_is_dropped(store: Store) -> None:
    incoming = posted("e1")
    event = await accept(store, incoming)
    line = await to_post(store, event)
    assert await take_back(store, message=incoming.message.id) == [event.id]
    gone = await store.delivery(line.id)
    assert gone is not None
    assert (gone.state, gone.post, gone.reason) == (DeliveryState.FAILED, None, "taken_back")
    sending = replace(line, state=DeliveryState.SENDING)
    assert not await change(store, sending)
    assert await store.letters(limit=9) == []


async def test_a_post_that_may_be_on_its_way_is_left(store: Store) -> None:
    incoming = posted("e1")
    event = await accept(store, incoming)
    line = await to_post(store, event)
    assert await change(store, replace(line, state=DeliveryState.SENDING))
    assert await take_back(store, message=incoming.message.id) == []
    still = await store.event(event.id)
    assert still is not None
    assert still.ending is None
