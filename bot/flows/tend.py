"""What was posted, and what people want done with it.

A message was deleted:
1. Its posts are taken away, and what it brought is forgotten.
A message was edited:
1. Where its links or files are the same ones and nothing is asked beside them, nothing is done.
2. Else it is as if it were deleted, and posted anew, if it still asks for anything.
A control was pressed:
1. Shorter and longer write another brief; a bullet that is wrong is struck: then the post is drawn
   anew. Delete takes it away, for whoever posted the link and for keepers.
Whatever is on its way just then is waited for. All of it may be done twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.reading.urls import canonical
from bot.core.talking import layout, permission, wording
from bot.core.talking.edits import asks_beside, still_asks
from bot.core.talking.listen import Links, Nothing, Said, understand
from bot.errors import NoSuchBullet, NotAllowed, NotSent, Rejected, TextGone, UsageError
from bot.flows.outcome import End, Say, Wait
from bot.flows.recover import recover
from bot.model import (
    Briefed,
    Control,
    DeliveryState,
    Ending,
    Mode,
    Post,
    PostRef,
    Reading,
    Strike,
    Verdict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.flows.converse import Conversation
    from bot.flows.outcome import Outcome
    from bot.model import Channel, Delivery, Edited, Mention, Message, Pressed
    from bot.ports import Clock, Platform, Store, Telemetry, Work

_SHORT, _LONG = 3, 8
_SOON = 1.0
_DIGITS = 9
_SHOWN = 20
_WHY = 500
_TAKEN_BACK = "taken_back"
_CHANGED = End(ending=Ending.CHANGED, reason="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tend:
    """Looks after what was posted."""

    store: Store
    work: Work
    platforms: Mapping[str, Platform]
    clock: Clock
    telemetry: Telemetry
    conversation: Callable[[Channel], Conversation]

    async def take_away(self, channel: Channel, message: str) -> Wait | None:
        """Take away what was posted about a message, and forget what it brought.

        Returns a Wait where a post is on its way. Raises PlatformError, StoreError.
        """
        lines = await self.store.deliveries_about(channel, message)
        if any(map(_on_its_way, lines)):
            return Wait(seconds=_SOON)
        for line in lines:
            await self._retract(line)
        await self._forget(channel, message)
        return None

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

    async def deleted(self, channel: Channel, message: str) -> Outcome:
        """Do what is to be done where a message was deleted."""
        return await self.take_away(channel, message) or replace(_CHANGED, reason="deleted")

    async def edited(self, incoming: Edited) -> Outcome | None:
        """Do what is to be done where a message was changed; None: answer it as a new one."""
        message = incoming.message
        channel = message.thread.channel
        brought = await self.store.mentions_by(channel, message.id)
        same = _sources(message) == {canonical(mention.source) for mention in brought}
        shown = await self.store.deliveries_about(channel, message.id)
        if brought and shown and same and not asks_beside(incoming):
            return End(ending=Ending.SILENT, reason="unchanged")
        waiting = await self.take_away(channel, message.id)
        if waiting is not None:
            return waiting
        kept = await self.store.channel_settings(channel)
        if still_asks(incoming, automatic=kept.mode is Mode.AUTOMATIC):
            return None
        return replace(_CHANGED, reason="nothing_left")

    async def pressed(self, incoming: Pressed) -> Outcome:
        """Do what somebody pressed."""
        try:
            return await self._pressed(incoming)
        except UsageError as error:
            talk = self.conversation(incoming.thread.channel)
            return _tell(incoming.who, wording.explain(error, talk.hints))

    async def _pressed(self, incoming: Pressed) -> Outcome:  # noqa: PLR0911 - one for each control
        channel = incoming.thread.channel
        if incoming.action not in set(Control):
            hints = self.conversation(channel).hints
            return _tell(incoming.who, wording.old_control(hints))
        if incoming.action == Control.RETRY:
            return await self._retry(incoming)
        first, _, rest = incoming.value.partition("\n")
        number = _number(first)
        mention = None if number is None else await self.store.mention(channel, number)
        if mention is None or mention.brief is None:
            return await self._forgotten(incoming)
        match incoming.action:
            case Control.SHORTER:
                return await self._rewrite(mention, _SHORT)
            case Control.LONGER:
                return await self._rewrite(mention, _LONG)
            case Control.STRIKE:
                return await self._strike(mention, rest, incoming.who)
            case Control.DELETE:
                return await self._delete(mention, incoming.who)
            case _:
                return End(ending=Ending.SILENT, reason="nothing_to_do")

    async def _forgotten(self, incoming: Pressed) -> Outcome:
        """Take a post away whose brief is no longer kept, if a keeper wants that."""
        channel, who = incoming.thread.channel, incoming.who
        if incoming.action != Control.DELETE:
            return _tell(who, wording.NO_LONGER_KEPT)
        if not incoming.post:
            return _tell(who, wording.GONE_ALREADY)
        if not await self.conversation(channel).keeper(who):
            return _tell(who, wording.NOT_YOURS_TO_DELETE)
        platform = self.platforms[channel.workspace.platform]
        await platform.retract(PostRef(thread=incoming.thread, id=incoming.post))
        return replace(_CHANGED, reason="deleted")

    async def _rewrite(self, mention: Mention, bullets: int) -> Outcome:
        channel = mention.thread.channel
        talk = self.conversation(channel)
        if not mention.article.paragraphs:
            raise TextGone
        if any(map(_on_its_way, await self.store.deliveries_about(channel, mention.message))):
            return Wait(seconds=_SOON)  # before it is written, each time anew
        brief = await talk.rewrite(mention, bullets=bullets)
        async with self.store.begin() as tx:
            await self.store.add_brief(tx, mention, brief, self.clock.now())
        return await self._redraw(mention)

    async def _strike(self, mention: Mention, rest: str, who: str) -> Outcome:
        typed, _, why = rest.partition("\n")
        number, total = _number(typed), len(mention.brief.bullets) if mention.brief else 0
        if number is None or not 1 <= number <= total:
            raise NoSuchBullet(typed[:_SHOWN], total)
        why = " ".join(why.split())[:_WHY]
        strike = Strike(bullet=number, who=who, why=why, at=self.clock.now())
        async with self.store.begin() as tx:
            await self.store.strike(tx, mention, strike)
        return await self._redraw(mention)

    async def _delete(self, mention: Mention, who: str) -> Outcome:
        channel = mention.thread.channel
        keeper = await self.conversation(channel).keeper(who)
        brought = await self.store.mentions_by(channel, mention.message)
        if len(permission.own(brought, who, keeper=keeper)) < len(brought):
            return _tell(who, wording.NOT_YOURS_TO_DELETE)
        waiting = await self.take_away(channel, mention.message)
        return waiting or replace(_CHANGED, reason="deleted")

    async def _retry(self, incoming: Pressed) -> Outcome:
        channel, number = incoming.thread.channel, _number(incoming.value)
        event = None if number is None else await self.store.event(number)
        if event is None or event.thread.channel != channel:
            return End(ending=Ending.SILENT, reason="nothing_to_do")
        if not await self.conversation(channel).keeper(incoming.who):
            raise NotAllowed
        async with self.store.begin() as tx:
            await self.store.revive(tx, event.id, at=self.clock.now())
        await recover(store=self.store, work=self.work)
        return replace(_CHANGED, reason="retried")

    async def _redraw(self, mention: Mention) -> Outcome:
        """Draw the post of a mention's message anew, as its briefs are now."""
        channel = mention.thread.channel
        talk = self.conversation(channel)
        kept = await self.store.channel_settings(channel)
        posts = [
            talk.laid_out(Briefed(reading=_read(one), mention=one), kept)
            for one in await self.store.mentions_by(channel, mention.message)
            if one.brief is not None
        ]
        post = layout.joined(posts)
        for line in await self.store.deliveries_about(channel, mention.message):
            if _on_its_way(line):
                return Wait(seconds=_SOON)
            if line.ref is not None:
                await self._change(line, post)
        return replace(_CHANGED, reason="redrawn")

    async def _change(self, line: Delivery, post: Post) -> None:
        assert line.ref is not None  # noqa: S101 - the caller looked
        platform = self._platform(line)
        try:
            await platform.change(line.ref, post)
        except Rejected as error:  # somebody deleted it: then there is nothing to change
            self.telemetry.trouble("not_changed", error)


def _on_its_way(line: Delivery) -> bool:
    return line.state in (DeliveryState.NEW, DeliveryState.SENDING)


def _number(typed: str) -> int | None:
    """Return a number that people or we put behind a control; None where it can be none."""
    return int(typed) if typed.isdecimal() and len(typed) <= _DIGITS else None


def _sources(message: Message) -> set[str]:
    """Return what a message would be briefed from, in the form that sources are compared in."""
    said: Said
    try:
        said = understand(message.text)
    except UsageError:
        said = Nothing()
    links = said.urls if isinstance(said, Links) else ()
    return {canonical(one) for one in (*links, *(upload.name for upload in message.uploads))}


def _read(mention: Mention) -> Reading:
    """Return what is left to say of how an article was read: no more than that it was."""
    return Reading(source=mention.source, verdict=Verdict.ARTICLE, article=mention.article)


def _tell(who: str, text: str) -> Say:
    return Say(post=replace(layout.said(text), to=who))
