"""What models may take of a day's tokens, and what they took."""

import asyncio
from datetime import date, timedelta

import pytest

from bot.model import Budget, Channel, Purpose, Reserved, Tokens, Usage
from bot.ports import Store
from tests.store.samples import ABROAD, NEWS, NOON, OTHER, TEAM, article, ask, days, mention, thread

TODAY = NOON.date()
YESTERDAY = TODAY - timedelta(days=1)
PLENTY = Budget(a_day=1_000_000, a_channel=1_000_000)
HUNDRED = Budget(a_day=100, a_channel=100)


async def reserve(
    store: Store,
    tokens: int,
    *,
    budget: Budget = HUNDRED,
    channel: Channel = NEWS,
    day: date = TODAY,
    purpose: Purpose = Purpose.BRIEF,
    model: str = "m",
) -> Reserved:
    async with store.begin() as tx:
        return await store.reserve_tokens(
            tx, channel, day=day, purpose=purpose, model=model, tokens=tokens, budget=budget
        )


async def settle(
    store: Store,
    used: Tokens,
    *,
    reserved: int = 0,
    channel: Channel = NEWS,
    day: date = TODAY,
    purpose: Purpose = Purpose.BRIEF,
    model: str = "m",
) -> None:
    async with store.begin() as tx:
        await store.settle_tokens(
            tx, channel, day=day, purpose=purpose, model=model, reserved=reserved, used=used
        )


async def test_what_is_set_aside_is_given_back_for_what_was_spent(store: Store) -> None:
    assert await reserve(store, 60, budget=PLENTY) is Reserved.WELL
    (row,) = await store.usage(TEAM, since=TODAY)
    assert row == Usage(
        channel=NEWS,
        day=TODAY,
        purpose=Purpose.BRIEF,
        model="m",
        calls=0,
        tokens=Tokens(),
        reserved=60,
    )
    await settle(store, Tokens(taken_in=30, written=5), reserved=60)
    await settle(store, Tokens(taken_in=1, written=2))
    (row,) = await store.usage(TEAM, since=TODAY)
    assert (row.calls, row.tokens, row.reserved) == (2, Tokens(taken_in=31, written=7), 0)


async def test_no_more_is_given_back_than_was_set_aside(store: Store) -> None:
    await reserve(store, 10)
    await settle(store, Tokens(taken_in=3), reserved=25)
    (row,) = await store.usage(TEAM, since=TODAY)
    assert row.reserved == 0


async def test_a_budget_may_be_used_up_but_not_passed(store: Store) -> None:
    await reserve(store, 40)
    await settle(store, Tokens(taken_in=20, written=10), reserved=40)
    assert await reserve(store, 71) is Reserved.WORKSPACE_SPENT
    assert await reserve(store, 70) is not Reserved.WORKSPACE_SPENT
    assert await reserve(store, 1) is Reserved.WORKSPACE_SPENT
    (row,) = await store.usage(TEAM, since=TODAY)
    assert row.reserved == 70


async def test_a_workspace_counts_all_its_channels_and_nobody_else_s(store: Store) -> None:
    await reserve(store, 60, channel=NEWS)
    assert await reserve(store, 41, channel=OTHER) is Reserved.WORKSPACE_SPENT
    assert await reserve(store, 41, channel=ABROAD) is Reserved.WELL
    assert await reserve(store, 20, channel=OTHER) is Reserved.NEARLY


async def test_every_step_and_model_counts(store: Store) -> None:
    await reserve(store, 50, purpose=Purpose.BRIEF, model="one")
    await reserve(store, 20, purpose=Purpose.ANSWER, model="two")
    assert await reserve(store, 31) is Reserved.WORKSPACE_SPENT


async def test_a_channel_has_its_part(store: Store) -> None:
    budget = Budget(a_day=100, a_channel=20)
    assert await reserve(store, 15, budget=budget) is Reserved.WELL
    assert await reserve(store, 6, budget=budget, model="other") is Reserved.CHANNEL_SPENT
    assert await reserve(store, 5, budget=budget, model="other") is Reserved.WELL
    assert await reserve(store, 20, budget=budget, channel=OTHER) is Reserved.WELL


async def test_every_day_begins_anew(store: Store) -> None:
    # Also for what a killed process had set aside.
    await reserve(store, 100, day=YESTERDAY)
    assert await reserve(store, 70) is Reserved.WELL


async def test_without_a_budget_nothing_is_given(store: Store) -> None:
    none = Budget(a_day=0, a_channel=0)
    assert await reserve(store, 1, budget=none) is Reserved.WORKSPACE_SPENT
    assert await store.usage(TEAM, since=TODAY) == []


async def test_that_80_percent_are_reached_is_told_once_a_day_and_workspace(store: Store) -> None:
    assert await reserve(store, 79) is Reserved.WELL
    assert await reserve(store, 1, channel=OTHER) is Reserved.NEARLY
    assert await reserve(store, 1) is Reserved.WELL
    # Also where what was set aside came back, and it is reached a second time.
    await settle(store, Tokens(), reserved=80)
    assert await reserve(store, 80) is Reserved.WELL
    assert await reserve(store, 80, day=YESTERDAY) is Reserved.NEARLY
    assert await reserve(store, 80, channel=ABROAD) is Reserved.NEARLY


async def test_what_was_spent_may_bring_it_to_80_percent(store: Store) -> None:
    await reserve(store, 10)
    await settle(store, Tokens(taken_in=85), reserved=10)
    assert await reserve(store, 1) is Reserved.NEARLY


async def test_a_refusal_does_not_tell_that_80_percent_are_reached(store: Store) -> None:
    await reserve(store, 50)
    assert await reserve(store, 51) is Reserved.WORKSPACE_SPENT
    assert await reserve(store, 30) is Reserved.NEARLY


async def test_what_is_undone_was_not_set_aside(store: Store) -> None:
    async def undone() -> None:
        async with store.begin() as tx:
            await store.reserve_tokens(
                tx, NEWS, day=TODAY, purpose=Purpose.BRIEF, model="m", tokens=90, budget=HUNDRED
            )
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    assert await store.usage(TEAM, since=TODAY) == []
    assert await reserve(store, 85) is Reserved.NEARLY


async def test_of_those_at_once_no_two_get_the_same_tokens(store: Store) -> None:
    done = await asyncio.gather(
        *(
            reserve(store, 10, channel=Channel(workspace=TEAM, id=f"c{number % 4}"))
            for number in range(20)
        )
    )
    assert done.count(Reserved.WORKSPACE_SPENT) == 10
    assert done.count(Reserved.NEARLY) == 1
    rows = await store.usage(TEAM, since=TODAY)
    assert sum(row.reserved for row in rows) == 100


async def test_setting_aside_and_giving_back_at_once_loses_nothing(store: Store) -> None:
    async def call(number: int) -> None:
        channel = (NEWS, OTHER)[number % 2]
        await reserve(store, 10, channel=channel, budget=PLENTY)
        await settle(store, Tokens(taken_in=3, written=1), reserved=10, channel=channel)

    await asyncio.gather(*(call(number) for number in range(20)))
    rows = await store.usage(TEAM, since=TODAY)
    assert [(row.calls, row.tokens.total, row.reserved) for row in rows] == [(10, 40, 0)] * 2


async def test_usage_comes_newest_first_then_by_channel_step_and_model(store: Store) -> None:
    models = ("Zz", "a b", "a-c", "aB", "a_", "ä")
    for model in models[::-1]:
        await settle(store, Tokens(taken_in=1), model=model)
    await settle(store, Tokens(taken_in=1), purpose=Purpose.ANSWER)
    await settle(store, Tokens(taken_in=1), channel=OTHER)
    await settle(store, Tokens(taken_in=1), channel=OTHER, day=YESTERDAY)
    await settle(store, Tokens(taken_in=1), channel=ABROAD)
    rows = await store.usage(TEAM, since=YESTERDAY)
    assert [(row.day, row.channel, row.purpose, row.model) for row in rows] == [
        (TODAY, NEWS, Purpose.ANSWER, "m"),
        *((TODAY, NEWS, Purpose.BRIEF, model) for model in models),
        (TODAY, OTHER, Purpose.BRIEF, "m"),
        (YESTERDAY, OTHER, Purpose.BRIEF, "m"),
    ]
    assert len(await store.usage(TEAM, since=TODAY)) == 8


async def test_large_numbers_are_kept(store: Store) -> None:
    many = 2**40
    await settle(store, Tokens(taken_in=many, written=many))
    (row,) = await store.usage(TEAM, since=TODAY)
    assert row.tokens.total == 2 * many
    assert await reserve(store, 1) is Reserved.WORKSPACE_SPENT


async def test_what_models_took_is_kept_for_400_days(store: Store) -> None:
    await settle(store, Tokens(taken_in=1), day=TODAY)
    await settle(store, Tokens(taken_in=1), day=YESTERDAY)
    await store.expire(NOON + days(400))
    assert [row.day for row in await store.usage(TEAM, since=YESTERDAY)] == [TODAY]


async def test_forgetting_an_article_leaves_the_numbers(store: Store) -> None:
    mentioned = await mention(store)
    await settle(store, Tokens(taken_in=7))
    await store.forget(NEWS, [mentioned.number])
    assert len(await store.usage(TEAM, since=TODAY)) == 1


async def test_a_thread_s_last_exchanges_come_oldest_first(store: Store) -> None:
    about = article()
    await mention(store, about)
    assert await store.exchanges(thread(), limit=5) == []
    for number in range(4):
        await ask(store, about, text=f"question {number}", at=NOON + days(number))
    await ask(store, None, text="Who paid?", at=NOON + days(5))
    await ask(store, None, text="elsewhere", where="2", at=NOON + days(6))
    words = about.paragraphs[0]
    assert await store.exchanges(thread(), limit=3) == [
        ("question 2", words),
        ("question 3", words),
        ("Who paid?", ""),
    ]
    assert len(await store.exchanges(thread(), limit=9)) == 5
    assert await store.exchanges(thread(OTHER), limit=9) == []
