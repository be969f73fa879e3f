"""Write docs/commands.md, and the README's tables of commands and settings, from the program's own.

Run it with `make docs`; a test says where they are out of date.
"""

# ruff: noqa: E501 - a row of a table is one line

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.talking import settings, wording
from bot.core.talking.command_table import COMMANDS, Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.core.talking.command_table import Command

DOCS = Path(__file__).resolve().parent
README = DOCS.parent / "README.md"

BEGINNING = """\
# Commands and settings

<!-- Made by `make docs` from the table that the program itself reads: change it there. -->

The same words everywhere; what stands before them depends on the place:

| where | how | for example |
|---|---|---|
| Slack | `/brief` before it, or a mention of the bot | `/brief digest on 9:00 weekdays paris` |
| Matrix | `!brief` before it (`MATRIX_PREFIX`), or a mention | `!brief digest on 9:00 weekdays paris` |
| alone with the bot, and in `briefbot console` | nothing | `digest on 9:00 weekdays paris` |
| terminal | `briefbot` | `briefbot digest on 9:00 weekdays paris` |

Capitals, quotes, long dashes and full stops do not matter, and `settings bullets = 8`, `settings
bullets to 8` and `set bullets to 8` are one command. What is nearly a command is answered with the
whole line that was meant. A question is never taken for a command.

**Keepers** are those who look after a channel: whoever invited the bot, in Matrix the room's
moderators, and the people in `BRIEFBOT_ADMINS`. At the terminal whoever types may do everything.
"""

SETTINGS = """\
## Settings

`settings NAME VALUE` sets one, `settings NAME VALUE try` says what that would do, `settings NAME
default` makes it the usual one again, `settings log` tells who changed what. In Slack, the app's
**Home** tab has them as a form. Anyone may make the bot quieter, as the last column says; the other way
is for keepers.
"""

PLACES = """\
`outsiders` does nothing in Matrix, `notify` is there in Matrix alone. At the terminal there are
{names}.
"""

WORKSPACE = """\
## The whole workspace

The people in `BRIEFBOT_ADMINS` set what holds in every channel of a Slack workspace, or every room of
a Matrix homeserver, that has not set it itself:

| command | what |
|---|---|
| `settings all` | what holds, and what is locked |
| `settings all NAME VALUE` | the default of every channel that has not its own |
| `settings all NAME VALUE lock` | the same, and no channel can set it: what it has set itself is kept for later |
| `settings all NAME unlock` | channels may set it again |
| `settings all NAME default` | the program's own default again |
| `settings all NAME VALUE try` | a dry run: in how many channels what would change, how many keep their own |
| `settings all log` | who changed what, when, from what to what |

At the terminal, `briefbot settings --workspace ID all NAME VALUE` does the same for a Slack team or a
homeserver (`T0123`, `example.org`), whoever types it.
"""


def commands_md() -> str:
    """Return what docs/commands.md holds."""
    spoken = [command for command in COMMANDS if Place.CHAT in command.place]
    parts = [
        BEGINNING,
        "## Commands\n",
        *(_section(command) for command in spoken),
        SETTINGS,
        settings_table(settings.NOTICES),
        PLACES.format(names=", ".join(f"`{name}`" for name in settings.TERMINAL)),
        WORKSPACE,
        "## At the terminal alone\n",
        commands_table(Place.TERMINAL, leave_out=spoken),
    ]
    return "\n".join(parts)


def _section(command: Command) -> str:
    examples = [f"{command.name} {example}".strip() for example in command.examples]
    more = f" {command.more.replace('“', '`').replace('”', '`')}" if command.more else ""
    return "\n".join(
        (
            f"### `{command.chat_usage}`\n",
            f"{command.summary}{more}\n",
            "```",
            *examples,
            "```\n",
            f"{wording.whose_command(command)}\n",
        )
    )


def commands_table(place: Place, *, leave_out: Sequence[Command] = ()) -> str:
    """Return a table of the commands of a place."""
    shown = [one for one in COMMANDS if place in one.place and one not in leave_out]
    return _table(
        ("command", "what it does"),
        ((f"`briefbot {one.usage}`", one.summary) for one in shown),
    )


def settings_table(names: Sequence[str]) -> str:
    """Return a table of settings with their defaults and bounds."""
    return _table(
        ("setting", "default", "bounds", "what", "who"),
        (
            (
                f"`{name}`",
                settings.shown(settings.DEFAULTS, name),
                settings.allowed(name),
                wording.setting(name)[0],
                wording.who_sets(name),
            )
            for name in names
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    lines = [f"| {' | '.join(row)} |\n" for row in cells]
    return "".join((lines[0], f"|{'---|' * len(head)}\n", *lines[1:]))


def readme(text: str) -> str:
    """Return the README with its table of the terminal's commands made anew."""
    begin, end = "<!-- commands: made by `make docs` -->\n", "<!-- commands -->\n"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{commands_table(Place.TERMINAL)}\n{end}{after}"


def main() -> None:
    """Write them."""
    (DOCS / "commands.md").write_text(commands_md(), "utf-8")
    README.write_text(readme(README.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
