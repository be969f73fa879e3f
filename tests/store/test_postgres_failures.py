"""What a person is told apart when PostgreSQL cannot do its work, and what heals by itself."""

import asyncio
import traceback
from collections.abc import AsyncGenerator, Callable

import psycopg
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
from bot.store.postgres_failures import translated
from bot.store.sql import SqlStore
from tests.postgres import Server, name_of
from tests.store.samples import NEWS, article, mention

pytestmark = pytest.mark.postgres

CANARY = "canary"  # by its name here, since a traceback quotes lines of this file


@pytest.fixture
async def store(postgres_url: str) -> AsyncGenerator[SqlStore]:
    opened = await SqlStore.open(postgres_url, patience=10)
    yield opened
    await opened.close()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://bob:canary@127.0.0.1:9/x", "postgresql://bob@127.0.0.1:9/x"),
        ("postgres://127.0.0.1:9/x?user=bob&password=canary", "postgresql://bob@127.0.0.1:9/x"),
        ("postgresql://bob:canary%zz@127.0.0.1/x", "postgresql://"),
    ],
)
async def test_no_password_is_shown(url: str, shown: str) -> None:
    with pytest.raises(StoreUnreachable) as failed:
        await SqlStore.open(url, patience=1)
    assert failed.value.path == shown
    assert "canary" not in "".join(traceback.format_exception(failed.value))


async def test_no_password_is_in_what_is_open(postgres_url: str) -> None:
    store = await SqlStore.open(f"{postgres_url}&password=canary")
    parts = [store, store._database, store._transactions, store._transactions._connections]
    assert "canary" not in repr(parts)
    await store.close()


async def test_a_database_that_does_not_exist(postgres_server: Server) -> None:
    with pytest.raises(StoreUnreachable):
        await SqlStore.open(postgres_server.url("nowhere"))


async def test_a_database_that_cannot_keep_all_letters(postgres_server: Server) -> None:
    postgres_server.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="LATIN1"):
        await SqlStore.open(postgres_server.url("latin"))
    postgres_server.execute("DROP DATABASE latin")


async def test_a_database_that_may_only_be_read(postgres_server: Server, postgres_url: str) -> None:
    name = name_of(postgres_url)
    postgres_server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store = await SqlStore.open(postgres_url)
    assert await store.mentions(NEWS, limit=9) == []
    with pytest.raises(StoreReadOnly):
        await mention(store)
    await store.close()


async def test_a_restart_of_the_server_heals(store: SqlStore, postgres_server: Server) -> None:
    await mention(store)
    await asyncio.to_thread(postgres_server.stop)
    for use in (lambda: store.mentions(NEWS, limit=9), lambda: mention(store, message="x")):
        with pytest.raises(StoreUnreachable):
            await use()  # type: ignore[operator]
    await asyncio.to_thread(postgres_server.start)
    assert len(await store.mentions(NEWS, limit=9)) == 1
    await asyncio.gather(*(mention(store, message=str(place)) for place in range(9)))


async def test_a_restart_between_two_uses_is_not_noticed(
    store: SqlStore, postgres_server: Server
) -> None:
    await asyncio.gather(*(mention(store, message=str(place)) for place in range(9)))
    await asyncio.to_thread(postgres_server.stop)
    await asyncio.to_thread(postgres_server.start)
    await mention(store, message="another")
    assert len(await store.mentions(NEWS, limit=99)) == 10


async def test_a_connection_that_breaks_in_a_transaction_undoes_it(
    store: SqlStore, postgres_server: Server, postgres_url: str
) -> None:
    async def write() -> None:
        async with store.begin() as tx:
            await store.change_settings(tx, NEWS, ChannelSettings(bullets=3), [])
            postgres_server.disconnect(postgres_url)
            await store.change_settings(tx, NEWS, ChannelSettings(bullets=4), [])

    with pytest.raises(StoreUnreachable):
        await write()
    assert await store.channel_settings(NEWS) == ChannelSettings()
    assert (await mention(store)).number == 1


async def test_errors_hold_no_text_of_people(
    store: SqlStore, postgres_server: Server, postgres_url: str
) -> None:
    postgres_server.execute(
        "ALTER TABLE passages ADD CHECK (terms !~ 'canary')", name_of(postgres_url)
    )
    with pytest.raises(StoreError) as failed:
        await mention(store, article(text=CANARY))
    assert CANARY not in "".join(traceback.format_exception(failed.value))
    assert failed.value.detail == "23514 CheckViolation passages_terms_check"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("08006", StoreUnreachable),
        ("28P01", StoreUnreachable),
        ("57P01", StoreUnreachable),
        ("57014", StoreBusy),
        ("53300", StoreBusy),
        ("53100", DiskFull),
        ("25006", StoreReadOnly),
        ("42501", StoreReadOnly),
        ("40001", StoreBusy),
        ("40P01", StoreBusy),
        ("55P03", StoreBusy),
        ("23503", StoreBusy),
        ("23505", StoreBusy),
        ("XX001", StoreCorrupt),
        ("XX002", StoreCorrupt),
        ("42P01", StoreError),
        ("22003", ValueError),
    ],
)
def test_postgresql_s_codes(code: str, kind: type[Exception]) -> None:
    with pytest.raises(kind) as failed, translated("postgresql://h/d", "bob"):
        raise psycopg.errors.lookup(code)("canary")
    assert type(failed.value) is kind
    assert "canary" not in str(failed.value)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (psycopg.OperationalError, StoreUnreachable),
        (psycopg.InterfaceError, StoreUnreachable),
        (psycopg.DataError, ValueError),
        (psycopg.ProgrammingError, StoreError),
        (OSError, StoreUnreachable),
    ],
)
def test_errors_without_a_code(error: Callable[[str], Exception], kind: type[Exception]) -> None:
    with pytest.raises(kind) as failed, translated("postgresql://h/d", "bob"):
        raise error("canary")
    assert type(failed.value) is kind
