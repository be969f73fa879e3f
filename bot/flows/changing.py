"""Changes of settings: a channel's, or those of a whole workspace.

1. What holds now is read.
2. `core.talking.applying` decides what becomes of it, and whether whoever wants it may.
3. It is stored with its entries of the change log, all of it or nothing; a trial stops before.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from bot.core.talking.applying import changed, changed_all, effects
from bot.errors import AdminsOnly

if TYPE_CHECKING:
    from bot.core.talking.applying import Changed, Effects
    from bot.core.talking.changing import Change, ChangeAll
    from bot.model import Channel, SettingChange, Workspace
    from bot.ports import Clock, Store


async def change_channel(
    wanted: Change, *, channel: Channel, who: str, keeper: bool, store: Store, clock: Clock
) -> Changed:
    """Change settings of a channel, unless that is a trial.

    Raises Locked, SettingsClash, NotAllowed where only keepers may.
    """
    async with one_by_one(store):
        done = changed(
            await store.chosen(channel),
            await store.workspace_settings(channel.workspace),
            wanted,
            who=who,
            at=clock.now(),
            keeper=keeper,
        )
        if done.entries and not wanted.trial:
            async with store.begin() as tx:
                await store.change_settings(
                    tx, channel, done.after, done.entries, names=done.names, usual=done.usual
                )
    return done


async def change_workspace(
    wanted: ChangeAll, *, workspace: Workspace, who: str, admin: bool, store: Store, clock: Clock
) -> tuple[SettingChange | None, Effects]:
    """Change a setting of a workspace, unless that is a trial; return what that does.

    None in place of the entry means that it was so already. Raises AdminsOnly, SettingsClash.
    """
    if not admin:
        raise AdminsOnly
    async with one_by_one(store):
        after, entry = changed_all(
            await store.workspace_settings(workspace), wanted, who=who, at=clock.now()
        )
        done = effects(await store.channels(workspace), after, wanted.name)
        if entry is not None and not wanted.trial:
            async with store.begin() as tx:
                await store.change_workspace(tx, workspace, after, [entry])
    return entry, done


_changing: WeakKeyDictionary[Store, asyncio.Lock] = WeakKeyDictionary()


def one_by_one(store: Store) -> asyncio.Lock:
    """Return what keeps two changes of settings apart: each begins with what the last one left.

    Those of this process, that is. Of two processes that change the same channel at the same
    moment each writes what it changes; of what both change, the later one's stays. Of two that
    change the same workspace, the later one wins whole.
    """
    return _changing.setdefault(store, asyncio.Lock())
