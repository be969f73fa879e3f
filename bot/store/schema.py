"""The tables, as they are after the last migration.

Everything hangs on a workspace: channels and articles directly, the rest through them. What a
channel may see of an article is what its mentions point at. An article's words are apart from
its immutable version, so that they can go (retention) while headline and brief stay.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Named,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
    false,
    text,
)

from bot.store.column_types import Bullets, Quotes, Tuple, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite's integers have 64 bits anyway, and only INTEGER gets numbers of its own there.
# A column that points at such a key has to say so too: by `Named[int]` alone it has 32 bits.
_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


class _Workspaces(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    platform: Named[str] = Column(Text)
    external_id: Named[str] = Column(Text)


class _Channels(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    workspace_id: Named[int] = Column(_WHOLE, ForeignKey("workspaces.id", ondelete="CASCADE"))
    external_id: Named[str] = Column(Text)
    last_number: Named[int] = Column(_WHOLE)  # of its mentions; a forgotten one is not given again
    # The defaults are for the previous release, here and below: it writes rows without these.
    inviter: Named[str] = Column(Text, server_default="")
    erase_at: Named[datetime | None] = Column(UtcDateTime, index=True)


class _ChannelSettings(TypedColumns):
    channel_id: Named[int] = Column(
        _WHOLE, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    settings: Named[str] = Column(Text)  # JSON, of those only that are not the default


class _SettingChanges(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    channel_id: Named[int] = Column(
        _WHOLE, ForeignKey("channels.id", ondelete="CASCADE"), index=True
    )
    who: Named[str] = Column(Text)
    at: Named[datetime] = Column(UtcDateTime)
    name: Named[str] = Column(Text)
    before: Named[str] = Column(Text)
    after: Named[str] = Column(Text)


class _WorkspaceSettings(TypedColumns):
    """What holds in every channel of a workspace that has not set it otherwise, or may not."""

    workspace_id: Named[int] = Column(
        _WHOLE, ForeignKey("workspaces.id", ondelete="CASCADE"), primary_key=True
    )
    settings: Named[str] = Column(Text)  # JSON, as that of a channel
    locks: Named[tuple[str, ...]] = Column(Tuple)  # the names that no channel may set


class _WorkspaceChanges(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    workspace_id: Named[int] = Column(
        _WHOLE, ForeignKey("workspaces.id", ondelete="CASCADE"), index=True
    )
    who: Named[str] = Column(Text)
    at: Named[datetime] = Column(UtcDateTime)
    name: Named[str] = Column(Text)
    before: Named[str] = Column(Text)
    after: Named[str] = Column(Text)


class _Digests(TypedColumns):
    """What was decided about a channel's day: one row a day, so that it is told once."""

    channel_id: Named[int] = Column(
        _WHOLE, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    day: Named[date] = Column(Date, primary_key=True)  # of the channel's own zone
    told_until: Named[datetime] = Column(UtcDateTime)
    told_number: Named[int] = Column(_WHOLE)  # of a mention: one that is late is told the next day
    posted: Named[bool] = Column(Boolean)
    # None: there was nothing to tell, or its post is long gone.
    delivery_id: Named[int | None] = Column(
        _WHOLE, ForeignKey("deliveries.id", ondelete="SET NULL"), index=True
    )


class _Unread(TypedColumns):
    """A link that was posted and could not be read."""

    channel_id: Named[int] = Column(
        _WHOLE, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    message: Named[str] = Column(Text, primary_key=True)
    source: Named[str] = Column(Text, primary_key=True)
    thread: Named[str] = Column(Text)
    poster: Named[str] = Column(Text)
    verdict: Named[str] = Column(Text)
    at: Named[datetime] = Column(UtcDateTime)
    until: Named[datetime] = Column(UtcDateTime, index=True)


class _Articles(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    workspace_id: Named[int] = Column(_WHOLE, ForeignKey("workspaces.id", ondelete="CASCADE"))
    key: Named[str] = Column(Text)


class _ArticleVersions(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    article_id: Named[int] = Column(_WHOLE, ForeignKey("articles.id", ondelete="CASCADE"))
    version: Named[str] = Column(Text)
    url: Named[str | None] = Column(Text)
    headline: Named[str | None] = Column(Text)
    authors: Named[tuple[str, ...]] = Column(Tuple)
    publisher: Named[str | None] = Column(Text)
    published: Named[date | None] = Column(Date)
    language: Named[str | None] = Column(Text)


class _ArticleTexts(TypedColumns):
    version_id: Named[int] = Column(
        _WHOLE, ForeignKey("article_versions.id", ondelete="CASCADE"), primary_key=True
    )
    standfirst: Named[str | None] = Column(Text)
    lead_bullets: Named[tuple[str, ...]] = Column(Tuple)
    paragraphs: Named[tuple[str, ...]] = Column(Tuple)
    captions: Named[tuple[str, ...]] = Column(Tuple)
    pages: Named[tuple[int, ...]] = Column(Tuple)


class _Passages(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    version_id: Named[int] = Column(
        _WHOLE, ForeignKey("article_texts.version_id", ondelete="CASCADE"), index=True
    )
    first: Named[int] = Column(_WHOLE)
    last: Named[int] = Column(_WHOLE)
    terms: Named[str] = Column(Text)


class _Mentions(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    channel_id: Named[int] = Column(_WHOLE, ForeignKey("channels.id", ondelete="CASCADE"))
    number: Named[int] = Column(_WHOLE)
    version_id: Named[int] = Column(_WHOLE, ForeignKey("article_versions.id"))
    message: Named[str] = Column(Text)
    thread: Named[str] = Column(Text)
    poster: Named[str] = Column(Text)
    at: Named[datetime] = Column(UtcDateTime)
    origin: Named[str] = Column(Text)
    source: Named[str] = Column(Text)
    # None: this channel's right to the words is over.
    text_until: Named[datetime | None] = Column(UtcDateTime, index=True)
    until: Named[datetime] = Column(UtcDateTime, index=True)


class _Briefs(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    mention_id: Named[int] = Column(_WHOLE, ForeignKey("mentions.id", ondelete="CASCADE"))
    at: Named[datetime] = Column(UtcDateTime)
    method: Named[str] = Column(Text)
    bullets = Column(Bullets, nullable=False)
    warnings: Named[tuple[str, ...]] = Column(Tuple)
    model: Named[str | None] = Column(Text)
    prompt_hash: Named[str | None] = Column(Text)
    until: Named[datetime] = Column(UtcDateTime, index=True)


class _Strikes(TypedColumns):
    brief_id: Named[int] = Column(
        _WHOLE, ForeignKey("briefs.id", ondelete="CASCADE"), primary_key=True
    )
    bullet: Named[int] = Column(_WHOLE, primary_key=True)
    who: Named[str] = Column(Text)
    why: Named[str] = Column(Text)
    at: Named[datetime] = Column(UtcDateTime)


class _Questions(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    channel_id: Named[int] = Column(_WHOLE, ForeignKey("channels.id", ondelete="CASCADE"))
    thread: Named[str] = Column(Text)
    asker: Named[str] = Column(Text)
    text: Named[str] = Column(Text)
    asked_at: Named[datetime] = Column(UtcDateTime)
    voice: Named[str] = Column(Text)
    answer: Named[str] = Column(Text)
    confidence: Named[float] = Column(Float)
    quotes = Column(Quotes, nullable=False)
    until: Named[datetime] = Column(UtcDateTime, index=True)
    method: Named[str] = Column(Text, server_default="extractive")
    warnings: Named[tuple[str, ...]] = Column(Tuple, server_default="[]")
    model: Named[str | None] = Column(Text)
    prompt_hash: Named[str | None] = Column(Text)


class _QuestionVersions(TypedColumns):
    question_id: Named[int] = Column(
        _WHOLE, ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    version_id: Named[int] = Column(
        _WHOLE, ForeignKey("article_versions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class _Events(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    channel_id: Named[int] = Column(_WHOLE, ForeignKey("channels.id", ondelete="CASCADE"))
    key: Named[str] = Column(Text)
    trace: Named[str] = Column(Text)
    thread: Named[str] = Column(Text)
    message: Named[str] = Column(Text)
    incoming: Named[str | None] = Column(Text)  # None once it has ended, but for the dead
    received_at: Named[datetime] = Column(UtcDateTime)
    failures: Named[int] = Column(_WHOLE)
    ending: Named[str | None] = Column(Text)
    reason: Named[str] = Column(Text)
    ended_at: Named[datetime | None] = Column(UtcDateTime)
    until: Named[datetime | None] = Column(UtcDateTime, index=True)
    unasked: Named[bool] = Column(Boolean, server_default=false())


class _Remembered(TypedColumns):
    channel_id: Named[int] = Column(
        _WHOLE, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    message: Named[str] = Column(Text, primary_key=True)
    thread: Named[str] = Column(Text)
    author: Named[str] = Column(Text)
    text: Named[str] = Column(Text)  # no more than its links
    sent_at: Named[datetime] = Column(UtcDateTime)
    until: Named[datetime] = Column(UtcDateTime, index=True)


class _Decisions(TypedColumns):
    """The last one of each channel."""

    channel_id: Named[int] = Column(
        _WHOLE, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    decision: Named[str] = Column(Text)
    message: Named[str] = Column(Text)
    at: Named[datetime] = Column(UtcDateTime)


class _Steps(TypedColumns):
    event_id: Named[int] = Column(
        _WHOLE, ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    place: Named[int] = Column(_WHOLE, primary_key=True)
    step: Named[str] = Column(Text)


class _Deliveries(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    channel_id: Named[int] = Column(_WHOLE, ForeignKey("channels.id", ondelete="CASCADE"))
    # An event goes sooner than what is known of its post.
    event_id: Named[int | None] = Column(
        _WHOLE, ForeignKey("events.id", ondelete="SET NULL"), index=True
    )
    key: Named[str] = Column(Text, unique=True)
    trace: Named[str] = Column(Text)
    thread: Named[str] = Column(Text)
    post: Named[str | None] = Column(Text)
    state: Named[str] = Column(Text)
    turn: Named[int] = Column(_WHOLE)
    tried_era: Named[str | None] = Column(Text)
    tried_seconds: Named[float | None] = Column(Float)
    suspect: Named[bool] = Column(Boolean)
    failures: Named[int] = Column(_WHOLE)
    ref: Named[str | None] = Column(Text)
    reason: Named[str] = Column(Text)
    at: Named[datetime] = Column(UtcDateTime)
    changed_at: Named[datetime] = Column(UtcDateTime)
    until: Named[datetime] = Column(UtcDateTime, index=True)
    message: Named[str] = Column(Text, server_default="")  # of its event, which goes sooner


class _Forgets(TypedColumns):
    id = Column(_WHOLE, primary_key=True)
    channel_id: Named[int] = Column(_WHOLE, ForeignKey("channels.id", ondelete="CASCADE"))
    number: Named[int] = Column(_WHOLE)  # of the mention
    digest: Named[str] = Column(Text)  # of its article's key: nothing can be read from it


class _Usage(TypedColumns):
    """Numbers alone, of one channel's day, step and model: nobody's words."""

    channel_id: Named[int] = Column(
        _WHOLE, ForeignKey("channels.id", ondelete="CASCADE"), primary_key=True
    )
    day: Named[date] = Column(Date, primary_key=True, index=True)
    purpose: Named[str] = Column(Text, primary_key=True)
    model: Named[str] = Column(Text, primary_key=True)
    calls: Named[int] = Column(_WHOLE)
    taken_in: Named[int] = Column(_WHOLE)
    written: Named[int] = Column(_WHOLE)
    reserved: Named[int] = Column(_WHOLE)
    # Whether it was here that the workspace was told of 80 % of its day's budget.
    nearly: Named[bool] = Column(Boolean)


class _Notes(TypedColumns):
    """What a platform keeps for itself."""

    account: Named[str] = Column(Text, primary_key=True)
    name: Named[str] = Column(Text, primary_key=True)
    text: Named[str] = Column(Text)


class _Facts(TypedColumns):
    name: Named[str] = Column(Text, primary_key=True)
    value: Named[str] = Column(Text)


workspaces = Table("workspaces", metadata, _Workspaces, UniqueConstraint("platform", "external_id"))
channels = Table("channels", metadata, _Channels, UniqueConstraint("workspace_id", "external_id"))
channel_settings = Table("channel_settings", metadata, _ChannelSettings)
setting_changes = Table("setting_changes", metadata, _SettingChanges)
workspace_settings = Table("workspace_settings", metadata, _WorkspaceSettings)
workspace_changes = Table("workspace_changes", metadata, _WorkspaceChanges)
articles = Table("articles", metadata, _Articles, UniqueConstraint("workspace_id", "key"))
article_versions = Table(
    "article_versions", metadata, _ArticleVersions, UniqueConstraint("article_id", "version")
)
article_texts = Table("article_texts", metadata, _ArticleTexts)
passages = Table("passages", metadata, _Passages)
mentions = Table(
    "mentions",
    metadata,
    _Mentions,
    UniqueConstraint("channel_id", "number"),
    UniqueConstraint("channel_id", "message", "version_id"),
    Index(None, "channel_id", "thread"),
    Index(None, "version_id", "channel_id"),
)
briefs = Table("briefs", metadata, _Briefs, Index(None, "mention_id", "at"))
strikes = Table("strikes", metadata, _Strikes)
questions = Table(
    "questions",
    metadata,
    _Questions,
    Index(None, "channel_id", "thread", "asked_at"),
    Index(None, "channel_id", "asker", "asked_at"),
)
question_versions = Table("question_versions", metadata, _QuestionVersions)
events = Table(
    "events",
    metadata,
    _Events,
    UniqueConstraint("channel_id", "key"),
    # What is open is looked for often, and little among much that has ended. On PostgreSQL too,
    # but to say it here would import that dialect wherever this is (30 ms).
    Index(
        "ix_events_open",
        "id",
        sqlite_where=text("ending IS NULL"),
    ),
    Index(
        "ix_events_unasked",
        "channel_id",
        "received_at",
        sqlite_where=text("unasked = 1"),
    ),
    Index(None, "channel_id", "ending"),
    sqlite_autoincrement=True,  # a job names an event by its id: never give one twice
)
steps = Table("steps", metadata, _Steps)
remembered = Table("remembered", metadata, _Remembered)
decisions = Table("decisions", metadata, _Decisions)
deliveries = Table(
    "deliveries",
    metadata,
    _Deliveries,
    Index(
        "ix_deliveries_open",
        "id",
        sqlite_where=text("state <> 'posted'"),
    ),
    Index(None, "channel_id", "thread"),
    Index(None, "channel_id", "message"),
    Index(None, "channel_id", "ref"),
    sqlite_autoincrement=True,
)
digests = Table("digests", metadata, _Digests)
unread = Table("unread", metadata, _Unread)
forgets = Table("forgets", metadata, _Forgets, Index(None, "channel_id", "number"))
usage = Table("usage", metadata, _Usage)
notes = Table("notes", metadata, _Notes)
facts = Table("facts", metadata, _Facts)
