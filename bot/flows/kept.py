"""What one channel keeps: what its commands show of it, and change.

1. `drawn_on` tells which articles are meant: those named, those of the thread, or the newest.
2. `flows.command` and `flows.answer` read or change what is stored of them.
3. What came of it is laid out as a post.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.talking import layout, settings, usage, wording
from bot.errors import NoSuchBullet, NothingStored
from bot.flows import answer, command, forgetting
from bot.model import Budget, Thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.core.talking.wording import Hints
    from bot.flows.command import Written
    from bot.flows.forgetting import Chosen
    from bot.flows.spending import Spending
    from bot.model import Answered, Channel, Mention, Post
    from bot.ports import Clock, Store

_DIGITS = 4
_NO_MODEL = Budget(a_day=0, a_channel=0)


async def everyone(_: str) -> bool:
    """Take whoever asks for one who looks after the place: at a terminal he does."""
    return True


def _no_link(_: Thread) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a channel keeps.

    Where it is `threaded`, a question or a proof is about what was briefed in its thread, else
    about what was briefed last. `budget` is what models may take a day; without `spending`, none
    is asked. `keeper` tells whether somebody looks after the channel, `link` gives the address of
    a thread.
    """

    channel: Channel
    store: Store
    clock: Clock
    hints: Hints
    budget: Budget = _NO_MODEL
    threaded: bool = False
    spending: Spending | None = None
    keeper: Callable[[str], Awaitable[bool]] = everyone
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

    async def search(self, text: str, *, limit: int = 10) -> Sequence[Answered]:
        """Return the articles that match words and dates, each with its best passage."""
        return await command.search(
            text, channel=self.channel, store=self.store, clock=self.clock, limit=limit
        )

    async def why(self) -> Post:
        """Say what was decided last about links of this channel, and why."""
        decided = await self.store.decided(self.channel)
        if decided is None:
            return layout.said(wording.NO_DECISION)
        where = self.link(Thread(channel=self.channel, id=decided.message))
        return layout.why(decided, where, self.hints)

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

    @property
    def _here(self) -> tuple[str, ...]:
        """The settings that mean something in this place."""
        if not self.threaded:
            return settings.TERMINAL
        return settings.NOTICES if self.hints.notices else settings.CHAT

    async def set(self, argument: str, who: str) -> Post:
        """Show the settings, one of them ("bullets"), or change one ("bullets 8")."""
        name, _, value = argument.strip().partition(" ")
        if not value:
            current = await self.store.channel_settings(self.channel)
            return layout.setting_list(current, settings.named(name, here=self._here))
        (name,) = settings.named(name, here=self._here)
        _, entry = await command.set_one(
            name,
            value,
            channel=self.channel,
            who=who,
            keeper=await self.keeper(who),
            store=self.store,
            clock=self.clock,
        )
        if entry is None:
            return layout.said(wording.ALREADY_SO)
        return layout.said(wording.changed(entry.name, entry.before, entry.after))
