"""Starts the command line; the commands themselves are in `terminal.cli`."""

from __future__ import annotations

import gc
import io
import sys

from bot import app

_READ_PAGES = frozenset({"brief", "read"})


def main() -> None:
    """Run the command line."""
    gc.set_threshold(50_000)  # collecting while importing costs a tenth of a cold start
    if _READ_PAGES.intersection(sys.argv[1:3]):
        app.start_reading_early()
    if sys.stdout is None:  # closed by whoever started us
        sys.stdout = io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a name may hold what UTF-8 has no bytes for
    from bot.terminal.cli import cli  # noqa: PLC0415 - while the processes for pages start up

    # Typer works out the parameters of every command, whichever is called
    called = [command for command in cli.registered_commands if command.name in sys.argv[1:2]]
    cli.registered_commands = called or cli.registered_commands
    try:
        cli()
    finally:
        gc.freeze()  # the process ends: a last collection would cost another tenth


if __name__ == "__main__":
    main()
