"""Write transactions that come at the same time and share a commit."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.errors import StoreError
from bot.ports import Tx
from bot.store.groups import Groups
from bot.store.sql import SqlStore
from tests.store.samples import NEWS, NOON, accept, article, mention, posted, run, thread


def keys(path: Path) -> set[str]:
    """Return the events that another process would find."""
    with closing(sqlite3.connect(path)) as other:
        return {key for (key,) in other.execute("SELECT key FROM events")}


def engine(store: SqlStore) -> Engine:
    connections = store._transactions._connections
    assert connections is not None
    return connections


class Commits:
    """Counts the commits of a store."""

    def __init__(self, store: SqlStore) -> None:
        self.count = 0
        event.listen(engine(store), "commit", self._counted)

    def _counted(self, _: object) -> None:
        self.count += 1


class Held:
    """Holds up the thread that does one thing in the database, until it is let go."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.reached = asyncio.Event()
        self._go = threading.Event()

    @classmethod
    def at_commit(cls, store: SqlStore) -> "Held":
        held = cls()
        event.listen(engine(store), "commit", lambda _: held.hold())
        return held

    @classmethod
    def at_event(cls, store: SqlStore, number: int) -> "Held":
        held, seen = cls(), 0

        def executing(*given: Any) -> None:
            nonlocal seen
            if given[2].startswith("INSERT INTO events"):
                seen += 1
                if seen == number:
                    held.hold()

        event.listen(engine(store), "before_cursor_execute", executing)
        return held

    def hold(self) -> None:
        self._loop.call_soon_threadsafe(self.reached.set)
        assert self._go.wait(30)

    def let_go(self) -> None:
        self._go.set()


async def take_in(
    store: SqlStore,
    key: str,
    *,
    meanwhile: Callable[[Tx], None] | None = None,
    until: asyncio.Event | None = None,
) -> None:
    """Put an event into the inbox; do something, or wait, while its transaction is open."""
    async with store.begin() as tx:
        await store.add_event(tx, posted(key), thread=thread(), message="", at=NOON)
        if meanwhile is not None:
            meanwhile(tx)
        if until is not None:
            await until.wait()


async def queue_up() -> None:
    """Let every task run until it waits for something that only another can do."""
    for _ in range(20):
        await asyncio.sleep(0)


# --- sharing ---------------------------------------------------------------------------------


async def test_who_writes_at_the_same_time_shares_commits(store: SqlStore, path: Path) -> None:
    commits = Commits(store)

    async def write(key: str) -> None:
        await take_in(store, key)
        assert key in keys(path)  # durable for all the others the moment we are told

    await asyncio.gather(*(write(f"e{number}") for number in range(30)))
    assert keys(path) == {f"e{number}" for number in range(30)}
    assert commits.count < 10


async def test_the_first_of_a_long_queue_does_not_wait_for_its_end(
    store: SqlStore, path: Path
) -> None:
    commits = Commits(store)
    found: list[int] = []

    async def write(number: int) -> None:
        await take_in(store, f"e{number}")
        if number == 0:
            found.append(len(keys(path)))

    await asyncio.gather(*(write(number) for number in range(150)))
    assert len(keys(path)) == 150
    assert found[0] < 150
    assert 1 < commits.count < 75


async def test_who_writes_alone_commits_alone(store: SqlStore, path: Path) -> None:
    commits = Commits(store)
    for number in range(3):
        await take_in(store, f"e{number}")
    assert commits.count == 3


async def test_nobody_is_told_before_it_is_durable(store: SqlStore, path: Path) -> None:
    held = Held.at_commit(store)
    calls: list[str] = []
    writers = [
        asyncio.create_task(
            take_in(
                store, key, meanwhile=lambda tx, key=key: tx.on_commit(lambda: calls.append(key))
            )  # type: ignore[misc]
        )
        for key in ("e1", "e2", "e3")
    ]
    await asyncio.wait_for(held.reached.wait(), 30)
    await queue_up()
    assert not any(one.done() for one in writers)
    assert calls == []
    assert keys(path) == set()
    held.let_go()
    await asyncio.gather(*writers)
    assert calls == ["e1", "e2", "e3"]


# --- errors ----------------------------------------------------------------------------------


async def test_an_error_undoes_its_own_rows_and_no_others(store: SqlStore, path: Path) -> None:
    calls: list[str] = []

    def fail(tx: Tx) -> None:
        tx.on_commit(lambda: calls.append("undone"))
        raise ZeroDivisionError

    done = await asyncio.gather(
        take_in(store, "e1"),
        take_in(store, "bad", meanwhile=fail),
        take_in(store, "e2"),
        take_in(store, "worse", meanwhile=fail),
        return_exceptions=True,
    )
    assert [type(one) for one in done] == [
        type(None),
        ZeroDivisionError,
        type(None),
        ZeroDivisionError,
    ]
    assert keys(path) == {"e1", "e2"}
    assert calls == []


async def test_the_last_one_s_error_leaves_the_others_durable(store: SqlStore, path: Path) -> None:
    def fail(tx: Tx) -> None:
        raise ZeroDivisionError

    done = await asyncio.gather(
        take_in(store, "e1"),
        take_in(store, "bad", meanwhile=fail),
        return_exceptions=True,
    )
    assert done[0] is None
    assert keys(path) == {"e1"}


async def test_a_statement_that_fails_undoes_one_member(store: SqlStore, path: Path) -> None:
    done = await asyncio.gather(
        take_in(store, "e1"), take_in(store, "\ud83d"), take_in(store, "e2"), return_exceptions=True
    )
    assert [type(one) for one in done] == [type(None), UnicodeEncodeError, type(None)]
    assert keys(path) == {"e1", "e2"}


def test_where_the_disk_is_full_none_of_the_group_is_told_that_it_is_stored(path: Path) -> None:
    ended = run("full_group", path, 400_000)
    assert (ended.returncode, ended.stderr) == (0, "")
    told, there, kinds = ended.stdout.splitlines()
    assert told == there
    assert kinds == "DiskFull"


# --- being cancelled -------------------------------------------------------------------------


async def test_whoever_is_cancelled_while_waiting_for_his_turn_loses_nobody_s_rows(
    store: SqlStore, path: Path
) -> None:
    go = asyncio.Event()
    first = asyncio.create_task(take_in(store, "e1", until=go))
    await queue_up()
    waiting = asyncio.create_task(take_in(store, "e2"))
    await queue_up()
    go.set()
    await queue_up()
    waiting.cancel()  # the first may have left the commit to it by now
    async with asyncio.timeout(30):
        await first
    assert "e1" in keys(path)
    await asyncio.wait([waiting])


async def test_cancelled_at_any_await_a_member_never_harms_the_others(
    store: SqlStore, path: Path
) -> None:
    for steps in range(150):
        first = asyncio.create_task(take_in(store, f"first{steps}"))
        second = asyncio.create_task(take_in(store, f"second{steps}"))
        third = asyncio.create_task(take_in(store, f"third{steps}"))
        for _ in range(steps):
            await asyncio.sleep(0)
        second.cancel()
        async with asyncio.timeout(30):
            await asyncio.gather(first, third)
            await asyncio.wait([second])
        assert {f"first{steps}", f"third{steps}"} <= keys(path)


async def test_cancelled_while_joining_a_group_a_member_leaves_it_whole(
    store: SqlStore, path: Path
) -> None:
    held = Held.at_event(store, 2)
    go = asyncio.Event()
    first = asyncio.create_task(take_in(store, "e1", until=go))
    await queue_up()
    joining = asyncio.create_task(take_in(store, "e2"))
    await queue_up()
    go.set()
    await asyncio.wait_for(held.reached.wait(), 30)
    joining.cancel()
    await queue_up()
    held.let_go()
    async with asyncio.timeout(30):
        await first
        await asyncio.wait([joining])
    assert joining.cancelled()
    assert keys(path) == {"e1"}


@pytest.mark.parametrize("times", [1, 3])
async def test_whoever_is_cancelled_during_the_commit_has_stored_all_the_same(
    store: SqlStore, path: Path, times: int
) -> None:
    held = Held.at_commit(store)
    calls: list[str] = []
    first = asyncio.create_task(take_in(store, "e1"))
    last = asyncio.create_task(
        take_in(store, "e2", meanwhile=lambda tx: tx.on_commit(lambda: calls.append("e2")))
    )
    await asyncio.wait_for(held.reached.wait(), 30)
    for _ in range(times):
        last.cancel()
        await queue_up()
    held.let_go()
    async with asyncio.timeout(30):
        await first
        await asyncio.wait([last])
    assert last.cancelled()
    assert keys(path) == {"e1", "e2"}
    assert calls == ["e2"]


async def test_whoever_is_cancelled_while_another_commits_for_him_is_called_all_the_same(
    store: SqlStore, path: Path
) -> None:
    held = Held.at_commit(store)
    calls: list[str] = []
    first = asyncio.create_task(
        take_in(store, "e1", meanwhile=lambda tx: tx.on_commit(lambda: calls.append("e1")))
    )
    last = asyncio.create_task(take_in(store, "e2"))
    await asyncio.wait_for(held.reached.wait(), 30)
    first.cancel()
    await asyncio.wait([first])
    assert first.cancelled()
    assert calls == []
    held.let_go()
    async with asyncio.timeout(30):
        await last
    await queue_up()
    assert calls == ["e1"]
    assert keys(path) == {"e1", "e2"}


async def test_cancelled_twice_while_being_undone_a_member_leaves_the_others(
    store: SqlStore, path: Path
) -> None:
    go, never = asyncio.Event(), asyncio.Event()
    first = asyncio.create_task(take_in(store, "e1", until=go))
    await queue_up()
    second = asyncio.create_task(take_in(store, "e2", until=never))
    await queue_up()
    go.set()
    while not second.done():
        second.cancel()
        await asyncio.sleep(0)
    async with asyncio.timeout(30):
        await first
    assert keys(path) == {"e1"}


# --- forgetting ------------------------------------------------------------------------------


async def test_forgetting_among_writers(store: SqlStore, path: Path) -> None:
    await mention(store, article("zanzibar"))
    before = [take_in(store, f"before{number}") for number in range(9)]
    after = [take_in(store, f"after{number}") for number in range(9)]
    async with asyncio.timeout(60):
        done = await asyncio.gather(*before, store.forget(NEWS, [1]), *after)
    assert done[9] is not None
    assert done[9].mentions == 1
    assert len(keys(path)) == 18
    assert await store.mentions(NEWS, limit=9) == []
    for left in path.parent.iterdir():
        assert b"zanzibar" not in left.read_bytes()


async def test_whoever_is_cancelled_while_forgetting_keeps_nobody_waiting(
    store: SqlStore, path: Path
) -> None:
    for steps in range(60):
        await mention(store, article(f"a{steps}"))
        number = (await store.mentions(NEWS, limit=1))[0].number
        writing = asyncio.create_task(take_in(store, f"e{steps}"))
        forgetting = asyncio.create_task(store.forget(NEWS, [number]))
        for _ in range(steps * 2):
            await asyncio.sleep(0)
        forgetting.cancel()
        async with asyncio.timeout(30):
            await writing
            await asyncio.wait([forgetting])
    assert len(keys(path)) == 60


async def test_a_lost_group_does_not_spoil_the_next(store: SqlStore, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = await asyncio.gather(
            take_in(store, "e1"), take_in(store, "e2"), return_exceptions=True
        )
        assert all(isinstance(one, StoreError) for one in done)
    await accept(store)
    assert keys(path) == {"e1"}


# --- whatever the commands do ----------------------------------------------------------------


class Scripted:
    """Commands that only note what they are told; each can be held up or fail once."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}
        self.fails: dict[str, StoreError] = {}

    async def _do(self, name: str) -> None:
        self.log.append(name)
        if name in self.gates:
            await self.gates[name].wait()
        if name in self.fails:
            raise self.fails.pop(name)

    async def open_group(self) -> None:
        await self._do("open")

    async def savepoint(self) -> None:
        await self._do("savepoint")

    async def release(self) -> None:
        await self._do("release")

    async def undo(self) -> bool:
        await self._do("undo")
        return True

    async def commit(self) -> None:
        await self._do("commit")

    async def abandon(self) -> None:
        await self._do("abandon")


async def two_members(groups: Groups) -> tuple[asyncio.Task[None], asyncio.Task[None]]:
    """Return two members of one group, the first of which has left the commit to the second."""
    go = asyncio.Event()

    async def be_first() -> None:
        async with groups.member([]):
            await go.wait()

    async def be_second() -> None:
        async with groups.member([]):
            pass

    first, second = asyncio.create_task(be_first()), asyncio.create_task(be_second())
    await queue_up()
    go.set()
    await queue_up()
    return first, second


async def test_whoever_is_cancelled_at_his_savepoint_sees_to_the_commit() -> None:
    commands = Scripted()
    commands.gates["savepoint"] = asyncio.Event()
    first, second = await two_members(Groups(commands))
    second.cancel()
    await queue_up()
    commands.gates["savepoint"].set()
    async with asyncio.timeout(30):
        await first
        await asyncio.wait([second])
    assert second.cancelled()
    before, after = commands.log[:3], commands.log[3:]
    assert before == ["open", "release", "savepoint"]
    assert after == ["undo", "savepoint", "commit"]


@pytest.mark.parametrize("name", ["savepoint", "commit"])
async def test_where_a_command_fails_all_members_are_told(name: str) -> None:
    commands = Scripted()
    commands.fails[name] = StoreError("there", detail="full")
    groups = Groups(commands)
    first, second = await two_members(groups)
    async with asyncio.timeout(30):
        told = await asyncio.gather(first, second, return_exceptions=True)
    assert [getattr(one, "detail", None) for one in told] == ["full", "full"]
    assert commands.log[-1] == "abandon"
    async with groups.member([]):
        pass
    assert commands.log[-2:] == ["open", "commit"]


async def test_where_no_group_can_be_opened_the_next_can() -> None:
    commands = Scripted()
    commands.fails["open"] = StoreError("there", detail="busy")
    groups = Groups(commands)
    with pytest.raises(StoreError):
        async with groups.member([]):
            raise AssertionError
    async with groups.member([]):
        pass
    assert commands.log == ["open", "abandon", "open", "commit"]
