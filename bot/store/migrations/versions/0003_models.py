"""Models: what they took of a day's tokens, and which of them worded an answer."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table of what was spent; give the questions columns that suit old rows as well."""
    _usage()
    op.add_column("questions", _text("method", default="extractive"))
    op.add_column("questions", _text("warnings", default="[]"))
    op.add_column("questions", sa.Column("model", sa.Text(), nullable=True))
    op.add_column("questions", sa.Column("prompt_hash", sa.Text(), nullable=True))


def _usage() -> None:
    op.create_table(
        "usage",
        sa.Column(
            "channel_id",
            _whole(),
            sa.ForeignKey("channels.id", ondelete="CASCADE"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("day", sa.Date(), primary_key=True, nullable=False, index=True),
        sa.Column("purpose", sa.Text(), primary_key=True, nullable=False),
        sa.Column("model", sa.Text(), primary_key=True, nullable=False),
        _integer("calls"),
        _integer("taken_in"),
        _integer("written"),
        _integer("reserved"),
        sa.Column("nearly", sa.Boolean(), nullable=False),
    )


def _whole() -> sa.types.TypeEngine[int]:
    # As wide on PostgreSQL as the ids that it points at.
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _integer(name: str) -> sa.Column[int]:
    return sa.Column(name, _whole(), nullable=False)


def _text(name: str, *, default: str) -> sa.Column[str]:
    # The previous release, which may go on beside this one, knows nothing of these columns.
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
