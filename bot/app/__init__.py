"""Builds everything from the settings: the only place that names concrete classes.

Heavy libraries are imported where they are wired, so that `briefbot --help` or a question pays
only for what it uses.
"""

from __future__ import annotations

import asyncio
import importlib
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from bot import VERSION
from bot.app.machine import SystemClock, give_memory_back
from bot.app.writers import (
    budget_of,
    embedded_writer,
    model_client,
    model_writer,
    spending_of,
    writing,
)
from bot.model import Queue
from bot.pages.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.core.talking.wording import Hints
    from bot.flows.converse import Conversation
    from bot.pages.reader import PageReader
    from bot.platforms.console.console import Console
    from bot.platforms.jsonlines import JsonLines
    from bot.ports import Work, Writer
    from bot.settings import Settings
    from bot.store.sql import SqlStore


__all__ = [
    "SESSIONS",
    "SystemClock",
    "budget_of",
    "console",
    "conversation",
    "embedded_writer",
    "give_memory_back",
    "json_lines",
    "model_client",
    "model_writer",
    "open_store",
    "page_reader",
    "reading",
    "spending_of",
    "start_reading_early",
    "work_alone",
    "work_of",
    "writing",
]

SESSIONS = frozenset({"matrix"})
"""The platforms that have a session, for commands that wire none of them."""

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


async def open_store(settings: Settings) -> SqlStore:
    """Open what is kept, upgraded to this version's schema. Raises StoreError."""
    from bot.store.sql import SqlStore  # noqa: PLC0415 - SQLAlchemy costs 150 ms cold

    if settings.postgres_url is not None:
        return await SqlStore.open(settings.postgres_url.get_secret_value())
    return await SqlStore.open(settings.database)


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
    async with AsyncExitStack() as stack:
        if pages is None:
            pages = page_reader(settings)
            stack.push_async_callback(pages.close)
        else:  # in a thread, so that the reader's work goes on meanwhile
            await asyncio.to_thread(importlib.import_module, "bot.store.sql")
        from bot.flows.converse import Conversation  # noqa: PLC0415 - after the children started
        from bot.flows.kept import everyone  # noqa: PLC0415 - likewise
        from bot.flows.observed import Unobserved  # noqa: PLC0415 - likewise
        from bot.platforms.console.console import CHANNEL  # noqa: PLC0415 - likewise

        store = await open_store(settings)
        stack.push_async_callback(store.close)
        clock, telemetry = SystemClock(), Unobserved()
        writer = await stack.enter_async_context(writing(settings, telemetry))
        budget = budget_of(settings, share=100)  # the terminal has one channel
        await store.expire(clock.now())
        yield Conversation(
            channel=CHANNEL,
            pages=pages,
            writer=writer,
            store=store,
            clock=clock,
            hints=hints,
            budget=budget,
            admin=everyone,
            where=store.where if settings.postgres_url else str(settings.database.parent),
            spending=spending_of(settings, store, clock, telemetry, budget=budget),
        )


def work_of(settings: Settings, store: SqlStore) -> Work:
    """Wire the queue that goes with the store."""
    places = {
        Queue.QUESTIONS: settings.questions_at_once,
        Queue.BRIEFS: settings.briefs_at_once,
        Queue.POSTS: settings.posts_at_once,
        Queue.SESSION: settings.posts_at_once,
    }
    if settings.postgres_url is not None:
        from bot.work.procrastinate import ProcrastinateWork  # noqa: PLC0415 - psycopg: 200 ms

        return ProcrastinateWork(store, url=settings.postgres_url.get_secret_value(), places=places)
    from bot.work.embedded import EmbeddedWork  # noqa: PLC0415 - SQLAlchemy costs 150 ms cold

    return EmbeddedWork(store, path=settings.database, places=places, clock=SystemClock())


@asynccontextmanager
async def work_alone(settings: Settings) -> AsyncIterator[None]:
    """Keep others from working on a SQLite database, which need not be there yet."""
    from bot.work.embedded import alone  # noqa: PLC0415 - SQLAlchemy costs 150 ms cold

    with alone(settings.database):
        yield


def json_lines(
    pages: PageReader, writer: Writer, *, bullets: int, ignore_lead_bullets: bool
) -> JsonLines:
    """Wire the answering of JSON lines."""
    from bot.flows.observed import Uncounted  # noqa: PLC0415 - wired only where used
    from bot.platforms.jsonlines import JsonLines  # noqa: PLC0415 - wired only where used

    return JsonLines(
        pages=pages,
        writer=writer,
        clock=SystemClock(),
        leave=Uncounted(),
        bullets=bullets,
        ignore_lead_bullets=ignore_lead_bullets,
    )


def console() -> Console:
    """Wire the terminal."""
    from bot.platforms.console.console import Console  # noqa: PLC0415 - wired only where used

    return Console()
