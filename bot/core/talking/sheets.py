"""Lays out what one person sees: proofs, why, what is wrong, settings, the home page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from bot.core.talking import layout, settings, wording
from bot.core.talking.settings import Choice as Words
from bot.core.talking.settings import Shape, Whole
from bot.model import (
    Choice,
    Control,
    Controls,
    Field,
    FieldKind,
    Form,
    Heading,
    Line,
    Sheet,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.core.talking.settings import Kind
    from bot.model import Block, ChannelSettings, Kept, Letter, Mention, Post, Room, SettingChange

_TITLE = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomState:
    """A channel as the home page shows it."""

    room: Room
    settings: ChannelSettings
    kept: Kept
    changes: tuple[SettingChange, ...]
    stuck: tuple[Letter, ...]
    spent: Post


def _gone(title: str) -> Sheet:
    return Sheet(title=title, blocks=(Line(text=wording.NO_LONGER_KEPT),))


def proof(mention: Mention | None) -> Sheet:
    """Show each bullet of a brief beside what it rests on."""
    if mention is None or mention.brief is None:
        return _gone(wording.PROOF_TITLE)
    checked = Line(text=wording.CHECKED, quiet=True)
    blocks: list[Block] = [_headed(mention)]
    for number in range(1, len(mention.brief.bullets) + 1):
        counted, *rest = layout.proof(mention, number).blocks
        blocks += [replace(counted, quiet=False) if isinstance(counted, Line) else counted]
        blocks += [one for one in rest if one != checked]
    return Sheet(title=wording.PROOF_TITLE, blocks=(*blocks, checked))


def why(mention: Mention | None) -> Sheet:
    """Tell how a brief came about."""
    if mention is None or mention.brief is None:
        return _gone(wording.WHY_TITLE)
    posted = Line(text=wording.posted_it(mention), who=mention.poster)
    lines = [Line(text=text) for text in wording.came_about(mention, mention.brief)]
    return Sheet(title=wording.WHY_TITLE, blocks=(_headed(mention), posted, *lines))


def wrong(mention: Mention | None, context: str) -> Sheet:
    """Ask which bullet is wrong, and why."""
    if mention is None or mention.brief is None:
        return _gone(wording.WRONG_TITLE)
    struck = {strike.bullet for strike in mention.strikes}
    left = tuple(
        Choice(value=str(number), label=f"{number}  {bullet.text}")
        for number, bullet in enumerate(mention.brief.bullets, 1)
        if number not in struck
    )
    if not left:
        return Sheet(title=wording.WRONG_TITLE, blocks=(Line(text=wording.ALL_STRUCK),))
    fields = (
        Field(name="bullet", label=wording.WRONG_BULLET, kind=FieldKind.CHOICE, choices=left),
        Field(name="why", label=wording.WRONG_WHY, kind=FieldKind.TEXT, hint=wording.WRONG_HINT),
    )
    return Sheet(
        title=wording.WRONG_TITLE,
        blocks=(_headed(mention), *fields),
        form=Form.WRONG,
        context=context,
        send=wording.SEND_WRONG,
    )


def settings_form(
    name: str, current: ChannelSettings, context: str, *, locks: Collection[str] = ()
) -> Sheet:
    """Offer all settings of a channel that has forms; `locks` are those that are refused."""
    fields = tuple(
        _field(key, settings.KINDS[key], current, locked=key in locks) for key in settings.CHAT
    )
    return Sheet(
        title=_short(f"#{name}"),
        blocks=fields,
        form=Form.SETTINGS,
        context=context,
        send=wording.SEND_SETTINGS,
    )


def _field(name: str, kind: Kind, current: ChannelSettings, *, locked: bool) -> Field:
    value = settings.shown(current, name)
    label, hint = wording.setting(name)
    hint = wording.locked_hint(hint) if locked else hint
    match kind:
        case Whole(least=least, most=most):
            return Field(
                name=name,
                label=label,
                kind=FieldKind.NUMBER,
                value=value,
                least=least,
                most=most,
                hint=hint,
            )
        case Words(kind=words):
            choices = tuple(Choice(value=word, label=word) for word in words)
        case Shape.SWITCH:
            choices = tuple(Choice(value=word, label=word) for word in ("yes", "no"))
        case Shape.TIME:
            return Field(name=name, label=label, kind=FieldKind.TIME, value=value, hint=hint)
        case Shape():
            return Field(name=name, label=label, kind=FieldKind.TEXT, value=value, hint=hint)
        case _:
            assert_never(kind)
    return Field(
        name=name, label=label, kind=FieldKind.CHOICE, value=value, choices=choices, hint=hint
    )


def home(rooms: Sequence[RoomState], *, more: int) -> Sheet:
    """Show the channels that somebody shares with us; `more` are left out."""
    blocks: list[Block] = [Line(text=wording.HOME_ABOUT if rooms else wording.HOME_EMPTY)]
    for state in rooms:
        blocks.extend(_room(state))
    if more > 0:
        blocks.append(Line(text=wording.more_rooms(more), quiet=True))
    return Sheet(title=wording.HOME_TITLE, blocks=tuple(blocks))


def _room(state: RoomState) -> list[Block]:
    kept, where = state.settings, state.room.channel.id
    blocks: list[Block] = [
        Heading(text=f"#{state.room.name}", url=None, details=wording.room_facts(kept)),
        Line(text=wording.mode(kept)),
        Line(text=wording.stored(state.kept), quiet=True),
        *state.spent.blocks[:1],
    ]
    blocks += [Line(text=wording.changed_by(one), who=one.who, quiet=True) for one in state.changes]
    for letter in state.stuck:
        blocks.append(Line(text=wording.stuck(letter)))
        blocks.append(Controls(about=f"{where}\n{letter.number}", shown=(Control.RETRY,)))
    blocks.append(Controls(about=f"{where}\n{state.room.name}", shown=(Control.SETTINGS,)))
    return blocks


def _headed(mention: Mention) -> Line:
    return Line(text=layout.title(mention.article))


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1] + "…"
