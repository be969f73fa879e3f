"""The store on a real PostgreSQL: many writers at once, and erasing beside them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text

from bot.errors import (
    StoreBusy,
)
from bot.model import ChannelSettings, Forgotten, Origin
from bot.ports import Store, Tx
from bot.store import full_text
from bot.store.sql import SqlStore
from tests.postgres import Server, name_of
from tests.store.samples import (
    NEWS,
    NOON,
    OTHER,
    answer,
    article,
    ask,
    days,
    mention,
    passages,
    question,
    thread,
)

pytestmark = pytest.mark.postgres


@pytest.fixture
async def store(postgres_url: str) -> AsyncGenerator[SqlStore]:
    opened = await SqlStore.open(postgres_url, patience=10)
    yield opened
    await opened.close()


@pytest.fixture
async def another(postgres_url: str) -> AsyncGenerator[SqlStore]:
    """The store of a second process."""
    opened = await SqlStore.open(postgres_url, patience=10)
    yield opened
    await opened.close()


async def add(store: Store, tx: Tx, message: str = "m", *, where: str = "1") -> int:
    stored = await store.add_mention(
        tx,
        thread=thread(OTHER if where == "other" else NEWS, where),
        message=message,
        poster="alice",
        at=NOON,
        origin=Origin.LINK,
        source="s",
        article=article(),
        passages=passages(article()),
    )
    return stored.number


async def waits(task: asyncio.Task[object]) -> bool:
    """Tell whether a task that is about to wait for a lock does so."""
    await asyncio.wait([task], timeout=0.3)
    return not task.done()


# --- many at once ----------------------------------------------------------------------------


async def test_the_same_mention_stored_at_once_is_one(store: SqlStore, another: SqlStore) -> None:
    stored = await asyncio.gather(
        *(mention(one, message="m", briefed=False) for one in (store, another) * 8)
    )
    assert [one.number for one in stored] == [1] * 16
    assert len(await store.mentions(NEWS, limit=99)) == 1
    assert len(await store.search(NEWS, ["monday"])) == 1


async def test_an_article_stored_by_many_channels_at_once_is_one(
    store: SqlStore, another: SqlStore
) -> None:
    await asyncio.gather(
        *(
            mention(one, channel=channel, message=str(place))
            for place in range(8)
            for one in (store, another)
            for channel in (NEWS, OTHER)
        )
    )
    for channel in (NEWS, OTHER):
        numbers = [one.number for one in await store.mentions(channel, limit=99)]
        assert numbers == list(range(8, 0, -1))
    assert await store.forget(NEWS, range(1, 9)) == Forgotten(
        mentions=8, articles=0, briefs=0, answers=0
    )
    assert (await store.forget(OTHER, range(1, 9))).articles == 1


async def test_transactions_of_two_channels_are_open_at_once(store: SqlStore) -> None:
    await mention(store)
    await mention(store, channel=OTHER)
    async with store.begin() as one, store.begin() as two:
        await add(store, one)
        await add(store, two, where="other")
    assert len(await store.mentions(NEWS, limit=9)) == 2
    assert len(await store.mentions(OTHER, limit=9)) == 2


async def test_all_writers_waiting_leave_room_for_readers(store: SqlStore) -> None:
    await mention(store)
    async with store.begin() as tx:
        await add(store, tx)
        waiting = [asyncio.create_task(mention(store, message=f"m{place}")) for place in range(30)]
        async with asyncio.timeout(5):
            await asyncio.gather(*(store.mentions(NEWS, limit=9) for _ in range(30)))
    await asyncio.gather(*waiting)
    assert len(await store.mentions(NEWS, limit=99)) == 32


async def test_a_lock_is_waited_for_only_so_long(postgres_url: str, store: SqlStore) -> None:
    await mention(store)
    hasty = await SqlStore.open(postgres_url, patience=0.2)
    async with store.begin() as tx:
        await add(store, tx)
        with pytest.raises(StoreBusy):
            await mention(hasty, message="another")
    await mention(hasty, message="another")
    await hasty.close()


async def test_two_who_wait_for_each_other_are_told_to_try_again(store: SqlStore) -> None:
    await mention(store)
    await mention(store, channel=OTHER)
    met = asyncio.Barrier(2)

    async def write(first: str, second: str) -> None:
        async with store.begin() as tx:
            await add(store, tx, "first", where=first)
            await met.wait()
            await add(store, tx, "second", where=second)

    results = await asyncio.gather(write("1", "other"), write("other", "1"), return_exceptions=True)
    assert sorted(type(one) for one in results if one) == [StoreBusy]


async def test_cancelled_at_any_await_a_write_is_whole_or_nothing(store: SqlStore) -> None:
    for steps in range(1, 30):
        before = len(await store.mentions(NEWS, limit=999))
        task = asyncio.create_task(mention(store, article(f"a{steps}"), briefed=True))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        found = await store.mentions(NEWS, limit=999)
        assert len(found) - before in (0, 1)
        assert all(one.brief is not None for one in found)


# --- erasing beside writers ------------------------------------------------------------------


async def test_what_another_channel_is_about_to_mention_is_not_erased(
    store: SqlStore, another: SqlStore
) -> None:
    await mention(store)
    async with another.begin() as tx:
        await add(another, tx, where="other")
        forgetting = asyncio.create_task(store.forget(NEWS, [1]))
        assert await waits(forgetting)  # type: ignore[arg-type]
    assert (await forgetting).articles == 0
    (kept,) = await store.mentions(OTHER, limit=9)
    assert kept.article == article()
    assert len(await store.search(OTHER, ["monday"])) == 1


async def test_what_is_erased_meanwhile_is_stored_anew(store: SqlStore, another: SqlStore) -> None:
    await mention(store)
    gone = await asyncio.gather(
        *(store.forget(NEWS, [1]) for _ in range(2)),
        *(mention(another, channel=OTHER, message=str(place)) for place in range(6)),
    )
    assert len(gone) == 8
    found = await store.mentions(OTHER, limit=9)
    assert [one.article for one in found] == [article()] * 6
    assert len(await store.search(OTHER, ["monday"])) == 1


async def test_an_answer_does_not_outlive_what_it_quotes(
    store: SqlStore, another: SqlStore
) -> None:
    await mention(store)
    async with another.begin() as tx:
        await another.add_answer(tx, question(where=thread()), answer(article()))
        forgetting = asyncio.create_task(store.forget(NEWS, [1]))
        assert await waits(forgetting)  # type: ignore[arg-type]
    assert (await forgetting).answers == 1
    assert await store.answers(NEWS, limit=9) == []


async def test_a_mention_is_kept_for_as_long_as_was_set_meanwhile(
    store: SqlStore, another: SqlStore
) -> None:
    await mention(store)
    async with another.begin() as tx:
        await another.change_settings(tx, NEWS, ChannelSettings(article_days=1), [])
        adding = asyncio.create_task(mention(store, message="another"))
        assert await waits(adding)  # type: ignore[arg-type]
    await adding
    await store.expire(NOON + days(2))
    assert [one.article.paragraphs for one in await store.mentions(NEWS, limit=9)] == [(), ()]


async def test_all_who_erase_at_once_come_to_an_end(store: SqlStore, another: SqlStore) -> None:
    for place in range(10):
        await mention(store, article(f"a{place % 3}"), message=str(place), briefed=True)
        await mention(store, article(f"a{place % 3}"), message=str(place), channel=OTHER)
        await ask(store, article(f"a{place % 3}"))
    late = NOON + days(4000)
    gone = await asyncio.gather(
        store.expire(late),
        another.expire(late),
        store.forget(NEWS, range(5)),
        another.forget(OTHER, range(9)),
    )
    assert sum(one.mentions for one in gone) == 20
    assert await store.mentions(NEWS, limit=9) == []


# --- what it is kept in ----------------------------------------------------------------------


async def test_the_index_is_used(store: SqlStore) -> None:
    many = tuple(f"Word{number} stands here alone." for number in range(3000))
    await mention(store, replace(article(), paragraphs=("It is Monday.", *many)))
    query = full_text._in_gin("monday")

    def plan(connection: object) -> str:
        connection.execute(text("ANALYZE passages"))  # type: ignore[attr-defined]
        compiled = query.compile(connection)  # type: ignore[call-overload]
        given = {"term": "monday", "_first": 0, "_last": 1 << 40}
        rows = connection.exec_driver_sql(f"EXPLAIN {compiled}", given)  # type: ignore[attr-defined]
        return "\n".join(row[0] for row in rows)

    assert "ix_passages_words" in await store._transactions.read(plan)


@pytest.mark.parametrize("table", ["article_versions", "article_texts", "passages"])
async def test_an_article_version_cannot_be_changed(
    store: SqlStore, postgres_server: Server, postgres_url: str, table: str
) -> None:
    await mention(store)
    column = "id" if table != "article_texts" else "version_id"
    with pytest.raises(psycopg.errors.RaiseException, match="immutable"):
        postgres_server.execute(
            f"UPDATE {table} SET {column} = {column}",  # noqa: S608 - our own tables
            name_of(postgres_url),
        )


async def test_the_server_may_live_in_another_zone(
    postgres_server: Server, postgres_url: str
) -> None:
    postgres_server.execute(f"ALTER DATABASE {name_of(postgres_url)} SET timezone = 'Asia/Tokyo'")
    store = await SqlStore.open(postgres_url)
    await mention(store)
    (found,) = await store.mentions(NEWS, limit=9)
    assert (found.at, found.at.tzname()) == (NOON, "UTC")
    await store.close()


async def test_it_says_what_it_is(store: SqlStore) -> None:
    assert (await store.software()).startswith("PostgreSQL 18.")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+psycopg"])
async def test_other_spellings_of_the_address(postgres_url: str, scheme: str) -> None:
    await (await SqlStore.open(postgres_url.replace("postgresql", scheme, 1))).close()
