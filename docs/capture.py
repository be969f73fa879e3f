"""Make docs/capture.svg: what `briefbot demo` shows in a terminal.

Run it with `make capture` when what people see has changed.
"""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

WIDTH = 100
# rich's template loads a font from elsewhere; a picture in a README must not
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def shown() -> str:
    """Return what the demo writes to a terminal of the capture's width."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"],
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


def main() -> None:
    """Write the picture beside this file."""
    text = re.sub(r"briefbot-demo-\w+", "briefbot-demo", shown())
    text = text.split("That was a throwaway store")[0].rstrip()
    text = text.replace(str(Path.cwd()) + "/", "")
    text = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:8000", text)
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi(text))
    picture = FONT.sub("", console.export_svg(title="make demo", theme=MONOKAI))
    Path(__file__).with_name("capture.svg").write_text(picture, "utf-8")


if __name__ == "__main__":
    main()
