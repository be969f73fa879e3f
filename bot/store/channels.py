"""Where we are: who invited us, how much is kept, and what is to go as we were put out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from bot.model import Kept
from bot.store import deliveries, events, locks, scopes
from bot.store.column_types import in_utc
from bot.store.schema import article_versions, channels, mentions, questions

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from bot.model import Channel, Workspace


def join(connection: Connection, channel: Channel, *, inviter: str, at: datetime) -> None:
    """Keep who invited us into a channel last; what was to go stays. `at` is only looked at."""
    in_utc(at)
    _, channel_id = scopes.ensure(connection, channel)
    connection.execute(
        update(channels).where(channels.c.id == channel_id).values(inviter=inviter, erase_at=None)
    )


def leave(
    connection: Connection, workspace: Workspace, channel: Channel | None, *, until: datetime
) -> None:
    """Have a channel, or all of a workspace, go at a time, or sooner where that was said before.

    What is open there ends as withdrawn, and no post of it is sent any more.
    """
    chosen = select(channels.c.id).where(
        channels.c.workspace_id == scopes.id_of_workspace(workspace)
    )
    if channel is not None:
        chosen = select(channels.c.id).where(channels.c.id == scopes.id_of(channel))
    locks.hold_channels(connection, chosen)
    connection.execute(
        update(channels)
        .where(
            channels.c.id.in_(chosen),
            or_(channels.c.erase_at.is_(None), channels.c.erase_at > until),
        )
        .values(erase_at=until)
    )
    deliveries.drop_all(connection, chosen)
    events.end_all(connection, chosen)


def inviter(connection: Connection, channel: Channel) -> str:
    """Return who invited us into a channel; empty where that is not known."""
    found = select(channels.c.inviter).where(channels.c.id == scopes.CHANNEL_ID)
    return connection.scalar(found, scopes.named(channel)) or ""


def kept(connection: Connection, channel: Channel) -> Kept:
    """Return how much is kept of a channel."""
    row = connection.execute(_KEPT, scopes.named(channel)).one()
    since = [one for one in (row.mentioned, row.asked) if one is not None]
    return Kept(
        mentions=row.mentions,
        articles=row.articles,
        questions=row.questions,
        since=min(since, default=None),
    )


_MENTIONS = mentions.c.channel_id == scopes.CHANNEL_ID
_QUESTIONS = questions.c.channel_id == scopes.CHANNEL_ID
_KEPT = select(
    select(func.count()).where(_MENTIONS).scalar_subquery().label("mentions"),
    select(func.count(article_versions.c.article_id.distinct()))
    .select_from(mentions)
    .join(article_versions, article_versions.c.id == mentions.c.version_id)
    .where(_MENTIONS)
    .scalar_subquery()
    .label("articles"),
    select(func.count()).where(_QUESTIONS).scalar_subquery().label("questions"),
    select(func.min(mentions.c.at)).where(_MENTIONS).scalar_subquery().label("mentioned"),
    select(func.min(questions.c.asked_at)).where(_QUESTIONS).scalar_subquery().label("asked"),
)
