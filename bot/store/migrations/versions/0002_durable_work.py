"""Durable work: inbox, steps, ledger of posts, and the queue's own tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the inbox, then what hangs on it, then the queue."""
    _events()
    _deliveries()
    _forgets()
    if op.get_bind().dialect.name == "sqlite":
        _jobs()
    else:
        _procrastinate()


def _events() -> None:
    op.create_table(
        "events",
        _id(),
        _reference("channel_id", "channels.id", nullable=False),
        _text("key"),
        _text("trace"),
        _text("thread"),
        _text("message"),
        _text("incoming", nullable=True),
        _moment("received_at"),
        _integer("failures"),
        _text("ending", nullable=True),
        _text("reason"),
        _moment("ended_at", nullable=True),
        _moment("until", nullable=True, index=True),
        sa.UniqueConstraint("channel_id", "key"),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "events", ["channel_id", "ending"])
    still_open = sa.text("ending IS NULL")
    op.create_index(
        "ix_events_open", "events", ["id"], sqlite_where=still_open, postgresql_where=still_open
    )
    op.create_table(
        "steps",
        _reference("event_id", "events.id", primary_key=True, nullable=False),
        sa.Column("place", _whole(), primary_key=True, nullable=False),
        _text("step"),
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        _id(),
        _reference("channel_id", "channels.id", nullable=False),
        _reference("event_id", "events.id", ondelete="SET NULL", nullable=True, index=True),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        _text("trace"),
        _text("thread"),
        _text("post", nullable=True),
        _text("state"),
        _integer("turn"),
        _text("tried_era", nullable=True),
        sa.Column("tried_seconds", sa.Float(), nullable=True),
        sa.Column("suspect", sa.Boolean(), nullable=False),
        _integer("failures"),
        _text("ref", nullable=True),
        _text("reason"),
        _moment("at"),
        _moment("changed_at"),
        _moment("until", index=True),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "deliveries", ["channel_id", "thread"])
    not_posted = sa.text("state <> 'posted'")
    op.create_index(
        "ix_deliveries_open",
        "deliveries",
        ["id"],
        sqlite_where=not_posted,
        postgresql_where=not_posted,
    )


def _forgets() -> None:
    op.create_table(
        "forgets",
        _id(),
        _reference("channel_id", "channels.id", nullable=False),
        _integer("number"),
        _text("digest"),
    )
    op.create_index(None, "forgets", ["channel_id", "number"])
    op.create_table(
        "facts", sa.Column("name", sa.Text(), primary_key=True, nullable=False), _text("value")
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        _id(),
        sa.Column("key", sa.Text(), nullable=False, unique=True),
        _text("task"),
        _integer("target"),
        _text("queue"),
        _text("workspace"),
        _text("lock"),
        _integer("priority"),
        _moment("at"),
        _moment("parked_at", nullable=True),
        _moment("parked_until", nullable=True),
        sqlite_autoincrement=True,
    )


def _procrastinate() -> None:
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - on PostgreSQL only

    # By the driver: its text is many statements, and holds percent signs.
    driver = op.get_bind().connection.driver_connection
    driver.execute(SchemaManager.get_schema())  # type: ignore[union-attr] # psycopg's


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
    nullable: bool,
    ondelete: str = "CASCADE",
    primary_key: bool = False,
    index: bool = False,
) -> sa.Column[int]:
    return sa.Column(
        name,
        _whole(),
        sa.ForeignKey(target, ondelete=ondelete),
        primary_key=primary_key,
        nullable=nullable,
        index=index,
    )
