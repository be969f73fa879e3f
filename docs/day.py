"""A day of sample articles as a channel reads it: what the pictures of a digest are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.stories_days import days
from bot.core.answering.memory import passages
from bot.core.digesting.digest import compose
from bot.core.writing import extract
from bot.model import Mention, Origin, Thread, Unread, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.model import Article, Channel, Digest
    from bot.ports import Store

_DAY = "2026-11-19"
_MOST = 5
UNREAD = (
    Unread(source="https://ledger.example/coal-outlook", verdict=Verdict.TEASER),
    Unread(source="https://city.example/live", verdict=Verdict.NEEDS_JAVASCRIPT),
)


def articles() -> Sequence[Article]:
    """Return the articles of the day."""
    (day,) = (one for one in days() if one.name == _DAY)
    return [mention.article for mention in day.mentions]


def digest(channel: Channel, who: str, thread_of: Callable[[int], str]) -> Digest:
    """Return the digest of the day, its links posted by one person, some asked about."""
    eight = datetime.fromisoformat(f"{_DAY}T08:00").replace(tzinfo=UTC)
    mentions = [
        Mention(
            number=number,
            message=thread_of(number),
            thread=Thread(channel=channel, id=thread_of(number)),
            poster=who,
            at=eight + timedelta(minutes=5 * number),
            origin=Origin.LINK,
            source=article.url or "",
            article=article,
            brief=extract.write(article, bullets=5),
        )
        for number, article in enumerate(articles(), 1)
    ]
    return compose(
        mentions[::-1],
        day=eight.date(),
        since=eight - timedelta(days=1),
        until=eight + timedelta(hours=10),
        talk={thread_of(2): 3, thread_of(11): 1},
        unread=UNREAD,
        most=_MOST,
    )


async def fill(store: Store, channel: Channel, *, now: datetime) -> None:
    """Have a channel read the day's articles just now."""
    for number, article in enumerate(articles(), 1):
        at = now - timedelta(minutes=60 - number)
        async with store.begin() as tx:
            mention = await store.add_mention(
                tx,
                thread=Thread(channel=channel, id=f"m{number}"),
                message=f"m{number}",
                poster="priya",
                at=at,
                origin=Origin.LINK,
                source=article.url or "",
                article=article,
                passages=passages(article),
            )
            await store.add_brief(tx, mention, extract.write(article, bullets=5), at)
    async with store.begin() as tx:
        for unread in UNREAD:
            thread = Thread(channel=channel, id="m99")
            await store.add_unread(tx, thread, "m99", unread, poster="priya", at=now)
