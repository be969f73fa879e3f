"""The sources of a message -> Articles -> Briefs.

1. Each source (a link, a file, a pasted text) is read, a few at the same time; every one gets a
   verdict. What an earlier try at the same event has done is taken as it is.
2. Only an article or a teaser goes on; anything else ends here with its verdict. A link is kept
   with it for the next digest.
3. The writer writes, every bullet with its evidence.
4. The article with its search passages, the mention, the brief and the step of the event are
   stored in one transaction: all of it or nothing. Words that the workspace holds already are
   stored once.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from bot.core.answering.memory import passages
from bot.errors import SourceError, SourceTooLarge
from bot.flows.spending import NEARLY
from bot.model import Briefed, Origin, Reading, Step, Unread, Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from bot.model import Article, Brief, Mention, Thread
    from bot.ports import Clock, Leave, Pages, Store, Tx, Writer

_AT_ONCE = 8
_BRIEFABLE = frozenset({Verdict.ARTICLE, Verdict.TEASER})
_LINKS = frozenset({Origin.LINK, Origin.PRIVATE_LINK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address to read; `private` where it was posted in an encrypted message."""

    url: str
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Bytes at hand: a file, an upload, a pasted text."""

    data: bytes
    name: str
    origin: Origin
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that came with a message; `load` fetches it. Raises SourceError, PlatformError."""

    name: str
    media_type: str
    load: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Underway:
    """A link or text whose reading was begun before it was asked for."""

    source: Link | Text
    reading: Awaitable[Reading]


Source = Link | Text | Attached | Underway


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How the briefs of a message are to be: how many bullets, whose words, which language.

    With `anew`, words that the channel has a brief of are briefed once more.
    """

    bullets: int = 5
    own_wording: bool = False
    language: str | None = None
    anew: bool = True


def _no_model(origin: Origin) -> None:
    """Give no leave to ask a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asked for the briefs, where, and how; `event` is that of the inbox, if any.

    `leave` gives the leave to ask a model about a text of some origin.
    """

    thread: Thread
    message: str
    poster: str
    wanted: Wanted
    event: int | None = None
    leave: Callable[[Origin], Leave | None] = _no_model


async def brief(
    sources: Sequence[Source],
    asked: Asked,
    *,
    pages: Pages,
    writer: Writer,
    store: Store,
    clock: Clock,
) -> Sequence[Briefed]:
    """Brief the sources of one message; the results stand in the sources' order."""
    places = asyncio.Semaphore(_AT_ONCE)
    done = {} if asked.event is None else {one.place: one for one in await store.steps(asked.event)}

    async def read_in_turn(source: Source) -> Reading:
        async with places:
            return await read(source, pages=pages)

    left = [place for place in range(len(sources)) if place not in done]
    readings = await asyncio.gather(*(read_in_turn(sources[place]) for place in left))
    fresh = dict(zip(left, readings, strict=True))
    briefed = []
    for place, source in enumerate(sources):
        if place in done:
            briefed.append(await _resumed(done[place], asked=asked, store=store))
            continue
        writing = _Writing(asked=asked, place=place, origin=origin(source), at=clock.now())
        briefed.append(await writing.write(fresh[place], writer=writer, store=store))
    return briefed


async def _resumed(step: Step, *, asked: Asked, store: Store) -> Briefed:
    """Return what an earlier try has done; without its mention where that was forgotten since."""
    mention = None
    if step.number is not None:
        mention = await store.mention(asked.thread.channel, step.number)
    return Briefed(reading=step.reading, mention=mention, again=step.again)


async def read(source: Source, *, pages: Pages) -> Reading:
    """Read one source, wherever it comes from."""
    match source:
        case Link(url=url):
            return await pages.read(url)
        case Text(data=data, name=name, media_type=media_type):
            return await pages.read_bytes(data, source=name, media_type=media_type)
        case Attached():
            return await _attached(source, pages)
        case Underway(reading=reading):
            return await reading
        case _:
            assert_never(source)


async def _attached(source: Attached, pages: Pages) -> Reading:
    try:
        data = await source.load()
    except SourceTooLarge as error:
        return Reading(source=source.name, verdict=Verdict.TOO_LARGE, detail=error.detail)
    except SourceError as error:
        return Reading(source=source.name, verdict=Verdict.UNREACHABLE, detail=error.detail)
    return await pages.read_bytes(data, source=source.name, media_type=source.media_type)


def origin(source: Source) -> Origin:
    """Return how a source came in."""
    match source:
        case Link(private=private):
            return Origin.PRIVATE_LINK if private else Origin.LINK
        case Attached():
            return Origin.UPLOAD
        case Text(origin=came):
            return came
        case Underway(source=begun):
            return origin(begun)
        case _:
            assert_never(source)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writing:
    """The writing and storing of one source of a message."""

    asked: Asked
    place: int
    origin: Origin
    at: datetime

    async def write(self, reading: Reading, *, writer: Writer, store: Store) -> Briefed:
        """Write a brief where the reading is fit for one; store what became of it."""
        article = reading.article
        if article is None or reading.verdict not in _BRIEFABLE:
            async with store.begin() as tx:
                await self._keep(tx, Briefed(reading=reading), store)
                if self.origin in _LINKS:
                    unread = Unread(source=reading.source, verdict=reading.verdict)
                    await store.add_unread(
                        tx,
                        self.asked.thread,
                        self.asked.message,
                        unread,
                        poster=self.asked.poster,
                        at=self.at,
                    )
            return Briefed(reading=reading)
        known = await self._known(article, store)
        again = bool(known)
        brief = None if self.asked.wanted.anew else next((one.brief for one in known), None)
        if brief is None:
            brief = await self._written(article, writer)
        if reading.verdict is Verdict.TEASER:
            brief = brief.of_teaser()  # the reading is not kept, and others will tell of it
        async with store.begin() as tx:
            mention = await store.add_mention(
                tx,
                thread=self.asked.thread,
                message=self.asked.message,
                poster=self.asked.poster,
                at=self.at,
                origin=self.origin,
                source=reading.source,
                article=article,
                passages=passages(article),
            )
            mention = await store.add_brief(tx, mention, brief, self.at)
            done = Briefed(reading=reading, mention=mention, again=again)
            await self._keep(tx, done, store)
        return done

    async def _written(self, article: Article, writer: Writer) -> Brief:
        wanted = self.asked.wanted
        leave = self.asked.leave(self.origin)
        brief = await writer.brief(
            article,
            bullets=wanted.bullets,
            own_wording=wanted.own_wording,
            language=wanted.language,
            leave=leave,
        )
        if leave is not None and leave.nearly:
            return replace(brief, warnings=(*brief.warnings, NEARLY))
        return brief

    async def _keep(self, tx: Tx, done: Briefed, store: Store) -> None:
        """Store the step, so that a second try at the event need not do it again."""
        if self.asked.event is None:
            return
        step = Step(
            place=self.place,
            reading=replace(done.reading, article=None),
            number=done.mention.number if done.mention else None,
            again=done.again,
        )
        await store.add_step(tx, self.asked.event, step)

    async def _known(self, article: Article, store: Store) -> Sequence[Mention]:
        """Return where the channel has had these very words before."""
        mentions = await store.mentions_of(self.asked.thread.channel, article.key)
        return [one for one in mentions if one.article.version == article.version]
