"""The walls of isolation as rows: workspaces and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from bot.store.schema import channels, workspaces

if TYPE_CHECKING:
    from sqlalchemy import Connection, ScalarSelect

    from bot.model import Channel, Workspace


def id_of_workspace(workspace: Workspace) -> ScalarSelect[int]:
    """Return the workspace's row id as a subquery; it selects nothing for an unknown one."""
    return (
        select(workspaces.c.id)
        .where(
            workspaces.c.platform == workspace.platform, workspaces.c.external_id == workspace.id
        )
        .scalar_subquery()
    )


def id_of(channel: Channel) -> ScalarSelect[int]:
    """Return the channel's row id as a subquery; it selects nothing for an unknown one."""
    return (
        select(channels.c.id)
        .where(
            channels.c.workspace_id == id_of_workspace(channel.workspace),
            channels.c.external_id == channel.id,
        )
        .scalar_subquery()
    )


def ensure(connection: Connection, channel: Channel) -> tuple[int, int]:
    """Return the row ids of the channel's workspace and of the channel, made where missing."""
    workspace_id = _ensure_workspace(connection, channel.workspace)
    channel_id: int | None = connection.scalar(select(id_of(channel)))
    if channel_id is None:
        channel_id = connection.execute(
            insert(channels)
            .values(workspace_id=workspace_id, external_id=channel.id, last_number=0)
            .returning(channels.c.id)
        ).scalar_one()
    return workspace_id, channel_id


def _ensure_workspace(connection: Connection, workspace: Workspace) -> int:
    known: int | None = connection.scalar(select(id_of_workspace(workspace)))
    if known is not None:
        return known
    return connection.execute(
        insert(workspaces)
        .values(platform=workspace.platform, external_id=workspace.id)
        .returning(workspaces.c.id)
    ).scalar_one()
