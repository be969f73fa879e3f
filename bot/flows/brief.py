"""The sources of a message -> Articles -> Briefs.

1. Each source (a link, a file, a pasted text) is read, all of them at the same time; every one
   gets a verdict.
2. Only an article or a teaser goes on; anything else ends here with its verdict.
3. Where the channel has briefed these very words before, that mention is taken up again.
4. The writer writes, every bullet with its evidence.
5. The article with its search passages, the mention and the brief are stored in one transaction:
   all of it or nothing.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.core.answering.memory import passages
from bot.model import Briefed, Origin, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Article, Mention, Reading, Thread
    from bot.ports import Clock, Pages, Store, Writer

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


Source = Link | Text


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
    readings = await asyncio.gather(*(read(source, pages=pages) for source in sources))
    done = []
    for source, reading in zip(sources, readings, strict=True):
        if reading.article is None or reading.verdict not in _BRIEFABLE:
            done.append(Briefed(reading=reading))
            continue
        known = await _known(reading.article, thread=thread, store=store)
        mention = await _write(
            reading.article,
            known=known,
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
        done.append(Briefed(reading=reading, mention=mention, again=known is not None))
    return done


async def read(source: Source, *, pages: Pages) -> Reading:
    """Read one source, wherever it comes from."""
    match source:
        case Link(url=url):
            return await pages.read(url)
        case Text(data=data, name=name, media_type=media_type):
            return await pages.read_bytes(data, source=name, media_type=media_type)
        case _:
            assert_never(source)


def origin(source: Source) -> Origin:
    """Return how a source came in."""
    return source.origin if isinstance(source, Text) else Origin.LINK


async def _known(article: Article, *, thread: Thread, store: Store) -> Mention | None:
    """The channel's mention of these very words, if their text is still kept."""
    for mention in await store.mentions_of(thread.channel, article.key):
        if mention.article.version == article.version and mention.article.paragraphs:
            return mention
    return None


async def _write(
    article: Article,
    *,
    known: Mention | None,
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
    if known is not None and known.brief == brief:
        return known
    async with store.begin() as tx:
        mention = known or await store.add_mention(
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
