"""First tables: workspaces, channels, articles, mentions, briefs, questions, full text."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables from the outer wall inwards."""
    _scopes()
    _articles()
    _mentions()
    _questions()
    _refuse_updates()
    _full_text()


def _scopes() -> None:
    op.create_table(
        "workspaces",
        _id(),
        _text("platform"),
        _text("external_id"),
        sa.UniqueConstraint("platform", "external_id"),
    )
    op.create_table(
        "channels",
        _id(),
        _reference("workspace_id", "workspaces.id"),
        _text("external_id"),
        _integer("last_number"),
        sa.UniqueConstraint("workspace_id", "external_id"),
    )
    op.create_table(
        "channel_settings",
        _reference("channel_id", "channels.id", primary_key=True),
        _text("settings"),
    )
    op.create_table(
        "setting_changes",
        _id(),
        _reference("channel_id", "channels.id", index=True),
        _text("who"),
        _moment("at"),
        _text("name"),
        _text("before"),
        _text("after"),
    )


def _articles() -> None:
    op.create_table(
        "articles",
        _id(),
        _reference("workspace_id", "workspaces.id"),
        _text("key"),
        sa.UniqueConstraint("workspace_id", "key"),
    )
    op.create_table(
        "article_versions",
        _id(),
        _reference("article_id", "articles.id"),
        _text("version"),
        _text("url", nullable=True),
        _text("headline", nullable=True),
        _text("authors"),
        _text("publisher", nullable=True),
        sa.Column("published", sa.Date(), nullable=True),
        _text("language", nullable=True),
        sa.UniqueConstraint("article_id", "version"),
    )
    op.create_table(
        "article_texts",
        _reference("version_id", "article_versions.id", primary_key=True),
        _text("standfirst", nullable=True),
        _text("lead_bullets"),
        _text("paragraphs"),
        _text("captions"),
        _text("pages"),
    )
    op.create_table(
        "passages",
        _id(),
        _reference("version_id", "article_texts.version_id", index=True),
        _integer("first"),
        _integer("last"),
        _text("terms"),
    )


def _mentions() -> None:
    op.create_table(
        "mentions",
        _id(),
        _reference("channel_id", "channels.id"),
        _integer("number"),
        _reference("version_id", "article_versions.id", ondelete=None),
        _text("message"),
        _text("thread"),
        _text("poster"),
        _moment("at"),
        _text("origin"),
        _text("source"),
        _moment("text_until", nullable=True, index=True),
        _moment("until", index=True),
        sa.UniqueConstraint("channel_id", "number"),
        sa.UniqueConstraint("channel_id", "message", "version_id"),
    )
    op.create_index(None, "mentions", ["channel_id", "thread"])
    op.create_index(None, "mentions", ["version_id", "channel_id"])
    op.create_table(
        "briefs",
        _id(),
        _reference("mention_id", "mentions.id"),
        _moment("at"),
        _text("method"),
        _text("bullets"),
        _text("warnings"),
        _text("model", nullable=True),
        _text("prompt_hash", nullable=True),
        _moment("until", index=True),
    )
    op.create_index(None, "briefs", ["mention_id", "at"])


def _questions() -> None:
    op.create_table(
        "questions",
        _id(),
        _reference("channel_id", "channels.id"),
        _text("thread"),
        _text("asker"),
        _text("text"),
        _moment("asked_at"),
        _text("voice"),
        _text("answer"),
        sa.Column("confidence", sa.Float(), nullable=False),
        _text("quotes"),
        _moment("until", index=True),
    )
    op.create_index(None, "questions", ["channel_id", "thread", "asked_at"])
    op.create_table(
        "question_versions",
        _reference("question_id", "questions.id", primary_key=True),
        _reference("version_id", "article_versions.id", primary_key=True, index=True),
    )


def _refuse_updates() -> None:
    # What a proof points at never changes under it; it can only be erased.
    if _on_postgres():
        op.execute(
            "CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% are immutable', TG_TABLE_NAME; END $$"
        )
    for table in ("article_versions", "article_texts", "passages"):
        op.execute(
            f"CREATE TRIGGER {table}_are_immutable BEFORE UPDATE ON {table} "
            + (
                "FOR EACH ROW EXECUTE FUNCTION refuse_update()"
                if _on_postgres()
                else f"BEGIN SELECT RAISE(ABORT, '{table} are immutable'); END"
            )
        )


def _full_text() -> None:
    # The terms come folded and stemmed by the language of their article: a second, English
    # stemmer (porter) would only mix up words that the first kept apart.
    if _on_postgres():
        # Stored, since looking through one channel's passages is often quicker than the index,
        # but not where each must be taken apart again (60 us each, measured).
        op.execute(
            "ALTER TABLE passages ADD COLUMN words tsvector NOT NULL "
            "GENERATED ALWAYS AS (to_tsvector('simple', terms)) STORED"
        )
        # Without a list of what is still to be indexed, which each search would read through.
        op.execute(
            "CREATE INDEX ix_passages_words ON passages USING gin (words) WITH (fastupdate = off)"
        )
        return
    op.execute(
        "CREATE VIRTUAL TABLE passages_fts USING fts5(terms, content='passages', "
        "content_rowid='id', tokenize='unicode61 remove_diacritics 2')"
    )
    op.execute(
        "CREATE TRIGGER passages_indexed AFTER INSERT ON passages BEGIN "
        "INSERT INTO passages_fts(rowid, terms) VALUES (new.id, new.terms); END"
    )
    op.execute(
        "CREATE TRIGGER passages_unindexed AFTER DELETE ON passages BEGIN "
        "INSERT INTO passages_fts(passages_fts, rowid, terms) "
        "VALUES ('delete', old.id, old.terms); END"
    )


def _on_postgres() -> bool:
    return op.get_context().dialect.name == "postgresql"


def _whole() -> sa.types.TypeEngine[int]:
    # SQLite's integers have 64 bits anyway, and only INTEGER gets numbers of its own there.
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id() -> sa.Column[int]:
    return sa.Column("id", _whole(), primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, _whole(), nullable=False)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, index=index)


def _reference(
    name: str,
    target: str,
    *,
    ondelete: str | None = "CASCADE",
    primary_key: bool = False,
    index: bool = False,
) -> sa.Column[int]:
    return sa.Column(
        name,
        _whole(),
        sa.ForeignKey(target, ondelete=ondelete),
        primary_key=primary_key,
        nullable=False,
        index=index,
    )
