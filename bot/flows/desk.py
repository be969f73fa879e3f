"""What is answered at once, to one person: proofs, forms, the home page, quick commands.

1. A dialog or page is made from what the store holds; nothing is read or written anew.
2. A form that is sent is checked field by field. Settings are changed as a whole or not at all,
   each by whoever may. A bullet that is wrong goes the way of every event (`flows.intake`).
3. A command that needs no work is carried out; one that does is left to the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from bot.core.talking import layout, sheets, wording
from bot.core.talking.commands import Typed
from bot.core.talking.listen import Nothing, ordered
from bot.core.talking.permission import is_quieter
from bot.core.talking.settings import change
from bot.errors import BadSetting, UsageError
from bot.flows.command import one_by_one
from bot.model import (
    Channel,
    Control,
    Form,
    Message,
    Pressed,
    ShowHome,
    ShowProof,
    ShowSettings,
    ShowWhy,
    ShowWrong,
    Workspace,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.flows.converse import Conversation
    from bot.flows.intake import Intake
    from bot.model import (
        ChannelSettings,
        Commanded,
        Filled,
        Mention,
        Post,
        SettingChange,
        Sheet,
        Wish,
    )
    from bot.ports import Clock, Store

_TAKES_WORK = frozenset({"brief", "ask", "stop", "forget"})
_LETTERS = 100
_ROOMS = 20
_CHANGES = 3
_DIGITS = 9
_NOWHERE = ("", "", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontDesk:
    """Answers at once. See `ports.Desk`."""

    store: Store
    clock: Clock
    intake: Intake
    conversation: Callable[[Channel], Conversation]

    async def show(self, wish: Wish) -> Sheet:
        """Return what somebody wants to see."""
        match wish:
            case ShowProof(channel=channel, number=number):
                return sheets.proof(await self.store.mention(channel, number))
            case ShowWhy(channel=channel, number=number):
                return sheets.why(await self.store.mention(channel, number))
            case ShowWrong(channel=channel, number=number):
                mention = await self.store.mention(channel, number)
                return sheets.wrong(mention, _context(channel, str(number)))
            case ShowHome():
                return await self._home(wish)
            case ShowSettings(room=room):
                kept = await self.store.channel_settings(room.channel)
                return sheets.settings_form(room.name, kept, _context(room.channel, room.name))
            case _:
                assert_never(wish)

    async def _home(self, wish: ShowHome) -> Sheet:
        here = wish.rooms[:_ROOMS]
        stuck = await self.store.letters(limit=_LETTERS)
        rooms = []
        for room in here:
            changes = await self.store.setting_changes(room.channel)
            rooms.append(
                sheets.RoomState(
                    room=room,
                    settings=await self.store.channel_settings(room.channel),
                    kept=await self.store.kept(room.channel),
                    changes=tuple(changes[-_CHANGES:]),
                    stuck=tuple(one for one in stuck if one.thread.channel == room.channel),
                    spent=await self.conversation(room.channel).usage(days=1),
                )
            )
        return sheets.home(rooms, more=len(wish.rooms) - len(here))

    async def fill(self, filled: Filled) -> Mapping[str, str]:
        """Take in a form; return what does not fit, by the name of its field."""
        channel, about = _from_context(filled.context)
        if not channel.id:
            return {}  # of no form of ours
        match filled.form:
            case Form.SETTINGS:
                return await self._set(channel, filled)
            case Form.WRONG:
                number = int(about) if about.isdecimal() and len(about) <= _DIGITS else 0
                mention = await self.store.mention(channel, number)
                if mention is None or mention.brief is None:
                    return {}  # it was forgotten meanwhile
                values = dict(filled.values)
                wrong = _unfit(values, len(mention.brief.bullets))
                if not wrong:
                    await self.intake.accept(_strike(mention, filled, values))
                return wrong
            case _:
                assert_never(filled.form)

    async def _set(self, channel: Channel, filled: Filled) -> Mapping[str, str]:
        keeper = await self.conversation(channel).keeper(filled.who)
        async with one_by_one(self.store):
            return await self._changed(channel, filled, keeper=keeper)

    async def _changed(
        self, channel: Channel, filled: Filled, *, keeper: bool
    ) -> Mapping[str, str]:
        current = await self.store.channel_settings(channel)
        after, entries, wrong = current, [], {}
        for name, value in filled.values:
            try:
                after, entry = change(after, name, value, who=filled.who, at=self.clock.now())
            except BadSetting as error:
                wrong[name] = wording.field_fits(error.allowed)
                continue
            except UsageError as error:
                wrong[name] = wording.explain(error, wording.CHAT)
                continue
            if entry is not None and not keeper and not is_quieter(current, after, entry.name):
                wrong[name] = wording.KEEPERS_ONLY
            elif entry is not None:
                entries.append(entry)
        if entries and not wrong:
            await self._store(channel, after, entries)
        return wrong

    async def _store(
        self, channel: Channel, after: ChannelSettings, entries: list[SettingChange]
    ) -> None:
        async with self.store.begin() as tx:
            await self.store.change_settings(tx, channel, after, entries)

    async def command(self, commanded: Commanded) -> Post | None:
        """Return the answer to a command; None where it takes work."""
        talk = self.conversation(commanded.thread.channel)
        talk = talk.in_private() if commanded.direct else talk
        message = Message(
            thread=commanded.thread,
            id=commanded.key,
            author=commanded.who,
            text=commanded.text,
            sent_at=commanded.at,
        )
        try:
            match ordered(commanded.text):
                case Typed(command=command) as typed if command.name not in _TAKES_WORK:
                    return await talk.carry_out(typed, message)
                case Nothing():
                    return layout.help_list(talk.hints)
                case _:
                    return None
        except UsageError as error:
            return layout.said(wording.explain(error, talk.hints))


def _context(channel: Channel, about: str) -> str:
    where = channel.workspace
    return f"{where.platform}\n{where.id}\n{channel.id}\n{about}"


def _from_context(context: str) -> tuple[Channel, str]:
    platform, workspace, channel, about, *_ = (*context.split("\n", 3), *_NOWHERE)
    return Channel(workspace=Workspace(platform=platform, id=workspace), id=channel), about


def _unfit(values: Mapping[str, str], total: int) -> dict[str, str]:
    """Return what does not fit of a form that says which of so many bullets is wrong."""
    wrong = {}
    if values.get("bullet") not in [str(number) for number in range(1, total + 1)]:
        wrong["bullet"] = wording.field_fits(f"1 to {total}")
    if not values.get("why", "").strip():
        wrong["why"] = wording.SAY_WHAT
    return wrong


def _strike(mention: Mention, filled: Filled, values: Mapping[str, str]) -> Pressed:
    return Pressed(
        key=filled.key,
        thread=mention.thread,
        who=filled.who,
        action=Control.STRIKE,
        value="\n".join((str(mention.number), values["bullet"], values["why"])),
    )
