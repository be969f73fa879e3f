"""That the real store and the one in memory agree, whatever is done to both in whatever order."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Budget, Channel, ChannelSettings, Origin, Purpose, Tokens
from bot.ports import Store
from bot.store.sql import SqlStore
from tests.fakes.store import FakeStore
from tests.store.samples import (
    ABROAD,
    NEWS,
    NOON,
    OTHER,
    article,
    ask,
    days,
    mention,
    thread,
)

CHANNELS = (NEWS, OTHER, ABROAD)
NAMES = ("ash", "birch", "cedar")

channels = st.sampled_from(CHANNELS)
names = st.sampled_from(NAMES)
threads = st.sampled_from(["1", "2"])
ages = st.integers(0, 400)
purposes = st.sampled_from(Purpose)
BUDGET = Budget(a_day=100, a_channel=70)

steps = st.lists(
    st.one_of(
        st.tuples(st.just("mention"), channels, names, threads, ages, st.sampled_from(Origin)),
        st.tuples(st.just("mention"), channels, names, threads, ages, st.sampled_from(Origin)),
        st.tuples(st.just("ask"), channels, st.none() | names, threads, ages),
        st.tuples(st.just("forget"), channels, st.lists(st.integers(1, 5), max_size=3)),
        st.tuples(st.just("expire"), st.integers(300, 800)),
        st.tuples(st.just("reserve"), channels, purposes, ages, st.integers(1, 60)),
        st.tuples(st.just("settle"), channels, purposes, ages, st.integers(0, 60)),
        st.tuples(st.just("set"), channels, st.sampled_from([0, 1, 90]), st.sampled_from([1, 365])),
    ),
    max_size=14,
)


async def take(store: Store, step: tuple[Any, ...], number: int) -> object:
    """Do one step; return what a person would see of it."""
    match step:
        case ("mention", channel, name, where, age, origin):
            return await mention(
                store,
                article(name),
                channel=channel,
                where=where,
                message=f"{where} {age}",
                at=NOON + days(age) + timedelta(seconds=number),
                origin=origin,
                briefed=bool(age % 2),
            )
        case ("ask", channel, name, where, age):
            await ask(
                store,
                article(name) if name else None,
                channel=channel,
                where=where,
                text=f"question {number}",
                at=NOON + days(age) + timedelta(seconds=number),
            )
        case ("forget", channel, numbers):
            return await store.forget(channel, numbers)
        case ("reserve", channel, purpose, age, tokens):
            async with store.begin() as tx:
                return await store.reserve_tokens(
                    tx,
                    channel,
                    day=(NOON + days(age % 2)).date(),
                    purpose=purpose,
                    model="m",
                    tokens=tokens,
                    budget=BUDGET,
                )
        case ("settle", channel, purpose, age, tokens):
            async with store.begin() as tx:
                await store.settle_tokens(
                    tx,
                    channel,
                    day=(NOON + days(age % 2)).date(),
                    purpose=purpose,
                    model="m",
                    reserved=tokens,
                    used=Tokens(taken_in=tokens // 2, written=age % 3),
                )
        case ("expire", age):
            return await store.expire(NOON + days(age))
        case ("set", channel, article_days, brief_days):
            kept = ChannelSettings(article_days=article_days, brief_days=brief_days)
            async with store.begin() as tx:
                await store.change_settings(tx, channel, kept, [])
        case _:
            raise AssertionError(step)
    return None


async def seen(store: Store, channel: Channel) -> Sequence[object]:
    """Return everything that a channel can get at."""
    return [
        await store.mentions(channel, limit=99),
        await store.answers(channel, limit=99),
        [await store.mentions_of(channel, article(name).key) for name in NAMES],
        [await store.mentions_in(thread(channel, where)) for where in ("1", "2")],
        [await store.last_question(thread(channel, where)) for where in ("1", "2")],
        [await store.search(channel, [name]) for name in NAMES],
        await store.search(channel, []),
        await store.search(channel, [], since=NOON + days(50), until=NOON + days(250)),
        [await store.exchanges(thread(channel, where), limit=2) for where in ("1", "2")],
        await store.usage(channel.workspace, since=NOON.date()),
        await store.channel_settings(channel),
    ]


@settings(max_examples=25, deadline=None)
@given(steps)
def test_both_stores_agree(
    new_place: Callable[[], AbstractContextManager[Path | str]], taken: list[tuple[Any, ...]]
) -> None:
    async def main(where: Path | str) -> None:
        real = await SqlStore.open(where)
        memory = FakeStore()
        try:
            for number, step in enumerate(taken):
                assert await take(real, step, number) == await take(memory, step, number)
            for channel in CHANNELS:
                assert await seen(real, channel) == await seen(memory, channel)
        finally:
            await real.close()

    with new_place() as where:
        asyncio.run(main(where))
