"""An up-to-date database, and a store that has it open."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.store.sql import SqlStore
from tests.store.samples import empty_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return empty_database(tmp_path)


@pytest.fixture
async def store(path: Path) -> AsyncGenerator[SqlStore]:
    opened = await SqlStore.open(path, patience=0.2)
    yield opened
    await opened.close()
