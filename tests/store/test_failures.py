"""What a person is told apart when the store cannot do its work."""

import asyncio
import errno
import os
import pwd
import shutil
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bot.errors import (
    DiskFull,
    StoreBusy,
    StoreCorrupt,
    StoreError,
    StoreReadOnly,
    StoreUnreachable,
)
from bot.model import ChannelSettings
from bot.store import database
from bot.store.failures import translated
from bot.store.sql import SqlStore
from tests.store.samples import NEWS, article, empty_database, mention, run

# Rights do not bind root: then somebody else tries.
NOBODY = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


@pytest.fixture
def open_folder() -> Generator[Path]:
    # pytest's own temporary folders may be entered by their owner alone.
    folder = Path(mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def overwrite_middle(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[8192:-4096] = b"\xa5" * (len(content) - 4096 - 8192)
    path.write_bytes(content)


def allow_reading_only(path: Path, folder_mode: int) -> None:
    path.chmod(0o444)
    path.parent.chmod(folder_mode)


async def use(path: Path) -> None:
    store = await SqlStore.open(path)
    try:
        await store.mentions(NEWS, limit=99)
        await mention(store)
    finally:
        await store.close()


# --- the place -------------------------------------------------------------------------------


async def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable) as failed:
        await SqlStore.open(tmp_path)
    assert failed.value.path == str(tmp_path)
    assert failed.value.user


async def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnreachable):
        await SqlStore.open(tmp_path / "file" / "briefbot.db")


# --- damage ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"x", b"SQLite format 3\0" + bytes(5000)]
)
async def test_something_else_than_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "briefbot.db"
    path.write_bytes(content)
    with pytest.raises(StoreCorrupt) as failed:
        await SqlStore.open(path)
    assert failed.value.path == str(path)
    assert path.read_bytes() == content


async def test_a_database_with_pages_overwritten(path: Path) -> None:
    store = await SqlStore.open(path)
    for place in range(20):
        await mention(store, article(f"a{place}"))
    await store.close()
    overwrite_middle(path)
    with pytest.raises(StoreCorrupt):
        await use(path)


async def test_a_database_cut_short(path: Path) -> None:
    os.truncate(path, 20_000)
    with pytest.raises(StoreCorrupt):
        await use(path)


@pytest.mark.parametrize("damage", ["'[\"half'", "CAST(x'ff41' AS TEXT)"])
async def test_a_stored_value_that_makes_no_sense(store: SqlStore, path: Path, damage: str) -> None:
    await mention(store)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER article_texts_are_immutable")
        connection.execute(f"UPDATE article_texts SET paragraphs = {damage}")  # noqa: S608 - ours
        connection.commit()
    with pytest.raises(StoreCorrupt):
        await store.mention(NEWS, 1)


# --- rights ----------------------------------------------------------------------------------


async def test_a_folder_that_may_only_be_read(open_folder: Path) -> None:
    path = empty_database(open_folder)
    store = await SqlStore.open(path)
    await mention(store)
    await store.close()
    allow_reading_only(path, 0o555)
    done = run("read_only", path, NOBODY.pw_uid)
    # A write-ahead log needs its folder, so not even reading works here.
    assert (done.stdout.split(), done.stderr) == (["StoreReadOnly", str(path), NOBODY.pw_name], "")


async def test_a_file_that_may_only_be_read_in_a_folder_that_may_be_written(
    open_folder: Path,
) -> None:
    path = empty_database(open_folder)
    store = await SqlStore.open(path)
    await mention(store)
    await store.close()
    allow_reading_only(path, 0o777)
    done = run("read_only", path, NOBODY.pw_uid)
    shown = ["1", "StoreReadOnly", str(path), NOBODY.pw_name]
    assert (done.stdout.split(), done.stderr) == (shown, "")


async def test_a_read_only_connection(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_PRAGMAS", (*database._PRAGMAS, "PRAGMA query_only = ON"))
    store = await SqlStore.open(path)
    assert await store.mentions(NEWS, limit=1) == []
    with pytest.raises(StoreReadOnly):
        await mention(store)
    await store.close()


# --- room ------------------------------------------------------------------------------------


async def test_a_full_database_keeps_nothing_by_halves(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
    monkeypatch.setattr(
        database, "_PRAGMAS", (*database._PRAGMAS, f"PRAGMA max_page_count = {pages + 20}")
    )
    store = await SqlStore.open(path)
    stored = await mention(store, article("small"))
    with pytest.raises(DiskFull):
        await mention(store, article("large", text="many words " * 20_000), briefed=True)
    assert await store.mentions(NEWS, limit=9) == [stored]
    assert await store.search(NEWS, ["words"]) == []
    await store.close()


def test_a_disk_without_room_keeps_nothing_by_halves(path: Path) -> None:
    done = run("full", path, 400_000)
    stored, name, _ = done.stdout.split()
    assert (name, done.stderr) == ("DiskFull", "")
    assert int(stored) > 0

    async def count() -> int:
        store = await SqlStore.open(path)
        found = await store.mentions(NEWS, limit=999)
        await store.close()
        return len(found)

    assert asyncio.run(count()) == int(stored)


def test_a_first_start_without_room_can_be_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "briefbot.db"
    done = run("full", path, 30_000)
    assert (done.stdout.split()[0], done.stderr) == ("DiskFull", "")

    async def start() -> None:
        await (await SqlStore.open(path)).close()

    asyncio.run(start())


# --- what each error becomes -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_NOTADB, StoreCorrupt),
        (sqlite3.SQLITE_CORRUPT_VTAB, StoreCorrupt),
        (sqlite3.SQLITE_IOERR_SHORT_READ, StoreCorrupt),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StoreReadOnly),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreUnreachable),
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR_WRITE, DiskFull),
        (sqlite3.SQLITE_IOERR_READ, StoreUnreachable),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy),
        (sqlite3.SQLITE_LOCKED_SHAREDCACHE, StoreBusy),
        (sqlite3.SQLITE_CANTOPEN_ISDIR, StoreUnreachable),
        (sqlite3.SQLITE_ERROR, StoreError),
        (sqlite3.SQLITE_NOMEM, StoreError),
    ],
)
def test_sqlite_s_codes(path: Path, code: int, kind: type[StoreError]) -> None:
    error = sqlite3.OperationalError("whatever it says")
    error.sqlite_errorcode = code
    with pytest.raises(StoreError) as failed, translated(path):
        raise error
    assert type(failed.value) is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EROFS, StoreReadOnly),
        (errno.EACCES, StoreUnreachable),
        (errno.ENOTDIR, StoreUnreachable),
    ],
)
def test_the_file_system_s_codes(path: Path, code: int, kind: type[StoreError]) -> None:
    with pytest.raises(StoreError) as failed, translated(path):
        raise OSError(code, "whatever it says")
    assert type(failed.value) is kind


async def test_errors_hold_no_text_of_people(store: SqlStore, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE passages")
    with pytest.raises(Exception) as failed:  # noqa: PT011 - whichever, its words count
        await mention(store, article(text="canary"))
    error: BaseException | None = failed.value
    while error is not None:
        assert "canary" not in str(error)
        error = error.__cause__


async def test_an_unknown_setting_of_a_newer_version_is_left_out(
    store: SqlStore, path: Path
) -> None:
    async with store.begin() as tx:
        await store.change_settings(tx, NEWS, ChannelSettings(bullets=3), [])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("""UPDATE channel_settings SET settings = '{"bullets":3,"mood":"x"}'""")
        connection.commit()
    assert await store.channel_settings(NEWS) == ChannelSettings(bullets=3)
