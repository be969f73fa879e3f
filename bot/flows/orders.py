"""A command that briefs nothing -> what we say to it.

`flows.command` reads or changes what is kept; here it is decided who may, and laid out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.talking import layout, permission, settings, usage, wording
from bot.core.talking.commands import needs_argument
from bot.errors import Incomplete, NoSuchBullet
from bot.flows import command
from bot.flows.inside import Inside
from bot.model import Thread

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from bot.core.talking.commands import Typed
    from bot.model import Answered, Channel, Message, Post

_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders(Inside):
    """What commands do in one channel."""

    async def carry_out(self, typed: Typed, message: Message) -> Post:
        """Carry out a command that briefs nothing. Raises UsageError."""
        if needs_argument(typed.command) and not typed.argument:
            raise Incomplete(typed.command.usage)
        one_post: dict[str, Callable[[], Awaitable[Post]]] = {
            "ask": lambda: self.answered(typed.argument, message),
            "proof": lambda: self.proof(typed.argument, thread=message.thread),
            "why": self.why,
            "list": self.listing,
            "search": lambda: self._searched(typed.argument),
            "forget": lambda: self.forget([typed.argument], message.author),
            "export": lambda: self._exported(typed.argument, message.author),
            "settings": lambda: self.set(typed.argument, message.author),
            "usage": self.usage,
        }
        if typed.command.name == "stop":  # what it stops was taken back when it came in
            return layout.said(wording.STOPPED)
        make = one_post.get(typed.command.name)
        return await make() if make else layout.help_list(self.hints)

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

    async def _searched(self, text: str) -> Post:
        return layout.searched(await self.search(text), today=self.clock.now().date())

    async def why(self) -> Post:
        """Say what was decided last about links of this channel, and why."""
        decided = await self.store.decided(self.channel)
        where = "" if decided is None else self.link(thread_at(self.channel, decided.message))
        return layout.why(decided, where)

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

    async def _exported(self, form: str, who: str) -> Post:
        """Keepers get all of it, everybody else what he posted."""
        of = "" if await self.keeper(who) else who
        text, _ = await command.export(
            form.lower() or "md", channel=self.channel, store=self.store, poster=of
        )
        return layout.exported(text)

    async def usage(self, *, days: int = 30) -> Post:
        """Show what models took in this channel lately, and what it may take today."""
        if self.spending is None and not self.budget.a_day:
            return layout.said(wording.NO_MODEL)
        today = self.clock.now().date()
        spent = await command.usage(days, today, channel=self.channel, store=self.store)
        return usage.of_channel(spent, today=today, days=days, cap=self.budget.a_channel)

    async def set(self, argument: str, who: str) -> Post:
        """Show the settings, one of them ("bullets"), or change one ("bullets 8")."""
        name, _, value = argument.strip().partition(" ")
        if not value:
            current = await self.store.channel_settings(self.channel)
            return layout.setting_list(current, settings.named(name, chat=self.threaded))
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


def thread_at(channel: Channel, message: str) -> Thread:
    """Return the thread whose first message this is."""
    return Thread(channel=channel, id=message)
