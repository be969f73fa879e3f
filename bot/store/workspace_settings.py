"""What holds in every channel of a workspace that has not set it otherwise, or may not."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, exists, insert, or_, select

from bot.model import Channel, WorkspaceSettings
from bot.store import ensure, locks, scopes, settings
from bot.store.column_types import to_json
from bot.store.schema import (
    channel_settings,
    channels,
    events,
    mentions,
    workspace_changes,
    workspace_settings,
    workspaces,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.model import ChannelSettings, Chosen, SettingChange, Workspace

_IN_USE = or_(
    channels.c.inviter != "",
    *(
        exists(
            select(table.c.channel_id)
            .where(table.c.channel_id == channels.c.id)
            .correlate(channels)
        )
        for table in (channel_settings, mentions, events)
    ),
)
"""Of a channel that was erased only its row is left, as of one where nothing was said yet."""

_ROW = select(workspace_settings).where(workspace_settings.c.workspace_id == scopes.WORKSPACE_ID)
_CHANNELS = (
    select(
        channels.c.id,
        channels.c.external_id,
        channel_settings.c.settings,
        workspace_settings.c.settings.label("of_all"),
        workspace_settings.c.locks,
    )
    .outerjoin(channel_settings, channel_settings.c.channel_id == channels.c.id)
    .outerjoin(workspace_settings, workspace_settings.c.workspace_id == channels.c.workspace_id)
    .where(channels.c.workspace_id == scopes.WORKSPACE_ID)
    .order_by(channels.c.external_id)
)


def read(connection: Connection, workspace: Workspace) -> WorkspaceSettings:
    """Return what holds in a workspace; nothing but the defaults where nothing was set."""
    row = connection.execute(_ROW, scopes.named_workspace(workspace)).one_or_none()
    return settings.workspace_of(row.settings, row.locks) if row else WorkspaceSettings()


def change(
    connection: Connection,
    workspace: Workspace,
    wanted: WorkspaceSettings,
    changes: Sequence[SettingChange],
) -> None:
    """Replace what holds in a workspace, add to its log, and move its channels' deadlines."""
    workspace_id = ensure.ensure(
        connection, workspaces, {"platform": workspace.platform, "external_id": workspace.id}
    )
    chosen = select(channels.c.id).where(channels.c.workspace_id == workspace_id)
    locks.hold_channels(connection, chosen)
    before = _held(connection, workspace)
    where = workspace_settings.c.workspace_id == workspace_id
    connection.execute(delete(workspace_settings).where(where))
    own = {name: getattr(wanted.settings, name) for name in sorted(wanted.own)}
    connection.execute(
        insert(workspace_settings).values(
            workspace_id=workspace_id, settings=to_json(own), locks=tuple(sorted(wanted.locks))
        )
    )
    if changes:
        connection.execute(
            insert(workspace_changes),
            [{"workspace_id": workspace_id, **asdict(one)} for one in changes],
        )
    for channel_id, after in _held(connection, workspace).items():
        if settings.kept_for(before[channel_id]) != settings.kept_for(after):
            settings.move_deadlines(connection, channel_id, after)


def _held(connection: Connection, workspace: Workspace) -> dict[int, ChannelSettings]:
    """Return what holds in each channel, by its row."""
    rows = connection.execute(_CHANNELS, scopes.named_workspace(workspace))
    return {row.id: settings.decoded(row) for row in rows}


def log(connection: Connection, workspace: Workspace) -> list[SettingChange]:
    """Return the workspace's change log, oldest first."""
    rows = connection.execute(
        select(workspace_changes)
        .where(workspace_changes.c.workspace_id == scopes.id_of_workspace(workspace))
        .order_by(workspace_changes.c.id)
    )
    return [settings.logged(row) for row in rows]


def all_channels(connection: Connection, workspace: Workspace) -> list[Chosen]:
    """Return what holds in each channel that is in use, by the channels' ids."""
    rows = connection.execute(
        _CHANNELS.where(channels.c.erase_at.is_(None), _IN_USE), scopes.named_workspace(workspace)
    )
    return [
        settings.chosen_of(Channel(workspace=workspace, id=row.external_id), row) for row in rows
    ]


def erase_unused(connection: Connection) -> None:
    """Erase what holds in workspaces that have no channel in use any more."""
    used = exists().where(channels.c.workspace_id == workspaces.c.id, _IN_USE)
    known = exists().where(channels.c.workspace_id == workspaces.c.id)
    left = select(workspaces.c.id).where(known, ~used)
    for table in (workspace_settings, workspace_changes):
        connection.execute(delete(table).where(table.c.workspace_id.in_(left)))
