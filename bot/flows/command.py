"""The commands that ask no writer: list, search, forget, export, usage.

Each reads or changes what the store keeps for one channel and returns plain nouns; the caller
lays them out.
"""

from __future__ import annotations

import json
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.answering.memory import answer_memory, parse
from bot.core.talking.export import as_json, as_markdown
from bot.errors import NotAllowed, NothingStored
from bot.flows.answer import everything, named
from bot.model import Answered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.model import Channel, Forgotten, Mention, Usage
    from bot.ports import Clock, Store


async def search(
    text: str, *, channel: Channel, store: Store, clock: Clock, limit: int = 10
) -> Sequence[Answered]:
    """Return the channel's articles that match words and dates, each with its best passage."""
    query = parse(text, clock.now())
    if not query.terms and query.since is None and query.until is None:
        return []
    found = await store.search(channel, query.terms, since=query.since, until=query.until)
    return [
        Answered(mention=hit.mention, answer=answer)
        for hit, answer in answer_memory(query, found, most=limit)
    ]


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
