"""An up-to-date database, and a store that has it open."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

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


@pytest.fixture(
    scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def new_place(
    request: pytest.FixtureRequest,
) -> Callable[[], AbstractContextManager[Path | str]]:
    """What lends an up-to-date database without a row, a new one each time."""
    if request.param == "sqlite":
        return _new_file
    server = request.getfixturevalue("postgres_server")
    return partial(server.database, request.getfixturevalue("postgres_template"))


@contextmanager
def _new_file() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield empty_database(Path(folder))
