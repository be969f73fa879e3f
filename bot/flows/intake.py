"""An Incoming -> the inbox and a Job.

1. What it says and where decides whether it is for us; of what is not, nothing is kept, but of
   links that somebody may ask about later their addresses, and why they were not briefed. A
   message that is deleted or changed, or "stop" in a thread, takes back what was not answered yet.
2. In one transaction: the inbox has it (once, by its key), and the Job is enqueued.
3. Only then does the caller acknowledge it. Where anything failed he does not, and the platform
   delivers it again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.core.reading.urls import links
from bot.core.talking.address import Concern, Passed, concern, is_stop, thread_of
from bot.core.talking.edits import as_posted, means_the_same
from bot.core.working import share
from bot.errors import NotAccepted, PlatformError, StoreError
from bot.flows.jobs import handling, sessions_of
from bot.model import Decision, Deleted, Edited, Ending, Joined, Reacted, Removed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Channel, Event, Incoming, Message, Standing, Thread
    from bot.ports import Clock, Platform, Store, Telemetry, Tx, Work

_HOUR = timedelta(hours=1)
_NOT_TO_REMEMBER = frozenset({Decision.CHANNEL_OFF, Decision.OUTSIDERS})


class _ThereAlready(Exception):
    """The inbox has this event."""


class _NobodyWaits(Exception):
    """No event about the message is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes in what the platforms receive.

    `removed_days` is how long what we know of a place is kept once we are put out of it.
    """

    store: Store
    work: Work
    platforms: Mapping[str, Platform]
    clock: Clock
    telemetry: Telemetry
    removed_days: int = 30
    # How many events of each channel are being taken in.
    _under_way: Counter[Channel] = field(default_factory=Counter)

    async def accept(self, incoming: Incoming) -> None:
        """Take in one Incoming; it is durable when this returns.

        Raises StoreError, NotAccepted, and PlatformError where its message could not be fetched.
        """
        try:
            await self._accept(incoming)
        except (StoreError, PlatformError) as error:
            self.telemetry.trouble("not_accepted", error)
            raise
        except Exception as error:
            # The outermost loop of what comes in: one event must not end the listening.
            self.telemetry.trouble("not_accepted", error)
            raise NotAccepted from error

    async def _accept(self, incoming: Incoming) -> None:
        match incoming:
            case Deleted():
                await self._deleted(incoming)
            case Edited():
                await self._edited(incoming)
            case Reacted():
                await self._reacted(incoming)
            case Removed():
                until = self.clock.now() + timedelta(days=self.removed_days)
                async with self.store.begin() as tx:
                    await self.store.leave(tx, incoming.workspace, incoming.channel, until=until)
            case _:
                await self._take(incoming)

    async def _deleted(self, incoming: Deleted) -> None:
        """Take back what was not answered yet; take the rest away, if there is any."""
        channel, message = incoming.thread.channel, incoming.message_id
        if not await self._is_known(channel, message):
            await self._withdraw(channel, message)
            if not await self._is_known(channel, message):  # it may have been posted just then
                return
        await self._take(incoming, replaces=message)

    async def _edited(self, incoming: Edited) -> None:
        """Take a message that nothing was made of yet as if it were said now.

        Whoever waits for what it said before gets what it says now.
        """
        if means_the_same(incoming):
            return
        message = incoming.message
        channel = message.thread.channel
        known = await self._is_known(channel, message.id)
        if known or not await self._waited_for(incoming):
            await self._take(incoming if known else as_posted(incoming), replaces=message.id)

    async def _waited_for(self, incoming: Edited) -> bool:
        """Take it in where somebody waits for what the message said before; False where nobody."""
        standing = await self._standing(incoming.message.thread)
        concerned = concern(incoming, standing)
        if not isinstance(concerned, Concern) or not links(incoming.message.text):
            return False
        try:
            await self._keep(
                concerned, share.priority(standing.backlog), incoming.message.id, waited=True
            )
        except _NobodyWaits:
            return False
        return True

    async def _reacted(self, incoming: Reacted) -> None:
        """Find out what the message says, where that is not known and somebody may want it."""
        message = incoming.message
        if not message.text and not message.uploads:
            standing = await self._standing(message.thread)
            if not concern(incoming, standing):
                return
            found = await self._known_message(message)
            if found is None:
                return
            incoming = replace(incoming, message=found)
        await self._take(incoming)

    async def _standing(self, thread: Thread) -> Standing:
        since = self.clock.now() - _HOUR
        return await self.store.standing(thread, most=share.COUNTED, since=since)

    async def _known_message(self, message: Message) -> Message | None:
        channel = message.thread.channel
        remembered = await self.store.remembered(channel, message.id)
        platform = self.platforms.get(channel.workspace.platform)
        if remembered is not None:
            return replace(remembered, private=message.private)  # its place tells, as then
        if platform is None:
            return None
        return await platform.fetch(message.thread, message.id)

    async def _is_known(self, channel: Channel, message: str) -> bool:
        """Whether anything was made of a message that can be seen or is kept."""
        return bool(
            await self.store.deliveries_about(channel, message)
            or await self.store.mentions_by(channel, message)
        )

    async def _withdraw(self, channel: Channel, message: str) -> None:
        async with self.store.begin() as tx:
            ended = await self.store.withdraw(tx, channel, message=message, at=self.clock.now())
        self._ended(channel, ended)

    async def _take(self, incoming: Incoming, *, replaces: str = "") -> None:
        """Take in what concerns us; what waits about the message that it replaces is over."""
        began = self.clock.instant()
        thread = thread_of(incoming)
        if thread is None:
            return
        event = await self._kept(incoming, thread, replaces)
        if event is None:
            return
        platform = thread.channel.workspace.platform
        with self.telemetry.following(event.trace):
            self.telemetry.accepted(platform)
            self.telemetry.took("accept", self.clock.instant().seconds - began.seconds)
            self.telemetry.log("accepted", platform=platform)

    async def _kept(self, incoming: Incoming, thread: Thread, replaces: str) -> Event | None:
        """Store what concerns us; None where nothing does, or it is there already.

        Of a burst that comes at once, each event counts those before it, though none is stored.
        """
        channel = thread.channel
        before = self._under_way[channel]
        self._under_way[channel] += 1
        try:
            standing = await self._standing(thread)
            concerned = concern(incoming, standing)
            if isinstance(concerned, Concern):
                priority = share.priority(standing.backlog + before)
                return await self._keep(concerned, priority, replaces)
            if replaces:
                await self._withdraw(thread.channel, replaces)
            if concerned is not None:
                await self._pass(concerned)
            return None
        finally:
            self._under_way[channel] -= 1
            if not self._under_way[channel]:
                del self._under_way[channel]

    async def _pass(self, passed: Passed) -> None:
        """Remember links that nobody has asked about yet, and why they were not briefed."""
        message, at = passed.remembered, self.clock.now()
        channel = message.thread.channel
        async with self.store.begin() as tx:
            if passed.decision not in _NOT_TO_REMEMBER and not message.uploads:
                await self.store.remember(tx, message, at=at)
            await self.store.decide(tx, channel, passed.decision, message=message.id, at=at)
        self.telemetry.log("passed", decision=passed.decision)

    async def _keep(
        self, concerned: Concern, priority: int, replaces: str, *, waited: bool = False
    ) -> Event | None:
        """Store an event, with all that comes of its being there; None where it was already.

        Raises _NobodyWaits, with nothing done, where it is to replace what `waited` and does not.
        """
        stopped: list[int] = []
        channel, at = concerned.thread.channel, self.clock.now()
        try:
            async with self.store.begin() as tx:
                if replaces:
                    stopped += await self.store.withdraw(tx, channel, message=replaces, at=at)
                if waited and not stopped:
                    raise _NobodyWaits
                if is_stop(concerned.incoming):
                    thread = concerned.thread.id
                    stopped += await self.store.withdraw(tx, channel, thread=thread, at=at)
                event = await self._added(tx, concerned)
                sessions = sessions_of(self.platforms.values())
                job = handling(event, concerned.queue, sessions=sessions, priority=priority)
                await self.work.enqueue(tx, [job])
        except _ThereAlready:
            return None
        self._ended(channel, stopped)
        return event

    async def _added(self, tx: Tx, concerned: Concern) -> Event:
        """Add an event to the inbox.

        Raises _ThereAlready, which undoes what else is in the transaction: what is delivered a
        second time would else take back itself, or what was said since.
        """
        channel, at = concerned.thread.channel, self.clock.now()
        event = await self.store.add_event(
            tx,
            concerned.incoming,
            thread=concerned.thread,
            message=concerned.message,
            at=at,
            unasked=concerned.unasked,
        )
        if event is None:
            raise _ThereAlready
        if isinstance(concerned.incoming, Joined):
            await self.store.join(tx, channel, inviter=concerned.incoming.inviter, at=at)
        if concerned.decision is not None:
            await self.store.decide(
                tx, channel, concerned.decision, message=concerned.message, at=at
            )
        return event

    def _ended(self, channel: Channel, events: Sequence[int]) -> None:
        for _ in events:
            self.telemetry.ended(channel.workspace.platform, Ending.WITHDRAWN, "taken_back")
