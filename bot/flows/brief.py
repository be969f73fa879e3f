"""The sources of a message -> Articles -> Briefs.

1. Each source (a link, a file, a pasted text) is read, a few at the same time; every one gets a
   verdict.
2. Only an article or a teaser goes on; anything else ends here with its verdict.
3. The writer writes, every bullet with its evidence.
4. The article with its search passages, the mention and the brief are stored in one transaction:
   all of it or nothing. Words that the workspace holds already are stored once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.core.answering.memory import passages
from bot.model import Briefed, Origin, Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from datetime import datetime

    from bot.model import Article, Mention, Reading, Thread
    from bot.ports import Clock, Pages, Store, Writer

_AT_ONCE = 8
_BRIEFABLE = frozenset({Verdict.ARTICLE, Verdict.TEASER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address to read."""

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Bytes at hand: a file, an upload, a pasted text."""

    data: bytes
    name: str
    origin: Origin
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """A link or text whose reading was begun before it was asked for."""

    source: Link | Text
    reading: Awaitable[Reading]


Source = Link | Text | Underway


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the briefs of a message are to be: how many bullets, whose words."""

    bullets: int = 5
    own_wording: bool = False


async def brief(
    sources: Sequence[Source],
    *,
    thread: Thread,
    message: str,
    poster: str,
    wanted: Wanted,
    pages: Pages,
    writer: Writer,
    store: Store,
    clock: Clock,
) -> Sequence[Briefed]:
    """Brief the sources of one message; the results stand in the sources' order."""
    places = asyncio.Semaphore(_AT_ONCE)

    async def in_turn(source: Source) -> Reading:
        async with places:
            return await read(source, pages=pages)

    readings = await asyncio.gather(*map(in_turn, sources))
    done = []
    for source, reading in zip(sources, readings, strict=True):
        if reading.article is None or reading.verdict not in _BRIEFABLE:
            done.append(Briefed(reading=reading))
            continue
        again = await _known(reading.article, thread=thread, store=store)
        mention = await _write(
            reading.article,
            origin=origin(source),
            source=reading.source,
            thread=thread,
            message=message,
            poster=poster,
            wanted=wanted,
            writer=writer,
            store=store,
            at=clock.now(),
        )
        done.append(Briefed(reading=reading, mention=mention, again=again))
    return done


async def read(source: Source, *, pages: Pages) -> Reading:
    """Read one source, wherever it comes from."""
    match source:
        case Link(url=url):
            return await pages.read(url)
        case Text(data=data, name=name, media_type=media_type):
            return await pages.read_bytes(data, source=name, media_type=media_type)
        case Underway(reading=reading):
            return await reading
        case _:
            assert_never(source)


def origin(source: Source) -> Origin:
    """Return how a source came in."""
    match source:
        case Link():
            return Origin.LINK
        case Text(origin=came):
            return came
        case Underway(source=begun):
            return origin(begun)
        case _:
            assert_never(source)


async def _known(article: Article, *, thread: Thread, store: Store) -> bool:
    """Whether the channel has briefed these very words before."""
    mentions = await store.mentions_of(thread.channel, article.key)
    return any(mention.article.version == article.version for mention in mentions)


async def _write(
    article: Article,
    *,
    origin: Origin,
    source: str,
    thread: Thread,
    message: str,
    poster: str,
    wanted: Wanted,
    writer: Writer,
    store: Store,
    at: datetime,
) -> Mention:
    brief = await writer.brief(article, bullets=wanted.bullets, own_wording=wanted.own_wording)
    async with store.begin() as tx:
        mention = await store.add_mention(
            tx,
            thread=thread,
            message=message,
            poster=poster,
            at=at,
            origin=origin,
            source=source,
            article=article,
            passages=passages(article),
        )
        return await store.add_brief(tx, mention, brief, at)
