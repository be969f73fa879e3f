"""A database of the release before Slack is brought up to date with all that it holds."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StoreError
from bot.model import Decision, DeliveryState, Kept, PostRef, Strike
from bot.store import opening
from bot.store.sql import SqlStore
from tests.postgres import Server, name_of
from tests.store.old_release import filled_by_release
from tests.store.samples import (
    NEWS,
    NOON,
    OTHER,
    accept,
    article,
    ask,
    change,
    days,
    mention,
    posted,
    thread,
    to_post,
)
from tests.store.test_opening import later_version

OLD = "0003"
# As that release writes them, into the first channel.
_CHANNEL = text(
    "INSERT INTO channels (workspace_id, external_id, last_number) "
    "VALUES ((SELECT min(id) FROM workspaces), 'other', 0)"
)
_EVENT = text(
    "INSERT INTO events (channel_id, key, trace, thread, message, received_at, failures, reason) "
    "VALUES (1, 'theirs', 't', '1', 'm1', '2026-03-02 12:00:00+00:00', 0, '')"
)
_LINE = text(
    "INSERT INTO deliveries (channel_id, key, trace, thread, post, state, turn, suspect, failures, "
    "reason, at, changed_at, until) "
    "VALUES (1, 'theirs', 't', '1', '{}', 'new', 0, false, 0, '', "
    "'2026-03-02 12:00:00+00:00', '2026-03-02 12:00:00+00:00', '2027-03-02 12:00:00+00:00')"
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


async def fill(store: SqlStore) -> None:
    await mention(store, briefed=True)
    await ask(store, article())
    await to_post(store, await accept(store, posted("waits")))
    done = await to_post(store, await accept(store, posted("done")))
    ref = PostRef(thread=done.thread, id="p1")
    await change(store, replace(done, state=DeliveryState.POSTED, ref=ref))


async def filled_by_the_old_release(where: Path | str, folder: Path) -> None:
    await filled_by_release(OLD, where, folder, fill)


async def test_what_was_kept_is_all_there_and_can_be_added_to(
    where: Path | str, look: Callable[[str], list[object]], tmp_path: Path
) -> None:
    await filled_by_the_old_release(where, tmp_path / "old")
    assert look("SELECT version_num FROM alembic_version") == [OLD]
    store = await SqlStore.open(where)
    try:
        found = await store.mention(NEWS, 1)
        assert found is not None
        assert found.brief is not None
        assert (found.article, found.strikes) == (article(), ())
        assert await store.kept(NEWS) == Kept(mentions=1, articles=1, questions=1, since=NOON)
        assert (await store.inviter(NEWS), await store.decided(NEWS)) == ("", None)
        standing = await store.standing(thread(), most=9, since=NOON)
        assert (standing.ours, standing.backlog, standing.unasked) == (True, 2, 0)
        # Of a line that was there, its event tells what it is about.
        assert [one.id for one in await store.deliveries_about(NEWS, "m-waits")] == [1]
        done = await store.delivery_of(PostRef(thread=thread(), id="p1"))
        assert done is not None
        assert done.message == "m-done"
        said = Strike(bullet=1, who="bob", why="no", at=NOON)
        async with store.begin() as tx:
            await store.strike(tx, found, said)
            await store.join(tx, NEWS, inviter="ann", at=NOON)
            await store.decide(tx, NEWS, Decision.ASKED, message="m-done", at=NOON)
            await store.remember(tx, posted("later").message, at=NOON)
        again = await store.mention(NEWS, 1)
        assert again == replace(found, strikes=(said,))
        assert await store.inviter(NEWS) == "ann"
    finally:
        await store.close()
    assert look("SELECT version_num FROM alembic_version") == [opening.HEAD]


async def test_the_old_release_goes_on_beside_the_new_one(
    where: Path | str, tmp_path: Path
) -> None:
    await filled_by_the_old_release(where, tmp_path / "old")
    store = await SqlStore.open(where)
    async with store.begin() as tx:
        for statement in (_CHANNEL, _EVENT, _LINE):
            await store.within(tx, lambda connection, say=statement: connection.execute(say))
    assert await store.inviter(OTHER) == ""
    events = await store.open_events(after=0, limit=9)
    assert [(one.key, one.message) for one in events] == [("theirs", "m1")]
    assert (await store.standing(thread(), most=9, since=NOON - days(1))).unasked == 0
    *_, line = await store.open_deliveries(after=0, limit=9)
    assert (line.key, line.message) == ("theirs", "")
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
    with pytest.raises(Exception, match="unasked"):
        look("SELECT unasked FROM events")
    store = await SqlStore.open(where)
    assert (await store.kept(NEWS)).mentions == 1
    await store.close()
