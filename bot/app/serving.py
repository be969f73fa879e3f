"""Builds the bot that listens, works and posts."""

from __future__ import annotations

import random
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.app import (
    SystemClock,
    budget_of,
    give_memory_back,
    open_store,
    page_reader,
    spending_of,
    work_of,
    writing,
)
from bot.core.talking.wording import CHAT, SLACK, host, matrix
from bot.errors import ConfigurationError, SourceMissing, StoreError
from bot.flows.attend import Attention
from bot.flows.converse import Conversation
from bot.flows.deliver import Deliver
from bot.flows.desk import FrontDesk
from bot.flows.digest import Clockwork
from bot.flows.handle import Handle
from bot.flows.intake import Intake
from bot.flows.observed import ObservedPages, ObservedWriter
from bot.flows.respond import Respond
from bot.flows.serve import Service
from bot.flows.tend import Tend
from bot.telemetry import configure
from bot.web import Web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping, Sequence

    from bot.model import Channel, Thread, Upload
    from bot.ports import Notes, Pages, Platform, Store, Telemetry, Work, Writer
    from bot.settings import Settings
    from bot.telemetry import Instruments
    from bot.web import Hook


def platforms_of(settings: Settings, notes: Notes, telemetry: Telemetry) -> Sequence[Platform]:
    """Wire the places where people talk. Raises ConfigurationError where there is none."""
    found: list[Platform] = []
    if settings.slack_bot_token is not None:
        from bot.app.slack import slack_of  # noqa: PLC0415 - Bolt: 500 ms

        found.append(slack_of(settings, telemetry))
    if settings.has_matrix:
        from bot.app.matrix import matrix_of  # noqa: PLC0415 - nio: 750 ms

        found.append(matrix_of(settings, notes, telemetry))
    if settings.loopback_url:
        from bot.platforms.loopback import Loopback  # noqa: PLC0415 - wired only where used

        found.append(
            Loopback(
                settings.loopback_url, timeout=settings.post_timeout, grace=settings.post_grace
            )
        )
    if not found:
        raise ConfigurationError("no_platform", ["SLACK_BOT_TOKEN"])
    return found


def hooks_of(settings: Settings, platforms: Sequence[Platform]) -> Mapping[str, Hook]:
    """Return the paths that platforms post to, and who answers there.

    Raises ConfigurationError where there is one and nothing is listened on.
    """
    if settings.slack_bot_token is None or settings.slack_app_token is not None:
        return {}
    from bot.platforms.slack.slack import Slack  # noqa: PLC0415 - as above

    if settings.listen_at is None:
        raise ConfigurationError("slack_listen", ["BRIEFBOT_LISTEN"])
    return {f"/{one.name}/events": one.request for one in platforms if isinstance(one, Slack)}


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
    telemetry = configure(settings.log_format)
    async with AsyncExitStack() as stack:
        pages = page_reader(settings)
        stack.push_async_callback(pages.close)
        if worker:
            pages.warm()
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        platforms = platforms_of(settings, store, telemetry)
        for platform in platforms:
            stack.push_async_callback(platform.close)
        work = work_of(settings, store)
        stack.push_async_callback(work.close)
        writer = await stack.enter_async_context(writing(settings, telemetry))
        service = service_of(
            settings,
            platforms={one.name: one for one in platforms},
            pages=pages,
            writer=writer,
            store=store,
            work=work,
            telemetry=telemetry,
        )
        hooks = hooks_of(settings, platforms) if front_end else {}
        address = await stack.enter_async_context(
            _on_the_web(settings, service, telemetry, front_end=front_end, hooks=hooks)
        )
        yield Running(service=service, address=address)


def service_of(
    settings: Settings,
    *,
    platforms: Mapping[str, Platform],
    pages: Pages,
    writer: Writer,
    store: Store,
    work: Work,
    telemetry: Telemetry,
) -> Service:
    """Put the parts together."""
    clock = SystemClock()
    conversation = _conversations(
        settings, platforms, pages=pages, writer=writer, store=store, telemetry=telemetry
    )
    intake = Intake(
        store=store,
        work=work,
        platforms=platforms,
        clock=clock,
        telemetry=telemetry,
        removed_days=settings.removed_days,
    )
    return Service(
        platforms=tuple(platforms.values()),
        intake=intake,
        clockwork=Clockwork(store=store, intake=intake, clock=clock, telemetry=telemetry),
        desk=FrontDesk(store=store, clock=clock, intake=intake, conversation=conversation),
        handle=_handle_of(
            settings, platforms, conversation, store=store, work=work, telemetry=telemetry
        ),
        store=store,
        work=work,
        clock=clock,
        telemetry=telemetry,
        give_back=give_memory_back,
    )


def _handle_of(
    settings: Settings,
    platforms: Mapping[str, Platform],
    conversation: Callable[[Channel], Conversation],
    *,
    store: Store,
    work: Work,
    telemetry: Telemetry,
) -> Handle:
    """Wire what does the jobs."""
    clock = SystemClock()
    chance = random.Random().random  # noqa: S311 - spreads pauses, keeps no secret
    tend = Tend(
        store=store,
        work=work,
        platforms=platforms,
        clock=clock,
        telemetry=telemetry,
        conversation=conversation,
    )
    leaves = "" if settings.model_is_here else host(settings.openai_base_url) or "api.openai.com"
    return Handle(
        store=store,
        work=work,
        clock=clock,
        telemetry=telemetry,
        deliver=Deliver(
            store=store, platforms=platforms, clock=clock, telemetry=telemetry, chance=chance
        ),
        attention=Attention(platforms=platforms, store=store, telemetry=telemetry),
        respond=Respond(
            conversation=conversation,
            tend=tend,
            store=store,
            leaves=leaves if settings.has_model else "",
        ),
        chance=chance,
    )


def _conversations(
    settings: Settings,
    platforms: Mapping[str, Platform],
    *,
    pages: Pages,
    writer: Writer,
    store: Store,
    telemetry: Telemetry,
) -> Callable[[Channel], Conversation]:
    clock = SystemClock()
    budget = budget_of(settings, share=settings.model_channel_share)
    spending = spending_of(settings, store, clock, telemetry, budget=budget)
    watched = ObservedPages(pages=pages, clock=clock, telemetry=telemetry)
    observed = ObservedWriter(writer=writer, clock=clock, telemetry=telemetry)

    hints = {"slack": SLACK, "matrix": matrix(settings.matrix_prefix)}

    def conversation(channel: Channel) -> Conversation:
        here = _Here(channel=channel, store=store, platforms=platforms, admins=settings.admins)
        return Conversation(
            channel=channel,
            pages=watched,
            writer=observed,
            store=store,
            clock=clock,
            hints=hints.get(channel.workspace.platform, CHAT),
            budget=budget,
            threaded=True,
            spending=spending,
            keeper=here.keeper,
            admin=here.admin,
            download=here.download,
            link=here.link,
        )

    return conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    """What a conversation needs to know of the place where it is held."""

    channel: Channel
    store: Store
    platforms: Mapping[str, Platform]
    admins: tuple[str, ...]

    async def admin(self, who: str) -> bool:
        return who in self.admins

    async def keeper(self, who: str) -> bool:
        if who in self.admins or who == await self.store.inviter(self.channel):
            return True
        platform = self.platforms.get(self.channel.workspace.platform)
        return platform is not None and await platform.moderates(self.channel, who)

    async def download(self, upload: Upload) -> bytes:
        platform = self.platforms.get(self.channel.workspace.platform)
        if platform is None:
            raise SourceMissing(upload.name)
        return await platform.download(upload)

    def link(self, thread: Thread) -> str:
        platform = self.platforms.get(self.channel.workspace.platform)
        return platform.link(thread) if platform else ""


@asynccontextmanager
async def _on_the_web(
    settings: Settings,
    service: Service,
    telemetry: Instruments,
    *,
    front_end: bool,
    hooks: Mapping[str, Hook],
) -> AsyncIterator[str]:
    """Serve health and metrics, and what platforms are told by; yield the address, if any."""

    async def ready() -> dict[str, bool]:
        telemetry.waiting(await service.work.backlog())
        listening = service.listening if front_end else ()  # who stands by is ready as well
        return {"store": True, **{one.name: one.connected for one in listening}}

    async def exposition() -> tuple[bytes, str]:
        with suppress(StoreError):
            telemetry.waiting(await service.work.backlog())
        return telemetry.exposition()

    if settings.listen_at is None:
        yield ""
        return
    bind, port = settings.listen_at
    web = Web(host=bind, port=port, ready=ready, exposition=exposition, hooks=hooks)
    await web.start()
    try:
        yield web.address
    finally:
        await web.close()
