"""The store in memory: where we are, what waits there, and what platforms keep."""

from collections.abc import Collection, Mapping, Sequence
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
from tests.fakes import inbox, places
from tests.fakes import store_state as rules
from tests.fakes.store_tx import Base, check, of


class Placed(Base):
    async def channel_settings(self, channel: Channel) -> ChannelSettings:
        return rules.settings_of(self._state, channel)

    async def chosen(self, channel: Channel) -> Chosen:
        return rules.chosen(self._state, channel)

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
        state = of(tx)
        check(*(one.at for one in changes), changes)
        state.places.known.add(channel)
        rules.set_own(state, channel, settings, names, usual)
        state.changes.extend((channel, one) for one in changes)

    async def setting_changes(self, channel: Channel) -> Sequence[SettingChange]:
        return [one for where, one in self._state.changes if where == channel]

    async def workspace_settings(self, workspace: Workspace) -> WorkspaceSettings:
        return self._state.workspaces.get(workspace, WorkspaceSettings())

    async def change_workspace(
        self,
        tx: Tx,
        workspace: Workspace,
        settings: WorkspaceSettings,
        changes: Sequence[SettingChange],
    ) -> None:
        state = of(tx)
        check(*(one.at for one in changes), changes)
        state.workspaces[workspace] = settings
        state.workspace_changes.extend((workspace, one) for one in changes)

    async def workspace_changes(self, workspace: Workspace) -> Sequence[SettingChange]:
        return [one for where, one in self._state.workspace_changes if where == workspace]

    async def channels(self, workspace: Workspace) -> Sequence[Chosen]:
        places = self._state.places
        here = [one for one in places.known if one.workspace == workspace]
        ours = [
            one for one in here if one not in places.erase_at and rules.in_use(self._state, one)
        ]
        return [rules.chosen(self._state, one) for one in sorted(ours, key=lambda one: one.id)]

    async def kept(self, channel: Channel) -> Kept:
        return rules.kept(self._state, channel)

    async def join(self, tx: Tx, channel: Channel, *, inviter: str, at: datetime) -> None:
        state = of(tx)
        check(at, inviter)
        state.places.known.add(channel)
        places.join(state.places, channel, inviter)

    async def leave(
        self, tx: Tx, workspace: Workspace, channel: Channel | None, *, until: datetime
    ) -> None:
        state = of(tx)
        check(until)
        left = places.leave(state.places, workspace, channel, until=until)
        inbox.put_out(state.inbox, left)

    async def inviter(self, channel: Channel) -> str:
        return self._state.places.inviters.get(channel, "")

    async def remember(self, tx: Tx, message: Message, *, at: datetime) -> None:
        state = of(tx)
        check(at, message)
        state.places.known.add(message.thread.channel)
        places.remember(state.places, message, at)

    async def remembered(self, channel: Channel, message: str) -> Message | None:
        found = self._state.places.remembered.get((channel, message))
        return None if found is None else found[0]

    async def decide(
        self, tx: Tx, channel: Channel, decision: Decision, *, message: str, at: datetime
    ) -> None:
        state = of(tx)
        check(at, message)
        state.places.known.add(channel)
        state.places.decisions[channel] = (decision, message, at)

    async def decided(self, channel: Channel) -> Decided | None:
        found = self._state.places.decisions.get(channel)
        if found is None:
            return None
        decision, message, at = found
        event = inbox.newest_about(self._state.inbox, channel, message)
        return Decided(
            decision=decision,
            message=message,
            at=at,
            ending=event and event.ending,
            reason=event.reason if event else "",
        )

    async def notes(self, account: str) -> Mapping[str, str]:
        check(account)
        return {name: text for (of, name), text in self._state.notes.items() if of == account}

    async def note(self, account: str, changes: Mapping[str, str | None]) -> None:
        check(account, *changes.keys(), *changes.values())
        async with self.begin() as tx:
            kept = of(tx).notes
            for name, text in changes.items():
                if text is None:
                    kept.pop((account, name), None)
                else:
                    kept[account, name] = text
