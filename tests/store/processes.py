"""Starts of the store in processes of their own; run by the tests as a script.

Everything is imported before the first fork, so that a child does nothing but open its database.
"""

# ruff: noqa: T201 - a script that talks to its test by its output
import asyncio
import os
import random
import resource
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.errors import StoreError
from bot.store import opening


def start(where: Path | str) -> None:
    """Open a database as every process does, and let go of it."""
    if isinstance(where, Path):
        opening.open_database(where, patience=20).dispose()
    else:
        from bot.store.postgres import Postgres  # noqa: PLC0415 - not where SQLite is opened

        Postgres(where, patience=20).open().dispose()


def imports(path: Path) -> None:
    """Print which of the modules that cost most a start without an upgrade has imported."""
    import bot.store.sql  # noqa: F401, PLC0415 - what a cold command imports

    start(path)
    for name in (
        "alembic",
        "sqlalchemy.orm",
        "sqlalchemy.ext.asyncio",
        "sqlalchemy.dialects.postgresql",
        "psycopg",
        "greenlet",
        "mako",
    ):
        if name in sys.modules:
            print(name)


def together(where: Path | str, count: int) -> None:
    """Print the exit codes of so many first starts at once."""
    _import_upgrade(where)
    children = [fork(lambda: start(where)) for _ in range(count)]
    for child in children:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def killed(folder: Path, count: int) -> None:
    """Kill so many first starts at random moments; open what each of them leaves."""
    _import_upgrade(folder)
    whole = min(timed(folder / f"measured{number}" / "briefbot.db") for number in range(2))
    moment = random.Random(2)  # noqa: S311 - moments, not secrets
    died = 0
    for number in range(10 * count):
        path = folder / str(number) / "briefbot.db"
        child = fork(lambda path=path: start(path))  # type: ignore[misc]
        time.sleep(whole * moment.random())
        os.kill(child, signal.SIGKILL)
        died += os.waitpid(child, 0)[1] == signal.SIGKILL
        start(path)
        with closing(sqlite3.connect(path)) as connection:
            (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
            (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        if (sound, revision) != ("ok", opening.HEAD):
            print(number, sound, revision)
            return
        if died == count:
            print("whole")
            return


def killed_on_postgres(url: str, count: int) -> None:
    """Kill so many first starts at random moments; print whether each left all or nothing."""
    _import_upgrade(url)
    whole = timed(url)
    moment = random.Random(3)  # noqa: S311 - moments, not secrets
    left: set[str | None] = set()
    died = 0
    for _ in range(10 * count):
        _clear(url)
        child = fork(lambda: start(url))
        time.sleep(whole * moment.random())
        os.kill(child, signal.SIGKILL)
        died += os.waitpid(child, 0)[1] == signal.SIGKILL
        left.add(_whole_revision(url))
        start(url)
        if _whole_revision(url) != opening.HEAD:
            print("not whole")
            return
        if died == count:
            print(sorted(map(str, left)))
            return


def _import_upgrade(where: Path | str) -> None:
    # So that children meet in the migration, and a kill meets it.
    import bot.store.upgrade  # noqa: PLC0415 - not for the other commands

    if isinstance(where, str):
        import bot.store.postgres_upgrade  # noqa: F401, PLC0415 - as above


def _clear(url: str) -> None:
    import psycopg  # noqa: PLC0415 - not where SQLite is opened

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")


def _whole_revision(url: str) -> str | None:
    """Return the revision; None where there is nothing at all."""
    import psycopg  # noqa: PLC0415 - not where SQLite is opened

    with psycopg.connect(url) as connection:
        # One snapshot: the server may not have noticed the death yet.
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        if not tables:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row and row[0])


def timed(where: Path | str) -> float:
    begun = time.monotonic()
    os.waitpid(fork(lambda: start(where)), 0)
    return time.monotonic() - begun


def read_only(path: Path, user: int) -> None:
    """As another user, print what reading gives and what writing raises."""
    import bot.store.sql  # noqa: PLC0415 - before the rights to read it are gone
    from tests.store import samples  # noqa: PLC0415 - as above

    async def use() -> None:
        store = await bot.store.sql.SqlStore.open(path)
        try:
            print(len(await store.mentions(samples.NEWS, limit=9)))
            await samples.mention(store, samples.article("new"))
        finally:
            await store.close()

    if user != os.getuid():
        os.setuid(user)
    try:
        asyncio.run(use())
    except StoreError as error:
        print(type(error).__name__, error.path, error.user)


def full(path: Path, limit: int) -> None:
    """Store until no file may grow over `limit` bytes; print what was stored and what it raised."""
    import bot.store.sql  # noqa: PLC0415 - before files may not be written
    from tests.store import samples  # noqa: PLC0415 - as above

    async def use() -> None:
        store = await bot.store.sql.SqlStore.open(path)
        stored = 0
        try:
            while True:
                name = f"a{stored}"
                await samples.mention(store, samples.article(name, text=f"{name} " * 2000))
                stored += 1
        finally:
            print(stored)
            await store.close()

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        asyncio.run(use())
    except StoreError as error:
        print(type(error).__name__, error.detail)


def full_group(path: Path, limit: int) -> None:
    """Store a little and too much in one group while no file may grow over `limit` bytes.

    Print how many were told that they are stored, how many are there, and what was raised.
    """
    import bot.store.sql  # noqa: PLC0415 - before files may not be written
    from tests.store import samples  # noqa: PLC0415 - as above

    async def use() -> None:
        store = await bot.store.sql.SqlStore.open(path)
        huge = samples.article("huge", text="word " * 2 * limit)
        little = [samples.accept(store, samples.posted(f"e{number}")) for number in range(8)]
        done = await asyncio.gather(
            *little[:4], samples.mention(store, huge), *little[4:], return_exceptions=True
        )
        failed = [one for one in done if isinstance(one, BaseException)]
        there = await store.open_events(after=0, limit=99)
        print(len(done) - len(failed), len(there), sep="\n")
        print(*sorted({type(one).__name__ for one in failed}))
        await store.close()

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    asyncio.run(use())


def fork(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException as error:  # noqa: BLE001 - a fork must not run on into its parent's code
        print(repr(error), file=sys.stderr)
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    command, target, *rest = sys.argv[1:]
    commands: dict[str, Callable[..., None]] = {
        "imports": imports,
        "together": together,
        "killed": killed,
        "killed_on_postgres": killed_on_postgres,
        "read_only": read_only,
        "full": full,
        "full_group": full_group,
    }
    where = target if target.startswith("postgresql:") else Path(target)
    commands[command](where, *map(int, rest))
