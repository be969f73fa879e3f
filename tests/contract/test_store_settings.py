"""What channels set themselves, what their workspace says, and what it locks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.model import Channel, ChannelSettings, Chosen, Mode, SettingChange, WorkspaceSettings
from tests.store.samples import ABROAD, NEWS, NOON, OTHER, TEAM, article, ask, days, mention

if TYPE_CHECKING:
    from bot.ports import Store


def entry(name: str, before: str, after: str) -> SettingChange:
    return SettingChange(who="ann", at=NOON, name=name, before=before, after=after)


async def set_own(
    store: Store, channel: Channel = NEWS, *, usual: tuple[str, ...] = (), **own: Any
) -> None:
    now = replace(await store.channel_settings(channel), **own)
    async with store.begin() as tx:
        await store.change_settings(tx, channel, now, [], names=tuple(own), usual=usual)


async def set_all(store: Store, *, locks: tuple[str, ...] = (), **own: Any) -> None:
    wanted = WorkspaceSettings(
        settings=ChannelSettings(**own), own=frozenset(own), locks=frozenset(locks)
    )
    async with store.begin() as tx:
        await store.change_workspace(tx, TEAM, wanted, [])


async def bullets(store: Store, channel: Channel = NEWS) -> int:
    return (await store.channel_settings(channel)).bullets


async def test_a_workspaces_default_reaches_every_channel_that_has_not_set_it(store: Store) -> None:
    await set_own(store, bullets=8)
    await set_all(store, bullets=4)
    assert [await bullets(store, one) for one in (NEWS, OTHER, ABROAD)] == [8, 4, 5]
    await set_own(store, OTHER, mode=Mode.OFF)
    assert await bullets(store, OTHER) == 4
    await set_all(store)
    assert [await bullets(store, one) for one in (NEWS, OTHER)] == [8, 5]


async def test_what_is_set_to_the_default_stays_so(store: Store) -> None:
    await set_own(store, bullets=5)
    await set_all(store, bullets=4)
    assert await bullets(store) == 5
    assert (await store.chosen(NEWS)).own == {"bullets": 5}
    await set_own(store, usual=("bullets",))
    assert await bullets(store) == 4
    assert (await store.chosen(NEWS)).own == {}


async def test_what_is_locked_holds_everywhere_until_it_is_unlocked(store: Store) -> None:
    await set_own(store, bullets=8)
    await set_all(store, locks=("bullets",), bullets=4)
    assert [await bullets(store, one) for one in (NEWS, OTHER, ABROAD)] == [4, 4, 5]
    chosen = await store.chosen(NEWS)
    assert chosen == Chosen(channel=NEWS, settings=ChannelSettings(bullets=4), own={"bullets": 8})
    await set_all(store, bullets=4)
    assert await bullets(store) == 8


async def test_only_what_is_named_is_set(store: Store) -> None:
    """Two who change a channel at once, each beginning with what was there before."""
    before = await store.channel_settings(NEWS)
    for own in ({"bullets": 8}, {"mode": Mode.OFF}):
        async with store.begin() as tx:
            wanted = replace(before, **own)  # type: ignore[arg-type]
            await store.change_settings(tx, NEWS, wanted, [], names=tuple(own))
    assert await store.channel_settings(NEWS) == ChannelSettings(bullets=8, mode=Mode.OFF)


async def test_where_no_names_are_given_what_differs_is_set(store: Store) -> None:
    await set_all(store, bullets=4)
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, ChannelSettings(bullets=4, mode=Mode.OFF), [])
    assert (await store.chosen(NEWS)).own == {"mode": Mode.OFF}


async def test_a_workspace_comes_back_with_its_log(store: Store) -> None:
    assert await store.workspace_settings(TEAM) == WorkspaceSettings()
    assert await store.workspace_changes(TEAM) == []
    wanted = WorkspaceSettings(
        settings=ChannelSettings(mode=Mode.MENTION, digest_from="2026-12-24"),
        own=frozenset({"mode", "digest_from"}),
        locks=frozenset({"mode"}),
    )
    log = [entry("mode", "reaction", "mention"), entry("digest_from", "none", "2026-12-24")]
    for number, one in enumerate(log):
        async with store.begin() as tx:
            await store.change_workspace(tx, TEAM, wanted, log[number : number + 1])
        assert (await store.workspace_changes(TEAM))[-1] == one
    assert await store.workspace_settings(TEAM) == wanted
    assert await store.workspace_changes(TEAM) == log
    assert await store.workspace_settings(ABROAD.workspace) == WorkspaceSettings()
    assert await store.workspace_changes(ABROAD.workspace) == []


async def test_what_is_rolled_back_does_not_hold(store: Store) -> None:
    wanted = WorkspaceSettings(settings=ChannelSettings(bullets=4), own=frozenset({"bullets"}))
    with suppress(KeyError):
        async with store.begin() as tx:
            await store.change_workspace(tx, TEAM, wanted, [entry("bullets", "5", "4")])
            {}["what breaks the transaction"]
    assert await store.workspace_settings(TEAM) == WorkspaceSettings()
    assert await store.workspace_changes(TEAM) == []


async def test_the_channels_in_use_are_listed_with_what_they_set(store: Store) -> None:
    assert await store.channels(TEAM) == []
    await mention(store, channel=OTHER)
    await set_own(store, bullets=8)
    await set_own(store, ABROAD, bullets=3)
    await set_all(store, bullets=4)
    assert await store.channels(TEAM) == [
        Chosen(channel=NEWS, settings=ChannelSettings(bullets=8), own={"bullets": 8}),
        Chosen(channel=OTHER, settings=ChannelSettings(bullets=4)),
    ]
    async with store.begin() as tx:
        await store.leave(tx, TEAM, NEWS, until=NOON + days(30))
    assert [one.channel for one in await store.channels(TEAM)] == [OTHER]
    await store.expire(NOON + days(30))
    assert [one.channel for one in await store.channels(TEAM)] == [OTHER]


async def test_a_workspaces_days_hold_for_what_is_stored_already(store: Store) -> None:
    await mention(store, briefed=True)
    await ask(store, article())
    await mention(store, channel=OTHER, briefed=True)
    await set_own(store, OTHER, article_days=90)
    await set_all(store, article_days=2, question_days=1)
    assert (await store.expire(NOON + days(1))).answers == 1
    await store.expire(NOON + days(2))
    kept = [(await store.mentions(one, limit=1))[0].article for one in (NEWS, OTHER)]
    assert [bool(one.paragraphs) for one in kept] == [False, True]
    await set_all(store, locks=("article_days",), article_days=3)
    await store.expire(NOON + days(3))
    (other,) = await store.mentions(OTHER, limit=1)
    assert other.article.paragraphs == ()


async def test_a_workspace_that_has_no_channel_any_more_is_erased(store: Store) -> None:
    await mention(store)
    await set_all(store, bullets=4)
    async with store.begin() as tx:
        await store.leave(tx, TEAM, None, until=NOON + days(30))
    await store.expire(NOON + days(29))
    assert (await store.workspace_settings(TEAM)).own == {"bullets"}
    await store.expire(NOON + days(30))
    assert await store.workspace_settings(TEAM) == WorkspaceSettings()
