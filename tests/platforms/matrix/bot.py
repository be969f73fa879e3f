"""The bot as it runs, in one process with a test, with an account on a real homeserver."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.app import SystemClock, embedded_writer
from bot.app.matrix import matrix_of
from bot.app.serving import service_of
from bot.errors import BriefbotError
from bot.model import Channel, Queue, Reading, Verdict, Workspace
from bot.settings import Settings
from bot.store.sql import SqlStore
from bot.work.embedded import EmbeddedWork
from tests.fakes.pages import FakePages
from tests.fakes.telemetry import FakeTelemetry
from tests.flows.articles import MUSEUM, PIER

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from pathlib import Path

    from bot.flows.serve import Service
    from bot.model import Incoming
    from bot.platforms.matrix.matrix import Matrix
    from bot.ports import Pages
    from tests.homeserver import Account, Homeserver

PIER_URL = "https://sample.example/pier"
MUSEUM_URL = "https://sample.example/museum"
WALL_URL = "https://sample.example/wall"


@dataclass
class _Seen:
    """An intake that a test looks into."""

    accept: Callable[[Incoming], Awaitable[None]]


@dataclass
class MatrixBot:
    """A bot with its account; it may be stopped and started again, and loses what was in memory."""

    homeserver: Homeserver
    account: Account
    folder: Path
    settings: Settings
    pages: Pages
    telemetry: FakeTelemetry
    moment: float
    grace: float
    service: Service | None = None
    platform: Matrix | None = None
    store: SqlStore | None = None
    _running: asyncio.Task[None] | None = None
    given: dict[str, object] = field(default_factory=dict)
    accepted: list[Incoming] = field(default_factory=list)
    _closing: list[object] = field(default_factory=list)

    @property
    def user_id(self) -> str:
        return self.account.user_id

    @property
    def server(self) -> str:
        return self.user_id.partition(":")[2]

    def channel(self, room: str) -> Channel:
        return Channel(workspace=Workspace(platform="matrix", id=self.server), id=room)

    async def start(self) -> None:
        """Start, and wait until it listens."""
        await self.start_in_vain()
        assert self.platform is not None
        assert self._running is not None
        async with asyncio.timeout(20):
            while not self.platform.connected:
                if self._running.done():
                    self._running.result()
                await asyncio.sleep(0.02)

    async def start_in_vain(self) -> None:
        """Start, and wait for nothing."""
        path = self.folder / "briefbot.db"
        self.store = store = await SqlStore.open(path)
        places = dict.fromkeys(Queue, 8)
        work = EmbeddedWork(store, path=path, places=places, clock=SystemClock())
        self.platform = matrix_of(self.settings, store, self.telemetry, grace=self.grace)
        service = service_of(
            self.settings,
            platforms={"matrix": self.platform},
            pages=self.pages,
            writer=embedded_writer(),
            store=store,
            work=work,
            telemetry=self.telemetry,
        )
        accept = service.intake.accept

        async def seen(incoming: Incoming) -> None:
            await accept(incoming)
            self.accepted.append(incoming)

        intake = _Seen(seen)
        service = replace(service, intake=intake)
        attention = replace(service.handle.attention, moment=self.moment, every=0.3)
        self.service = replace(service, handle=replace(service.handle, attention=attention))
        self._closing = [work, store]
        self._running = asyncio.create_task(self.service.run(front_end=True, worker=True))

    async def stop(self) -> None:
        """Stop as on SIGTERM."""
        running, self._running = self._running, None
        if running is None:
            return
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await self._close()

    async def _close(self) -> None:
        for one in self._closing:
            await one.close()

    async def ended(self) -> BaseException:
        """Return what ended the bot by itself."""
        assert self._running is not None
        await asyncio.wait([self._running], timeout=20)
        assert self._running.done()
        running, self._running = self._running, None
        await self._close()
        error: BaseException | None = running.exception()
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        assert error is not None
        return error

    def check(self) -> None:
        """What holds at the end of every dialogue: nothing broke."""
        broken = [
            one for one in self.telemetry.troubles if not isinstance(one.error, BriefbotError)
        ]
        assert broken == []


@asynccontextmanager
async def matrix_bot(
    homeserver: Homeserver,
    folder: Path,
    *,
    name: str = "briefbot",
    pages: Pages | None = None,
    started: bool = True,
    moment: float = 60.0,
    grace: float = 300.0,
    checked: bool = True,
    settings: dict[str, object] | None = None,
    account: Account | None = None,
) -> AsyncGenerator[MatrixBot]:
    """Run the bot with a new account; `moment` seconds pass until it shows that it is at work."""
    account = account or await homeserver.register(name)
    given = {
        "MATRIX_HOMESERVER": homeserver.url,
        "MATRIX_USER": account.user_id,
        "MATRIX_PASSWORD": account.password,
        "data_dir": folder,
        "post_timeout": 10.0,
        **(settings or {}),
    }
    sample = FakePages(
        {
            PIER_URL: Reading(source=PIER_URL, verdict=Verdict.ARTICLE, article=PIER),
            MUSEUM_URL: Reading(source=MUSEUM_URL, verdict=Verdict.ARTICLE, article=MUSEUM),
            WALL_URL: Reading(source=WALL_URL, verdict=Verdict.CONSENT_WALL),
        }
    )
    bot = MatrixBot(
        homeserver=homeserver,
        account=account,
        folder=folder,
        settings=Settings(**given),
        given=given,
        pages=pages or sample,
        telemetry=FakeTelemetry(),
        moment=moment,
        grace=grace,
    )
    try:
        if started:
            await bot.start()
        yield bot
        if checked:
            bot.check()
    finally:
        await bot.stop()
