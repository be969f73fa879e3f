"""`briefbot settings --workspace`: what holds in every channel of a Slack team, by its host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import NoSuchWorkspace
from bot.settings import Settings
from bot.store.sql import SqlStore
from bot.terminal import said
from tests.store.samples import NEWS, TEAM, empty_database, mention

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_workspace_is_set_by_whoever_types(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data_dir=tmp_path)
    store = await SqlStore.open(empty_database(tmp_path))
    await mention(store)
    await said.settings_of("all mode off lock", settings, workspace=TEAM.id, as_json=False)
    assert capsys.readouterr().out == (
        "mode: reaction (default) -> off (locked)\nIt changed in 1 of 1 channel.\n"
        "news: reaction -> off\n"
    )
    assert (await store.channel_settings(NEWS)).mode == "off"
    await said.settings_of("all", settings, workspace=TEAM.id, as_json=False)
    assert "mode = off   (locked for the workspace)" in capsys.readouterr().out
    with pytest.raises(NoSuchWorkspace) as refused:
        await said.settings_of("all", settings, workspace="T9", as_json=False)
    assert refused.value.known == ("T1",)
    await store.close()
