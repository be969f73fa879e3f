"""The history of the schema: one tree for SQLite and PostgreSQL.

Several releases may run on one PostgreSQL database for a while (a rolling restart), so a schema
changes in two steps. A migration only adds: tables, indexes, columns that may be empty or have a
default in the database. What the previous release reads or writes is dropped, renamed or made
stricter in the release after it, when nobody uses it any more. Never edit a released migration.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

OLDEST_READER = "0001"
"""The oldest revision whose release still gets along with the tables of the newest one.

It is written into the database, where a release of that revision or a later one, restarted after
the upgrade, finds it beside a revision that it does not know, and opens the database all the
same. Raise it in the migration that takes something away.
"""


def revisions(connection: Connection) -> tuple[str | None, str | None]:
    """Return the revision of PostgreSQL's tables, and their oldest reader; None where unknown."""
    table = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar()
    if table is None:
        return None, None
    row = connection.exec_driver_sql(
        "SELECT version_num, obj_description('alembic_version'::regclass) FROM alembic_version"
    ).first()
    return (row[0], row[1]) if row else (None, None)
