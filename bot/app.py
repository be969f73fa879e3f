"""Builds everything from the settings: the only file that names concrete classes.

Heavy libraries are imported where they are wired, so that `briefbot --help` or a question pays
only for what it uses.
"""

from __future__ import annotations

import asyncio
import importlib
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot import VERSION
from bot.pages.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.core.talking.wording import Hints
    from bot.flows.converse import Conversation
    from bot.pages.reader import PageReader
    from bot.platforms.console.console import Console
    from bot.platforms.jsonlines import JsonLines
    from bot.settings import Settings
    from bot.store.sql import SqlStore
    from bot.writers.embedded import EmbeddedWriter


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)


_starting: list[Sandbox] = []


def start_reading_early() -> None:
    """Have the processes that read pages start up while this one is still importing.

    The next page reader takes them over.
    """
    _starting.append(Sandbox())
    _starting[-1].warm()


def page_reader(settings: Settings) -> PageReader:
    """Wire the reader of pages, files and texts."""
    from bot.pages.reader import PageReader  # noqa: PLC0415 - wired only where used

    contact = f"; +{settings.contact_url}" if settings.contact_url else ""
    return PageReader(
        allow_hosts=settings.fetch_allow_hosts,
        deny_hosts=settings.fetch_deny_hosts,
        user_agent=f"Briefbot/{VERSION} (reads linked articles{contact})",
        total_timeout=settings.fetch_timeout,
        max_bytes=settings.fetch_max_mb * 1_000_000,
        max_pdf_bytes=settings.file_max_mb * 1_000_000,
        deadline=settings.extract_timeout,
        sandbox=_starting.pop() if _starting else None,
    )


def embedded_writer() -> EmbeddedWriter:
    """Wire the writer that needs no service."""
    from bot.writers.embedded import EmbeddedWriter  # noqa: PLC0415 - wired only where used

    return EmbeddedWriter()


async def open_store(settings: Settings) -> SqlStore:
    """Open what is kept, upgraded to this version's schema. Raises StoreError."""
    from bot.store.sql import SqlStore  # noqa: PLC0415 - SQLAlchemy costs 150 ms cold

    server = settings.postgres_url
    return await SqlStore.open(server.get_secret_value() if server else settings.database)


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[PageReader]:
    """Lend a page reader whose children are starting up already."""
    pages = page_reader(settings)
    pages.warm()
    try:
        yield pages
    finally:
        await pages.close()


@asynccontextmanager
async def conversation(
    settings: Settings, *, hints: Hints, pages: PageReader | None = None
) -> AsyncIterator[Conversation]:
    """Lend the terminal's conversation, with everything it draws on.

    What is older than its channel keeps it is erased first. `pages` may be a reader that is at
    work already; it stays the caller's to close.
    """
    own = None
    if pages is None:
        pages = own = page_reader(settings)
    else:  # in a thread, so that the reader's work goes on meanwhile
        await asyncio.to_thread(importlib.import_module, "bot.store.sql")
    from bot.flows.converse import Conversation  # noqa: PLC0415 - after the children are started
    from bot.platforms.console.console import CHANNEL  # noqa: PLC0415 - likewise

    store: SqlStore | None = None
    try:
        store = await open_store(settings)
        clock = SystemClock()
        await store.expire(clock.now())
        yield Conversation(
            channel=CHANNEL,
            pages=pages,
            writer=embedded_writer(),
            store=store,
            clock=clock,
            hints=hints,
            where=store.where if settings.postgres_url else str(settings.database.parent),
        )
    finally:
        if own is not None:
            await own.close()
        if store is not None:
            await store.close()


def json_lines(pages: PageReader, *, bullets: int, ignore_lead_bullets: bool) -> JsonLines:
    """Wire the answering of JSON lines."""
    from bot.platforms.jsonlines import JsonLines  # noqa: PLC0415 - wired only where used

    return JsonLines(
        pages=pages,
        writer=embedded_writer(),
        clock=SystemClock(),
        bullets=bullets,
        ignore_lead_bullets=ignore_lead_bullets,
    )


def console() -> Console:
    """Wire the terminal."""
    from bot.platforms.console.console import Console  # noqa: PLC0415 - wired only where used

    return Console()
