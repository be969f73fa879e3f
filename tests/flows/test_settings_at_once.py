"""Settings of a channel that are changed at the same moment."""

import asyncio

import pytest

from bot.core.talking.changing import Change
from bot.flows.changing import change_channel
from bot.model import Channel, Mode, Workspace
from bot.store.sql import SqlStore
from tests.fakes.clock import FakeClock
from tests.fakes.store import FakeStore
from tests.store.samples import empty_database

CHANNEL = Channel(workspace=Workspace(platform="fake", id="w"), id="c")


@pytest.mark.parametrize("real", [False, True], ids=["memory", "sqlite"])
async def test_none_undoes_another(tmp_path, real):
    store = await SqlStore.open(empty_database(tmp_path), patience=5) if real else FakeStore()
    wanted = {"mode": Mode.AUTOMATIC, "bullets": 8, "briefs_per_hour": 60, "zone": "Europe/Paris"}
    await asyncio.gather(
        *(
            change_channel(
                Change(values=((name, value),)),
                channel=CHANNEL,
                who="ada",
                keeper=True,
                store=store,
                clock=FakeClock(),
            )
            for name, value in wanted.items()
        )
    )
    kept = await store.channel_settings(CHANNEL)
    assert (kept.mode, kept.bullets, kept.briefs_per_hour) == (Mode.AUTOMATIC, 8, 60)
    assert kept.zone == "Europe/Paris"
    assert len(await store.setting_changes(CHANNEL)) == len(wanted)
    await store.close()
