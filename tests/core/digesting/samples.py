"""Mentions of articles of our own, in as few words as a test needs."""

from datetime import UTC, date, datetime, timedelta

from bot.core.reading.identity import article
from bot.core.writing import extract
from bot.model import Channel, Mention, Origin, Thread, Workspace

CHANNEL = Channel(workspace=Workspace(platform="slack", id="T1"), id="C1")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def mention(number, *paragraphs, outlet, headline="", language="en", published=date(2026, 3, 2)):
    """Return a briefed mention of an article; the outlet's name is its host, too."""
    item = article(
        url=f"https://{outlet.lower()}.example/{number}",
        headline=headline or None,
        publisher=outlet,
        published=published,
        language=language,
        paragraphs=paragraphs,
    )
    return Mention(
        number=number,
        message=f"m{number}",
        thread=Thread(channel=CHANNEL, id=f"m{number}"),
        poster="ann",
        at=NOON + timedelta(minutes=number),
        origin=Origin.LINK,
        source=item.url,
        article=item,
        brief=extract.write(item, bullets=3),
    )
