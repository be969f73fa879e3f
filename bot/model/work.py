"""What must not be lost: events, posts on their way, jobs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.model.articles import Reading
    from bot.model.keeping import ChannelSettings
    from bot.model.places import Incoming, Thread
    from bot.model.posts import Post, PostRef


class Ending(StrEnum):
    """How an accepted event ended: with one post, or with one reason for none.

    CHANGED is that of one that changed or took away what we had posted.
    """

    POSTED = "posted"
    CHANGED = "changed"
    SILENT = "silent"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DEAD = "dead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An Incoming as the inbox holds it.

    `incoming` is None once the event has ended (its text is not kept), and where this version of
    the program cannot read what an older or newer one stored. `failures` counts the attempts that
    failed; `answered` tells that its post is in the ledger. `ending` is None while it is open;
    `reason` says why nothing was posted, as a word for each kind of reason. `trace` is what log
    lines call it, `message` the id of the message that it is about, or empty.
    """

    id: int
    key: str
    trace: str
    thread: Thread
    received_at: datetime
    incoming: Incoming | None
    message: str = ""
    failures: int = 0
    answered: bool = False
    ending: Ending | None = None
    reason: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of the place where an event happened.

    `ours` tells whether we have posted in its thread; `backlog` how many events of its channel are
    open, counted up to a bound; `unasked` how many messages of the channel were briefed
    within the hour though nobody asked.
    """

    settings: ChannelSettings
    ours: bool
    backlog: int
    unasked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What became of one source of an event's message, kept so that a second try resumes there.

    `reading` is without its article; `number` is that of the mention, None where there is none.
    """

    place: int
    reading: Reading
    number: int | None = None
    again: bool = False


class DeliveryState(StrEnum):
    """Where a post stands: SENDING means that it may have arrived."""

    NEW = "new"
    SENDING = "sending"
    POSTED = "posted"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instant:
    """A moment on a clock that nobody sets: seconds within an era.

    Instants of one era can be compared, those of two cannot: another machine, or another start
    of this one.
    """

    era: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A line of the ledger of posts: one post, and whether it has arrived.

    `key` is unique and travels with the post, so that the platform can be asked for it. `post`
    is None once it is no longer needed. `turn` counts the changes, so that of two who change it at
    the same time one learns that he is late. `tried` is when it was last sent; `reason` says why
    it is uncertain or failed. `suspect` is set where it may have arrived before we know of it:
    after a restore. `message` is that of the event that it answers, which may be gone by now.
    """

    id: int
    key: str
    trace: str
    event: int | None
    thread: Thread
    state: DeliveryState
    post: Post | None
    turn: int = 0
    tried: Instant | None = None
    suspect: bool = False
    failures: int = 0
    ref: PostRef | None = None
    reason: str = ""
    message: str = ""


class Decision(StrEnum):
    """What was decided about a message with links."""

    ASKED = "asked"
    UNASKED = "unasked"
    WAITS_FOR_REACTION = "waits_for_reaction"
    WAITS_FOR_MENTION = "waits_for_mention"
    CHANNEL_OFF = "channel_off"
    TOO_MANY = "too_many"
    IGNORED_SITE = "ignored_site"
    BY_A_BOT = "by_a_bot"
    OUTSIDERS = "outsiders"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The last decision in a channel: about which message, when, and what became of it.

    `ending` and `reason` are those of the message's newest event; None and empty where there is
    none, or it has not ended.
    """

    decision: Decision
    message: str
    at: datetime
    ending: Ending | None = None
    reason: str = ""


class Queue(StrEnum):
    """What waits apart, so that one kind of work does not hold up another.

    SESSION is what only the process can do that has a platform's session, where there is but one.
    """

    QUESTIONS = "questions"
    BRIEFS = "briefs"
    POSTS = "posts"
    SESSION = "session"


class Task(StrEnum):
    """What a Job does."""

    HANDLE = "handle"
    DELIVER = "deliver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A piece of work that outlives whoever asked for it: a task on an event or a delivery.

    `target` is the id of that event or delivery. Jobs with the same `lock` run one after the
    other in the order in which they came; higher `priority` runs first. `workspace` is whose
    share of the work it counts to.
    """

    task: Task
    target: int
    queue: Queue
    workspace: str
    lock: str
    priority: int = 0

    @property
    def channel(self) -> str:
        """Whose share it counts to within that of its workspace: its lock without the thread."""
        return self.lock.rpartition("/")[0] or self.lock

    @property
    def key(self) -> str:
        """What makes it the same job when it is enqueued again."""
        return f"{self.task}:{self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The job has nothing left to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The job is to be run again in so many seconds; until then it holds nothing up."""

    after: float


Finish = Done | Again


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many jobs of a queue wait or run, and for how many seconds the oldest has."""

    queue: Queue
    jobs: int
    oldest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An event or a post that needs a person: it failed for good, or may have arrived.

    `number` is what people type to name it: that of its event.
    """

    number: int
    thread: Thread
    since: datetime
    state: DeliveryState
    reason: str
    failures: int
