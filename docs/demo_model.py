"""Show briefs and an answer by a model: the tests' stand-in, first honest, then a liar.

Run it with `make demo-model`. It needs no key and keeps nothing.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import textwrap
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from bot.settings import Settings
from bot.terminal import commands
from bot.terminal.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterator

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "seeds" / "river-sensors.no-bullets.html"
QUESTION = "Who wrote the program that draws the map?"
WIDTH = 92


@contextmanager
def model(**settings: Any) -> Iterator[str]:
    """Serve a stand-in for a model in a process of its own; yield its address."""
    command = [sys.executable, "-m", "tests.standins.model", "--seed", "3"]
    command += ["--control", json.dumps({"models": ["stand-in-1"], **settings})]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def lies(url: str) -> list[str]:
    """Return the lines in which the model lied."""
    with urllib.request.urlopen(url.removesuffix("/v1") + "/told", timeout=10) as answer:  # noqa: S310 - ours
        return [one["text"] for one in json.load(answer)["lies"]]


def show(text: str) -> None:
    """Print a paragraph between the commands."""
    sys.stdout.write(textwrap.fill(text, WIDTH) + "\n\n")


async def step(typed: str, work: Awaitable[Exit]) -> bool:
    """Show a command and do it; tell whether it was done."""
    sys.stdout.write(f"$ briefbot {typed}\n\n")
    sys.stdout.flush()
    done = await work is Exit.DONE
    sys.stdout.write("\n")
    return done


async def honest(url: str, folder: str) -> bool:
    """Brief, prove and ask with a model that does as it is told."""
    settings = Settings(data_dir=Path(folder, "honest"), openai_base_url=url, model_local=True)
    show("A model writes the bullets; each has to rest on the article, word for word.")
    named = str(PAGE.relative_to(ROOT))
    return all(
        [
            await step(f"brief {named}", commands.brief([str(PAGE)], settings)),
            await step("proof 2", commands.proof("2", settings)),
            await step(f'ask "{QUESTION}"', commands.ask(QUESTION, settings)),
        ]
    )


async def lying(url: str, folder: str) -> bool:
    """Brief with a model that lies in every other bullet, also when it is asked again."""
    settings = Settings(data_dir=Path(folder, "lying"), openai_base_url=url, model_local=True)
    show("Now a model that lies in every other bullet, and again when it is told so.")
    done = await step(f"brief {PAGE.relative_to(ROOT)}", commands.brief([str(PAGE)], settings))
    show("What it had written, and nobody saw:")
    for text in lies(url):
        sys.stdout.write(textwrap.indent(textwrap.fill(text, WIDTH - 4), "    ") + "\n\n")
    return done


def main() -> int:
    """Show both; the exit status is 0 where everything was as told."""
    with TemporaryDirectory(prefix="briefbot-demo-") as folder:
        with model(behaviour="obeys") as url:
            well = asyncio.run(honest(url, folder))
        with model(behaviour="lies", lie_each=2, lie="invented") as url:
            well = asyncio.run(lying(url, folder)) and well
    show("docs/models.md says how to set up a real one, and what is not caught.")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
