"""The nouns.

Frozen values without behaviour beyond what follows from their own fields. Texts are `str` in
NFC or as the source had them; offsets count Python characters (code points), end exclusive;
indexes count from 0; times are timezone-aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime


# --- where people talk -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A Slack team, a Matrix homeserver, or this terminal: the outer wall of isolation."""

    platform: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A Slack channel, a Matrix room, or the terminal: the inner wall of isolation."""

    workspace: Workspace
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One conversation in a channel; `id` is that of its root message."""

    channel: Channel
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a message; `handle` is what the platform needs to fetch it."""

    name: str
    media_type: str
    size: int
    handle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What one person (or bot) said once."""

    thread: Thread
    id: str
    author: str
    text: str
    sent_at: datetime
    uploads: tuple[Upload, ...] = ()


# --- what comes in ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A message was posted."""

    key: str
    message: Message
    mentions_us: bool = False
    direct: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A message was changed; `message` holds its new text."""

    key: str
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A message was taken back."""

    key: str
    thread: Thread
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacted:
    """Somebody put a reaction on a message."""

    key: str
    message: Message
    who: str
    reaction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """Somebody pressed a control of one of our posts; `value` is what we put behind it."""

    key: str
    thread: Thread
    who: str
    action: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """Somebody typed a command, `text` without its prefix."""

    key: str
    thread: Thread
    who: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """We were invited into a channel."""

    key: str
    channel: Channel
    inviter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """We were put out of a channel or a workspace."""

    key: str
    channel: Channel


Incoming = Posted | Edited | Deleted | Reacted | Pressed | Commanded | Joined | Removed
"""What a platform's event says, each with a key that is unique to the event (not its delivery)."""


# --- what is read ----------------------------------------------------------------------------


class Verdict(StrEnum):
    """What a page turned out to be."""

    ARTICLE = "article"
    TEASER = "teaser"
    CONSENT_WALL = "consent_wall"
    BOT_WALL = "bot_wall"
    NEEDS_JAVASCRIPT = "needs_javascript"
    NOT_AN_ARTICLE = "not_an_article"
    GONE = "gone"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"


class Reason(StrEnum):
    """Why a verdict other than article was given, as far as one thing can be named.

    BARE goes with any verdict: the page could not be taken apart (in time), and only its bare
    text was read, without lead bullets and captions.
    """

    NONE = ""
    MALFORMED_URL = "malformed_url"
    SCHEME = "scheme"
    PORT = "port"
    USER_INFO = "user_info"
    PRIVATE_ADDRESS = "private_address"
    DENIED_HOST = "denied_host"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    ENCODING = "encoding"
    NO_SUCH_HOST = "no_such_host"
    NO_CONNECTION = "no_connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    SERVER_ERROR = "server_error"
    HTTP_STATUS = "http_status"
    MEDIA_TYPE = "media_type"
    BINARY = "binary"
    EMPTY = "empty"
    NO_TEXT = "no_text"
    SCANNED_PDF = "scanned_pdf"
    ENCRYPTED_PDF = "encrypted_pdf"
    BROKEN_PDF = "broken_pdf"
    HOSTILE = "hostile"
    BARE = "bare"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One version of what a publisher wrote, cut into its parts; never changed once stored.

    `url` is the canonical address, None for a text that came without one. `version` is the hash
    of all parts (`core.reading.identity`): the same words are the same version. `pages` holds,
    for a PDF, the page number (from 1) of each paragraph; otherwise it is empty.
    """

    url: str | None
    version: str
    headline: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    lead_bullets: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    pages: tuple[int, ...] = ()

    @property
    def key(self) -> str:
        """What makes it the same article when read again: its address, or its own words."""
        return self.url or f"text:{self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of trying to read one page, file or text.

    `source` is the address, path or name as it was given. `article` may be there for any
    verdict, holding the words that were seen; only ARTICLE and TEASER may be briefed. `share`
    is the part of the article that was read, 0 to 1, where it can be told. `detail` is data for
    the wording: a status code, a media type, a host, a cap in bytes.
    """

    source: str
    verdict: Verdict
    article: Article | None = None
    share: float | None = None
    reason: Reason = Reason.NONE
    detail: str = ""


# --- what is said ----------------------------------------------------------------------------


class Part(StrEnum):
    """The parts of an article that evidence may point into."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    LEAD_BULLET = "lead_bullet"
    BODY = "body"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """An exact span of a stored article: part text [start:end] equals `quote`, always.

    `paragraph` is the index within the part (0 for headline and standfirst); `page` the page of
    a PDF, from 1.
    """

    version: str
    part: Part
    paragraph: int
    start: int
    end: int
    quote: str
    page: int | None = None


class Method(StrEnum):
    """Where the words of a brief come from."""

    PUBLISHER = "publisher"
    EXTRACTIVE = "extractive"
    ABSTRACTIVE = "abstractive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """One sentence of a brief and 1 to 3 spans that it rests on, best first.

    `lead_only` holds the words of a publisher's lead bullet that nothing else in the article
    states.
    """

    text: str
    evidence: tuple[Evidence, ...]
    lead_only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Our bullets for one article version, and what wrote them."""

    version: str
    method: Method
    bullets: tuple[Bullet, ...]
    warnings: tuple[str, ...] = ()
    model: str | None = None
    prompt_hash: str | None = None


class Voice(StrEnum):
    """How sure an answer is."""

    SAYS = "says"
    CLOSEST = "closest"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody asked in a thread. `previous` is the thread's last question, if any."""

    thread: Thread
    asker: str
    text: str
    asked_at: datetime
    previous: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What we say to a question: up to three quotes, best first; `text` is the first's words.

    `confidence` runs from 0 to 1 and rises with certainty.
    """

    voice: Voice
    text: str
    quotes: tuple[Evidence, ...] = ()
    confidence: float = 0.0


class Outcome(StrEnum):
    """What the fact lock decides about one sentence."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The fact lock's finding on a claim; `support`, 0 to 1, rises with faithfulness.

    Each reason is a kind and the words at fault: ("number", "300").
    """

    outcome: Outcome
    reasons: tuple[tuple[str, str], ...]
    support: float


# --- what is kept ----------------------------------------------------------------------------


class Origin(StrEnum):
    """How an article came in; texts that are not public are kept for a shorter time."""

    LINK = "link"
    UPLOAD = "upload"
    PASTE = "paste"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """That a channel's message brought an article: the only way a channel can see it.

    `number` counts the mentions of a channel from 1: what people type to name an article.
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
    """An answer and the mention of the article that it is drawn from."""

    mention: Mention
    answer: Answer


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
    """The receipt of a forget: how many of each kind are gone."""

    mentions: int
    articles: int
    briefs: int
    answers: int

    def plus(self, other: Forgotten) -> Forgotten:
        """Return the receipt of both."""
        return Forgotten(
            mentions=self.mentions + other.mentions,
            articles=self.articles + other.articles,
            briefs=self.briefs + other.briefs,
            answers=self.answers + other.answers,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSettings:
    """What a channel may set; bounds and parsing are in `core.talking.settings`.

    `digest_days` is a run of weekday names ("mon tue wed thu fri"), `digest_time` is HH:MM in
    the channel's own zone. Days of keeping are whole days; `article_days` and `private_days`
    (for pasted, uploaded or encrypted text) may be 0: briefs only, no questions.
    """

    mode: Mode = Mode.REACTION
    briefs_per_hour: int = 10
    links_per_message: int = 5
    bullets: int = 5
    own_wording: bool = False
    digest: bool = False
    digest_time: str = "09:00"
    digest_days: str = "mon tue wed thu fri"
    digest_least: int = 2
    digest_most: int = 5
    article_days: int = 90
    private_days: int = 30
    brief_days: int = 365
    question_days: int = 90
    questions_per_hour: int = 30
    model_private: bool = False
    robots: Robots = Robots.AUTOMATIC


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingChange:
    """An entry of a channel's change log."""

    who: str
    at: datetime
    name: str
    before: str
    after: str


# --- what must not be lost --------------------------------------------------------------------


class Ending(StrEnum):
    """How an accepted event ended: with one post, or with one reason for none."""

    POSTED = "posted"
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
    lines call it.
    """

    id: int
    key: str
    trace: str
    thread: Thread
    received_at: datetime
    incoming: Incoming | None
    failures: int = 0
    answered: bool = False
    ending: Ending | None = None
    reason: str = ""
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of the place where an event happened.

    `ours` tells whether we have posted in its thread; `backlog` how many events of its workspace
    are open, counted up to a bound.
    """

    settings: ChannelSettings
    ours: bool
    backlog: int


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
    after a restore.
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


class Queue(StrEnum):
    """What waits apart, so that one kind of work does not hold up another."""

    QUESTIONS = "questions"
    BRIEFS = "briefs"
    POSTS = "posts"


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


# --- what goes out ---------------------------------------------------------------------------


class Control(StrEnum):
    """What a person can press or react with under one of our posts."""

    PROOF = "proof"
    SHORTER = "shorter"
    LONGER = "longer"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The linked headline of an article and the line under it."""

    text: str
    url: str | None
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One bullet as shown: its words and where they stand (`¶1 ¶4`); `note` marks a caveat."""

    text: str
    places: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A run of bullets; `first` is the number of the first one."""

    items: tuple[Item, ...]
    first: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of an article in their surroundings: `before` + `quote` + `after` stand in a row.

    Quiet ones are shown in second place.
    """

    place: str
    quote: str
    before: str = ""
    after: str = ""
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of our own; `quiet` ones are shown small."""

    text: str
    quiet: bool = False


Block = Heading | Bullets | Quote | Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What we say, laid out but free of any platform's markup."""

    blocks: tuple[Block, ...]
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostRef:
    """Where a post ended up, in the platform's own terms."""

    thread: Thread
    id: str
