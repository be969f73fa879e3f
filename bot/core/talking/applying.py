"""What becomes of a change that is wanted: who may make it, what is stored, what is logged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.talking.permission import QUIETER, Quieter, is_quieter
from bot.core.talking.settings import DEFAULTS, change_all, shown
from bot.errors import Locked, NotAllowed
from bot.model import SettingChange

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.talking.changing import Change, ChangeAll
    from bot.model import Channel, ChannelSettings, Chosen, WorkspaceSettings

DEFAULT = "default"
LOCKED = "locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a channel's settings were and will be, with the entries for its log.

    `names` are those that it sets from now on, `usual` those that it sets no longer.
    """

    before: ChannelSettings
    after: ChannelSettings
    entries: tuple[SettingChange, ...]
    names: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()


def changed(
    chosen: Chosen,
    workspace: WorkspaceSettings,
    wanted: Change,
    *,
    who: str,
    at: datetime,
    keeper: bool,
) -> Changed:
    """Return what becomes of a channel's settings, all of what is wanted or nothing.

    What is set to the value that it has as a default is the channel's own from then on. Raises
    Locked, SettingsClash, NotAllowed where only keepers may.
    """
    values = dict(wanted.values)
    for name in (*values, *wanted.usual):
        if name in workspace.locks:
            raise Locked(name, shown(workspace.settings, name))
    before = chosen.settings
    usual = {name: getattr(workspace.settings, name) for name in wanted.usual}
    after, _ = change_all(before, {**values, **usual}, who=who, at=at)
    entries = [
        SettingChange(
            who=who,
            at=at,
            name=name,
            before=_as_own(before, name, own=name in chosen.own),
            after=_as_own(after, name, own=name in values),
        )
        for name in (*values, *usual)
    ]
    entries = [_without_needless_words(one) for one in entries if one.before != one.after]
    for one in entries:
        if not keeper and not is_quieter(before, after, one.name):
            raise NotAllowed
    named = {one.name for one in entries}
    return Changed(
        before=before,
        after=after,
        entries=tuple(entries),
        names=tuple(name for name in values if name in named),
        usual=tuple(name for name in usual if name in named),
    )


def _as_own(settings: ChannelSettings, name: str, *, own: bool) -> str:
    value = shown(settings, name)
    return value if own else f"{value} ({DEFAULT})"


def _without_needless_words(entry: SettingChange) -> SettingChange:
    """Say of what was before that it was the default only where nothing else has changed."""
    before = entry.before.removesuffix(f" ({DEFAULT})")
    return entry if before == entry.after else replace(entry, before=before)


def changed_all(
    workspace: WorkspaceSettings, wanted: ChangeAll, *, who: str, at: datetime
) -> tuple[WorkspaceSettings, SettingChange | None]:
    """Return what holds in a workspace afterwards, and the entry for its log.

    None in place of the entry means that it was so already. What is locked has a value of its
    own. Raises SettingsClash.
    """
    name = wanted.name
    lock = name in workspace.locks if wanted.lock is None else wanted.lock
    value = getattr(DEFAULTS, name) if wanted.usual else wanted.value
    value = getattr(workspace.settings, name) if value is None else value
    settings, _ = change_all(workspace.settings, {name: value}, who=who, at=at)
    own = lock or (not wanted.usual and (wanted.value is not None or name in workspace.own))
    after = replace(
        workspace,
        settings=settings,
        own=workspace.own | {name} if own else workspace.own - {name},
        locks=workspace.locks | {name} if lock else workspace.locks - {name},
    )
    if after == workspace:
        return workspace, None
    entry = SettingChange(
        who=who,
        at=at,
        name=name,
        before=said_of_all(workspace, name),
        after=said_of_all(after, name),
    )
    return after, entry


def said_of_all(workspace: WorkspaceSettings, name: str) -> str:
    """Return a workspace's value as its log shows it: with what it is beside a value."""
    mark = LOCKED if name in workspace.locks else "" if name in workspace.own else DEFAULT
    value = shown(workspace.settings, name)
    return f"{value} ({mark})" if mark else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a change of a workspace's setting does in one channel, in the setting's own words."""

    channel: Channel
    before: str
    after: str
    louder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What it does in all of them: where something changes, and how many keep their own."""

    name: str
    total: int
    changed: tuple[Effect, ...]
    own: int


def effects(channels: Sequence[Chosen], after: WorkspaceSettings, name: str) -> Effects:
    """Return what holds otherwise in a workspace's channels after one of its settings changed."""
    found = []
    for one in channels:
        there = after.with_own(one.own)
        before, now = shown(one.settings, name), shown(there, name)
        if before != now:
            louder = QUIETER[name] is not Quieter.NEITHER and not is_quieter(
                one.settings, there, name
            )
            found.append(Effect(channel=one.channel, before=before, after=now, louder=louder))
    locked = name in after.locks
    own = 0 if locked else sum(name in one.own for one in channels)
    return Effects(name=name, total=len(channels), changed=tuple(found), own=own)
