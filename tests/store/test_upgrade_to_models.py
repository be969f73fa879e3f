"""A database of the release before models is brought up to date with all that it holds."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StoreError
from bot.model import Answer, Method, Voice
from bot.store import opening
from bot.store.sql import SqlStore
from tests.postgres import Server, name_of
from tests.store.old_release import filled_by_release
from tests.store.samples import NEWS, NOON, answer, article, mention, quote, thread
from tests.store.test_opening import later_version

OLD = "0002"
# As that release wrote it: a bullet of three, a question without what models need.
_BULLET = text(
    """UPDATE briefs SET bullets =
    '[["It opened",[["v-harbour","body",0,0,29,"The harbour opened on Monday.",null]],[]]]'"""
)
_QUESTION = text(
    """INSERT INTO questions (channel_id, thread, asker, text, asked_at, voice, answer, confidence,
    quotes, until) VALUES (1, '1', 'bob', 'When?', '2026-03-02 12:00:00', 'says',
    'The harbour opened on Monday.', 0.75,
    '[["v-harbour","body",0,0,29,"The harbour opened on Monday.",null]]', '2026-09-02 12:00:00')"""
)


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


async def filled_by_the_old_release(where: Path | str, folder: Path) -> None:
    """Make a database with tables of the old release, an article, its brief and a question."""

    async def fill(store: SqlStore) -> None:
        await mention(store, briefed=True)
        async with store.begin() as tx:
            await store.within(tx, lambda connection: connection.execute(_BULLET))
            await store.within(tx, lambda connection: connection.execute(_QUESTION))

    await filled_by_release(OLD, where, folder, fill)


async def test_what_was_asked_and_briefed_is_all_there(
    where: Path | str, look: Callable[[str], list[object]], tmp_path: Path
) -> None:
    await filled_by_the_old_release(where, tmp_path / "old")
    assert look("SELECT version_num FROM alembic_version") == [OLD]
    store = await SqlStore.open(where)
    try:
        found = await store.mention(NEWS, 1)
        assert found is not None
        assert found.brief is not None
        (bullet,) = found.brief.bullets
        assert (bullet.text, bullet.quoted, found.article) == ("It opened", False, article())
        ((asked, answered),) = await store.answers(NEWS, limit=9)
        assert (asked.text, asked.asked_at) == ("When?", NOON)
        assert answered == Answer(
            voice=Voice.SAYS,
            text="The harbour opened on Monday.",
            quotes=(quote(article()),),
            confidence=0.75,
            method=Method.EXTRACTIVE,
        )
        assert await store.exchanges(thread(), limit=9) == [("When?", answered.text)]
        assert await store.usage(NEWS.workspace, since=NOON.date()) == []
    finally:
        await store.close()
    assert look("SELECT version_num FROM alembic_version") == [opening.HEAD]


@pytest.mark.postgres
async def test_the_old_release_goes_on_beside_the_new_one(
    empty_postgres_url: str, tmp_path: Path
) -> None:
    await filled_by_the_old_release(empty_postgres_url, tmp_path / "old")
    store = await SqlStore.open(empty_postgres_url)
    async with store.begin() as tx:
        await store.within(tx, lambda connection: connection.execute(_QUESTION))
    assert [given for _, given in await store.answers(NEWS, limit=9)] == [answer(article())] * 2
    await store.close()


async def test_an_upgrade_that_does_not_get_to_its_end_leaves_the_old_tables(
    where: Path | str, look: Callable[[str], list[object]], tmp_path: Path
) -> None:
    await filled_by_the_old_release(where, tmp_path / "old")
    with pytest.MonkeyPatch.context() as later:
        later_version(tmp_path / "later", later, then='op.execute("INSERT INTO nowhere VALUES(1)")')
        with pytest.raises(StoreError):
            await SqlStore.open(where)
    assert look("SELECT version_num FROM alembic_version") == [OLD]
    with pytest.raises(Exception, match="usage"):
        look("SELECT day FROM usage")
    store = await SqlStore.open(where)
    (found,) = await store.mentions(NEWS, limit=9)
    assert found.number == 1
    assert len(await store.answers(NEWS, limit=9)) == 1
    await store.close()
