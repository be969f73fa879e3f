"""That the real store and the one in memory agree, whatever is done to both in whatever order."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import (
    Budget,
    Channel,
    ChannelSettings,
    Decision,
    DeliveryState,
    Forgotten,
    Origin,
    PostRef,
    Purpose,
    SettingChange,
    Strike,
    Tokens,
    WorkspaceSettings,
)
from bot.ports import Store
from bot.store.sql import SqlStore
from tests.fakes.store import FakeStore
from tests.lengths import length
from tests.store.samples import (
    ABROAD,
    NEWS,
    NOON,
    OTHER,
    article,
    ask,
    change,
    days,
    mention,
    posted,
    thread,
    to_post,
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
        st.tuples(
            st.just("forget_asked"), channels, st.sampled_from(["", "bob", "alice"]), threads
        ),
        st.tuples(st.just("forget_channel"), channels, st.none() | st.integers(1, 6)),
        st.tuples(st.just("expire"), st.integers(300, 800)),
        st.tuples(st.just("reserve"), channels, purposes, ages, st.integers(1, 60)),
        st.tuples(st.just("settle"), channels, purposes, ages, st.integers(0, 60)),
        st.tuples(st.just("strike"), channels, st.integers(1, 5), st.integers(1, 2)),
        st.tuples(st.just("join"), channels),
        st.tuples(st.just("leave"), channels, st.booleans(), ages),
        st.tuples(st.just("remember"), channels, threads, ages),
        st.tuples(st.just("decide"), channels, threads),
        st.tuples(st.just("accept"), channels, threads, ages, st.booleans()),
        st.tuples(st.just("withdraw"), channels, threads),
        st.tuples(st.just("post"), st.integers(1, 6), st.sampled_from(DeliveryState), ages),
        st.tuples(st.just("rename"), channels, threads, threads),
        st.tuples(st.just("set"), channels, st.sampled_from([0, 1, 90]), st.sampled_from([1, 365])),
        st.tuples(st.just("unset"), channels, st.sampled_from(["article_days", "brief_days"])),
        st.tuples(st.just("set all"), channels, st.sampled_from([0, 1, 90]), st.booleans()),
    ),
    max_size=18,
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
        case ("forget" | "forget_asked" | "forget_channel", channel, *wanted):
            return await take_away(store, step[0], channel, wanted)
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
        case ("strike" | "join" | "leave" | "remember" | "decide" | "rename", channel, *given):
            await take_for_slack(store, step[0], channel, given, number)
        case ("accept" | "withdraw" | "post", *_):
            return await take_in_and_post(store, step, number)
        case ("expire", age):
            return await store.expire(NOON + days(age))
        case ("set" | "unset" | "set all", channel, *given):
            await set_up(store, step[0], channel, given)
        case _:
            raise AssertionError(step)
    return None


async def set_up(store: Store, name: str, channel: Channel, given: list[Any]) -> None:
    match name, given:
        case "set", (article_days, brief_days):
            kept = ChannelSettings(article_days=article_days, brief_days=brief_days)
            async with store.begin() as tx:
                await store.change_settings(tx, channel, kept, [])
        case "unset", (unset,):
            async with store.begin() as tx:
                settings_now = await store.channel_settings(channel)
                await store.change_settings(tx, channel, settings_now, [], names=(), usual=[unset])
        case "set all", (article_days, locked):
            wanted = WorkspaceSettings(
                settings=ChannelSettings(article_days=article_days),
                own=frozenset({"article_days"}),
                locks=frozenset({"article_days"} if locked else ()),
            )
            entry = SettingChange(who="ann", at=NOON, name="article_days", before="", after="")
            async with store.begin() as tx:
                await store.change_workspace(tx, channel.workspace, wanted, [entry])


async def take_away(store: Store, name: str, channel: Channel, given: list[Any]) -> Forgotten:
    match name, given:
        case "forget", (numbers,):
            return await store.forget(channel, numbers)
        case "forget_asked", (asker, where):
            return await store.forget_asked(channel, asker=asker, thread=where)
        case _:
            return await store.forget_channel(channel, but=given[0])


async def take_for_slack(
    store: Store, name: str, channel: Channel, given: list[Any], number: int
) -> None:
    match name, given:
        case "strike", (which, bullet):
            about = await store.mention(channel, which)
            if about is not None:
                said = Strike(bullet=bullet, who="bob", why=f"{number}", at=NOON)
                async with store.begin() as tx:
                    await store.strike(tx, about, said)
        case "join", _:
            async with store.begin() as tx:
                await store.join(tx, channel, inviter=f"{number}", at=NOON)
        case "leave", (everywhere, age):
            until = NOON + days(300 + age)
            async with store.begin() as tx:
                where = None if everywhere else channel
                await store.leave(tx, channel.workspace, where, until=until)
        case "remember", (where, age):
            waits = replace(posted().message, thread=thread(channel, where), id=f"{where} {age}")
            async with store.begin() as tx:
                await store.remember(tx, waits, at=NOON + days(age))
        case "decide", (where,):
            async with store.begin() as tx:
                await store.decide(tx, channel, Decision.ASKED, message=where, at=NOON)
        case "rename", (old, new):
            async with store.begin() as tx:
                await store.rename_thread(tx, thread(channel, old), thread(channel, new))


async def take_in_and_post(store: Store, step: tuple[Any, ...], number: int) -> object:
    match step:
        case ("accept", channel, where, age, unasked):
            incoming = posted(f"{number}", channel=channel, where=where)
            async with store.begin() as tx:
                event = await store.add_event(
                    tx,
                    incoming,
                    thread=thread(channel, where),
                    message=where,
                    at=NOON + days(age),
                    unasked=unasked,
                )
            return event and event.id
        case ("withdraw", channel, where):
            async with store.begin() as tx:
                return list(await store.withdraw(tx, channel, at=NOON, thread=where))
        case ("post", which, state, age):
            event = await store.event(which)
            if event is None or event.ending is not None:
                return None
            line = await to_post(store, event, at=NOON + days(age))
            done = PostRef(thread=line.thread, id=f"p{which}")
            return await change(store, replace(line, state=state, ref=done), at=NOON + days(age))
    raise AssertionError(step)


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
        await store.chosen(channel),
        await store.workspace_settings(channel.workspace),
        await store.workspace_changes(channel.workspace),
        await store.channels(channel.workspace),
        await store.kept(channel),
        await store.asked_since(channel, "bob", NOON + days(200)),
        await store.inviter(channel),
        await store.decided(channel),
        [
            await store.standing(thread(channel, where), most=3, since=NOON + days(200))
            for where in ("1", "2")
        ],
        [await store.deliveries_about(channel, where) for where in ("1", "2")],
        [
            await store.delivery_of(PostRef(thread=thread(channel), id=f"p{which}"))
            for which in range(1, 7)
        ],
        [
            [
                await store.mentions_by(channel, f"{where} {age}"),
                await store.remembered(channel, f"{where} {age}"),
            ]
            for where in ("1", "2")
            for age in (0, 1)
        ],
        [one.id for one in await store.open_events(after=0, limit=99)],
    ]


@settings(max_examples=length(12, 25), deadline=None)
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
