"""The bot at work, until it is stopped.

1. Every platform listens; what it receives is taken in (`flows.intake`). Where it has a session,
   one process at a time listens there and does what takes that session; others stand by.
2. Jobs are handed out to `flows.handle`.
3. One process of all leads: it sees that what is open has a job, erases what has been kept long
   enough, and looks at the clock for digests (`flows.digest`).
4. Memory that is free is given back now and then.
When it is stopped, no more is taken in, what is being done is finished or handed back.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import BriefbotError
from bot.flows.jobs import sessions_of
from bot.flows.recover import recover

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.flows.digest import Clockwork
    from bot.flows.handle import Handle
    from bot.flows.intake import Intake
    from bot.ports import Clock, Desk, Platform, Store, Telemetry, Work

GRACE = 8.0
"""Seconds for what is being done when the bot is stopped."""

_TEND_EVERY = 300.0
_TEND_SOON = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything that runs. Either part may be left to other processes.

    `give_back` returns free memory to the system: months of texts of all sizes leave gaps.
    """

    platforms: Sequence[Platform]
    intake: Intake
    clockwork: Clockwork
    desk: Desk
    handle: Handle
    store: Store
    work: Work
    clock: Clock
    telemetry: Telemetry
    give_back: Callable[[], None]
    # The names of the platforms whose session is here.
    _held: set[str] = field(default_factory=set)

    @property
    def listening(self) -> Sequence[Platform]:
        """The platforms that a front end listens to, but for those where it stands by."""
        return [one for one in self.platforms if not one.session or one.name in self._held]

    async def run(self, *, front_end: bool, worker: bool) -> None:
        """Run until cancelled. Raises WorkTaken where another process does the work."""
        async with asyncio.TaskGroup() as tasks:
            if front_end:
                for platform in self.platforms:
                    tasks.create_task(self._listen(platform))
            if worker:
                tasks.create_task(self.work.run(self.handle.handle, grace=GRACE))
                tasks.create_task(self.work.lead(self._lead))
            tasks.create_task(self._keep_small())

    async def _listen(self, platform: Platform) -> None:
        if platform.session:
            here = partial(self._listen_alone, platform)
            await self.work.hold(platform.session, here, self.handle.handle, grace=GRACE)
        else:
            await platform.listen(self.intake.accept, self.desk)

    async def _listen_alone(self, platform: Platform) -> None:
        self._held.add(platform.name)
        try:
            await platform.listen(self.intake.accept, self.desk)
        finally:
            self._held.discard(platform.name)

    async def _keep_small(self) -> None:
        while True:
            await asyncio.sleep(_TEND_EVERY)
            self.give_back()

    async def _lead(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.tend())
            tasks.create_task(self.clockwork.run())

    async def tend(self) -> None:
        """Look after the store, once now and then every few minutes."""
        while True:
            pause = _TEND_EVERY
            try:
                found = await recover(
                    store=self.store, work=self.work, sessions=sessions_of(self.platforms)
                )
                gone = await self.store.expire(self.clock.now())
            except BriefbotError as error:
                self.telemetry.trouble("tending_failed", error)
                pause = _TEND_SOON
            else:
                self.telemetry.log("tended", recovered=found, articles_expired=gone.articles)
            await asyncio.sleep(pause)
