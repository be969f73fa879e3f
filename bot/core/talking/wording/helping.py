"""What help says beside the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.command_table import Place

if TYPE_CHECKING:
    from bot.core.talking.command_table import Command
    from bot.core.talking.wording.places import Hints


def typed(command: Command, hints: Hints, place: Place) -> str:
    """Return a command with its arguments as it is typed in a place."""
    usage = command.chat_usage if place is Place.CHAT else command.usage
    if hints.prefix.lstrip("/!") == command.name:  # "/brief URL" says it already
        usage = usage.removeprefix(command.name).strip()
    return hints.command(usage)


def example(command: Command, argument: str, hints: Hints) -> str:
    """Return an example of a command."""
    word = "" if hints.prefix.lstrip("/!") == command.name else f"{command.name} "
    return f"For example: {hints.command(f'{word}{argument}')}"


def whose_command(command: Command) -> str:
    """Say who may give a command."""
    return f"Who may: {command.who[0].lower()}{command.who[1:]}."


def more_help(hints: Hints) -> str:
    """Say where there is more help."""
    one, what = hints.command("help COMMAND"), hints.command("help settings")
    return f"{one} tells more, {what} lists what can be set."


def who_may(hints: Hints) -> str:
    """Say who may do what, in a sentence or two."""
    return (
        "Anyone can ask, list, search, see proofs, make me quieter, and forget or export what he "
        f"posted himself. The rest is for {hints.keepers}."
    )


def how_to_set(hints: Hints) -> str:
    """Say how a setting is changed, tried, and made the usual one."""
    set_it = hints.command("settings bullets 8")
    return f"{set_it} sets one, with “try” behind it says what that would do; “default” undoes it."
