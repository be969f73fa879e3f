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
from bot.core.talking.digesting import (
    DigestNow,
    DigestPreview,
    DigestSet,
    DigestShow,
    read_digest,
)
from bot.core.talking.settings import WRITTEN
from bot.errors import AdminsOnly, UnknownCommand
from bot.flows import answer
from bot.flows.changing import change_channel, change_workspace
from bot.flows.written import Written
from bot.model import Briefed, Reading, Verdict

if TYPE_CHECKING:
    from bot.core.talking.applying import Changed
    from bot.core.talking.digesting import DigestWish
    from bot.model import Message, Post, WorkspaceSettings

_LOOKED_AT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp(Written):
    """What a channel and its workspace set.

    `alone` says that nobody but us two is there.
    """

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
        """Show or set the digest, or what it would say. Raises as `set` does."""
        wanted = await self.digest_wish(argument)
        match wanted:
            case DigestSet(changes=values, trial=trial):
                return await self._change(Change(values=values, trial=trial), message.author)
            case DigestPreview():
                return self._to_one(await self.preview(), message.author)
            case DigestNow() | DigestShow():
                return await self.digest_state()
            case _:
                assert_never(wanted)

    async def digest_wish(self, argument: str) -> DigestWish:
        """Return what is wanted of the digest. Raises BadSetting."""
        kept = await self.store.channel_settings(self.channel)
        today = self.clock.now().astimezone(ZoneInfo(kept.zone)).date()
        return read_digest(argument, today=today)

    def _to_one(self, post: Post, who: str) -> Post:
        """Have only one person see a post, where there are others."""
        return replace(post, to=who) if self.threaded and not self.alone else post

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

    async def _change(self, wanted: Change, who: str) -> Post:
        done = await change_channel(
            wanted,
            channel=self.channel,
            who=who,
            keeper=await self.keeper(who),
            store=self.store,
            clock=self.clock,
        )
        comes = await self.next_digest(done.after)
        if not wanted.trial:
            return layout.changes(done, comes)
        post = layout.tried(done, comes)
        if any(one.name in WRITTEN for one in done.entries):
            post = layout.joined([post, await self._as_it_would_look(done)])
        return self._to_one(post, who)

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
