"""Bringing a PostgreSQL database to the newest schema; imported only when that is needed.

One process at a time (an advisory lock), in one transaction: a kill at any moment leaves the old
state. There is no copy before it: that is `pg_dump`'s work, and the operator's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command

from bot import errors
from bot.store import migrations, opening
from bot.store.locks import FAMILY, UPGRADING, be_patient
from bot.store.upgrade import config, known_revisions

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_ENCODING = "UTF8"


def upgrade(engine: Engine, where: str, user: str, *, patience: float) -> None:
    """Run the migrations that the database lacks.

    Raises StoreTooNew for a revision that this Briefbot neither knows nor is said to get along
    with, StoreBusy where another process upgrades for longer than `patience` seconds, StoreError
    for a database that cannot keep all of Unicode.
    """
    with engine.connect() as connection:
        be_patient(connection, patience)
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({FAMILY}, {UPGRADING})")
        revision, oldest = migrations.revisions(connection)
        if revision == opening.HEAD:
            return  # another process was first
        if revision is not None and revision not in known_revisions():
            # In a rolling restart, a newer Briefbot was first, and made what still suits us.
            if oldest is not None and oldest <= opening.HEAD:
                return
            raise errors.StoreTooNew(where, user, revision)
        _check_encoding(connection, where, user)
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        connection.exec_driver_sql(
            f"COMMENT ON TABLE alembic_version IS '{migrations.OLDEST_READER}'"
        )
        connection.commit()


def _check_encoding(connection: Connection, where: str, user: str) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != _ENCODING:
        raise errors.StoreError(where, user, f"encoding {encoding} instead of {_ENCODING}")
