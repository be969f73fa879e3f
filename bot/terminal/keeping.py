"""`briefbot backup`, `restore` and `move`: everything that is kept, into a file and back."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot import VERSION, app
from bot.core.talking import layout, wording
from bot.errors import ConfigurationError, SourceDamaged, StoreError
from bot.flows.recover import recover
from bot.settings import Settings
from bot.store import archive
from bot.terminal.exits import Exit
from bot.terminal.inout import show

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from bot.model import Forgotten
    from bot.store.forgets import Forget
    from bot.store.sql import SqlStore


async def backup(settings: Settings, *, target: str) -> Exit:
    """Write a backup, also while the bot is at work. Raises StoreError, SourceMissing."""
    async with _opened(settings) as store:
        forgotten = await store.forgotten()
    path = None if settings.postgres_url is not None else settings.database
    archive.write(
        Path(target),
        path=path,
        keys=settings.keys,
        forgets=forgotten,
        version=VERSION,
        now=app.SystemClock().now(),
    )
    await show(layout.said(wording.backed_up(target, whole=path is not None)))
    return Exit.DONE


async def restore(settings: Settings, *, source: str, force: bool) -> Exit:
    """Bring a backup back; what was forgotten since is forgotten again.

    With `force` also where the present database cannot say what was forgotten. Raises WorkTaken,
    StoreError, SourceError.
    """
    now = app.SystemClock().now()
    with TemporaryDirectory(prefix="briefbot-restore-") as folder:
        found, forgotten = archive.read(Path(source), Path(folder))
        if settings.postgres_url is not None:
            gone = await _made_fit(settings, forgotten, now)
        elif found is None:
            raise SourceDamaged(source, "briefbot.db")
        else:
            async with app.work_alone(settings):
                forgotten = [*forgotten, *await _forgotten_here(settings, force=force)]
                # Before it is in its place: what was forgotten is not there for a moment.
                gone = await _made_fit(_elsewhere(settings, f"sqlite:///{found}"), forgotten, now)
                archive.put_in_place(found, settings.database, now=now)
        archive.put_keys(Path(folder), settings.keys)
    await show(layout.said(wording.restored(source, gone)))
    return Exit.DONE


async def move(settings: Settings, *, to: str) -> Exit:
    """Copy everything to another database, and see that it is the same.

    Raises WorkTaken, StoreError, ConfigurationError.
    """
    there = _elsewhere(settings, to)
    async with (
        _opened(settings) as source,
        app.work_of(settings, source).alone(),
        _opened(there) as target,
    ):
        counts = await source.copy_to(target)
        await recover(store=target, work=app.work_of(there, target), sessions=app.SESSIONS)
        where = target.where
    await show(layout.said(wording.moved(counts, where)))
    return Exit.DONE


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[SqlStore]:
    store = await app.open_store(settings)
    try:
        yield store
    finally:
        await store.close()


async def _made_fit(settings: Settings, forgotten: Sequence[Forget], now: datetime) -> Forgotten:
    """Forget again what was forgotten since; give what is open its job again."""
    async with _opened(settings) as store, app.work_of(settings, store).alone():
        gone = await store.restored(forgotten, now)
        await recover(store=store, work=app.work_of(settings, store), sessions=app.SESSIONS)
    return gone


async def _forgotten_here(settings: Settings, *, force: bool) -> Sequence[Forget]:
    """Return what the present database says was forgotten; nothing where there is none."""
    if not settings.database.exists():
        return ()
    try:
        async with _opened(settings) as store:
            return await store.forgotten()
    except StoreError:
        if force:
            return ()
        raise


def _elsewhere(settings: Settings, to: str) -> Settings:
    given = {**settings.model_dump(), "database_url": SecretStr(to)}
    try:
        there = Settings.model_validate(given)
    except ValueError as error:
        raise ConfigurationError("no_database", ["--to"]) from error
    if there.postgres_url is None and there.database == settings.database:
        raise ConfigurationError("no_database", ["--to"])
    return there
