"""What the contract suites are run against."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.ports import Store
from bot.store.sql import SqlStore
from tests.fakes.store import FakeStore
from tests.store.samples import empty_database


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Store]:
    made: Store = (
        FakeStore()
        if request.param == "memory"
        else await SqlStore.open(empty_database(tmp_path), patience=5)
    )
    yield made
    await made.close()
