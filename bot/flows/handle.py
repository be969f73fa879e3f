"""A Job -> the flow that does it, and what becomes of the job.

To answer an event:
1. Read it from the inbox; if it has ended, or its post is in the ledger, nothing is left to do.
2. Work out what to say: `flows.converse`, each source of the message saved as it is done.
3. In one transaction: the post goes into the ledger, with the Job that delivers it. An event
   that calls for nothing ends here, with the reason.
To deliver a post: `flows.deliver`.
What fails is tried again or given up by the type of its error (`core.working.retry`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.working import retry
from bot.errors import StoreError
from bot.flows.deliver import delivering
from bot.model import Again, Commanded, Done, Ending, Message, Posted, Reacted, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.flows.converse import Conversation
    from bot.flows.deliver import Deliver
    from bot.model import Channel, Event, Finish, Incoming, Job
    from bot.ports import Clock, Store, Telemetry, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """Does jobs. `chance` gives numbers from 0 to 1."""

    store: Store
    work: Work
    clock: Clock
    telemetry: Telemetry
    deliver: Deliver
    conversation: Callable[[Channel], Conversation]
    chance: Callable[[], float]

    async def handle(self, job: Job) -> Finish:
        """Do one job; raises nothing but CancelledError."""
        try:
            match job.task:
                case Task.HANDLE:
                    return await self._event(job.target)
                case Task.DELIVER:
                    return await self._delivery(job.target)
        except Exception as error:  # noqa: BLE001 - the outermost loop: no job may stop the others
            return self._later(error, 1)

    async def _delivery(self, number: int) -> Finish:
        line = await self.store.delivery(number)
        if line is None:
            return Done()
        with self.telemetry.following(line.trace):
            try:
                return await self.deliver.deliver(line)
            except Exception as error:  # noqa: BLE001 - as above, told with its trace
                return self._later(error, line.failures + 1)

    async def _event(self, number: int) -> Finish:
        event = await self.store.event(number)
        if event is None or event.ending is not None:
            return Done()
        with self.telemetry.following(event.trace):
            try:
                return await self._answer(event)
            except Exception as error:  # noqa: BLE001 - as above, told with its trace
                return await self._failed(event, error)

    async def _answer(self, event: Event) -> Finish:
        began = self.clock.instant()
        waited = max(0.0, (self.clock.now() - event.received_at).total_seconds())
        self.telemetry.took("begin", waited)
        self.telemetry.log("begun", waited=round(waited, 4))
        message = _message(event.incoming)
        if message is None:
            await self._end(event, Ending.DEAD, "unreadable")
            return Done()
        post = await self.conversation(event.thread.channel).reply(message, event=event.id)
        if post is None:
            await self._end(event, Ending.SILENT, "nothing_to_say")
            return Done()
        async with self.store.begin() as tx:
            line = await self.store.add_delivery(
                tx, event, key=_key(event), post=post, at=self.clock.now()
            )
            await self.work.enqueue(tx, [delivering(line)])
        self.telemetry.took("answer", self.clock.instant().seconds - began.seconds)
        self.telemetry.log("answered")
        return Done()

    async def _failed(self, event: Event, error: Exception) -> Finish:
        failures = event.failures + 1
        self.telemetry.trouble("event_failed", error)
        decided = retry.after(error, failures, chance=self.chance())
        try:
            if isinstance(decided, retry.GiveUp):
                await self._end(event, Ending.DEAD, retry.reason_of(error))
                return Done()
            if not isinstance(error, StoreError):
                async with self.store.begin() as tx:
                    await self.store.failed_event(tx, event.id)
        except StoreError as worse:
            return self._later(worse, failures)
        return Again(after=decided.after)

    def _later(self, error: Exception, failures: int) -> Finish:
        """Try again where nothing could be stored about it."""
        self.telemetry.trouble("job_failed", error)
        decided = retry.after(error, min(failures, 3), chance=self.chance())
        return Again(after=decided.after if isinstance(decided, retry.Retry) else 60.0)

    async def _end(self, event: Event, ending: Ending, reason: str) -> None:
        async with self.store.begin() as tx:
            ended = await self.store.end_event(
                tx, event.id, ending, reason=reason, at=self.clock.now()
            )
        if ended:
            platform = event.thread.channel.workspace.platform
            self.telemetry.ended(platform, ending, reason)
            self.telemetry.log("ended", ending=ending, reason=reason)


def _key(event: Event) -> str:
    """Return the key of an event's post: the same however often it is answered."""
    return f"{event.trace}.{event.id}"


def _message(incoming: Incoming | None) -> Message | None:
    """Return what was said to us, whichever way."""
    match incoming:
        case Posted(message=message) | Reacted(message=message):
            return message
        case Commanded(key=key, thread=thread, who=who, text=text, at=at):
            return Message(thread=thread, id=key, author=who, text=text, sent_at=at)
        case _:
            return None
