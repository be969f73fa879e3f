"""What one channel keeps: what its commands show of it, and change.

1. `drawn_on` tells which articles are meant: those named, those of the thread, or the newest.
2. `flows.command`, `flows.recall` and `flows.answer` read or change what is stored of them.
3. What came of it is laid out as a post.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.digesting import schedule
from bot.core.talking import layout, sheets, usage, wording
from bot.errors import NoSuchBullet, NothingStored
from bot.flows import answer, command, digest, forgetting, recall
from bot.model import Budget, Notify, Thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import date, datetime

    from bot.core.talking.wording import Hints
    from bot.flows.command import Written
    from bot.flows.digest import Telling
    from bot.flows.forgetting import Chosen
    from bot.flows.spending import Spending
    from bot.model import Channel, ChannelSettings, Mention, Post, Recalled
    from bot.ports import Clock, Store

_DIGITS = 4
_NO_MODEL = Budget(a_day=0, a_channel=0)


async def everyone(_: str) -> bool:
    """Take whoever asks for one who looks after the place: at a terminal he does."""
    return True


async def nobody(_: str) -> bool:
    """Take nobody for one who looks after the whole workspace."""
    return False


def _no_link(_: Thread) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a channel keeps.

    Where it is `threaded`, a question or a proof is about what was briefed in its thread, else
    about what was briefed last. `budget` is what models may take a day; without `spending`, none
    is asked. `keeper` tells whether somebody looks after the channel, `admin` whether he looks
    after the whole workspace; `link` gives the address of a thread.
    """

    channel: Channel
    store: Store
    clock: Clock
    hints: Hints
    budget: Budget = _NO_MODEL
    threaded: bool = False
    spending: Spending | None = None
    keeper: Callable[[str], Awaitable[bool]] = everyone
    admin: Callable[[str], Awaitable[bool]] = nobody
    link: Callable[[Thread], str] = _no_link

    async def drawn_on(self, about: str, thread: Thread | None = None) -> Sequence[Mention]:
        """Return the articles that a question draws on.

        The one that `about` names; else those of the thread, where there are any and this is
        `threaded`; else those of the newest message. Raises NothingStored, NoSuchArticle.
        """
        if about:
            return [await answer.named(about, channel=self.channel, store=self.store)]
        if self.threaded and thread is not None:
            here = await self.store.mentions_in(thread)
            if here:
                return here
        newest = await answer.latest(channel=self.channel, store=self.store)
        return await self.store.mentions_in(newest.thread)

    async def proof(self, argument: str, *, about: str = "", thread: Thread | None = None) -> Post:
        """Show what a bullet rests on; every bullet of the brief where none is named."""
        mention = (await self.drawn_on(about, thread))[0]
        number = argument.removeprefix("#")
        if not number:
            return layout.proofs(mention)
        total = len(mention.brief.bullets) if mention.brief else 0
        if not number.isdecimal() or len(number) > _DIGITS or not 1 <= int(number) <= total:
            raise NoSuchBullet(argument, total)
        return layout.proof(mention, int(number))

    async def listing(self, *, limit: int = 20) -> Post:
        """List what was briefed, newest first."""
        mentions = await command.listing(channel=self.channel, store=self.store, limit=limit)
        return layout.listed(mentions, today=self.clock.now().date())

    async def search(self, text: str, who: str = "", *, limit: int = 10) -> Recalled:
        """Return the articles that match words, dates, outlets and people; `who` is "me"."""
        return await command.search(
            text, channel=self.channel, store=self.store, clock=self.clock, asker=who, limit=limit
        )

    async def asks_memory(self, text: str) -> bool:
        """Tell whether a question is about all that was read here."""
        return await recall.asks_memory(text, channel=self.channel, store=self.store)

    def found(self, recalled: Recalled) -> Post:
        """Lay out what a search brought up, each with a link to its thread."""
        return layout.searched(recalled, today=self.clock.now().date(), link=self.link)

    def answered(self, recalled: Recalled) -> Post:
        """Lay out what memory answers, each answer with a link to its thread."""
        return layout.recalled(recalled, link=self.link)

    async def why(self) -> Post:
        """Say what was decided last about links of this channel, and why.

        At a terminal, where every link is asked for, how the last brief came about. Raises
        NothingStored.
        """
        decided = await self.store.decided(self.channel)
        if decided is None and not self.threaded:
            return layout.shown([sheets.why((await self.drawn_on(""))[0])])
        if decided is None:
            return layout.said(wording.NO_DECISION)
        where = self.link(Thread(channel=self.channel, id=decided.message))
        return layout.why(decided, where, self.hints)

    async def telling(self, kept: ChannelSettings, day: date | None = None) -> Telling:
        """Put together what was read here since the last digest; `kept` are the settings."""
        return await digest.tell(self.channel, kept, store=self.store, clock=self.clock, day=day)

    def digest_post(self, telling: Telling, kept: ChannelSettings) -> Post:
        """Lay out a digest; `kept` are the channel's settings."""
        post = layout.digest(telling.digest, self.hints, self.link)
        return replace(post, loud=self.hints.notices and kept.notify is not Notify.ANSWERS)

    async def preview(self) -> Post:
        """Show what a digest would say now; nothing is kept of that."""
        kept = await self.store.channel_settings(self.channel)
        telling = await self.telling(kept)
        if not telling.digest.stories and not telling.digest.unread:
            return layout.said(wording.NOTHING_TO_TELL)
        return replace(self.digest_post(telling, kept), loud=False)

    async def digest_state(self) -> Post:
        """Say whether digests come here, and when."""
        kept = await self.store.channel_settings(self.channel)
        told = await self.store.told(self.channel)
        comes = await self.next_digest(kept)
        return layout.digest_state(kept, comes=comes, told=told, hints=self.hints)

    async def next_digest(self, kept: ChannelSettings) -> datetime | None:
        """Return when the next digest comes with these settings, in their zone; None for never."""
        told = await self.store.told(self.channel)
        last = None if told is None else told.day
        comes = schedule.following(kept, self.clock.now(), last=last)
        return None if comes is None else comes.astimezone(ZoneInfo(kept.zone))

    async def to_forget(
        self, references: Sequence[str], who: str, thread: Thread | None = None
    ) -> Chosen:
        """Return what somebody wants forgotten and may: see `flows.forgetting`.

        Where this is not `threaded`, "thread" is that of the newest message. Raises NotAllowed,
        NothingStored, NoSuchArticle.
        """
        thread = await self._thread(thread)
        asks = forgetting.Asks(
            who=who, keeper=await self.keeper(who), channel=self.channel, thread=thread
        )
        return await forgetting.chosen(references, asks, store=self.store)

    async def forget(
        self,
        references: Sequence[str],
        who: str = "",
        *,
        thread: Thread | None = None,
        event: int | None = None,
    ) -> Post:
        """Erase articles with all that hangs on them; or what is his, a thread, the channel.

        Of the channel it first says what would go. `event` is the one that asks for it, if any.
        Raises NotAllowed where it is of others, and he does not look after the channel.
        """
        what = await self.to_forget(references, who, thread)
        kept = await self.store.kept(self.channel)
        if kept.since is None and (what.unsure or not self.threaded):
            raise NothingStored
        if what.unsure:
            return layout.said(wording.would_forget(kept, self.hints))
        gone = await forgetting.erase(what, channel=self.channel, store=self.store, event=event)
        if what.thread and gone == forgetting.NOTHING:
            return layout.said(wording.NOTHING_IN_THREAD)
        return layout.said(wording.forgotten(gone, whole=what.whole and self.threaded))

    async def export(self, argument: str, who: str, thread: Thread | None = None) -> Written:
        """Write out the channel's briefs, a thread's, or what somebody posted and asked.

        Where this is not `threaded`, the thread is that of the newest message.
        """
        thread = await self._thread(thread)
        return await command.export(
            argument,
            who=who,
            keeper=await self.keeper(who),
            thread=thread,
            channel=self.channel,
            store=self.store,
            clock=self.clock,
        )

    async def _thread(self, said_in: Thread | None) -> Thread | None:
        """Return the thread that "thread" means: that of the newest message at a terminal."""
        if self.threaded:
            return said_in
        newest = await self.store.mentions(self.channel, limit=1)
        return newest[0].thread if newest else None

    async def usage(self, *, days: int = 30) -> Post:
        """Show what models took in this channel lately, and what it may take today."""
        if self.spending is None and not self.budget.a_day:
            return layout.said(wording.NO_MODEL)
        today = self.clock.now().date()
        spent = await command.usage(days, today, channel=self.channel, store=self.store)
        return usage.of_channel(spent, today=today, days=days, cap=self.budget.a_channel)
