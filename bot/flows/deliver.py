"""A line of the ledger -> a post, once.

1. `core.working.posting` says what is next: send it, look for it, wait until looking is sure.
   The platform says when it may go out: one after the other in a channel.
2. Before it is sent, the ledger says SENDING, durably, with the moment.
3. What the platform says is stored: where the post is; that it was not sent (again later); that
   nobody knows (it is looked for before it is sent again); that it never will be.
4. With the post, its event ends. Where it began a thread, all that waited for one hangs on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.core.working import posting, retry
from bot.errors import NotSent, PlatformError, Rejected, Throttled, Unsure
from bot.model import Again, DeliveryState, Done, Ending

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.model import Delivery, Finish, Instant, PostRef
    from bot.ports import Clock, Platform, Store, Telemetry

_FRESH = 1.0
"""Seconds within which a post must follow what the ledger says of its sending."""

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Posts what the ledger holds. `chance` gives numbers from 0 to 1."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Clock
    telemetry: Telemetry
    chance: Callable[[], float]
    # When this process first saw a line that was sent in another era, by id and turn.
    _seen: dict[tuple[int, int], Instant] = field(default_factory=dict)

    async def deliver(self, line: Delivery) -> Finish:
        """Do what is next with a line as it was just read. Raises StoreError."""
        name = line.thread.channel.workspace.platform
        platform = self.platforms.get(name)
        if platform is None:
            return await self._failed(line, NotSent(name, "not set up"))
        match self._next(line, platform):
            case posting.Nothing():
                return Done()
            case posting.Wait(seconds=seconds):
                return Again(after=seconds)
            case posting.Look():
                return await self._look(line, platform)
            case posting.Send():
                wait = platform.pace(line.thread, line.key)
                return Again(after=wait) if wait > 0 else await self._send(line, platform)

    def _next(self, line: Delivery, platform: Platform) -> posting.Next:
        now = self.clock.instant()
        tried = line.tried
        seen = now
        if line.state is DeliveryState.SENDING and (tried is None or tried.era != now.era):
            if len(self._seen) > _REMEMBERED:
                self._seen.clear()  # forgetting only makes us wait for longer
            seen = self._seen.setdefault((line.id, line.turn), now)
        return posting.step(line, now=now, seen=seen, settle=platform.settle + _FRESH)

    async def _look(self, line: Delivery, platform: Platform) -> Finish:
        try:
            found = await platform.find(line.thread, line.key)
        except PlatformError as error:
            return await self._failed(line, error)
        self.telemetry.log("looked", found=str(found is not None))
        if found is not None:
            return await self._arrived(line, found)
        return await self._send(line, platform)

    async def _send(self, line: Delivery, platform: Platform) -> Finish:
        if line.post is None:
            return await self._give_up(line, Ending.DEAD, "unreadable")
        sending = await self._announce(line)
        if sending is None:
            return Done()  # somebody else has it, or it was forgotten
        began = self.clock.instant()
        try:
            ref = await platform.post(line.thread, line.post, key=line.key)
        except (Throttled, NotSent) as error:
            return await self._failed(replace(sending, state=DeliveryState.NEW), error)
        except Unsure as error:
            return await self._failed(sending, error)
        except Rejected as error:
            self.telemetry.trouble("post_rejected", error)
            return await self._give_up(sending, Ending.REFUSED, error.detail or "rejected")
        self.telemetry.took("post", self.clock.instant().seconds - began.seconds)
        return await self._arrived(sending, ref)

    async def _announce(self, line: Delivery) -> Delivery | None:
        """Say durably that sending begins now; None where it is not ours to send.

        Storing it may have taken so long (a locked database) that "now" is over.
        """
        while True:
            tried = self.clock.instant()
            sending = replace(line, state=DeliveryState.SENDING, tried=tried, suspect=False)
            if not await self._stored(sending):
                return None
            line = replace(sending, turn=sending.turn + 1)
            if self.clock.instant().seconds - tried.seconds < _FRESH:
                return line

    async def _arrived(self, line: Delivery, ref: PostRef) -> Finish:
        posted = replace(line, state=DeliveryState.POSTED, ref=ref)
        await self._stored(posted, ending=Ending.POSTED)
        return Done()

    async def _failed(self, line: Delivery, error: PlatformError) -> Finish:
        """Count a failure; try again later, or leave it to a person."""
        self.telemetry.trouble("post_failed", error)
        failures = line.failures + 1
        decided = retry.after(error, failures, chance=self.chance())
        line = replace(line, failures=failures)
        if isinstance(decided, retry.Retry):
            await self._stored(line)
            return Again(after=decided.after)
        if line.state is DeliveryState.SENDING or line.suspect:
            await self._stored(
                replace(line, state=DeliveryState.UNCERTAIN, reason=retry.reason_of(error))
            )
            return Done()
        return await self._give_up(line, Ending.DEAD, retry.reason_of(error))

    async def _give_up(self, line: Delivery, ending: Ending, reason: str) -> Finish:
        failed = replace(line, state=DeliveryState.FAILED, reason=reason)
        await self._stored(failed, ending=ending, reason=reason)
        return Done()

    async def _stored(
        self, line: Delivery, *, ending: Ending | None = None, reason: str = ""
    ) -> bool:
        at = self.clock.now()
        ended = False
        async with self.store.begin() as tx:
            changed = await self.store.change_delivery(tx, line, at=at)
            if line.ref is not None and line.ref.thread != line.thread:
                await self.store.rename_thread(tx, line.thread, line.ref.thread)
            if changed and ending is not None and line.event is not None:
                ended = await self.store.end_event(tx, line.event, ending, reason=reason, at=at)
        if ended and ending is not None:
            self.telemetry.ended(line.thread.channel.workspace.platform, ending, reason)
            self.telemetry.log("ended", ending=ending, reason=reason)
        return changed
