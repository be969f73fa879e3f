"""Lays out lists, and what we say beside briefs and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking import wording
from bot.core.talking.layout.answering import unknown_to_us
from bot.core.talking.layout.briefing import heading, refused, title
from bot.core.talking.layout.quoting import bare
from bot.model import (
    Bullets,
    Control,
    Controls,
    Field,
    Heading,
    Item,
    Line,
    Post,
    Quote,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bot.core.talking.wording import Hints
    from bot.model import (
        Block,
        ChannelSettings,
        Decided,
        Mention,
        Reading,
        Recalled,
        Sheet,
        Thread,
    )


def listed(mentions: Sequence[Mention], *, today: date) -> Post:
    """List mentions with their numbers."""
    if not mentions:
        return Post(blocks=(Line(text=wording.EMPTY_LIST),))
    blocks: list[Block] = []
    for mention in mentions:
        top = heading(mention.article, today=today)
        site = (mention.source,) if not mention.article.url else ()
        details = (f"{mention.at:%Y-%m-%d %H:%M}", *top.details, *site)
        blocks.append(Heading(text=f"{mention.number}  {top.text}", url=top.url, details=details))
    return Post(blocks=tuple(blocks))


def searched(found: Recalled, *, today: date, link: Callable[[Thread], str]) -> Post:
    """List the articles that a search brought up.

    Each has its best passage, and who posted it; behind that is the address that `link` gives of
    its thread.
    """
    blocks: list[Block] = unknown_to_us(found.unknown)
    if not found.given:
        blocks.append(Line(text=wording.NOTHING_FOUND))
    for one in found.given:
        mention = one.mention
        blocks.extend(listed((mention,), today=today).blocks)
        blocks.extend(bare(span) for span in one.answer.quotes[:1])
        blocks.append(_brought(mention, link(mention.thread)))
    return Post(blocks=tuple(blocks))


def _brought(mention: Mention, url: str) -> Line:
    """Say who posted an article, and lead to its thread."""
    return Line(text=wording.posted_it(mention), who=mention.poster, quiet=True, url=url)


def article(reading: Reading, hints: Hints, *, today: date) -> Post:
    """Show an article part by part, as it was read."""
    found = reading.article
    if found is None:
        return refused(reading, hints)
    blocks: list[Block] = []
    if reading.verdict is not Verdict.ARTICLE:
        blocks.append(Line(text=wording.verdict(reading, hints)))
    blocks.append(heading(found, today=today, share=reading.share))
    if found.standfirst:
        blocks.append(Line(text=found.standfirst))
    if found.lead_bullets:
        blocks.append(Bullets(items=tuple(Item(text=text) for text in found.lead_bullets)))
    blocks.extend(
        Quote(place=f"¶{number}", quote=text, quiet=True)
        for number, text in enumerate(found.paragraphs, 1)
    )
    blocks.extend(
        Quote(place=wording.caption(number), quote=text, quiet=True)
        for number, text in enumerate(found.captions, 1)
    )
    return Post(blocks=tuple(blocks))


def joined(posts: Sequence[Post]) -> Post:
    """Put what is said to one message into one post."""
    return Post(
        blocks=tuple(block for post in posts for block in post.blocks),
        asker=next((post.asker for post in posts if post.asker), ""),
        loud=any(post.loud for post in posts),
        to=next((post.to for post in posts if post.to), ""),
    )


def shown(sheets: Sequence[Sheet]) -> Post:
    """Put what would be shown in dialogs into one post, without what could be filled in."""
    blocks = (block for sheet in sheets for block in sheet.blocks)
    return Post(blocks=tuple(block for block in blocks if not isinstance(block, Field)))


def exported(text: str) -> Post:
    """Lay out an export, a line for each of its own: where it is too long, its end is left out."""
    return Post(blocks=tuple(Line(text=line) for line in text.splitlines() if line.strip()))


def said(text: str) -> Post:
    """Lay out one sentence of ours."""
    return Post(blocks=(Line(text=text),))


def pointed(mention: Mention, url: str) -> Post:
    """Point to where an article was briefed before."""
    return Post(blocks=(Line(text=f"{wording.ALREADY_BRIEFED}{title(mention.article)}", url=url),))


def discussed(earlier: Mention, mention: Mention, numbers: Sequence[int], url: str) -> Post:
    """Point to where an article was discussed before, and show the bullets that are new.

    `numbers` are those of the bullets in the brief of `mention`, which its proof goes by.
    """
    bullets = mention.brief.bullets if mention.brief else ()
    blocks: list[Block] = [
        Line(text=f"{wording.DISCUSSED}{title(earlier.article)}", url=url),
        Line(text=wording.NEW_IN_IT if numbers else wording.NOTHING_NEW, quiet=not numbers),
    ]
    for number in numbers:
        places = tuple(dict.fromkeys(map(wording.place, bullets[number - 1].evidence)))
        item = Item(text=bullets[number - 1].text, places=places)
        blocks.append(Bullets(items=(item,), first=number))
    if numbers:
        blocks.append(Controls(about=str(mention.number), shown=(Control.PROOF,)))
    return Post(blocks=tuple(blocks))


def welcome(
    kept: ChannelSettings,
    hints: Hints,
    *,
    inviter: str,
    leaves: str,
    encrypted: bool = False,
    direct: bool = False,
) -> Post:
    """Introduce us to a channel, or `direct`ly to one person.

    `leaves` names the host that texts go to, if any.
    """
    first, *rest = wording.welcome(kept, hints, leaves=leaves, encrypted=encrypted, direct=direct)
    return Post(blocks=(Line(text=first, who=inviter), *(Line(text=text) for text in rest)))


def why(decided: Decided, url: str, hints: Hints) -> Post:
    """Say what was decided last in a channel; `url` is the message that it was about."""
    return Post(blocks=(Line(text=wording.why(decided, hints), url=url),))
