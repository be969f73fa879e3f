"""Who published what was mentioned, and which of its bullets still stand."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Bullet, Mention, Part


def outlet_of(mention: Mention) -> str:
    """Return the publisher's name, or else the site's, or else how the text was handed in."""
    article = mention.article
    host = (urlsplit(article.url).hostname or "").removeprefix("www.") if article.url else ""
    return article.publisher or host or mention.source


def by_outlet(mentions: Sequence[Mention]) -> dict[str, list[Mention]]:
    """Return the mentions of each outlet, in the order given."""
    found: dict[str, list[Mention]] = {}
    for mention in mentions:
        found.setdefault(outlet_of(mention), []).append(mention)
    return found


def unstruck(mention: Mention) -> list[tuple[int, Bullet]]:
    """Return the bullets that nobody struck, with their numbers from 1; none without a brief."""
    struck = {strike.bullet for strike in mention.strikes}
    bullets = mention.brief.bullets if mention.brief else ()
    return [(at, bullet) for at, bullet in enumerate(bullets, start=1) if at not in struck]


def struck_spans(mention: Mention) -> list[tuple[Part, int, int, int]]:
    """Return where the struck bullets stand in the article: part, paragraph, start and end."""
    struck = {strike.bullet for strike in mention.strikes}
    bullets = mention.brief.bullets if mention.brief else ()
    return [
        (span.part, span.paragraph, span.start, span.end)
        for at, bullet in enumerate(bullets, start=1)
        if at in struck
        for span in bullet.evidence
        if span.version == mention.article.version
    ]
