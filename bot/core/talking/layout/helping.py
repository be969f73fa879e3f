"""Lays out help: the commands of the place, how one is used, what can be set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking import settings, wording
from bot.core.talking.command_table import COMMANDS, Place
from bot.model import Line, Post

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.talking.command_table import Command
    from bot.core.talking.wording import Hints


def help_list(hints: Hints, place: Place = Place.CHAT) -> Post:
    """List the commands of a place, as they are typed there."""
    shown = [command for command in COMMANDS if place in command.place]
    typed = [wording.typed(command, hints, place) for command in shown]
    width = max(map(len, typed))
    lines = [
        Line(text=f"{usage:<{width}}  {command.summary}")
        for usage, command in zip(typed, shown, strict=True)
    ]
    more = [wording.more_help(hints)]
    if place is Place.CHAT:
        more.append(wording.who_may(hints))
    if hints.greeting:
        more.append(hints.greeting)
    return Post(blocks=(*lines, *(Line(text=text, quiet=True) for text in more)))


def help_with(command: Command, hints: Hints, place: Place = Place.CHAT) -> Post:
    """Show how a command is used: its whole form, what it does, examples, who may."""
    lines = [wording.typed(command, hints, place), command.summary]
    lines += [command.more] if command.more else []
    lines += [wording.example(command, example, hints) for example in command.examples if example]
    lines += [wording.whose_command(command)] if place is Place.CHAT else []
    return Post(blocks=tuple(Line(text=text) for text in lines))


def help_settings(names: Sequence[str], hints: Hints) -> Post:
    """List what can be set, with its default, its bounds, and what it is."""
    lines = [
        f"{name} = {settings.shown(settings.DEFAULTS, name)}   ({settings.allowed(name)})  "
        f"{wording.setting(name)[0]}"
        for name in names
    ]
    return Post(blocks=tuple(Line(text=text) for text in (*lines, wording.how_to_set(hints))))
