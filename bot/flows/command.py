"""The commands that ask no writer: list, search, export, usage.

Each reads or changes what the store keeps for one channel and returns plain nouns; the caller
lays them out.
"""

from __future__ import annotations

import json
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.core.answering.memory import search_memory
from bot.core.talking.export import Exported, Of, as_json, as_markdown, wish
from bot.flows.answer import everything
from bot.flows.recall import searched, understood
from bot.model import Answered, Recalled

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence
    from datetime import date

    from bot.model import (
        Answer,
        Channel,
        Mention,
        Question,
        Thread,
        Usage,
    )
    from bot.ports import Clock, Store

_PAGE = 50


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


class Written(NamedTuple):
    """An export: its text, and how many briefs and questions are in it."""

    text: str
    briefs: int
    questions: int


async def export(
    argument: str,
    *,
    who: str,
    keeper: bool,
    thread: Thread | None,
    channel: Channel,
    store: Store,
    clock: Clock,
) -> Written:
    """Write out a channel's briefs; or briefs and answers, of a thread or of one person.

    `argument` is what was typed. Keepers get all of a channel or thread, others their own part.
    Raises BadSetting.
    """
    of, form = wish(argument)
    every = [one async for one in everything(channel=channel, store=store)]
    mentions = [one for one in every if (keeper and of is not Of.MINE) or one.poster == who]
    asked: Sequence[tuple[Question, Answer]] = []
    if of is Of.CHANNEL:
        newest = {one.article.key: one for one in reversed(mentions) if one.brief is not None}
        mentions = [one for one in mentions if newest.get(one.article.key) is one]
    else:
        pairs = [pair async for pair in _asked(channel=channel, store=store)]
        asked = [one for one in pairs if (keeper and of is not Of.MINE) or one[0].asker == who]
    if of is Of.THREAD:
        mentions = [one for one in mentions if one.thread == thread]
        asked = [one for one in asked if one[0].thread == thread]
    what = Exported(
        of=of,
        made_at=clock.now(),
        mentions=mentions,
        asked=asked,
        numbers={one.article.version: one.number for one in reversed(every)},
    )
    as_text = as_markdown(what)
    if form == "json":
        as_text = json.dumps(as_json(what), ensure_ascii=False, indent=2) + "\n"
    return Written(as_text, len(mentions), len(asked))


async def _asked(*, channel: Channel, store: Store) -> AsyncGenerator[tuple[Question, Answer]]:
    """Yield all questions of a channel with their answers, newest first."""
    seen = 0
    while page := await store.answers(channel, limit=_PAGE, offset=seen):
        seen += len(page)
        for pair in page:
            yield pair


async def usage(days: int, today: date, *, channel: Channel, store: Store) -> Sequence[Usage]:
    """Return what models took in one channel in so many days with today, newest day first."""
    spent = await store.usage(channel.workspace, since=today - timedelta(days=days - 1))
    return [one for one in spent if one.channel == channel]
