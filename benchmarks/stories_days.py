"""The labelled days of `seeds/days` as what a channel read: mentions of briefed articles."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.core.reading.identity import article
from bot.model import Channel, Mention, Origin, Thread, Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Article, Brief

DAYS = Path(__file__).resolve().parent.parent / "seeds" / "days"
_CHANNEL = Channel(workspace=Workspace(platform="console", id="benchmark"), id="days")
_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One file: its mentions, the event that each is of, and the clashes written into them.

    A clash is an event and the words of two figures.
    """

    name: str
    split: str
    mentions: Sequence[Mention]
    events: Mapping[str, str]
    clashes: Sequence[tuple[str, tuple[str, str]]]

    def by_event(self) -> list[tuple[str, list[Mention]]]:
        """Return the mentions of each event, in the order of the file."""
        found: dict[str, list[Mention]] = {}
        for mention in self.mentions:
            found.setdefault(self.events[mention.article.key], []).append(mention)
        return list(found.items())


def days(split: str | None = None) -> list[Day]:
    """Return the days of one split, "tune", "held-out" or "fresh", or all."""
    found = [_day(path) for path in sorted(DAYS.glob("*.json"))]
    return [day for day in found if split in (None, day.split)]


def mention_of(item: Article, number: int, brief: Brief | None = None) -> Mention:
    """Return a mention of an article in a thread of its own."""
    return Mention(
        number=number,
        message=f"m{number}",
        thread=Thread(channel=_CHANNEL, id=f"m{number}"),
        poster="reader",
        at=_NOON,
        origin=Origin.LINK,
        source=item.url or "text",
        article=item,
        brief=brief,
    )


def article_of(row: Mapping[str, Any]) -> Article:
    """Return the article of a row of a day."""
    return article(
        url=row["url"],
        headline=row["headline"],
        publisher=row["publisher"],
        published=date.fromisoformat(row["published"]),
        language=row["language"],
        paragraphs=row["paragraphs"],
    )


def _day(path: Path) -> Day:
    read = json.loads(path.read_text("utf-8"))
    items = [article_of(row) for row in read["articles"]]
    return Day(
        name=read["day"],
        split=read["split"],
        mentions=[mention_of(item, number) for number, item in enumerate(items, start=1)],
        events={item.key: row["event"] for item, row in zip(items, read["articles"], strict=True)},
        clashes=[(one["event"], (one["figures"][0], one["figures"][1])) for one in read["clashes"]],
    )
