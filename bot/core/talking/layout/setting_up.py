"""Lays out settings: what they are, who changed them, what a change does or would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking import settings, wording
from bot.model import Line, Post

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.core.talking.applying import Changed, Effects
    from bot.model import Block, Chosen, SettingChange, WorkspaceSettings

_CHANNELS = 20


def setting_list(chosen: Chosen, workspace: WorkspaceSettings, names: Sequence[str]) -> Post:
    """Show a channel's settings with what they may be, and where each is set."""

    def mark(name: str) -> str:
        if name in workspace.locks:
            return f"; {wording.LOCKED}"
        if name in chosen.own:
            return f"; {wording.SET_HERE}"
        return f"; {wording.SET_FOR_ALL}" if name in workspace.own else ""

    return Post(
        blocks=tuple(
            Line(
                text=f"{name} = {settings.shown(chosen.settings, name)}   "
                f"({settings.allowed(name)}{mark(name)})"
            )
            for name in names
        )
    )


def all_list(workspace: WorkspaceSettings, names: Sequence[str]) -> Post:
    """Show what holds in a workspace's channels where they say nothing else."""

    def mark(name: str) -> str:
        if name in workspace.locks:
            return f"   ({wording.LOCKED})"
        return f"   ({wording.SET_FOR_ALL})" if name in workspace.own else ""

    lines = [
        Line(text=f"{name} = {settings.shown(workspace.settings, name)}{mark(name)}")
        for name in names
    ]
    return Post(blocks=(Line(text=wording.OF_ALL), *lines))


def change_log(changes: Sequence[SettingChange], *, most: int = 20) -> Post:
    """Show who changed what, newest first; `changes` are oldest first."""
    if not changes:
        return Post(blocks=(Line(text=wording.NO_CHANGES),))
    newest = list(changes)[: -most - 1 : -1]
    return Post(blocks=tuple(Line(text=wording.changed_by(one), who=one.who) for one in newest))


def changes(done: Changed, next_digest: datetime | None) -> Post:
    """Say what was changed; of the digest also when it comes then."""
    if not done.entries:
        return Post(blocks=(Line(text=wording.ALREADY_SO),))
    lines = [Line(text=wording.changed(one.name, one.before, one.after)) for one in done.entries]
    if any(is_of_digest(one.name) for one in done.entries):
        lines.append(Line(text=wording.digest_comes(done.after, next_digest)))
    return Post(blocks=tuple(lines))


def tried(done: Changed, next_digest: datetime | None) -> Post:
    """Say what would be changed, and what that would do; when the digest came, where it would."""
    if not done.entries:
        return Post(blocks=(Line(text=wording.ALREADY_SO),))
    blocks: list[Block] = [
        Line(text=wording.tried(one.name, one.before, one.after)) for one in done.entries
    ]
    names = [one.name for one in done.entries]
    blocks += [
        Line(text=wording.would_do(done.before, done.after, name))
        for name in names
        if not is_of_digest(name)
    ]
    if any(is_of_digest(name) for name in names):
        blocks.append(Line(text=wording.digest_comes(done.after, next_digest)))
    return Post(blocks=tuple(blocks))


def is_of_digest(name: str) -> bool:
    """Tell whether a setting says when a digest comes, or how long it is."""
    return name.startswith("digest") or name == "zone"


def all_changed(entry: SettingChange | None, found: Effects, *, trial: bool) -> Post:
    """Say what was changed for a workspace, or would be, and in which channels that does what."""
    if entry is None:
        return Post(blocks=(Line(text=wording.ALREADY_SO),))
    said = wording.tried if trial else wording.changed
    listed = found.changed[:_CHANNELS]
    lines = [Line(text=f"{one.channel.id}: {one.before} -> {one.after}") for one in listed]
    more = len(found.changed) - len(listed)
    return Post(
        blocks=(
            Line(text=said(entry.name, entry.before, entry.after)),
            Line(text=wording.effects(found, shown=len(listed), tried=trial)),
            *lines,
            *([Line(text=wording.and_more(more))] if more else []),
        )
    )
