"""What is shown of what we posted: taken away or drawn anew, and what it says forgotten.

Whatever is on its way just then is waited for. All of it may be done twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from bot.core.talking import layout
from bot.errors import NotSent, PlatformError, Rejected
from bot.flows.outcome import CHANGED, Wait
from bot.model import Briefed, DeliveryState, Ending, Reading, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.flows.converse import Conversation
    from bot.flows.outcome import Outcome
    from bot.model import Channel, Delivery, Mention, Post
    from bot.ports import Clock, Platform, Store, Telemetry

SOON = 1.0
"""Seconds after which to look again at what is on its way."""

_TAKEN_BACK = "taken_back"
_MOST_HIDDEN = 50
"""So many messages at the most: platforms let us take away about one post a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Looks after what is shown."""

    store: Store
    platforms: Mapping[str, Platform]
    clock: Clock
    telemetry: Telemetry
    conversation: Callable[[Channel], Conversation]

    async def take_away(self, channel: Channel, message: str) -> Wait | None:
        """Take away what was posted about a message, and forget what it brought.

        Returns a Wait where a post is on its way. Raises PlatformError, StoreError.
        """
        lines = await self.store.deliveries_about(channel, message)
        if any(map(is_on_its_way, lines)):
            return Wait(seconds=SOON)
        for line in lines:
            await self._retract(line)
        await self._forget(channel, message)
        return None

    async def hide(self, doomed: Sequence[Mention]) -> int:
        """Take away what was posted about mentions that are to be forgotten; return how much.

        A post that briefs others too is drawn anew without these. No more is done than the
        platform lets us do now: what is forgotten does not wait for that. Raises StoreError.
        """
        numbers = {mention.number for mention in doomed}
        messages = dict.fromkeys((one.thread.channel, one.message) for one in doomed)
        count = 0
        for channel, message in islice(messages, _MOST_HIDDEN):
            brought = await self.store.mentions_by(channel, message)
            rest = [one for one in brought if one.number not in numbers and one.brief is not None]
            for line in await self.store.deliveries_about(channel, message):
                if not is_on_its_way(line):  # else it is dropped with what it tells of
                    count += await self._hide(line, rest)
        return count

    async def _hide(self, line: Delivery, rest: Sequence[Mention]) -> bool:
        try:
            if not rest:
                await self._retract(line)
                return True
            if line.ref is not None:
                await self._change(line, await self._drawn(line.thread.channel, rest))
        except PlatformError as error:
            self.telemetry.trouble("not_taken_away", error)
        return False

    async def forget_unseen(self, channel: Channel, message: str) -> None:
        """Forget what a message brought of which nothing was posted. Raises StoreError."""
        if not await self.store.deliveries_about(channel, message):
            await self._forget(channel, message)

    async def _forget(self, channel: Channel, message: str) -> None:
        brought = await self.store.mentions_by(channel, message)
        if brought:
            await self.store.forget(channel, [mention.number for mention in brought])

    async def _retract(self, line: Delivery) -> None:
        platform = self._platform(line)
        ref = line.ref or await platform.find(line.thread, line.key)
        if ref is not None:
            try:
                await platform.retract(ref)
            except Rejected as error:  # gone, or out of our reach: nothing more can be done
                self.telemetry.trouble("not_retracted", error)
        await self._gone(line)

    async def _gone(self, line: Delivery) -> None:
        """Store that a post is taken away; where it was uncertain, its event waits no longer."""
        at, ended = self.clock.now(), False
        async with self.store.begin() as tx:
            gone = replace(line, state=DeliveryState.RETRACTED)
            await self.store.change_delivery(tx, gone, at=at)
            if line.event is not None:
                ended = await self.store.end_event(
                    tx, line.event, Ending.WITHDRAWN, reason=_TAKEN_BACK, at=at
                )
        if ended:
            platform = line.thread.channel.workspace.platform
            self.telemetry.ended(platform, Ending.WITHDRAWN, _TAKEN_BACK)

    def _platform(self, line: Delivery) -> Platform:
        name = line.thread.channel.workspace.platform
        platform = self.platforms.get(name)
        if platform is None:
            raise NotSent(name, "not set up")
        return platform

    async def redraw(self, mention: Mention) -> Outcome:
        """Draw the post of a mention's message anew, as its briefs are now."""
        channel = mention.thread.channel
        brought = await self.store.mentions_by(channel, mention.message)
        post = await self._drawn(channel, [one for one in brought if one.brief is not None])
        for line in await self.store.deliveries_about(channel, mention.message):
            if is_on_its_way(line):
                return Wait(seconds=SOON)
            if line.ref is not None:
                await self._change(line, post)
        return replace(CHANGED, reason="redrawn")

    async def _drawn(self, channel: Channel, briefed: Sequence[Mention]) -> Post:
        """Lay out the briefs of one message."""
        talk = self.conversation(channel)
        kept = await self.store.channel_settings(channel)
        return layout.joined(
            [talk.laid_out(Briefed(reading=_read(one), mention=one), kept) for one in briefed]
        )

    async def _change(self, line: Delivery, post: Post) -> None:
        assert line.ref is not None  # noqa: S101 - the caller looked
        platform = self._platform(line)
        try:
            await platform.change(line.ref, post)
        except Rejected as error:  # somebody deleted it: then there is nothing to change
            self.telemetry.trouble("not_changed", error)


def is_on_its_way(line: Delivery) -> bool:
    """Tell whether a post is to be sent, or being sent."""
    return line.state in (DeliveryState.NEW, DeliveryState.SENDING)


def _read(mention: Mention) -> Reading:
    """Return what is left to say of how an article was read: no more than that it was."""
    return Reading(source=mention.source, verdict=Verdict.ARTICLE, article=mention.article)
