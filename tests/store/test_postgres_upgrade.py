"""First starts and upgrades on PostgreSQL, where several processes begin together."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from bot.errors import StoreBusy, StoreError, StoreTooNew
from bot.store import locks, opening
from bot.store.schema import metadata
from bot.store.sql import SqlStore
from tests.postgres import Server, name_of
from tests.store.samples import NEWS, mention, run
from tests.store.test_opening import later_version

pytestmark = pytest.mark.postgres


@pytest.fixture
def name(postgres_url: str) -> str:
    return name_of(postgres_url)


def revision(server: Server, name: str) -> str:
    ((found,),) = server.execute("SELECT version_num FROM alembic_version", name)
    return str(found)


def pretend(server: Server, name: str, newer: str, oldest: str | None) -> None:
    """Make it look as if a newer Briefbot had upgraded the database."""
    server.execute(f"UPDATE alembic_version SET version_num = '{newer}'", name)  # noqa: S608 - ours
    said = f"'{oldest}'" if oldest else "NULL"
    server.execute(f"COMMENT ON TABLE alembic_version IS {said}", name)


async def test_a_first_start_makes_the_tables(
    empty_postgres_url: str, postgres_server: Server
) -> None:
    store = await SqlStore.open(empty_postgres_url)
    stored = await mention(store)
    await store.close()
    store = await SqlStore.open(empty_postgres_url)
    assert await store.mentions(NEWS, limit=9) == [stored]
    await store.close()
    assert revision(postgres_server, name_of(empty_postgres_url)) == opening.HEAD


def test_the_migrations_lead_to_the_tables_we_use(postgres_url: str) -> None:
    url = postgres_url.replace("postgresql:", "postgresql+psycopg:", 1)
    migrated = create_engine(url)
    with migrated.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "include_name": lambda name, kind, _: (
                    (kind, name) not in {("index", "ix_passages_words"), ("column", "words")}
                    and not (kind == "table" and name.startswith("procrastinate"))
                ),
            },
        )
        differences = compare_metadata(context, metadata)
    migrated.dispose()
    assert differences == []


def test_first_starts_at_once_all_work(empty_postgres_url: str) -> None:
    done = run("together", empty_postgres_url, 5)
    assert (done.stdout.split(), done.stderr) == (["0"] * 5, "")


@pytest.mark.chaos
def test_a_kill_at_any_moment_of_a_first_start_leaves_all_or_nothing(
    empty_postgres_url: str,
) -> None:
    done = run("killed_on_postgres", empty_postgres_url, 12)
    assert done.stderr == ""
    assert done.stdout in (f"['{opening.HEAD}', 'None']\n", "['None']\n")


async def test_an_upgrade_keeps_what_is_stored(
    postgres_url: str,
    postgres_server: Server,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old = await SqlStore.open(postgres_url)
    stored = await mention(old)
    with monkeypatch.context() as later:
        later_version(tmp_path / "later", later)
        new = await SqlStore.open(postgres_url)
        assert await new.mentions(NEWS, limit=9) == [stored]
    assert revision(postgres_server, name) == "9999"
    # The old release goes on beside the new one, and can be started again.
    another = await mention(old, message="another")
    assert await new.mention(NEWS, 2) == another
    for store in (old, new):
        await store.close()
    again = await SqlStore.open(postgres_url)
    assert len(await again.mentions(NEWS, limit=9)) == 2
    await again.close()
    assert revision(postgres_server, name) == "9999"


async def test_an_upgrade_that_fails_leaves_the_old_state(
    postgres_url: str,
    postgres_server: Server,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as later:
        later_version(tmp_path / "later", later, then='op.execute("INSERT INTO nowhere VALUES(1)")')
        with pytest.raises(StoreError):
            await SqlStore.open(postgres_url)
    assert revision(postgres_server, name) == opening.HEAD
    assert postgres_server.execute("SELECT to_regclass('later')", name) == [(None,)]
    await (await SqlStore.open(postgres_url)).close()


@pytest.mark.parametrize("oldest", ["9998", None])
async def test_tables_that_are_too_new_are_refused_and_left_alone(
    postgres_url: str, postgres_server: Server, name: str, oldest: str | None
) -> None:
    pretend(postgres_server, name, "9999", oldest)
    with pytest.raises(StoreTooNew) as refused:
        await SqlStore.open(postgres_url)
    assert refused.value.detail == "9999"
    assert revision(postgres_server, name) == "9999"


async def test_newer_tables_that_suit_this_release_are_used_as_they_are(
    postgres_url: str, postgres_server: Server, name: str
) -> None:
    pretend(postgres_server, name, "9999", opening.HEAD)
    store = await SqlStore.open(postgres_url)
    await mention(store)
    await store.close()
    assert revision(postgres_server, name) == "9999"


async def test_an_upgrade_waits_for_another_only_so_long(
    empty_postgres_url: str, postgres_url: str
) -> None:
    holder = create_engine(empty_postgres_url.replace("postgresql:", "postgresql+psycopg:", 1))
    with holder.connect() as connection:
        connection.exec_driver_sql(
            f"SELECT pg_advisory_xact_lock({locks.FAMILY}, {locks.UPGRADING})"
        )
        with pytest.raises(StoreBusy):
            await SqlStore.open(empty_postgres_url, patience=0.2)
    holder.dispose()
    await (await SqlStore.open(empty_postgres_url)).close()
