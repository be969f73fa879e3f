"""Builds everything from the settings: the only place that names concrete classes.

Heavy libraries are imported where they are wired, so that `briefbot --help` or a question pays
only for what it uses.
"""

from __future__ import annotations

import asyncio
import importlib
import random
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
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
from bot.errors import ConfigurationError, StoreError
from bot.model import Queue
from bot.pages.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from bot.core.talking.wording import Hints
    from bot.flows.converse import Conversation
    from bot.flows.serve import Service
    from bot.model import Channel
    from bot.pages.reader import PageReader
    from bot.platforms.console.console import Console
    from bot.platforms.jsonlines import JsonLines
    from bot.ports import Platform, Store, Telemetry, Work, Writer
    from bot.settings import Settings
    from bot.store.sql import SqlStore
    from bot.telemetry import Instruments


__all__ = [
    "Running",
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
    "platforms_of",
    "reading",
    "serving",
    "spending_of",
    "start_reading_early",
    "work_alone",
    "work_of",
    "writing",
]

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
            where=store.where if settings.postgres_url else str(settings.database.parent),
            spending=spending_of(settings, store, clock, telemetry, budget=budget),
        )


def work_of(settings: Settings, store: SqlStore) -> Work:
    """Wire the queue that goes with the store."""
    places = {
        Queue.QUESTIONS: settings.questions_at_once,
        Queue.BRIEFS: settings.briefs_at_once,
        Queue.POSTS: settings.posts_at_once,
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


def platforms_of(settings: Settings) -> Sequence[Platform]:
    """Wire the places where people talk. Raises ConfigurationError where there is none."""
    found: list[Platform] = []
    if settings.loopback_url:
        from bot.platforms.loopback import Loopback  # noqa: PLC0415 - wired only where used

        found.append(
            Loopback(
                settings.loopback_url, timeout=settings.post_timeout, grace=settings.post_grace
            )
        )
    if not found:
        raise ConfigurationError("no_platform", ["BRIEFBOT_LOOPBACK_URL"])
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What `serving` lends."""

    service: Service
    address: str


@asynccontextmanager
async def serving(settings: Settings, *, front_end: bool, worker: bool) -> AsyncIterator[Running]:
    """Lend the bot with all its parts, health and metrics on the web.

    Says whether this process listens, and whether it does the work. Raises StoreError,
    ConfigurationError.
    """
    from bot.flows.attend import Attention  # noqa: PLC0415 - what only this command needs
    from bot.flows.deliver import Deliver  # noqa: PLC0415 - as above
    from bot.flows.handle import Handle  # noqa: PLC0415 - as above
    from bot.flows.intake import Intake  # noqa: PLC0415 - as above
    from bot.flows.serve import Service  # noqa: PLC0415 - as above
    from bot.telemetry import configure  # noqa: PLC0415 - as above

    clock, telemetry = SystemClock(), configure(settings.log_format)
    chance = random.Random().random  # noqa: S311 - spreads pauses, keeps no secret
    async with AsyncExitStack() as stack:
        platforms = platforms_of(settings)
        for platform in platforms:
            stack.push_async_callback(platform.close)
        pages = page_reader(settings)
        stack.push_async_callback(pages.close)
        if worker:
            pages.warm()
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        work = work_of(settings, store)
        stack.push_async_callback(work.close)
        writer = await stack.enter_async_context(writing(settings, telemetry))
        deliver = Deliver(
            store=store,
            platforms={one.name: one for one in platforms},
            clock=clock,
            telemetry=telemetry,
            chance=chance,
        )
        service = Service(
            platforms=platforms,
            intake=Intake(store=store, work=work, clock=clock, telemetry=telemetry),
            handle=Handle(
                store=store,
                work=work,
                clock=clock,
                telemetry=telemetry,
                deliver=deliver,
                attention=Attention(platforms=deliver.platforms, store=store, telemetry=telemetry),
                conversation=_conversations(
                    settings, pages=pages, writer=writer, store=store, telemetry=telemetry
                ),
                chance=chance,
            ),
            store=store,
            work=work,
            clock=clock,
            telemetry=telemetry,
            give_back=give_memory_back,
        )
        address = await stack.enter_async_context(
            _on_the_web(settings, service, telemetry, front_end=front_end)
        )
        yield Running(service=service, address=address)


def _conversations(
    settings: Settings,
    *,
    pages: PageReader,
    writer: Writer,
    store: Store,
    telemetry: Telemetry,
) -> Callable[[Channel], Conversation]:
    from bot.core.talking.wording import CHAT  # noqa: PLC0415 - what only `serve` needs
    from bot.flows.converse import Conversation  # noqa: PLC0415 - as above
    from bot.flows.observed import ObservedPages, ObservedWriter  # noqa: PLC0415 - as above

    clock = SystemClock()
    budget = budget_of(settings, share=settings.model_channel_share)
    spending = spending_of(settings, store, clock, telemetry, budget=budget)
    watched = ObservedPages(pages=pages, clock=clock, telemetry=telemetry)
    observed = ObservedWriter(writer=writer, clock=clock, telemetry=telemetry)

    def conversation(channel: Channel) -> Conversation:
        return Conversation(
            channel=channel,
            pages=watched,
            writer=observed,
            store=store,
            clock=clock,
            hints=CHAT,
            budget=budget,
            threaded=True,
            spending=spending,
        )

    return conversation


@asynccontextmanager
async def _on_the_web(
    settings: Settings, service: Service, telemetry: Instruments, *, front_end: bool
) -> AsyncIterator[str]:
    """Serve health and metrics; yield the address, empty where that is off."""
    from bot.web import Web  # noqa: PLC0415 - what only `serve` needs

    async def ready() -> dict[str, bool]:
        telemetry.waiting(await service.work.backlog())
        listening = service.platforms if front_end else ()
        return {"store": True, **{one.name: one.connected for one in listening}}

    async def exposition() -> tuple[bytes, str]:
        with suppress(StoreError):
            telemetry.waiting(await service.work.backlog())
        return telemetry.exposition()

    if settings.listen_at is None:
        yield ""
        return
    host, port = settings.listen_at
    web = Web(host=host, port=port, ready=ready, exposition=exposition)
    await web.start()
    try:
        yield web.address
    finally:
        await web.close()


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
