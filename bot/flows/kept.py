"""What one channel keeps: what its commands show of it, and change.

1. `drawn_on` tells which articles are meant: those named, those of the thread, or the newest.
2. `flows.command`, `flows.recall` and `flows.answer` read or change what is stored of them.
3. What came of it is laid out as a post.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.talking import layout, permission, settings, usage, wording
from bot.errors import NoSuchBullet
from bot.flows import answer, command, recall
from bot.model import Budget, Thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.core.talking.wording import Hints
    from bot.flows.spending import Spending
    from bot.model import Channel, Mention, Post, Recalled
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
        """Say what was decided last about links of this channel, and why."""
        decided = await self.store.decided(self.channel)
        if decided is None:
            return layout.said(wording.NO_DECISION)
        where = self.link(Thread(channel=self.channel, id=decided.message))
        return layout.why(decided, where, self.hints)

    async def forget(self, references: Sequence[str], who: str = "") -> Post:
        """Erase articles with all that hangs on them, or what somebody posted ("mine").

        Raises NotAllowed where they are of others, and he does not look after the channel.
        """
        keeper = await self.keeper(who)
        if list(references) == [command.MINE]:
            receipt = await command.forget_own(who, channel=self.channel, store=self.store)
        else:
            receipt = await command.forget(
                references,
                channel=self.channel,
                store=self.store,
                may=lambda mentions: permission.own(mentions, who, keeper=keeper),
            )
        return layout.said(wording.forgotten(receipt))

    async def forget_everything(self) -> Post:
        """Erase all that was read here."""
        receipt = await command.forget_everything(channel=self.channel, store=self.store)
        return layout.said(wording.forgotten(receipt))

    async def export(self, form: str) -> tuple[str, int]:
        """Return all briefs with their proof as "md" or "json", and how many they are."""
        return await command.export(form, channel=self.channel, store=self.store)

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
