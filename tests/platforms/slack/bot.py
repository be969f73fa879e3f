"""The whole bot in a workspace of the stand-in: what people do, and what they see."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.app.machine import SystemClock
from bot.app.serving import hooks_of, service_of
from bot.app.slack import slack_of
from bot.app.writers import embedded_writer
from bot.model import Queue, Reading, Verdict
from bot.settings import Settings
from bot.store.sql import SqlStore
from bot.web import Web
from bot.work.embedded import EmbeddedWork
from tests.fakes.pages import FakePages
from tests.fakes.telemetry import FakeTelemetry
from tests.flows.articles import MUSEUM, PIER
from tests.standins.slack import SlackServer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.flows.serve import Service

PIER_URL, MUSEUM_URL = "https://sample.example/pier", "https://sample.example/museum"
WALL_URL = "https://wall.example/a"
PIER_BULLET = "The pier at Wexcombe reopens on Friday after repairs that cost 2.4 million pounds"


@dataclass
class SlackBot:
    """`slack` is the workspace, `service` the bot in it."""

    slack: SlackServer
    store: SqlStore
    service: Service
    pages: FakePages
    telemetry: FakeTelemetry
    web: Web
    running: asyncio.Task[None] | None = field(default=None)

    async def start(self) -> None:
        self.running = asyncio.create_task(self.service.run(front_end=True, worker=True))
        await self.slack.until(lambda: self.service.platforms[0].connected)

    async def stop(self) -> None:
        if self.running is not None:
            self.running.cancel()
            await asyncio.wait([self.running])

    async def idle(self) -> None:
        """Wait until everything is acknowledged and nothing waits or runs."""
        await self.slack.settled()
        for _ in range(400):
            if all(one.jobs == 0 for one in await self.service.work.backlog()):
                await self.slack.settled()
                return
            await asyncio.sleep(0.02)
        raise AssertionError("there is still work after 8 seconds")

    def seen(self, channel: str = "general") -> list[str]:
        return self.slack.transcript(channel)

    async def says(self, user: str, text: str, channel: str = "general", **more: object) -> str:
        ts = self.slack.says(user, channel, text, **more)
        await self.idle()
        return ts

    async def reacts(self, user: str, ts: str, channel: str = "general") -> None:
        self.slack.reacts(user, channel, ts, "newspaper")
        await self.idle()

    def posts(self, channel: str = "general") -> list[object]:
        """Return the messages that we have posted and that everybody sees."""
        us = self.slack.place.bot_user
        return [
            one
            for one in self.slack.messages(channel, ephemeral=False)
            if one.user == us or one.bot_id == self.slack.place.bot_id
        ]


@asynccontextmanager
async def slack_bot(
    folder: Path, *, socket: bool = True, **given: object
) -> AsyncGenerator[SlackBot]:
    """Run the bot in a new workspace. Without `socket`, events come over HTTP."""
    defaults = {"seed": 1, "pace": 0.0, "redeliver_after": 2.0}
    async with SlackServer(**{**defaults, **given}) as slack:
        settings = Settings(
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_APP_TOKEN=slack.app_token if socket else None,
            SLACK_SIGNING_SECRET=slack.signing_secret,
            SLACK_API_URL=slack.url,
            data_dir=folder,
            post_timeout=2.0,
            post_grace=0.5,
        )
        store = await SqlStore.open(folder / "briefbot.db")
        work = EmbeddedWork(
            store,
            path=folder / "briefbot.db",
            places=dict.fromkeys(Queue, 4),
            clock=SystemClock(),
        )
        pages = FakePages(
            {
                PIER_URL: Reading(source=PIER_URL, verdict=Verdict.ARTICLE, article=PIER),
                MUSEUM_URL: Reading(source=MUSEUM_URL, verdict=Verdict.ARTICLE, article=MUSEUM),
                WALL_URL: Reading(source=WALL_URL, verdict=Verdict.CONSENT_WALL),
            }
        )
        telemetry = FakeTelemetry()
        platform = slack_of(settings, pace=given.get("pace", 0.0))
        service = service_of(
            settings,
            platforms={platform.name: platform},
            pages=pages,
            writer=embedded_writer(),
            store=store,
            work=work,
            telemetry=telemetry,
        )
        web = Web(
            host="127.0.0.1",
            port=0,
            ready=_nothing,
            exposition=_nothing,
            hooks=hooks_of(settings, [platform]),
        )
        bot = SlackBot(
            slack=slack, store=store, service=service, pages=pages, telemetry=telemetry, web=web
        )
        await web.start()
        if not socket:
            slack.http_to(f"http://{web.address}/slack/events")
        await bot.start()
        try:
            yield bot
        finally:
            await bot.stop()
            await web.close()
            await platform.close()
            await work.close()
            await store.close()


async def _nothing() -> object:
    raise AssertionError("nobody asks for it here")
