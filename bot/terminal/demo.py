"""`briefbot demo`: the whole job on two sample pages over real HTTP, in a throwaway store."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot import app
from bot.core.talking import layout, wording
from bot.core.talking.wording import TERMINAL
from bot.errors import SourceMissing
from bot.terminal import commands
from bot.terminal.exits import Exit
from bot.terminal.inout import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings

_WITH_BULLETS = "harbour-tunnel.bullets.html"
_WITHOUT = "night-ferry.plain.html"
_ANSWERED = "How much has the tunnel cost?"
_ABSENT = "Who painted the mural in the station?"


async def demo(settings: Settings) -> Exit:
    """Brief two pages, prove a bullet, answer one question and refuse another."""
    with TemporaryDirectory(prefix="briefbot-demo-") as folder, _served() as (host, samples):
        here = settings.model_copy(
            update={
                "data_dir": Path(folder),
                "database_url": None,
                "fetch_allow_hosts": (*settings.fetch_allow_hosts, host),
            }
        )
        first, second = (f"http://{host}/{name}" for name in (_WITH_BULLETS, _WITHOUT))
        codes = [
            await _step(f"brief {second}", commands.brief([second], here)),
            await _step(f"brief {first}", commands.brief([first], here)),
            await _step("proof 1", commands.proof("1", here)),
            await _step(f'ask "{_ANSWERED}"', commands.ask(_ANSWERED, here)),
        ]
        refused = await _step(f'ask "{_ABSENT}"', commands.ask(_ABSENT, here))
        await show(layout.said(wording.demo_end(str(samples / _WITH_BULLETS))))
    as_told = all(code is Exit.DONE for code in codes) and refused is Exit.ABSENT
    return Exit.DONE if as_told else Exit.BROKEN
