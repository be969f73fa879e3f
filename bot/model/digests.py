"""A channel's day in one post."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from bot.model.articles import Verdict
    from bot.model.briefs import Bullet, Evidence
    from bot.model.keeping import ChannelSettings, Mention
    from bot.model.places import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as an outlet gives it, in its own words ("about 200 miles")."""

    text: str
    outlet: str
    mention: Mention
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Figures of different outlets for the same thing that cannot all be right.

    Two at least, that of the story's first article first.
    """

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A bullet of a mention's brief (counted from 1), and the outlets that say the same.

    `outlets` begins with the mention's own; `others` are the spans of the other outlets'
    articles that say it, in the order of `outlets`.
    """

    mention: Mention
    number: int
    bullet: Bullet
    outlets: tuple[str, ...]
    others: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What one or several outlets report of one event.

    `mentions` are one for each article, that which the story is told from first. `points` are
    its top bullets: what several outlets say before what one alone reports. `talk` counts what
    was said about it: posts of its links and questions in their threads.
    """

    mentions: tuple[Mention, ...]
    points: tuple[Point, ...]
    clashes: tuple[Clash, ...] = ()
    talk: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A link that was posted and could not be read."""

    source: str
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a channel read from `since` until `until`, told on a day of its own zone.

    `stories` are the most discussed first; `more` are those left out.
    """

    day: date
    since: datetime
    until: datetime
    stories: tuple[Story, ...]
    more: int = 0
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How far a channel's digests have come: the newest day that was decided, and what it told.

    `until` and `number` (of a mention) are the last that it told of; a day on which there was
    nothing to tell leaves both as they were before it.
    """

    day: date
    until: datetime
    number: int
    posted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A channel whose digest is on, how far it has come, and when its times were set last."""

    channel: Channel
    settings: ChannelSettings
    told: Told | None = None
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRead:
    """What a channel read in some time, newest first.

    `talk` counts the questions that were asked, by the id of their thread; `last` is the number
    of the channel's newest mention.
    """

    mentions: tuple[Mention, ...] = ()
    talk: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[Unread, ...] = ()
    last: int = 0
