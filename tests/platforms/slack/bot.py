"""The whole bot in a workspace of the stand-in: what people do, and what they see."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.app.machine import SystemClock
from bot.app.serving import hooks_of, service_of
from bot.app.slack import slack_of
from bot.app.writers import embedded_writer
from bot.errors import BriefbotError
from bot.model import Queue, Reading, Verdict
from bot.platforms.slack.events import channel_of
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
    from datetime import datetime
    from pathlib import Path

    from bot.flows.serve import Service
    from bot.model import Channel
    from bot.ports import Pages
    from tests.standins.slack import Message, View

PIER_URL, MUSEUM_URL = "https://sample.example/pier", "https://sample.example/museum"
WALL_URL = "https://wall.example/a"
OURS = (PIER_URL, MUSEUM_URL, "https://trap.example/x", "https://sample.example/long")
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
    acted: set[str] = field(default_factory=set)  # who struck something, with his name under it

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
        for _ in range(2000):
            if all(one.jobs == 0 for one in await self.service.work.backlog()):
                await self.slack.settled()
                return
            await asyncio.sleep(0.02)
        raise AssertionError("there is still work after 40 seconds")

    def seen(self, channel: str = "general") -> list[str]:
        return self.slack.transcript(channel)

    async def says(self, user: str, text: str, channel: str = "general", **more: object) -> str:
        ts = self.slack.says(user, channel, text, **more)
        await self.idle()
        return ts

    async def reacts(self, user: str, ts: str, channel: str = "general") -> None:
        self.slack.reacts(user, channel, ts, "newspaper")
        await self.idle()

    async def edits(self, ts: str, text: str, channel: str = "general") -> None:
        self.slack.edits(channel, ts, text)
        await self.idle()

    async def deletes(self, ts: str, channel: str = "general") -> None:
        self.slack.deletes(channel, ts)
        await self.idle()

    async def types(self, user: str, text: str, channel: str = "general") -> list[str]:
        """Type `/brief TEXT`; return what only that person was shown since."""
        before = len(self.told(user, channel))
        self.slack.commands(user, channel, "/brief", text)
        await self.idle()
        return self.told(user, channel)[before:]

    async def presses(
        self, user: str, control: str, channel: str = "general", post: str = "", option: str = ""
    ) -> None:
        """Press a control of a post of ours, the last one if none is named."""
        ts = post or self.posts(channel)[-1].ts
        self.slack.presses(user, channel, ts, f"briefbot:{control}", option=option or None)
        await self.idle()

    async def submits(self, user: str, **fields: str) -> list[str]:
        """Fill in and send the form that somebody has open; return what does not fit."""
        view = self.slack.modal(user)
        assert view is not None
        view.errors = {}
        self.acted.add(f"<@{self.slack.place.user(user).id}>")
        self.slack.submits(user, view.id, {f"field:{name}": one for name, one in fields.items()})
        await self.idle()
        return [f"{name.removeprefix('field:')}: {one}" for name, one in view.errors.items()]

    async def settles(self, who: str, setting: str, channel: str = "general") -> None:
        """Change a setting, as somebody who may."""
        assert "Only those who" not in "".join(
            await self.types(who, f"settings {setting}", channel)
        )

    async def founds(self, name: str, by: str = "ada", **given: object) -> None:
        """Make a channel, and let somebody invite us, who looks after it from then on."""
        members = ("ada", "bob")
        self.slack.place.add_channel(name, members=members, **given)
        self.slack.invites(by, name)
        await self.idle()

    def told(self, user: str, channel: str = "general") -> list[str]:
        """Return what only that person sees, one text each."""
        id_ = self.slack.place.user(user).id
        return [self._text(one) for one in self.slack.messages(channel) if one.only_to == id_]

    def thread(self, ts: str, channel: str = "general") -> list[str]:
        """Return our posts in a thread, that everybody sees, one text each."""
        return [self._text(one) for one in self.posts(channel) if one.thread == ts]

    def _text(self, one: Message) -> str:
        lines = self.slack.seen(one.channel, one.ts)
        return "\n".join(line.removeprefix("  ") for line in lines).partition(": ")[2]

    def dialog(self, user: str) -> str:
        """Return the dialog that somebody has open."""
        view: View | None = self.slack.modal(user)
        return "" if view is None else "\n".join(self.slack.view_seen(view))

    async def home(self, user: str) -> str:
        self.slack.opens_home(user)
        await self.idle()
        return "\n".join(self.slack.home_seen(user))

    def place(self, channel: str = "general") -> Channel:
        """Return a channel as the store knows it."""
        return channel_of(self.slack.place.team, self.slack.place.channel(channel).id)

    def later(self, **after: float) -> datetime:
        return SystemClock().now() + timedelta(**after)

    def calls(self, method: str) -> list[str]:
        """Return what became of each call of a method."""
        return [one.outcome for one in self.slack.calls if one.method == method]

    def check(self) -> None:
        """What holds at the end of every dialogue.

        Slack has nothing to complain of, nothing broke, nobody was called who did not act
        himself, and no link is live that we did not mean to be.
        """
        assert self.slack.complaints == []
        broken = [
            one for one in self.telemetry.troubles if not isinstance(one.error, BriefbotError)
        ]
        assert broken == []
        for one in self.slack.called:
            acts = ("invited me", "says that bullet", "posted the link", "pasted it", "sent the ")
            text = "\n".join(self._shown(one.channel, one.ts))
            assert one.mark.startswith("<@U"), one
            known = not text or one.mark in self.acted or any(act in text for act in (*acts, "→"))
            assert known, (one, text)
        ours = ("https://marlow.slack.com/archives/", *OURS)
        assert [one for one in self.slack.links if not one.mark.startswith(ours)] == []

    def _shown(self, channel: str, ts: str) -> list[str]:
        view = self.slack.views.get(ts)
        if view is not None:
            return self.slack.view_seen(view)
        found = ts in self.slack.place.channel(channel).messages
        return self.slack.seen(channel, ts) if found else []

    def posts(self, channel: str = "general") -> list[Message]:
        """Return the messages that we have posted and that everybody sees."""
        us = self.slack.place.bot_user
        return [
            one
            for one in self.slack.messages(channel, ephemeral=False)
            if one.subtype != "channel_join"
            and (one.user == us or one.bot_id == self.slack.place.bot_id)
        ]


@asynccontextmanager
async def slack_bot(
    folder: Path,
    *,
    socket: bool = True,
    pages: Pages | None = None,
    started: bool = True,
    settings: dict[str, object] | None = None,
    moment: float = 60.0,
    checked: bool = True,
    **given: object,
) -> AsyncGenerator[SlackBot]:
    """Run the bot in a new workspace; `moment` seconds pass until it shows that it is at work.

    Without `socket`, events come over HTTP.

    `pages` may be another reader than that of the sample pages; what is not `started` the test
    starts itself; `settings` are the operator's.
    """
    defaults = {"seed": 1, "pace": 0.0, "redeliver_after": 2.0}
    async with SlackServer(**{**defaults, **given}) as slack:
        chosen = Settings(
            SLACK_BOT_TOKEN=slack.bot_token,
            SLACK_APP_TOKEN=slack.app_token if socket else None,
            SLACK_SIGNING_SECRET=slack.signing_secret,
            SLACK_API_URL=slack.url,
            **{"data_dir": folder, "post_timeout": 2.0, "post_grace": 0.5, **(settings or {})},
        )
        store = await SqlStore.open(folder / "briefbot.db")
        work = EmbeddedWork(
            store,
            path=folder / "briefbot.db",
            places=dict.fromkeys(Queue, 4),
            clock=SystemClock(),
        )
        sample = FakePages(
            {
                PIER_URL: Reading(source=PIER_URL, verdict=Verdict.ARTICLE, article=PIER),
                MUSEUM_URL: Reading(source=MUSEUM_URL, verdict=Verdict.ARTICLE, article=MUSEUM),
                WALL_URL: Reading(source=WALL_URL, verdict=Verdict.CONSENT_WALL),
            }
        )
        telemetry = FakeTelemetry()
        platform = slack_of(chosen, telemetry, pace=given.get("pace", 0.0), heartbeat=0.3)
        service = service_of(
            chosen,
            platforms={platform.name: platform},
            pages=pages or sample,
            writer=embedded_writer(),
            store=store,
            work=work,
            telemetry=telemetry,
        )
        attention = replace(service.handle.attention, moment=moment)
        service = replace(service, handle=replace(service.handle, attention=attention))
        web = Web(
            host="127.0.0.1",
            port=0,
            ready=_nothing,
            exposition=_nothing,
            hooks=hooks_of(chosen, [platform]),
        )
        bot = SlackBot(
            slack=slack, store=store, service=service, pages=sample, telemetry=telemetry, web=web
        )
        await web.start()
        if not socket:
            slack.http_to(f"http://{web.address}/slack/events")
        try:
            if started:
                await bot.start()
            yield bot
            if checked:
                bot.check()
        finally:
            await bot.stop()
            await web.close()
            await platform.close()
            await work.close()
            await store.close()


async def _nothing() -> object:
    raise AssertionError("nobody asks for it here")
