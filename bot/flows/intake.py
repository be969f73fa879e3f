"""An Incoming -> the inbox and a Job.

1. What it says and where decides whether it is for us; of what is not, nothing is kept. A message
   that is deleted, or "stop" in a thread, takes back what was not answered yet.
2. In one transaction: the inbox has it (once, by its key), and the Job is enqueued.
3. Only then does the caller acknowledge it. Where anything failed he does not, and the platform
   delivers it again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.talking.address import concern, is_stop, thread_of
from bot.core.working import share
from bot.errors import NotAccepted, StoreError
from bot.model import Deleted, Ending, Job, Task

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.talking.address import Concern
    from bot.model import Channel, Event, Incoming, Queue, Thread
    from bot.ports import Clock, Store, Telemetry, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes in what the platforms receive."""

    store: Store
    work: Work
    clock: Clock
    telemetry: Telemetry
    # How many events of each workspace are being taken in.
    _under_way: Counter[str] = field(default_factory=Counter)

    async def accept(self, incoming: Incoming) -> None:
        """Take in one Incoming; it is durable when this returns. Raises StoreError, NotAccepted."""
        try:
            await self._accept(incoming)
        except StoreError as error:
            self.telemetry.trouble("not_accepted", error)
            raise
        except Exception as error:
            # The outermost loop of what comes in: one event must not end the listening.
            self.telemetry.trouble("not_accepted", error)
            raise NotAccepted from error

    async def _accept(self, incoming: Incoming) -> None:
        began = self.clock.instant()
        if isinstance(incoming, Deleted):
            await self._take_back(incoming)
            return
        thread = thread_of(incoming)
        if thread is None:
            return
        event = await self._kept(incoming, thread)
        if event is None:
            return
        platform = thread.channel.workspace.platform
        with self.telemetry.following(event.trace):
            self.telemetry.accepted(platform)
            self.telemetry.took("accept", self.clock.instant().seconds - began.seconds)
            self.telemetry.log("accepted", platform=platform)

    async def _kept(self, incoming: Incoming, thread: Thread) -> Event | None:
        """Store what concerns us; None where nothing does, or it is there already.

        Of a burst that comes at once, each event counts those before it, though none is stored.
        """
        workspace = share.name_of(thread.channel.workspace)
        before = self._under_way[workspace]
        self._under_way[workspace] += 1
        try:
            standing = await self.store.standing(thread, most=share.COUNTED)
            concerned = concern(incoming, standing)
            if concerned is None:
                return None
            return await self._keep(concerned, share.priority(standing.backlog + before))
        finally:
            self._under_way[workspace] -= 1
            if not self._under_way[workspace]:
                del self._under_way[workspace]

    async def _keep(self, concerned: Concern, priority: int) -> Event | None:
        stopped: Sequence[int] = ()
        async with self.store.begin() as tx:
            if is_stop(concerned.incoming):
                stopped = await self.store.withdraw(
                    tx, concerned.thread.channel, thread=concerned.thread.id, at=self.clock.now()
                )
            event = await self.store.add_event(
                tx,
                concerned.incoming,
                thread=concerned.thread,
                message=concerned.message,
                at=self.clock.now(),
            )
            if event is not None:
                await self.work.enqueue(tx, [handling(event, concerned.queue, priority=priority)])
        self._ended(concerned.thread.channel, stopped)
        return event

    async def _take_back(self, incoming: Deleted) -> None:
        channel = incoming.thread.channel
        async with self.store.begin() as tx:
            ended = await self.store.withdraw(
                tx, channel, message=incoming.message_id, at=self.clock.now()
            )
        self._ended(channel, ended)

    def _ended(self, channel: Channel, events: Sequence[int]) -> None:
        for _ in events:
            self.telemetry.ended(channel.workspace.platform, Ending.WITHDRAWN, "taken_back")


def handling(event: Event, queue: Queue, *, priority: int = 0) -> Job:
    """Return the job that answers an event."""
    channel = event.thread.channel
    return Job(
        task=Task.HANDLE,
        target=event.id,
        queue=queue,
        workspace=share.name_of(channel.workspace),
        lock=share.lock_of(channel, event.thread.id),
        priority=priority,
    )
