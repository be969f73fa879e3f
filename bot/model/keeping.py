"""What is kept of a channel, and what a channel may set."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.model.articles import Article, Reading
    from bot.model.briefs import Answer, Brief
    from bot.model.places import Channel, Thread


class Origin(StrEnum):
    """How an article came in; texts that are not public are kept for a shorter time.

    A PRIVATE_LINK is one that was posted where what is said is encrypted.
    """

    LINK = "link"
    PRIVATE_LINK = "private_link"
    UPLOAD = "upload"
    PASTE = "paste"


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """That somebody said of a bullet (counted from 1) that it is wrong."""

    bullet: int
    who: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """That a channel's message brought an article: the only way a channel can see it.

    `number` counts the mentions of a channel from 1: what people type to name an article.
    `strikes` are those of its brief, by bullet, one a bullet.
    """

    number: int
    message: str
    thread: Thread
    poster: str
    at: datetime
    origin: Origin
    source: str
    article: Article
    brief: Brief | None = None
    strikes: tuple[Strike, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Where articles come from: the publisher's name as they print it, the host of their address.

    The host is empty for what came without an address.
    """

    publisher: str | None
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The outlets of what a channel read, and the people who posted it."""

    outlets: tuple[Outlet, ...] = ()
    posters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How much is kept of a channel, and since when (None: nothing is)."""

    mentions: int
    articles: int
    questions: int
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefed:
    """What became of one source of a message: its mention with the brief, or only a verdict.

    `again` says that the channel had briefed these very words before.
    """

    reading: Reading
    mention: Mention | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer and the mention of the article that it is drawn from.

    `others` are the mentions of the other articles that it quotes.
    """

    mention: Mention
    answer: Answer
    others: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """What a search over all that was read brought up, best first.

    `unknown` are the outlets and people that it was asked for and the channel does not know.
    """

    given: tuple[Answered, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """About 110 words of an article's body in a row, as they are indexed for search.

    `terms` are the stems that the index holds, folded and without stop words, parted by spaces;
    the words themselves stay in the article.
    """

    first: int
    last: int
    terms: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passage that a search brought up, with the mention through which the channel sees it."""

    mention: Mention
    passage: Passage


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """The receipt of a forget: how many of each kind are gone.

    `articles` are those that no channel of the workspace holds any more, `answers` go with their
    questions. `waiting` are messages that waited for an answer or for somebody to ask for their
    brief, and posts that waited to be sent; `digests` are unsent ones, counted apart.
    """

    mentions: int
    articles: int
    briefs: int
    answers: int
    waiting: int = 0
    digests: int = 0

    def plus(self, other: Forgotten) -> Forgotten:
        """Return the receipt of both."""
        return Forgotten(
            mentions=self.mentions + other.mentions,
            articles=self.articles + other.articles,
            briefs=self.briefs + other.briefs,
            answers=self.answers + other.answers,
            waiting=self.waiting + other.waiting,
            digests=self.digests + other.digests,
        )


class Mode(StrEnum):
    """When the bot speaks in a channel, from quiet to loud."""

    OFF = "off"
    MENTION = "mention"
    REACTION = "reaction"
    AUTOMATIC = "automatic"


class Robots(StrEnum):
    """When a site's robots.txt is obeyed."""

    AUTOMATIC = "automatic"
    ALWAYS = "always"
    NEVER = "never"


class Notify(StrEnum):
    """What people are notified of where a platform tells them of nothing that bots say.

    From quiet to loud: answers tell whoever asked, then digests tell everybody, then briefs too.
    """

    ANSWERS = "answers"
    DIGESTS = "digests"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """What a channel may set; bounds and parsing are in `core.talking.settings`.

    `ignore` is a run of domains ("example.com example.org"), `zone` an IANA time zone.
    `digest_days` is a run of weekday names ("mon tue wed thu fri"), `digest_time` is HH:MM in
    the channel's own zone. Days of keeping are whole days; `article_days` and `private_days`
    (for pasted, uploaded or encrypted text) may be 0: briefs only, no questions. `language` is
    "article" or a language's code. There is no digest before the day `digest_from` (YYYY-MM-DD),
    where that is set.
    """

    mode: Mode = Mode.REACTION
    ignore: str = ""
    bots: bool = False
    outsiders: bool = False
    briefs_per_hour: int = 10
    links_per_message: int = 5
    bullets: int = 5
    own_wording: bool = False
    language: str = "article"
    digest: bool = False
    digest_time: str = "09:00"
    digest_days: str = "mon tue wed thu fri"
    zone: str = "UTC"
    digest_from: str = ""
    digest_least: int = 2
    digest_most: int = 5
    article_days: int = 90
    private_days: int = 30
    brief_days: int = 365
    question_days: int = 90
    questions_per_hour: int = 30
    model_private: bool = False
    robots: Robots = Robots.AUTOMATIC
    notify: Notify = Notify.ANSWERS

    @property
    def wish(self) -> str | None:
        """The code of the language that is wished for; None for the article's own."""
        return None if self.language == "article" else self.language


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceSettings:
    """What holds in every channel of a workspace that has not set it otherwise, or may not.

    `own` are the names that are set here: the rest of `settings` are the program's defaults.
    `locks` are those of them that no channel may set.
    """

    settings: ChannelSettings = field(default_factory=ChannelSettings)
    own: frozenset[str] = frozenset()
    locks: frozenset[str] = frozenset()

    def with_own(self, own: Mapping[str, Any]) -> ChannelSettings:
        """Return what holds in a channel that sets some values of its own, by their names."""
        unlocked = {name: value for name, value in own.items() if name not in self.locks}
        return replace(self.settings, **unlocked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What holds in a channel, and what it has set itself, by name, also where that is locked."""

    channel: Channel
    settings: ChannelSettings
    own: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """An entry of the change log of a channel or a workspace."""

    who: str
    at: datetime
    name: str
    before: str
    after: str
