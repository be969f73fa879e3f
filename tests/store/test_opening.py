"""First starts, upgrades and what a kill leaves of them."""

import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from bot.errors import StoreBusy, StoreCorrupt, StoreError, StoreTooNew
from bot.store import backups, opening, upgrade
from bot.store.schema import metadata
from bot.store.sql import SqlStore
from tests.store.samples import NEWS, empty_database, mention, run

SCRIPTS = Path(upgrade.__file__).parent / "migrations"
SECOND = '''"""A later change."""
from alembic import op

revision = "9999"
down_revision = "{head}"


def upgrade():
    op.execute("CREATE TABLE later (id INTEGER)")
    {then}
'''


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "briefbot.db"


def later_version(folder: Path, monkeypatch: pytest.MonkeyPatch, *, then: str = "") -> None:
    """Pretend to be a version of the program with one more migration."""
    shutil.copytree(SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "9999_later.py").write_text(SECOND.format(then=then, head=opening.HEAD))
    monkeypatch.setattr(upgrade, "_SCRIPTS", folder)
    monkeypatch.setattr(opening, "HEAD", "9999")


def revision(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


async def test_a_first_start_makes_folder_and_file_for_this_user_alone(path: Path) -> None:
    store = await SqlStore.open(path)
    await mention(store)
    modes = {one.name: one.stat().st_mode & 0o077 for one in path.parent.iterdir()}
    await store.close()
    assert {"briefbot.db", "briefbot.db-wal"} <= modes.keys()
    assert {modes[name] for name in modes if not name.endswith(".lock")} == {0}
    assert path.parent.stat().st_mode & 0o077 == 0
    assert revision(path) == opening.HEAD


async def test_what_was_stored_is_there_after_the_next_start(path: Path) -> None:
    store = await SqlStore.open(path)
    stored = await mention(store, briefed=True)
    await store.close()
    store = await SqlStore.open(path)
    assert await store.mentions(NEWS, limit=9) == [stored]
    await store.close()
    assert backups.existing(path) == []


def test_the_head_we_compare_with_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [opening.HEAD]


def test_the_migrations_lead_to_the_tables_we_use(tmp_path: Path) -> None:
    migrated = create_engine(f"sqlite:///{empty_database(tmp_path)}")
    with migrated.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: (
                    # the index is SQLite's, the jobs are the queue's
                    not (kind == "table" and name.startswith(("passages_fts", "jobs")))
                ),
            },
        )
        differences = compare_metadata(context, metadata)
    migrated.dispose()
    assert differences == []


def test_a_database_that_is_up_to_date_needs_no_alembic(tmp_path: Path) -> None:
    done = run("imports", empty_database(tmp_path))
    assert (done.stdout.split(), done.stderr) == ([], "")


def test_first_starts_at_once_all_work(path: Path) -> None:
    done = run("together", path, 4)
    assert (done.stdout.split(), done.stderr) == (["0", "0", "0", "0"], "")


@pytest.mark.chaos
def test_a_kill_at_any_moment_of_a_first_start_leaves_what_the_next_one_opens(
    tmp_path: Path,
) -> None:
    done = run("killed", tmp_path, 20)
    assert (done.stdout, done.stderr) == ("whole\n", "")


async def test_an_upgrade_keeps_what_is_stored_and_copies_it_first(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqlStore.open(path)
    stored = await mention(store)
    await store.close()
    head = opening.HEAD
    later_version(tmp_path / "later", monkeypatch)
    store = await SqlStore.open(path)
    assert await store.mentions(NEWS, limit=9) == [stored]
    await store.close()
    (copy,) = backups.existing(path)
    assert (revision(path), revision(copy)) == ("9999", head)
    assert copy.stat().st_mode & 0o077 == 0
    monkeypatch.undo()
    restored = await SqlStore.open(copy)
    assert await restored.mentions(NEWS, limit=9) == [stored]
    await restored.close()


async def test_an_upgrade_that_fails_leaves_the_old_state(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqlStore.open(path)
    stored = await mention(store)
    await store.close()
    with monkeypatch.context() as later:
        later_version(tmp_path / "later", later, then='op.execute("INSERT INTO nowhere VALUES(1)")')
        with pytest.raises(StoreError):
            await SqlStore.open(path)
    assert revision(path) == opening.HEAD
    store = await SqlStore.open(path)
    assert await store.mentions(NEWS, limit=9) == [stored]
    await store.close()


def test_the_last_three_copies_are_kept(tmp_path: Path) -> None:
    path = empty_database(tmp_path)
    (tmp_path / "briefbot.db.0000.backup.part").write_text("left by a kill")
    with closing(sqlite3.connect(path)) as connection:
        for number in range(1, 6):
            backups.make(path, connection, f"{number:04}")
    names = [one.name for one in backups.existing(path)]
    assert names == [f"briefbot.db.000{number}.backup" for number in (5, 4, 3)]
    assert not list(tmp_path.glob("*.part"))


async def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = empty_database(tmp_path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreTooNew) as refused:
        await SqlStore.open(path)
    assert (refused.value.path, refused.value.detail) == (str(path), "9999")
    assert refused.value.user
    assert revision(path) == "9999"


async def test_a_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (id INTEGER)")
    with pytest.raises(StoreCorrupt):
        await SqlStore.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert [name for (name,) in connection.execute("SELECT name FROM sqlite_master")] == [
            "theirs"
        ]


@pytest.mark.skipif(sys.platform == "win32", reason="no flock there")
async def test_an_upgrade_waits_for_another_only_so_long(path: Path) -> None:
    import fcntl  # noqa: PLC0415 - not on every platform

    path.parent.mkdir(parents=True)
    with path.with_name("briefbot.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StoreBusy):
            await SqlStore.open(path, patience=0.1)
    await (await SqlStore.open(path, patience=0.1)).close()


@pytest.mark.parametrize("name", ["a b%20c.db", "ä?mode=ro#x.db", "[x]*.db"])
async def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    store = await SqlStore.open(tmp_path / name)
    await mention(store)
    await store.close()
    assert (tmp_path / name).stat().st_size > 0
