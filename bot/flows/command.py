"""The commands that ask no writer: list, search, forget, export, settings, usage.

Each reads or changes what the store keeps for one channel and returns plain nouns; the caller
lays them out.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from bot.core.answering.memory import search_memory
from bot.core.talking.export import as_json, as_markdown
from bot.core.talking.permission import is_quieter
from bot.core.talking.settings import change
from bot.errors import NotAllowed, NothingStored
from bot.flows.answer import everything, named
from bot.flows.recall import searched, understood
from bot.model import Answered, Recalled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.model import Channel, ChannelSettings, Forgotten, Mention, SettingChange, Usage
    from bot.ports import Clock, Store


async def search(
    text: str, *, channel: Channel, store: Store, clock: Clock, asker: str = "", limit: int = 10
) -> Recalled:
    """Return the channel's articles that match words, dates, outlets and people.

    Each comes with its best passage; `asker` is "me".
    """
    query = await understood(text, channel=channel, store=store, clock=clock, asker=asker)
    found = await searched(query, channel=channel, store=store)
    given = (
        Answered(mention=hit.mention, answer=answer)
        for hit, answer in search_memory(query, found, most=limit)
    )
    return Recalled(given=tuple(given), unknown=query.unknown)


async def listing(*, channel: Channel, store: Store, limit: int) -> Sequence[Mention]:
    """Return the newest mention of each article, newest first; all where `limit` is 0."""
    newest: dict[str, Mention] = {}
    async with aclosing(everything(channel=channel, store=store)) as mentions:
        async for mention in mentions:
            newest.setdefault(mention.article.key, mention)
            if len(newest) == limit:
                break
    return list(newest.values())


MINE = "mine"
"""The word for what somebody posted himself."""


def _all(mentions: Sequence[Mention]) -> Sequence[Mention]:
    return mentions


async def forget(
    references: Sequence[str],
    *,
    channel: Channel,
    store: Store,
    may: Callable[[Sequence[Mention]], Sequence[Mention]] = _all,
) -> Forgotten:
    """Erase the articles that numbers, addresses or file names name.

    All versions and mentions of each go that `may` lets through: whoever forgets an article means
    all of it. Raises NothingStored, NoSuchArticle, NotAllowed where none of them is.
    """
    named_ones = [await named(one, channel=channel, store=store) for one in references]
    keys = {mention.article.key for mention in named_ones}
    sources = set(references)
    found = [
        mention
        async for mention in everything(channel=channel, store=store)
        if mention.article.key in keys or mention.source in sources
    ]
    allowed = may(found)
    if found and not allowed:
        raise NotAllowed
    return await store.forget(channel, [mention.number for mention in allowed])


async def forget_own(who: str, *, channel: Channel, store: Store) -> Forgotten:
    """Erase all that somebody posted. Raises NothingStored where that is nothing."""
    every = everything(channel=channel, store=store)
    numbers = [mention.number async for mention in every if mention.poster == who]
    if not numbers:
        raise NothingStored
    return await store.forget(channel, numbers)


async def forget_everything(*, channel: Channel, store: Store) -> Forgotten:
    """Erase all that a channel has read. Raises NothingStored."""
    every = everything(channel=channel, store=store)
    numbers = [mention.number async for mention in every]
    if not numbers:
        raise NothingStored
    return await store.forget(channel, numbers)


async def export(form: str, *, channel: Channel, store: Store, poster: str = "") -> tuple[str, int]:
    """Return the channel's briefs with their proof as "md" or "json", and how many they are.

    Where `poster` is given, they are those of what he posted.
    """
    listed = await listing(channel=channel, store=store, limit=0)
    mentions = [
        one for one in listed if one.brief is not None and (not poster or one.poster == poster)
    ]
    if form == "json":
        text = json.dumps(as_json(mentions), ensure_ascii=False, indent=2) + "\n"
    else:
        text = as_markdown(mentions)
    return text, len(mentions)


async def usage(days: int, today: date, *, channel: Channel, store: Store) -> Sequence[Usage]:
    """Return what models took in one channel in so many days with today, newest day first."""
    spent = await store.usage(channel.workspace, since=today - timedelta(days=days - 1))
    return [one for one in spent if one.channel == channel]


async def set_one(
    name: str, value: str, *, channel: Channel, who: str, keeper: bool, store: Store, clock: Clock
) -> tuple[ChannelSettings, SettingChange | None]:
    """Change one setting of a channel; None where it was so already.

    Raises UnknownSetting, BadSetting, NotAllowed where only keepers may make us louder.
    """
    async with one_by_one(store):
        current = await store.channel_settings(channel)
        after, entry = change(current, name, value, who=who, at=clock.now())
        if entry is not None and not keeper and not is_quieter(current, after, entry.name):
            raise NotAllowed
        if entry is not None:
            async with store.begin() as tx:
                await store.change_settings(tx, channel, after, [entry])
    return after, entry


_changing: WeakKeyDictionary[Store, asyncio.Lock] = WeakKeyDictionary()


def one_by_one(store: Store) -> asyncio.Lock:
    """Return what keeps two changes of settings apart: each begins with what the last one left.

    Those of this process, that is: of two processes that change the same channel at the same
    moment, the later one wins whole.
    """
    return _changing.setdefault(store, asyncio.Lock())
