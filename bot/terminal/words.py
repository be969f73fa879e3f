"""Words that are no command as they stand: the parser of the chats says what they mean."""

from __future__ import annotations

import sys
from typing import Any

import typer
from typer.core import TyperGroup

_MISTYPED = 2


class Tolerant(TyperGroup):
    """Commands that may be typed as in a chat: "Digest", "set length to short"."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Return the command that the words call, and what follows it."""
        known = args[0] in self.commands or args[0].startswith("-")
        return super().resolve_command(ctx, args if known else _meant(args))


def _meant(args: list[str]) -> list[str]:
    """Return the words of the command that was meant; what is none ends the program."""
    from bot.core.talking import wording  # noqa: PLC0415 - seldom needed
    from bot.core.talking.commands import parse  # noqa: PLC0415 - likewise
    from bot.errors import UnknownCommand  # noqa: PLC0415 - likewise

    try:
        typed = parse(f"/{' '.join(args)}")
    except UnknownCommand as error:
        sys.stderr.write(wording.explain(error, wording.TERMINAL) + "\n")
        raise typer.Exit(_MISTYPED) from error
    return [typed.command.name, *typed.argument.split()] if typed else args
