"""The walls of isolation as rows: workspaces and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.store import ensure as row
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
    """Return the row ids of the channel's workspace and of the channel, made where missing.

    On PostgreSQL this transaction is from then on the only one that writes in the channel.
    """
    workspace = channel.workspace
    workspace_id = row.ensure(
        connection, workspaces, {"platform": workspace.platform, "external_id": workspace.id}
    )
    channel_id = row.ensure(
        connection,
        channels,
        {"workspace_id": workspace_id, "external_id": channel.id},
        {"last_number": 0},
        hold="alone",
    )
    return workspace_id, channel_id
