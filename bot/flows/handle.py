"""A Job -> the flow that does it, and what becomes of the job.

To answer an event:
1. Read it from the inbox; if it has ended, or its post is in the ledger, nothing is left to do.
2. Work out what to do: `flows.respond`, each source of the message saved as it is done;
   `flows.attend` shows that it is being done, and breaks it off where it was taken back.
3. In one transaction: the post goes into the ledger, with the Job that delivers it. An event
   that calls for nothing ends here, with the reason.
To deliver a post: `flows.deliver`.
What fails is tried again or given up by the type of its error (`core.working.retry`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.working import retry
from bot.errors import StoreError
from bot.flows.attend import TakenBack
from bot.flows.jobs import delivering, sessions_of
from bot.flows.outcome import End, Say, Wait
from bot.model import Again, Done, Ending, Sign, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.flows.attend import Attention
    from bot.flows.deliver import Deliver
    from bot.flows.outcome import Outcome
    from bot.flows.respond import Respond
    from bot.model import Event, Finish, Job, Told
    from bot.ports import Clock, Store, Telemetry, Work


_REMEMBERED = 10_000
_LONGEST = 60.0


class _ToldAlreadyError(Exception):
    """The day has its digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """Does jobs. `chance` gives numbers from 0 to 1."""

    store: Store
    work: Work
    clock: Clock
    telemetry: Telemetry
    deliver: Deliver
    attention: Attention
    respond: Respond
    chance: Callable[[], float]
    # How often in a row nothing could be stored about a job, by its key.
    _unstored: dict[str, int] = field(default_factory=dict)

    async def handle(self, job: Job) -> Finish:
        """Do one job; raises nothing but CancelledError."""
        unstored = self._unstored.get(job.key)
        try:
            finish = await self._do(job)
        except Exception as error:  # noqa: BLE001 - the outermost loop: no job may stop the others
            finish = self._later(error, job)
        if self._unstored.get(job.key) == unstored:
            self._unstored.pop(job.key, None)
        return finish

    async def _do(self, job: Job) -> Finish:
        match job.task:
            case Task.HANDLE:
                return await self._event(job)
            case Task.DELIVER:
                return await self._delivery(job)

    async def _delivery(self, job: Job) -> Finish:
        line = await self.store.delivery(job.target)
        if line is None:
            return Done()
        with self.telemetry.following(line.trace):
            try:
                return await self.deliver.deliver(line)
            except Exception as error:  # noqa: BLE001 - as above, told with its trace
                return self._later(error, job)

    async def _event(self, job: Job) -> Finish:
        event = await self.store.event(job.target)
        if event is None or event.ending is not None or event.answered:
            return Done()
        with self.telemetry.following(event.trace):
            try:
                return await self._answer(event)
            except StoreError as error:
                return self._later(error, job)
            except Exception as error:  # noqa: BLE001 - as above, told with its trace
                return await self._failed(event, error, job)

    async def _answer(self, event: Event) -> Finish:
        began = self.clock.instant()
        waited = max(0.0, (self.clock.now() - event.received_at).total_seconds())
        self.telemetry.took("begin", waited)
        self.telemetry.log("begun", waited=round(waited, 4))
        try:
            outcome = await self.attention.attend(
                event, self.respond.respond(event), sign_of=_sign_of
            )
        except TakenBack:
            return await self._taken_back(event)
        match outcome:
            case Wait(seconds=seconds):
                return Again(after=seconds)
            case End(ending=ending, reason=reason, told=told):
                await self._end(event, ending, reason, told)
                return Done()
            case Say():
                try:
                    said = await self._say(event, outcome)
                except _ToldAlreadyError:
                    await self._end(event, Ending.SILENT, "told_already")
                    return Done()
                if not said:
                    return await self._taken_back(event)
        self.telemetry.took("answer", self.clock.instant().seconds - began.seconds)
        self.telemetry.log("answered")
        return Done()

    async def _say(self, event: Event, say: Say) -> bool:
        """Put the post into the ledger; False where what was asked was taken back.

        Raises _ToldAlreadyError, with nothing done, where its day has its digest.
        """
        async with self.store.begin() as tx:
            line = await self.store.add_delivery(
                tx, event, key=_key(event), post=say.post, at=self.clock.now()
            )
            if line is not None and say.told is not None:
                channel = event.thread.channel
                if not await self.store.tell(
                    tx, channel, say.told, delivery=line.id, again=say.again
                ):
                    raise _ToldAlreadyError
            if line is not None:
                sessions = sessions_of(self.deliver.platforms.values())
                await self.work.enqueue(tx, [delivering(line, sessions=sessions)])
        return line is not None

    async def _taken_back(self, event: Event) -> Finish:
        """Forget what was read for nothing, where the message itself is gone."""
        self.telemetry.log("taken_back")
        if event.message:
            await self.respond.tend.forget_unseen(event.thread.channel, event.message)
        return Done()

    async def _failed(self, event: Event, error: Exception, job: Job) -> Finish:
        self.telemetry.trouble("event_failed", error)
        decided = retry.after(error, event.failures + 1, chance=self.chance())
        try:
            if isinstance(decided, retry.GiveUp):
                await self._end(event, Ending.DEAD, retry.reason_of(error))
                return Done()
            async with self.store.begin() as tx:
                await self.store.failed_event(tx, event.id)
        except StoreError as worse:
            return self._later(worse, job)
        return Again(after=decided.after)

    def _later(self, error: Exception, job: Job) -> Finish:
        """Try again where nothing could be stored about it, each time after a longer pause.

        Each try at an event reads its pages anew.
        """
        self.telemetry.trouble("job_failed", error)
        if len(self._unstored) > _REMEMBERED:
            self._unstored.clear()
        failures = self._unstored[job.key] = self._unstored.get(job.key, 0) + 1
        decided = retry.after(error, failures, chance=self.chance())
        return Again(after=decided.after if isinstance(decided, retry.Retry) else _LONGEST)

    async def _end(
        self, event: Event, ending: Ending, reason: str, told: Told | None = None
    ) -> None:
        async with self.store.begin() as tx:
            ended = await self.store.end_event(
                tx, event.id, ending, reason=reason, at=self.clock.now()
            )
            if ended and told is not None:
                await self.store.tell(tx, event.thread.channel, told)
        if ended:
            platform = event.thread.channel.workspace.platform
            self.telemetry.ended(platform, ending, reason)
            self.telemetry.log("ended", ending=ending, reason=reason)


def _key(event: Event) -> str:
    """Return the key of an event's post: the same however often it is answered."""
    return f"{event.trace}.{event.id}"


def _sign_of(outcome: Outcome) -> Sign:
    """Return what the message is to show once it is known what is done about it."""
    match outcome:
        case Say():
            return Sign.DONE
        case End(sign=sign):
            return sign
        case Wait():
            return Sign.NOTHING
