"""Matrix: what a platform keeps for itself, such as its login and its keys."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add a table of its own, which the previous release never looks at."""
    op.create_table(
        "notes",
        sa.Column("account", sa.Text(), primary_key=True, nullable=False),
        sa.Column("name", sa.Text(), primary_key=True, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
    )
