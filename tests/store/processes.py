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


def start(path: Path) -> None:
    opening.open_database(path, patience=20).dispose()


def imports(path: Path) -> None:
    """Print which of the modules that cost most a start without an upgrade has imported."""
    import bot.store.sql  # noqa: F401, PLC0415 - what a cold command imports

    start(path)
    for name in ("alembic", "sqlalchemy.orm", "sqlalchemy.ext.asyncio", "greenlet", "mako"):
        if name in sys.modules:
            print(name)


def together(path: Path, count: int) -> None:
    """Print the exit codes of so many first starts at once."""
    import bot.store.upgrade  # noqa: F401, PLC0415 - so that the children meet

    children = [fork(lambda: start(path)) for _ in range(count)]
    for child in children:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def killed(folder: Path, count: int) -> None:
    """Kill so many first starts at random moments; open what each of them leaves."""
    import bot.store.upgrade  # noqa: F401, PLC0415 - the kill shall meet the migration

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


def timed(path: Path) -> float:
    begun = time.monotonic()
    os.waitpid(fork(lambda: start(path)), 0)
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
        "read_only": read_only,
        "full": full,
    }
    commands[command](Path(target), *map(int, rest))
