"""The tables, as they are after the last migration.

Everything hangs on a workspace: channels and articles directly, the rest through them. What a
channel may see of an article is what its mentions point at. An article's words are apart from
its immutable version, so that they can go (retention) while headline and brief stay.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
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


class _QuestionVersions(TypedColumns):
    question_id: Named[int] = Column(
        _WHOLE, ForeignKey("questions.id", ondelete="CASCADE"), primary_key=True
    )
    version_id: Named[int] = Column(
        _WHOLE, ForeignKey("article_versions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


workspaces = Table("workspaces", metadata, _Workspaces, UniqueConstraint("platform", "external_id"))
channels = Table("channels", metadata, _Channels, UniqueConstraint("workspace_id", "external_id"))
channel_settings = Table("channel_settings", metadata, _ChannelSettings)
setting_changes = Table("setting_changes", metadata, _SettingChanges)
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
questions = Table(
    "questions", metadata, _Questions, Index(None, "channel_id", "thread", "asked_at")
)
question_versions = Table("question_versions", metadata, _QuestionVersions)
