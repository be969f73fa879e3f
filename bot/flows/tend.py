"""What was posted, and what people want done with it.

A message was deleted:
1. Its posts are taken away, and what it brought is forgotten.
A message was edited:
1. Where its links or files are the same ones and nothing is asked beside them, nothing is done.
2. Else it is as if it were deleted, and posted anew, if it still asks for anything.
A control was pressed:
1. Shorter and longer write another brief; a bullet that is wrong is struck: then the post is drawn
   anew. Delete takes it away, for whoever posted the link and for keepers. Proof and why are told.
2. A reaction on a post stands for a control: it is about all that is briefed there.
Whatever is on its way just then is waited for. All of it may be done twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.reading.urls import canonical
from bot.core.talking import layout, permission, sheets, wording
from bot.core.talking.edits import asks_beside, still_asks
from bot.core.talking.listen import Links, Nothing, Said, understand
from bot.errors import NoSuchBullet, NotAllowed, TextGone, UsageError
from bot.flows.jobs import sessions_of
from bot.flows.outcome import CHANGED, End, Say, Wait
from bot.flows.recover import recover
from bot.flows.shown import SOON, Shown, is_on_its_way
from bot.model import Control, Ending, Mode, PostRef, Strike

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.flows.outcome import Outcome
    from bot.model import Channel, Edited, Mention, Message, Pressed, Sheet
    from bot.ports import Work

_SHORT, _LONG = 3, 8
_DIGITS = 9
_SHOWN = 20
_WHY = 500
_NOTHING = End(ending=Ending.SILENT, reason="nothing_to_do")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tend(Shown):
    """Looks after what was posted."""

    work: Work

    async def deleted(self, channel: Channel, message: str) -> Outcome:
        """Do what is to be done where a message was deleted."""
        return await self.take_away(channel, message) or replace(CHANGED, reason="deleted")

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
        return replace(CHANGED, reason="nothing_left")

    async def pressed(self, incoming: Pressed) -> Outcome:
        """Do what somebody pressed."""
        try:
            return await self._pressed(incoming)
        except UsageError as error:
            talk = self.conversation(incoming.thread.channel)
            return _tell(incoming.who, wording.explain(error, talk.hints))

    async def _pressed(self, incoming: Pressed) -> Outcome:
        if incoming.action not in set(Control):
            hints = self.conversation(incoming.thread.channel).hints
            return _tell(incoming.who, wording.old_control(hints))
        if incoming.action == Control.RETRY:
            return await self._retry(incoming)
        if incoming.post and not incoming.value:
            briefed = await self._behind(incoming)
            return await self._act(incoming, briefed) if briefed else _NOTHING
        first, _, rest = incoming.value.partition("\n")
        number = _number(first)
        channel = incoming.thread.channel
        mention = None if number is None else await self.store.mention(channel, number)
        if mention is None or mention.brief is None:
            return await self._forgotten(incoming)
        if incoming.action == Control.STRIKE:
            return await self._strike(mention, rest, incoming.who)
        return await self._act(incoming, [mention])

    async def _behind(self, incoming: Pressed) -> Sequence[Mention]:
        """Return what is briefed in the post that somebody put a reaction on."""
        line = await self.store.delivery_of(PostRef(thread=incoming.thread, id=incoming.post))
        if line is None:
            return ()
        brought = await self.store.mentions_by(line.thread.channel, line.message)
        return [one for one in brought if one.brief is not None]

    async def _act(self, incoming: Pressed, briefed: Sequence[Mention]) -> Outcome:
        """Do what is wanted with briefs of one message."""
        match incoming.action:
            case Control.SHORTER:
                return await self._rewrite(briefed, _SHORT)
            case Control.LONGER:
                return await self._rewrite(briefed, _LONG)
            case Control.DELETE:
                return await self._delete(briefed[0], incoming.who)
            case Control.PROOF:
                return _show(incoming.who, map(sheets.proof, briefed))
            case Control.WHY:
                return _show(incoming.who, map(sheets.why, briefed))
            case _:
                return _NOTHING

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
        return replace(CHANGED, reason="deleted")

    async def _rewrite(self, briefed: Sequence[Mention], bullets: int) -> Outcome:
        whole = [one for one in briefed if one.article.paragraphs]
        if not whole:
            raise TextGone
        channel, message = whole[0].thread.channel, whole[0].message
        talk = self.conversation(channel)
        if any(map(is_on_its_way, await self.store.deliveries_about(channel, message))):
            return Wait(seconds=SOON)  # before it is written, each time anew
        for mention in whole:
            brief = await talk.rewrite(mention, bullets=bullets)
            async with self.store.begin() as tx:
                await self.store.add_brief(tx, mention, brief, self.clock.now())
        return await self.redraw(whole[0])

    async def _strike(self, mention: Mention, rest: str, who: str) -> Outcome:
        typed, _, why = rest.partition("\n")
        number, total = _number(typed), len(mention.brief.bullets) if mention.brief else 0
        if number is None or not 1 <= number <= total:
            raise NoSuchBullet(typed[:_SHOWN], total)
        why = " ".join(why.split())[:_WHY]
        strike = Strike(bullet=number, who=who, why=why, at=self.clock.now())
        async with self.store.begin() as tx:
            await self.store.strike(tx, mention, strike)
        return await self.redraw(mention)

    async def _delete(self, mention: Mention, who: str) -> Outcome:
        channel = mention.thread.channel
        keeper = await self.conversation(channel).keeper(who)
        brought = await self.store.mentions_by(channel, mention.message)
        if len(permission.own(brought, who, keeper=keeper)) < len(brought):
            return _tell(who, wording.NOT_YOURS_TO_DELETE)
        waiting = await self.take_away(channel, mention.message)
        return waiting or replace(CHANGED, reason="deleted")

    async def _retry(self, incoming: Pressed) -> Outcome:
        channel, number = incoming.thread.channel, _number(incoming.value)
        event = None if number is None else await self.store.event(number)
        if event is None or event.thread.channel != channel:
            return _NOTHING
        if not await self.conversation(channel).keeper(incoming.who):
            raise NotAllowed
        async with self.store.begin() as tx:
            await self.store.revive(tx, event.id, at=self.clock.now())
        sessions = sessions_of(self.platforms.values())
        await recover(store=self.store, work=self.work, sessions=sessions)
        return replace(CHANGED, reason="retried")


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


def _tell(who: str, text: str) -> Say:
    return Say(post=replace(layout.said(text), to=who))


def _show(who: str, shown: Iterable[Sheet]) -> Say:
    return Say(post=replace(layout.shown(list(shown)), to=who))
