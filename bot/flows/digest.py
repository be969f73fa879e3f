"""A channel and a day of its own zone -> a digest.

1. Once a minute the clock is looked at: each channel whose moment has come gets an event, which
   its inbox takes once a day (`flows.intake`).
2. What was read since the last digest goes into stories (`core.digesting`); where there are fewer
   than the channel wants, nothing is said, and the next one has them.
3. With the post, the ledger's transaction keeps what was told: so each day is told once, and each
   article in one digest.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.digesting import schedule
from bot.core.digesting.digest import compose
from bot.model import Due, Told

if TYPE_CHECKING:
    from datetime import date

    from bot.flows.intake import Intake
    from bot.model import Channel, ChannelSettings, Digest
    from bot.ports import Clock, Store, Telemetry

_MOST_READ = 300
"""Articles that a digest is made from: the newest."""

_MINUTE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A digest, and what is to be kept once it is posted."""

    digest: Digest
    told: Told


async def tell(
    channel: Channel,
    kept: ChannelSettings,
    *,
    store: Store,
    clock: Clock,
    day: date | None = None,
) -> Telling:
    """Put together what a channel read since its last digest; `day` is today where none is given.

    `kept` are the channel's settings.
    """
    now = clock.now()
    last = await store.told(channel)
    day = day or now.astimezone(ZoneInfo(kept.zone)).date()
    since = schedule.reach(kept, day, now, told=None if last is None else last.until)
    number = 0 if last is None else last.number
    read = await store.read_since(channel, number, since=since, limit=_MOST_READ)
    digest = await asyncio.to_thread(  # a busy day takes a while
        compose,
        read.mentions,
        day=day,
        since=since,
        until=now,
        talk=read.talk,
        unread=read.unread,
        most=kept.digest_most,
    )
    told = Told(day=day, until=now, number=max(read.last, number), posted=True)
    return Telling(digest=digest, told=told)


def unsaid(day: date, last: Told | None, telling: Telling) -> Told:
    """Return what is kept of a day on which nothing is said: no more was told than before it."""
    until = telling.digest.since if last is None else last.until
    number = 0 if last is None else last.number
    return Told(day=day, until=until, number=number, posted=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clockwork:
    """Sees to it that each channel's digest comes at its time."""

    store: Store
    intake: Intake
    clock: Clock
    telemetry: Telemetry

    async def run(self) -> None:
        """Look at the clock at every full minute, until cancelled."""
        while True:
            await self.tick()
            now = self.clock.now()
            await asyncio.sleep(_MINUTE - now.second - now.microsecond / 1e6)

    async def tick(self) -> int:
        """Have what is due now told; return how many channels that is."""
        now = self.clock.now()
        due = 0
        try:
            subscriptions = [
                one
                for one in await self.store.subscriptions()
                if one.channel.workspace.platform in self.intake.platforms
            ]
        except Exception as error:  # noqa: BLE001 - the outermost loop of the clock: the next minute comes
            self.telemetry.trouble("clock_failed", error)
            return due
        for one in subscriptions:
            try:
                last = one.told.day if one.told else None
                day = schedule.due(one.settings, now, last=last, asked_at=one.set_at)
                if day is not None:
                    due += 1
                    await self.intake.accept(due_on(one.channel, day))
            except Exception as error:  # noqa: BLE001 - as above: one channel holds up no other
                self.telemetry.trouble("not_due", error)
        return due


def due_on(channel: Channel, day: date) -> Due:
    """Return the event that a channel's digest of a day comes with."""
    return Due(key=f"digest:{day}", channel=channel, day=day)
