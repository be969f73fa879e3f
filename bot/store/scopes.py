"""The walls of isolation as rows: workspaces and channels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from bot.model import Workspace
from bot.store import ensure as row
from bot.store.schema import channels, workspaces

if TYPE_CHECKING:
    from sqlalchemy import Connection, ScalarSelect

    from bot.model import Channel


WORKSPACE_ID = (
    select(workspaces.c.id)
    .where(
        workspaces.c.platform == bindparam("_platform"),
        workspaces.c.external_id == bindparam("_workspace"),
    )
    .scalar_subquery()
)
"""The row id of the workspace that `named` names; it selects nothing for an unknown one."""

CHANNEL_ID = (
    select(channels.c.id)
    .where(
        channels.c.workspace_id == WORKSPACE_ID,
        channels.c.external_id == bindparam("_channel"),
    )
    .scalar_subquery()
)
"""The row id of the channel that `named` names; it selects nothing for an unknown one.

For statements that are built once: building one takes ten times as long as running it.
"""


def named(channel: Channel) -> dict[str, str]:
    """Return the parameters of WORKSPACE_ID and CHANNEL_ID."""
    return {**named_workspace(channel.workspace), "_channel": channel.id}


def named_workspace(workspace: Workspace) -> dict[str, str]:
    """Return the parameters of WORKSPACE_ID."""
    return {"_platform": workspace.platform, "_workspace": workspace.id}


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


def all_workspaces(connection: Connection) -> list[Workspace]:
    """Return every workspace, by platform and id."""
    rows = connection.execute(select(workspaces.c.platform, workspaces.c.external_id))
    found = [Workspace(platform=row.platform, id=row.external_id) for row in rows]
    return sorted(found, key=lambda one: (one.platform, one.id))


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
