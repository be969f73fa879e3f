"""What becomes of a change that somebody wants, in a channel and in a whole workspace."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bot.core.talking.applying import changed, changed_all, effects
from bot.core.talking.changing import Change, ChangeAll, read_settings
from bot.errors import Locked, NotAllowed, SettingsClash
from bot.model import Channel, ChannelSettings, Chosen, Mode, Workspace, WorkspaceSettings

if TYPE_CHECKING:
    from bot.core.talking.applying import Changed

NOW = datetime(2026, 3, 4, tzinfo=UTC)
TEAM = Workspace(platform="fake", id="T1")
NEWS = Channel(workspace=TEAM, id="news")


def of_all(*locks: str, **own: Any) -> WorkspaceSettings:
    return WorkspaceSettings(
        settings=ChannelSettings(**own), own=frozenset(own), locks=frozenset(locks)
    )


def chosen(workspace: WorkspaceSettings, name: str = "news", **own: Any) -> Chosen:
    channel = replace(NEWS, id=name)
    return Chosen(channel=channel, settings=workspace.with_own(own), own=own)


def wish(typed: str) -> Change:
    found = read_settings(typed)
    assert isinstance(found, Change)
    return found


def wish_of_all(typed: str) -> ChangeAll:
    found = read_settings(f"all {typed}")
    assert isinstance(found, ChangeAll)
    return found


def change(
    typed: str | Change,
    workspace: WorkspaceSettings | None = None,
    *,
    keeper: bool = True,
    **own: Any,
) -> Changed:
    workspace = workspace or WorkspaceSettings()
    wanted = wish(typed) if isinstance(typed, str) else typed
    return changed(chosen(workspace, **own), workspace, wanted, who="ada", at=NOW, keeper=keeper)


@pytest.mark.parametrize(
    ("typed", "own", "log", "names", "usual"),
    [
        ("bullets 8", {}, [("bullets", "5", "8")], ("bullets",), ()),
        ("bullets 8", {"bullets": 4}, [("bullets", "4", "8")], ("bullets",), ()),
        ("bullets 8", {"bullets": 8}, [], (), ()),
        ("bullets 5", {}, [("bullets", "5 (default)", "5")], ("bullets",), ()),
        ("bullets default", {"bullets": 8}, [("bullets", "8", "5 (default)")], (), ("bullets",)),
        ("bullets default", {"bullets": 5}, [("bullets", "5", "5 (default)")], (), ("bullets",)),
        ("bullets default", {}, [], (), ()),
    ],
)
def test_a_change_and_what_is_logged(
    typed: str,
    own: dict[str, Any],
    log: list[tuple[str, str, str]],
    names: tuple[str, ...],
    usual: tuple[str, ...],
) -> None:
    done = change(typed, **own)
    assert [(one.name, one.before, one.after) for one in done.entries] == log
    assert (done.names, done.usual) == (names, usual)
    assert {(one.who, one.at) for one in done.entries} <= {("ada", NOW)}


def test_the_default_is_the_workspaces() -> None:
    done = change("bullets default", of_all(bullets=4), bullets=8)
    assert (done.after.bullets, done.entries[0].after) == (4, "4 (default)")


def test_what_is_locked_is_refused_whoever_wants_it() -> None:
    for typed in ("bullets 3", "bullets default"):
        with pytest.raises(Locked) as refused:
            change(typed, of_all("bullets", bullets=4))
        assert (refused.value.name, refused.value.value) == ("bullets", "4")


def test_several_are_changed_together_or_not_at_all() -> None:
    both = Change(values=(("digest_least", 6), ("digest_most", 8)))
    assert len(change(both).entries) == 2
    with pytest.raises(SettingsClash):
        change(Change(values=(("bullets", 3), ("digest_least", 6))))
    louder = Change(values=(("bullets", 3), ("digest", True)))
    with pytest.raises(NotAllowed):
        change(louder, keeper=False)
    assert len(change(louder).entries) == 2


def test_the_way_back_to_the_default_may_be_louder() -> None:
    assert change("mode default", keeper=False, mode=Mode.AUTOMATIC).usual == ("mode",)
    with pytest.raises(NotAllowed):
        change("mode default", keeper=False, mode=Mode.OFF)


@pytest.mark.parametrize(
    ("before", "typed", "after", "log"),
    [
        (of_all(), "bullets 4", of_all(bullets=4), ("5 (default)", "4")),
        (of_all(), "bullets 5", of_all(bullets=5), ("5 (default)", "5")),
        (of_all(bullets=4), "bullets 4", of_all(bullets=4), None),
        (of_all(), "bullets 4 lock", of_all("bullets", bullets=4), ("5 (default)", "4 (locked)")),
        (of_all(bullets=4), "bullets lock", of_all("bullets", bullets=4), ("4", "4 (locked)")),
        (of_all(), "bullets lock", of_all("bullets", bullets=5), ("5 (default)", "5 (locked)")),
        (of_all("bullets", bullets=4), "bullets unlock", of_all(bullets=4), ("4 (locked)", "4")),
        (
            of_all("bullets", bullets=4),
            "bullets 6",
            of_all("bullets", bullets=6),
            ("4 (locked)", "6 (locked)"),
        ),
        (of_all(bullets=4), "bullets default", of_all(), ("4", "5 (default)")),
        (
            of_all("bullets", bullets=4),
            "bullets default unlock",
            of_all(),
            ("4 (locked)", "5 (default)"),
        ),
        (of_all(), "bullets unlock", of_all(), None),
        (of_all(), "bullets default", of_all(), None),
    ],
)
def test_a_workspaces_change_and_what_is_logged(
    before: WorkspaceSettings,
    typed: str,
    after: WorkspaceSettings,
    log: tuple[str, str] | None,
) -> None:
    done, entry = changed_all(before, wish_of_all(typed), who="ada", at=NOW)
    assert done == after
    assert (entry and (entry.before, entry.after)) == log


def test_a_workspaces_settings_go_together_too() -> None:
    with pytest.raises(SettingsClash):
        changed_all(of_all(), wish_of_all("digest_least 6"), who="ada", at=NOW)


def test_what_a_change_does_in_each_of_300_channels() -> None:
    workspace = of_all()
    modes = (None, Mode.OFF, Mode.AUTOMATIC)
    every = [
        chosen(workspace, f"{number:03}", **({} if mode is None else {"mode": mode}))
        for number, mode in enumerate(modes * 100)
    ]
    after, _ = changed_all(workspace, wish_of_all("mode automatic"), who="ada", at=NOW)
    found = effects(every, after, "mode")
    assert (found.total, len(found.changed), found.own) == (300, 100, 200)
    assert all(one.louder for one in found.changed)
    first = found.changed[0]
    assert (first.channel.id, first.before, first.after) == ("000", "reaction", "automatic")
    locked, _ = changed_all(workspace, wish_of_all("mode mention lock"), who="ada", at=NOW)
    found = effects(every, locked, "mode")
    assert (len(found.changed), found.own) == (300, 0)
    assert sum(one.louder for one in found.changed) == 100


def test_what_is_neither_louder_nor_quieter_is_not_said_to_be() -> None:
    workspace = of_all()
    after, _ = changed_all(workspace, wish_of_all("zone paris"), who="ada", at=NOW)
    (only,) = effects([chosen(workspace)], after, "zone").changed
    assert (only.before, only.after, only.louder) == ("UTC", "Europe/Paris", False)
