"""Writers and readers at once, in this process and in others; waits that are broken off."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StoreBusy
from bot.store import database
from bot.store.sql import SqlStore
from tests.store.samples import NEWS, article, mention


async def test_another_s_lock_is_waited_for_only_so_long(store: SqlStore, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy):
            await mention(store)
        assert await store.mentions(NEWS, limit=9) == []
    await mention(store)


async def test_waiting_for_a_lock_can_be_cancelled(path: Path) -> None:
    store = await SqlStore.open(path, patience=600)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(mention(store))
        await asyncio.sleep(0.05)
        waiting.cancel()
        async with asyncio.timeout(60):
            with pytest.raises(asyncio.CancelledError):
                await waiting
    await mention(store)
    await store.close()


async def test_cancelled_at_any_await_a_write_is_whole_or_nothing(store: SqlStore) -> None:
    for steps in range(1, 40):
        before = len(await store.mentions(NEWS, limit=999))
        task = asyncio.create_task(mention(store, article(f"a{steps}"), briefed=True))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        found = await store.mentions(NEWS, limit=999)
        assert len(found) - before in (0, 1)
        assert all(one.brief is not None for one in found)
    await mention(store)


async def test_whoever_is_cancelled_twice_still_waits_for_its_thread(path: Path) -> None:
    store = await SqlStore.open(path, patience=600)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(mention(store))
        await asyncio.sleep(0.01)
        for _ in range(3):
            waiting.cancel()
            await asyncio.sleep(0)
        await asyncio.wait([waiting])
    assert waiting.cancelled()
    await mention(store)
    await store.close()


async def test_a_database_that_another_keeps_for_itself(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("CREATE TABLE another (id INTEGER)")
        assert not database.empty_log(path)
        with pytest.raises(StoreBusy):
            await SqlStore.open(path, patience=0.1)
    await (await SqlStore.open(path)).close()


async def test_a_closed_store_can_be_closed_again_but_not_used(path: Path) -> None:
    store = await SqlStore.open(path)
    await store.close()
    await store.close()
    with pytest.raises(RuntimeError):
        await store.mentions(NEWS, limit=1)


async def test_two_processes_write_in_turn(path: Path) -> None:
    stores = [await SqlStore.open(path, patience=30) for _ in range(2)]
    await asyncio.gather(
        *(mention(stores[place % 2], article(f"a{place}"), briefed=True) for place in range(30))
    )
    numbers = [one.number for one in await stores[0].mentions(NEWS, limit=99)]
    assert numbers == list(range(30, 0, -1))
    for store in stores:
        await store.close()
