"""The commands that ask no writer: list, search, forget, export, settings.

Each reads or changes what the store keeps for one channel and returns plain nouns; the caller
lays them out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bot.core.answering.memory import answer_memory, parse
from bot.core.talking.export import as_json, as_markdown
from bot.core.talking.settings import change
from bot.model import Answered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Channel, ChannelSettings, Forgotten, Mention, SettingChange
    from bot.ports import Clock, Store

_PAGE = 200


async def search(
    text: str, *, channel: Channel, store: Store, clock: Clock, limit: int = 10
) -> Sequence[Answered]:
    """Return the channel's articles that match words and dates, each with its best passage."""
    query = parse(text, clock.now())
    found = await store.search(channel, query.terms, since=query.since, until=query.until)
    return [
        Answered(mention=hit.mention, answer=answer)
        for hit, answer in answer_memory(query, found, most=limit)
    ]


async def everything(*, channel: Channel, store: Store) -> Sequence[Mention]:
    """Return all mentions of a channel, newest first."""
    mentions: list[Mention] = []
    while page := await store.mentions(channel, limit=_PAGE, offset=len(mentions)):
        mentions.extend(page)
    return mentions


async def forget(mentions: Sequence[Mention], *, channel: Channel, store: Store) -> Forgotten:
    """Erase mentions of the channel with all that hangs on them."""
    return await store.forget(channel, [mention.number for mention in mentions])


async def export(form: str, *, channel: Channel, store: Store) -> tuple[str, int]:
    """Return the channel's briefs with their proof as "md" or "json", and how many they are."""
    mentions = [m for m in await everything(channel=channel, store=store) if m.brief is not None]
    if form == "json":
        text = json.dumps(as_json(mentions), ensure_ascii=False, indent=2) + "\n"
    else:
        text = as_markdown(mentions)
    return text, len(mentions)


async def set_one(
    name: str, value: str, *, channel: Channel, who: str, store: Store, clock: Clock
) -> tuple[ChannelSettings, SettingChange | None]:
    """Change one setting of a channel; None where it was so already.

    Raises UnknownSetting, BadSetting.
    """
    current = await store.channel_settings(channel)
    after, entry = change(current, name, value, who=who, at=clock.now())
    if entry is not None:
        async with store.begin() as tx:
            await store.change_settings(tx, channel, after, [entry])
    return after, entry
