"""The cases at the terminal: each a run of `briefbot`, all in one data folder."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from typer import testing
from typer.main import get_command
from typer.testing import CliRunner

from bot import app
from bot.model import Reading, Verdict
from bot.platforms.console.console import CHANNEL
from bot.store.sql import SqlStore
from bot.terminal.cli import cli
from tests.dialogues.case import URL, Case, Where, Who
from tests.dialogues.cases import cases
from tests.dialogues.world import World
from tests.fakes.pages import FakePages
from tests.flows.articles import PIER
from tests.store.samples import empty_database

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator
    from pathlib import Path

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Pages(FakePages):
    """Pages that are made ready and closed as the real ones are."""

    def warm(self) -> None:
        """Nothing has to start."""

    async def close(self) -> None:
        """Nothing is held."""


class Terminal(World):
    channel = CHANNEL

    def __init__(self, store: SqlStore) -> None:
        self.store = store

    async def types(self, who: Who, words: str, thread: str = "") -> str:  # noqa: ARG002 - all is his, and the last one is the thread
        done = await asyncio.to_thread(CliRunner().invoke, cli, words.split())
        assert done.exception is None or isinstance(done.exception, SystemExit)
        return done.output


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    folder = tmp_path_factory.mktemp("terminal")
    reading = Reading(source=URL, verdict=Verdict.ARTICLE, article=PIER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEFBOT_DATA_DIR", str(folder))
        # Typer would put its commands together anew for each run: half of the time that one takes.
        commands = get_command(cli)
        patch.setattr(testing, "_get_command", lambda _: commands)
        patch.setattr(app, "page_reader", lambda _: Pages({URL: reading}))
        yield folder


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(place: Path) -> AsyncGenerator[Terminal]:
    store = await SqlStore.open(empty_database(place))
    yield Terminal(store)
    await store.close()


@pytest.mark.parametrize("case", cases(Where.TERMINAL), ids=str)
async def test_what_is_typed_at_a_terminal(world: Terminal, case: Case) -> None:
    await world.play(case)
