"""Slack: who invited us, what goes with us, what waits for a reaction, what is said to be wrong."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add columns that suit the rows of the previous release as well, then tables of our own."""
    _channels()
    _events()
    _deliveries()
    _strikes()
    _remembered()
    _decisions()
    op.create_index(None, "questions", ["channel_id", "asker", "asked_at"])


def _channels() -> None:
    op.add_column("channels", _text("inviter", default=""))
    op.add_column("channels", _moment("erase_at", nullable=True))
    op.create_index(None, "channels", ["erase_at"])


def _events() -> None:
    op.add_column(
        "events", sa.Column("unasked", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # As each of the two says it, and as it is asked: else SQLite would not use the index.
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    unasked = sa.text("unasked = 1" if on_sqlite else "unasked")
    op.create_index(
        "ix_events_unasked",
        "events",
        ["channel_id", "received_at"],
        sqlite_where=unasked,
        postgresql_where=unasked,
    )


def _deliveries() -> None:
    op.add_column("deliveries", _text("message", default=""))
    op.execute(
        "UPDATE deliveries SET message = "
        "(SELECT events.message FROM events WHERE events.id = deliveries.event_id) "
        "WHERE event_id IS NOT NULL"
    )
    op.create_index(None, "deliveries", ["channel_id", "message"])
    op.create_index(None, "deliveries", ["channel_id", "ref"])


def _strikes() -> None:
    op.create_table(
        "strikes",
        _reference("brief_id", "briefs.id"),
        sa.Column("bullet", _whole(), primary_key=True, nullable=False),
        _text("who"),
        _text("why"),
        _moment("at"),
    )


def _remembered() -> None:
    op.create_table(
        "remembered",
        _reference("channel_id", "channels.id"),
        sa.Column("message", sa.Text(), primary_key=True, nullable=False),
        _text("thread"),
        _text("author"),
        _text("text"),
        _moment("sent_at"),
        _moment("until", index=True),
    )


def _decisions() -> None:
    op.create_table(
        "decisions",
        _reference("channel_id", "channels.id"),
        _text("decision"),
        _text("message"),
        _moment("at"),
    )


def _whole() -> sa.types.TypeEngine[int]:
    # As wide on PostgreSQL as the ids that it points at.
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, *, default: str | None = None) -> sa.Column[str]:
    # The previous release, which may go on beside this one, knows nothing of new columns.
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)


def _moment(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, index=index)


def _reference(name: str, target: str) -> sa.Column[int]:
    return sa.Column(
        name,
        _whole(),
        sa.ForeignKey(target, ondelete="CASCADE"),
        primary_key=True,
        nullable=False,
    )
