"""What the contract suites are run against."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.ports import Store
from bot.store.sql import SqlStore
from tests.fakes.store import FakeStore
from tests.store.samples import empty_database


@pytest.fixture(
    params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Store]:
    made = await _made(request, tmp_path)
    yield made
    await made.close()


async def _made(request: pytest.FixtureRequest, folder: Path) -> Store:
    if request.param == "memory":
        return FakeStore()
    if request.param == "sqlite":
        return await SqlStore.open(empty_database(folder), patience=5)
    return await SqlStore.open(request.getfixturevalue("postgres_url"), patience=5)
