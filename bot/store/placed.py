"""The store's part of where we are: channels, what they set, and what waits there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import channels, remembering, workspace_settings
from bot.store import settings as rows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.model import (
        Channel,
        ChannelSettings,
        Chosen,
        Decided,
        Decision,
        Kept,
        Message,
        SettingChange,
        Workspace,
        WorkspaceSettings,
    )
    from bot.ports import Tx
    from bot.store.transactions import Transactions


class Placed:
    """Channels over the transactions of a store."""

    _transactions: Transactions

    async def channel_settings(self, channel: Channel) -> ChannelSettings:
        """Return the channel's settings; the defaults where nothing was set."""
        return await self._transactions.read(lambda connection: rows.read(connection, channel))

    async def change_settings(
        self,
        tx: Tx,
        channel: Channel,
        settings: ChannelSettings,
        changes: Sequence[SettingChange],
        *,
        names: Collection[str] | None = None,
        usual: Collection[str] = (),
    ) -> None:
        """Set what a channel sets: see `ports.Store.change_settings`."""
        await self._transactions.write(
            tx,
            lambda connection: rows.change(
                connection, channel, settings, changes, names=names, usual=usual
            ),
        )

    async def setting_changes(self, channel: Channel) -> Sequence[SettingChange]:
        """Return the channel's change log, oldest first."""
        return await self._transactions.read(lambda connection: rows.log(connection, channel))

    async def chosen(self, channel: Channel) -> Chosen:
        """Return what holds in a channel, and which of it it has set itself."""
        return await self._transactions.read(lambda connection: rows.chosen(connection, channel))

    async def channels(self, workspace: Workspace) -> Sequence[Chosen]:
        """Return what holds in each channel of a workspace that we are in."""
        return await self._transactions.read(
            lambda connection: workspace_settings.all_channels(connection, workspace)
        )

    async def workspace_settings(self, workspace: Workspace) -> WorkspaceSettings:
        """Return what holds in a workspace, and which of it is locked."""
        return await self._transactions.read(
            lambda connection: workspace_settings.read(connection, workspace)
        )

    async def change_workspace(
        self,
        tx: Tx,
        workspace: Workspace,
        settings: WorkspaceSettings,
        changes: Sequence[SettingChange],
    ) -> None:
        """Replace what holds in a workspace: see `ports.Store.change_workspace`."""
        await self._transactions.write(
            tx,
            lambda connection: workspace_settings.change(connection, workspace, settings, changes),
        )

    async def workspace_changes(self, workspace: Workspace) -> Sequence[SettingChange]:
        """Return the workspace's change log, oldest first."""
        return await self._transactions.read(
            lambda connection: workspace_settings.log(connection, workspace)
        )

    async def kept(self, channel: Channel) -> Kept:
        """Return how much is kept of a channel."""
        return await self._transactions.read(lambda connection: channels.kept(connection, channel))

    async def join(self, tx: Tx, channel: Channel, *, inviter: str, at: datetime) -> None:
        """Keep who invited us into a channel: see `ports.Store.join`."""
        await self._transactions.write(
            tx, lambda connection: channels.join(connection, channel, inviter=inviter, at=at)
        )

    async def leave(
        self, tx: Tx, workspace: Workspace, channel: Channel | None, *, until: datetime
    ) -> None:
        """Have all of a channel or workspace erased later: see `ports.Store.leave`."""
        await self._transactions.write(
            tx, lambda connection: channels.leave(connection, workspace, channel, until=until)
        )

    async def inviter(self, channel: Channel) -> str:
        """Return who invited us into a channel."""
        return await self._transactions.read(
            lambda connection: channels.inviter(connection, channel)
        )

    async def remember(self, tx: Tx, message: Message, *, at: datetime) -> None:
        """Keep a message that waits to be asked for: see `ports.Store.remember`."""
        await self._transactions.write(
            tx, lambda connection: remembering.remember(connection, message, at=at)
        )

    async def remembered(self, channel: Channel, message: str) -> Message | None:
        """Return a message that is remembered; its uploads are not."""
        return await self._transactions.read(
            lambda connection: remembering.find(connection, channel, message)
        )

    async def decide(
        self, tx: Tx, channel: Channel, decision: Decision, *, message: str, at: datetime
    ) -> None:
        """Keep the last decision of a channel."""
        await self._transactions.write(
            tx,
            lambda connection: remembering.decide(
                connection, channel, decision, message=message, at=at
            ),
        )

    async def decided(self, channel: Channel) -> Decided | None:
        """Return the last decision of a channel."""
        return await self._transactions.read(
            lambda connection: remembering.decided(connection, channel)
        )
