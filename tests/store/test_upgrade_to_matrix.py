"""A database of the release before Matrix is brought up to date with all that it holds."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreError
from bot.model import Kept
from bot.store import opening
from bot.store.sql import SqlStore
from tests.postgres import Server, name_of
from tests.store.old_release import filled_by_release
from tests.store.samples import NEWS, NOON, accept, article, ask, mention, posted, to_post
from tests.store.test_opening import later_version

OLD = "0004"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """The place of a database that is not there yet."""
    if request.param == "sqlite":
        return tmp_path / "briefbot.db"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
def look(request: pytest.FixtureRequest, where: Path | str) -> Callable[[str], list[object]]:
    """What asks the database one question past the store, and returns the first column."""
    if isinstance(where, Path):

        def on_sqlite(query: str) -> list[object]:
            with closing(sqlite3.connect(where)) as connection:
                return [row[0] for row in connection.execute(query)]

        return on_sqlite
    server: Server = request.getfixturevalue("postgres_server")
    return lambda query: [row[0] for row in server.execute(query, name_of(str(where)))]


async def fill(store: SqlStore) -> None:
    await mention(store, briefed=True)
    await ask(store, article())
    await to_post(store, await accept(store, posted("waits")))


async def filled_by_the_old_release(where: Path | str, folder: Path) -> None:
    await filled_by_release(OLD, where, folder, fill)


async def test_what_was_kept_is_all_there_and_can_be_added_to(
    where: Path | str, look: Callable[[str], list[object]], tmp_path: Path
) -> None:
    await filled_by_the_old_release(where, tmp_path / "old")
    assert look("SELECT version_num FROM alembic_version") == [OLD]
    store = await SqlStore.open(where)
    try:
        assert await store.kept(NEWS) == Kept(mentions=1, articles=1, questions=1, since=NOON)
        assert len(await store.open_deliveries(after=0, limit=9)) == 1
        assert await store.notes("us") == {}
        await store.note("us", {"login": "kept"})
        assert await store.notes("us") == {"login": "kept"}
    finally:
        await store.close()
    assert look("SELECT version_num FROM alembic_version") == [opening.HEAD]


async def test_an_upgrade_that_does_not_get_to_its_end_leaves_the_old_tables(
    where: Path | str, look: Callable[[str], list[object]], tmp_path: Path
) -> None:
    await filled_by_the_old_release(where, tmp_path / "old")
    with pytest.MonkeyPatch.context() as later:
        later_version(tmp_path / "later", later, then='op.execute("INSERT INTO nowhere VALUES(1)")')
        with pytest.raises(StoreError):
            await SqlStore.open(where)
    assert look("SELECT version_num FROM alembic_version") == [OLD]
    with pytest.raises(Exception, match="notes"):
        look("SELECT name FROM notes")
    store = await SqlStore.open(where)
    assert (await store.kept(NEWS)).mentions == 1
    await store.close()
