"""Make docs/capture.svg and docs/digest.svg: the demo, and a digest, as a terminal shows them.

Run it with `make capture` when what people see has changed.
"""

from __future__ import annotations

import asyncio
import io
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from bot.platforms.console.console import CHANNEL
from bot.store.sql import SqlStore
from docs import day

WIDTH = 100
# rich's template loads a font from elsewhere; a picture in a README must not
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def shown(*command: str, **settings: str) -> str:
    """Return what a command of ours writes to a terminal of the capture's width."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(WIDTH), "TERM": "xterm-256color", **settings}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *command],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=environment,
    ):
        os.close(theirs)
        written = bytearray()
        try:
            while chunk := os.read(ours, 1 << 16):
                written += chunk
        except OSError:  # Linux ends a terminal that nobody writes to any more like this
            pass
    return written.decode().replace("\r\n", "\n")


def drawn(text: str, title: str, name: str) -> None:
    """Write the picture of a terminal beside this file."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi(text))
    picture = FONT.sub("", console.export_svg(title=title, theme=MONOKAI))
    Path(__file__).with_name(name).write_text(picture, "utf-8")


def demo() -> None:
    """Draw the demo."""
    text = re.sub(r"briefbot-demo-\w+", "briefbot-demo", shown("demo"))
    text = text.split("That was a throwaway store")[0].rstrip()
    text = text.replace(str(Path.cwd()) + "/", "")
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8000", text)
    drawn(text, "make demo", "capture.svg")


async def _filled(folder: str) -> None:
    store = await SqlStore.open(Path(folder, "briefbot.db"))
    try:
        await day.fill(store, CHANNEL, now=datetime.now(UTC))
    finally:
        await store.close()


def digest() -> None:
    """Draw the digest of a day of sample articles."""
    with TemporaryDirectory(prefix="briefbot-day-") as folder:
        asyncio.run(_filled(folder))
        text = shown("digest", "preview", BRIEFBOT_DATA_DIR=folder)
    title, rest = text.rstrip().split("\n", 1)
    today = re.sub(r"[A-Z][a-z]+day \d+ \w+ ·", "Thursday 19 November ·", title, count=1)
    drawn(f"{today}\n{rest}", "briefbot digest preview", "digest.svg")


def main() -> None:
    """Write the pictures."""
    demo()
    digest()


if __name__ == "__main__":
    main()
