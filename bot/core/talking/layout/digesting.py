"""Lays out digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.digesting.outlets import outlet_of
from bot.core.talking import wording
from bot.core.talking.layout.briefing import title
from bot.model import Bullets, Heading, Item, Line, Post

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.core.talking.wording import Hints
    from bot.model import (
        Block,
        ChannelSettings,
        Clash,
        Digest,
        Mention,
        Point,
        Story,
        Thread,
        Told,
    )


def digest(told: Digest, hints: Hints, link: Callable[[Thread], str]) -> Post:
    """Lay out a digest; `link` gives the address of a thread, or nothing where it has none."""
    blocks: list[Block] = [Heading(text=wording.digest_title(told), url=None)]
    for number, story in enumerate(told.stories, 1):
        blocks.extend(_story(number, story, link))
    if told.more:
        blocks.append(Line(text=wording.more_stories(told.more, hints)))
    if told.unread:
        blocks.append(Line(text=wording.not_read(told.unread), quiet=True))
    return Post(blocks=tuple(blocks))


def _story(number: int, story: Story, link: Callable[[Thread], str]) -> list[Block]:
    first, *others = story.mentions
    several = len(_outlets(story)) > 1
    teaser = first.brief is not None and first.brief.is_of_teaser
    details = (
        wording.outlets(_outlets(story)),
        wording.ONLY_BEGINNING if teaser else "",
        wording.talked(story.talk),
    )
    blocks: list[Block] = [
        Heading(
            text=f"{number}  {title(first.article)}",
            url=first.article.url,
            details=tuple(detail for detail in details if detail),
        )
    ]
    if story.points:
        items = tuple(_item(point, several=several) for point in story.points)
        blocks.append(Bullets(items=items, counted=False))
    blocks.extend(Line(text=_differs(clash)) for clash in story.clashes)
    if link(first.thread):
        blocks.append(_to_thread(first, wording.numbered(first.number), link))
    blocks.extend(_to_thread(one, _named(one), link) for one in others)
    return blocks


def _outlets(story: Story) -> list[str]:
    """Return the outlets of a story, each once, that which it is told from first."""
    return list(dict.fromkeys(outlet_of(mention) for mention in story.mentions))


def _item(point: Point, *, several: bool) -> Item:
    """A bullet with where it stands; in a story of several outlets also with who says it."""
    spans = (*point.bullet.evidence[:1], *point.others)
    if several:
        said = zip(point.outlets, spans, strict=False)
        places = ", ".join(f"{outlet} {wording.place(span)}" for outlet, span in said)
        shown = wording.alone(places) if len(point.outlets) == 1 else places
    else:
        number = wording.numbered(point.mention.number)
        shown = " ".join((number, *(wording.place(span) for span in spans)))
    return Item(text=point.bullet.text, places=(shown,))


def _differs(clash: Clash) -> str:
    figures = (
        wording.figure(one.text, one.outlet, wording.place(one.evidence)) for one in clash.figures
    )
    return f"{wording.DIFFERS}{', '.join(figures)}"


def _named(mention: Mention) -> str:
    named = wording.also_in(outlet_of(mention), title(mention.article))
    return f"{wording.numbered(mention.number)} {named}"


def _to_thread(mention: Mention, text: str, link: Callable[[Thread], str]) -> Line:
    """Point to the thread of an article; where threads have no address, name its number."""
    url = link(mention.thread)
    return Line(text=f"{text} {wording.TO_THREAD}" if url else text, quiet=True, url=url)


def digest_state(
    kept: ChannelSettings, *, comes: datetime | None, told: Told | None, hints: Hints
) -> Post:
    """Say whether and when digests come."""
    lines = wording.digest_state(kept, comes=comes, told=told, hints=hints)
    return Post(blocks=tuple(Line(text=line) for line in lines))
