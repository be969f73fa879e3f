"""Budgets where several processes write: none is passed, and nobody waits for ever."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy import delete

from bot.model import Budget, Channel, Purpose, Reserved, Tokens
from bot.store.schema import channels
from bot.store.sql import SqlStore
from tests.store.samples import NEWS, NOON, TEAM, article, brief, mention

Place = Callable[[], AbstractContextManager[Path | str]]
HUNDRED = Budget(a_day=100, a_channel=100)
PLENTY = Budget(a_day=10**6, a_channel=10**6)
ROW = {"day": NOON.date(), "purpose": Purpose.BRIEF, "model": "m"}


async def test_of_several_processes_at_once_no_two_get_the_same_tokens(new_place: Place) -> None:
    with new_place() as where:
        stores = [await SqlStore.open(where) for _ in range(3)]

        async def reserve(number: int) -> Reserved:
            store, channel = stores[number % 3], Channel(workspace=TEAM, id=f"c{number % 4}")
            async with store.begin() as tx:
                return await store.reserve_tokens(tx, channel, **ROW, tokens=10, budget=HUNDRED)

        done = await asyncio.gather(*(reserve(number) for number in range(21)))
        for store in stores:
            await store.close()
    assert done.count(Reserved.WORKSPACE_SPENT) == 11
    assert done.count(Reserved.NEARLY) == 1


async def test_whoever_also_writes_in_a_channel_gets_through(new_place: Place) -> None:
    with new_place() as where:
        stores = [await SqlStore.open(where, patience=20) for _ in range(2)]

        async def work(number: int) -> None:
            store, channel = stores[number % 2], Channel(workspace=TEAM, id=f"c{number % 3}")
            stored = await mention(store, article(f"a{number % 5}"), channel=channel)
            async with store.begin() as tx:
                await store.reserve_tokens(tx, channel, **ROW, tokens=10, budget=PLENTY)
                await store.add_brief(tx, stored, brief(stored.article), NOON)
            async with store.begin() as tx:
                await store.add_brief(tx, stored, brief(stored.article), NOON)
                used = Tokens(taken_in=1)
                await store.settle_tokens(tx, channel, **ROW, reserved=10, used=used)
                await store.reserve_tokens(tx, channel, **ROW, tokens=5, budget=PLENTY)
            if number % 4 == 0:
                await store.forget(channel, [stored.number])

        await asyncio.wait_for(asyncio.gather(*(work(number) for number in range(30))), 60)
        spent = await stores[0].usage(TEAM, since=NOON.date())
        for store in stores:
            await store.close()
    assert [(one.calls, one.tokens.total, one.reserved) for one in spent] == [(10, 10, 50)] * 3


async def test_a_channel_that_goes_takes_its_numbers_along(new_place: Place) -> None:
    with new_place() as where:
        store = await SqlStore.open(where)
        async with store.begin() as tx:
            await store.settle_tokens(tx, NEWS, **ROW, reserved=0, used=Tokens(taken_in=1))
            await store.within(tx, lambda connection: connection.execute(delete(channels)))
        assert await store.usage(TEAM, since=NOON.date()) == []
        await store.close()
