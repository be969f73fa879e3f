"""Who waits for whom on PostgreSQL, where many write at the same time.

Whoever writes in a channel holds its row, so that numbers, settings and what is mentioned do
not change under it. Whoever counts what a workspace may spend holds its row after that of the
channel. Whoever mentions an article holds the article, so that it is not erased at
that moment. Whoever erases holds the channels, then the articles, and is the only one to erase.

SQLite has one writer at a time: there, nothing of this is asked for or needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bot.store import scopes
from bot.store.lists import few_lengths
from bot.store.schema import article_versions, articles, channels, mentions, workspaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select

    from bot.model import Channel

# The first number of all of Briefbot's advisory locks ("brif" in ASCII); the second says which.
FAMILY = 0x62726966
UPGRADING = 1
ERASING = 2


_WORKSPACE = (
    select(workspaces.c.id)
    .where(workspaces.c.id == bindparam("_id"))
    .with_for_update(key_share=True)  # rows that point at it may be added meanwhile
)


def be_patient(connection: Connection, seconds: float) -> None:
    """Begin a transaction that waits for each lock up to so long (0 would be for ever)."""
    milliseconds = max(1, int(seconds * 1000))
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")


def hold_channel(connection: Connection, channel: Channel) -> None:
    """Keep other writers off a channel until the transaction ends; an unknown one is let be."""
    if _is_needed(connection):
        connection.execute(
            select(channels.c.id)
            .where(channels.c.id == scopes.id_of(channel))
            .with_for_update(key_share=True)
        )


def hold_channels(connection: Connection, chosen: Select[int]) -> Sequence[int]:
    """Return the ids of the channels that are chosen, with other writers kept off them."""
    held = chosen.order_by(channels.c.id).with_for_update(key_share=True)  # SQLite has no such
    return connection.scalars(held).all()


def hold_workspace(connection: Connection, workspace_id: int) -> None:
    """Be the only one to count what a workspace may spend, until the transaction ends."""
    if _is_needed(connection):
        connection.execute(_WORKSPACE, {"_id": workspace_id})


def erase_alone(connection: Connection) -> None:
    """Keep all who erase out until the transaction ends."""
    if _is_needed(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({FAMILY}, {ERASING})")


def hold_mentions(connection: Connection, chosen: Select[int]) -> Sequence[int]:
    """Return the ids of the mentions that are chosen, and nobody comes near them any more."""
    ids = connection.scalars(chosen).all()
    if not ids or not _is_needed(connection):
        return ids
    these = mentions.c.id.in_(few_lengths(ids))
    connection.execute(
        select(channels.c.id)
        .where(channels.c.id.in_(select(mentions.c.channel_id).where(these)))
        .order_by(channels.c.id)
        .with_for_update(key_share=True)
    )
    connection.execute(
        select(articles.c.id)
        .where(
            articles.c.id.in_(
                select(article_versions.c.article_id)
                .join(mentions, mentions.c.version_id == article_versions.c.id)
                .where(these)
            )
        )
        .order_by(articles.c.id)
        .with_for_update()
    )
    # Meanwhile a setting may have changed for how long they are kept.
    return connection.scalars(chosen.where(these)).all()


def _is_needed(connection: Connection) -> bool:
    return connection.dialect.name != "sqlite"
