"""What somebody wants forgotten -> what of it he may have forgotten -> what went.

1. `chosen` finds what is meant: articles by number, address or file name; "mine": what he posted
   and asked; "thread": what was briefed and asked there; "channel": all of it.
2. Of articles goes what he posted, and all of it where he looks after the channel. A thread goes
   whole where all that was briefed in it is his. A channel goes where he looks after it and has
   confirmed that.
3. `erase` has the store forget it, and returns the receipt. It may be done twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.talking import permission
from bot.errors import NotAllowed
from bot.flows.answer import everything, named
from bot.model import Forgotten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Channel, Mention, Thread
    from bot.ports import Store

NOTHING = Forgotten(mentions=0, articles=0, briefs=0, answers=0)

_YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """Who wants something forgotten, and where.

    `thread` is where he said so, None where there is no such thing.
    """

    who: str
    keeper: bool
    channel: Channel
    thread: Thread | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is to be forgotten: mentions, and questions of a person, of a thread, or of him in it.

    `whole` stands for all of the channel; `unsure` says that it is yet to be confirmed.
    """

    mentions: Sequence[Mention] = ()
    asker: str = ""
    thread: str = ""
    whole: bool = False
    unsure: bool = False


async def chosen(references: Sequence[str], asks: Asks, *, store: Store) -> Chosen:
    """Return what is meant and allowed.

    Raises NotAllowed where nothing of it is his, NothingStored, NoSuchArticle.
    """
    match " ".join(references).lower().split():
        case ["mine"]:
            every = everything(channel=asks.channel, store=store)
            his = [one async for one in every if one.poster == asks.who]
            return Chosen(mentions=his, asker=asks.who)
        case ["thread"] if asks.thread is not None:
            return await _in_thread(asks.thread, asks, store=store)
        case ["channel", *more]:
            if not asks.keeper:
                raise NotAllowed
            return Chosen(whole=True, unsure=more != [_YES])
        case _:
            return Chosen(mentions=await _named(references, asks, store=store))


async def _in_thread(thread: Thread, asks: Asks, *, store: Store) -> Chosen:
    found = await store.mentions_in(thread)
    his = permission.own(found, asks.who, keeper=asks.keeper)
    if asks.keeper or (found and len(his) == len(found)):
        return Chosen(mentions=found, thread=thread.id)
    return Chosen(mentions=his, thread=thread.id, asker=asks.who)


async def _named(references: Sequence[str], asks: Asks, *, store: Store) -> Sequence[Mention]:
    """Return all versions and mentions of articles: whoever forgets one means all of it."""
    channel = asks.channel
    named_ones = [await named(one, channel=channel, store=store) for one in references]
    keys = {mention.article.key for mention in named_ones}
    sources = set(references)
    found = [
        mention
        async for mention in everything(channel=channel, store=store)
        if mention.article.key in keys or mention.source in sources
    ]
    allowed = permission.own(found, asks.who, keeper=asks.keeper)
    if found and not allowed:
        raise NotAllowed
    return allowed


async def erase(
    what: Chosen, *, channel: Channel, store: Store, event: int | None = None
) -> Forgotten:
    """Erase what was chosen; return how much of each kind that was.

    `event` is the one that asks for this, if any: where all of a channel goes, it goes on.
    """
    if what.whole:
        return await store.forget_channel(channel, but=event)
    gone = NOTHING
    if what.mentions:
        gone = await store.forget(channel, [mention.number for mention in what.mentions])
    if what.asker or what.thread:
        asked = await store.forget_asked(channel, asker=what.asker, thread=what.thread)
        gone = gone.plus(asked)
    return gone
