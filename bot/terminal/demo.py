"""`briefbot demo`: the whole job on two sample pages over real HTTP, in a throwaway store."""

from __future__ import annotations

import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import bot
from bot.core.talking import wording
from bot.errors import SourceMissing
from bot.terminal import commands
from bot.terminal.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

    from bot.settings import Settings

_WITH_BULLETS = "harbour-tunnel.bullets.html"
_WITHOUT = "river-sensors.no-bullets.html"
_ANSWERED = "Who led the inquiry into the flood?"
_ABSENT = "How fast may cars drive in the tunnel?"


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
        steps = [
            await _step(
                f"brief http://{host}/{name}", commands.brief([f"http://{host}/{name}"], here)
            )
            for name in (_WITHOUT, _WITH_BULLETS)
        ]
        steps.append(await _step("proof 1", commands.proof("1", here)))
        steps.append(await _step(f'ask "{_ANSWERED}"', commands.ask(_ANSWERED, here)))
        refused = await _step(f'ask "{_ABSENT}"', commands.ask(_ABSENT, here))
    sys.stdout.write(wording.demo_end(str(samples / _WITH_BULLETS)) + "\n")
    as_told = all(code is Exit.DONE for code in steps) and refused is Exit.ABSENT
    return Exit.DONE if as_told else Exit.BROKEN


async def _step(typed: str, work: Awaitable[Exit]) -> Exit:
    sys.stdout.write(wording.demo_step(typed) + "\n")
    sys.stdout.flush()
    done = await work
    sys.stdout.write("\n")
    return done


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files and keeps its log to itself."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Say nothing: the demo's output is what is looked at."""


@contextmanager
def _served() -> Iterator[tuple[str, Path]]:
    """Serve the samples on a free port of this machine; yield host:port and their folder."""
    samples = _samples()
    handler = partial(_Quiet, directory=str(samples))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"127.0.0.1:{server.server_port}", samples
        finally:
            server.shutdown()


def _samples() -> Path:
    """Return the folder of the sample pages: beside the package, or shipped inside it."""
    package = Path(bot.__file__).parent
    for folder in (package.parent / "seeds", package / "_seeds"):
        if (folder / _WITH_BULLETS).exists():
            return folder
    raise SourceMissing(_WITH_BULLETS)
