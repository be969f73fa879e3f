"""Digests: which day of a channel was told, and what holds in all channels of a workspace."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add tables of their own, which the previous release never looks at."""
    _digests()
    _unread()
    _workspace_settings()
    _workspace_changes()


def _digests() -> None:
    op.create_table(
        "digests",
        _of_channel(),
        sa.Column("day", sa.Date(), primary_key=True, nullable=False),
        sa.Column("told_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_number", _whole(), nullable=False),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.Column(
            "delivery_id",
            _whole(),
            sa.ForeignKey("deliveries.id", ondelete="SET NULL"),
            nullable=True,
        ),
    )
    op.create_index(None, "digests", ["delivery_id"])


def _unread() -> None:
    op.create_table(
        "unread",
        _of_channel(),
        sa.Column("message", sa.Text(), primary_key=True, nullable=False),
        sa.Column("source", sa.Text(), primary_key=True, nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.Column("poster", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index(None, "unread", ["until"])


def _workspace_settings() -> None:
    op.create_table(
        "workspace_settings",
        sa.Column(
            "workspace_id",
            _whole(),
            sa.ForeignKey("workspaces.id", ondelete="CASCADE"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("locks", sa.Text(), nullable=False),
    )


def _workspace_changes() -> None:
    op.create_table(
        "workspace_changes",
        sa.Column("id", _whole(), primary_key=True, nullable=False),
        sa.Column(
            "workspace_id",
            _whole(),
            sa.ForeignKey("workspaces.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
    )
    op.create_index(None, "workspace_changes", ["workspace_id"])


def _whole() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _of_channel() -> sa.Column[int]:
    return sa.Column(
        "channel_id",
        _whole(),
        sa.ForeignKey("channels.id", ondelete="CASCADE"),
        primary_key=True,
        nullable=False,
    )
