"""What a channel and its workspace set: shown, changed, tried.

1. `core.talking.changing` and `core.talking.digesting` say what is wanted.
2. `flows.changing` changes it, or says what that would do.
3. What came of it is laid out; where a brief would look otherwise, the last one is written so,
   and not stored.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never
from zoneinfo import ZoneInfo

from bot.core.talking import layout, settings, wording
from bot.core.talking.changing import Change, ChangeAll, ShowLog, ShowSettings, read_settings
from bot.core.talking.commands import BY_NAME, Place, meant
from bot.core.talking.digesting import DigestSet, read_digest
from bot.core.talking.settings import WRITTEN
from bot.errors import AdminsOnly, UnknownCommand
from bot.flows import answer
from bot.flows.changing import change_channel, change_workspace
from bot.flows.written import Written
from bot.model import Briefed, Reading, Verdict

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from bot.core.talking.applying import Changed
    from bot.core.talking.digesting import DigestWish
    from bot.model import ChannelSettings, Message, Post, WorkspaceSettings

_LOOKED_AT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp(Written):
    """What a channel and its workspace set.

    `next_digest` gives the time when the next digest comes, None for never. `digests` says what
    is told, or would be, where a digest is not set but asked for. `alone` says that nobody but us
    two is there.
    """

    next_digest: Callable[[ChannelSettings, datetime], datetime | None] | None = None
    digests: Callable[[DigestWish, Message], Awaitable[Post]] | None = None
    alone: bool = False

    @property
    def here(self) -> tuple[str, ...]:
        """The settings that mean something in this place."""
        if not self.threaded:
            return settings.TERMINAL
        return settings.NOTICES if self.hints.notices else settings.CHAT

    async def set(self, argument: str, who: str) -> Post:
        """Show the settings, one of them ("bullets"), or change one ("bullets 8").

        Raises UnknownSetting, BadSetting, SettingsClash, Locked, NotAllowed, AdminsOnly.
        """
        wanted = read_settings(argument, here=self.here)
        match wanted:
            case ShowSettings(names=names, everywhere=True):
                await self._check_admin(who)
                return layout.all_list(await self._of_all(), names)
            case ShowSettings(names=names):
                chosen = await self.store.chosen(self.channel)
                return layout.setting_list(chosen, await self._of_all(), names)
            case ShowLog(everywhere=True):
                await self._check_admin(who)
                return layout.change_log(await self.store.workspace_changes(self.channel.workspace))
            case ShowLog():
                return layout.change_log(await self.store.setting_changes(self.channel))
            case Change():
                return await self._change(wanted, who)
            case ChangeAll():
                return await self._change_all(wanted, who)
            case _:
                assert_never(wanted)

    async def digest(self, argument: str, message: Message) -> Post:
        """Show or set the digest, or say what would be told. Raises as `set` does."""
        kept = await self.store.channel_settings(self.channel)
        today = self.clock.now().astimezone(ZoneInfo(kept.zone)).date()
        wanted = read_digest(argument, today=today)
        if isinstance(wanted, DigestSet):
            change = Change(values=wanted.changes, trial=wanted.trial)
            return await self._change(change, message.author)
        if self.digests is not None:
            return await self.digests(wanted, message)
        return layout.digest_shown(kept, self._next(kept))

    def help(self, name: str) -> Post:
        """Show the commands of the place, how one is used, or what can be set.

        Raises UnknownCommand.
        """
        place = Place.CHAT if self.threaded or self.hints.greeting else Place.TERMINAL
        name = name.lower().lstrip("/!")
        if not name:
            return layout.help_list(self.hints, place)
        command = BY_NAME.get(name)
        if command is None or place not in command.place:
            near = meant(name)
            raise UnknownCommand(name, near, f"help {near}" if near else "")
        said = layout.help_with(command, self.hints, place)
        if name != "settings":
            return said
        return layout.joined([said, layout.help_settings(self.here, self.hints)])

    async def _check_admin(self, who: str) -> None:
        if not await self.admin(who):
            raise AdminsOnly

    async def _of_all(self) -> WorkspaceSettings:
        return await self.store.workspace_settings(self.channel.workspace)

    def _next(self, kept: ChannelSettings) -> datetime | None:
        comes = self.next_digest(kept, self.clock.now()) if self.next_digest else None
        return comes.astimezone(ZoneInfo(kept.zone)) if comes else None

    async def _change(self, wanted: Change, who: str) -> Post:
        done = await change_channel(
            wanted,
            channel=self.channel,
            who=who,
            keeper=await self.keeper(who),
            store=self.store,
            clock=self.clock,
        )
        if not wanted.trial:
            return layout.changes(done, self._next(done.after))
        post = layout.tried(done, self._next(done.after))
        if any(one.name in WRITTEN for one in done.entries):
            post = layout.joined([post, await self._as_it_would_look(done)])
        return replace(post, to=who) if self.threaded and not self.alone else post

    async def _change_all(self, wanted: ChangeAll, who: str) -> Post:
        entry, found = await change_workspace(
            wanted,
            workspace=self.channel.workspace,
            who=who,
            admin=await self.admin(who),
            store=self.store,
            clock=self.clock,
        )
        return layout.all_changed(entry, found, trial=wanted.trial)

    async def _as_it_would_look(self, done: Changed) -> Post:
        """Write the last brief as the channel would then have it; nothing is stored."""
        newest = await self.store.mentions(self.channel, limit=_LOOKED_AT)
        mention = next((one for one in newest if answer.has_text(one.article)), None)
        if mention is None:
            return layout.said(wording.NO_BRIEF_TO_SHOW)
        brief = await self.written_as(mention, done.after)
        reading = Reading(source=mention.source, verdict=Verdict.ARTICLE, article=mention.article)
        written = Briefed(reading=reading, mention=replace(mention, brief=brief, strikes=()))
        shown = self.laid_out(written, done.after)
        return layout.joined([layout.said(wording.AS_IT_WOULD_LOOK), replace(shown, loud=False)])
