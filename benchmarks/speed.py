"""Cold wall times: each run is a new process, as a person at a terminal has it."""

from __future__ import annotations

import json
import shlex
import shutil
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.program import environment, executable
from benchmarks.rows import seed_pages

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.rows import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The wall times of one command's runs, in seconds."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.seconds)


def measure(source: Source, *, runs: int) -> list[Timing]:
    """Time Briefbot and trafilatura's own command line on one page, trafilatura first.

    Raises subprocess.CalledProcessError where a command fails.
    """
    with TemporaryDirectory(prefix="briefbot-bench-") as folder:
        page = Path(folder, "page.html")
        page.write_text(_page(source), "utf-8")
        env = environment(str(Path(folder, "data")))
        briefbot = executable()
        commands = {
            "trafilatura < page": [executable("trafilatura")],
            "briefbot --help": [briefbot, "--help"],
            "briefbot brief page": [briefbot, "brief", str(page)],
            "briefbot ask": [briefbot, "ask", _question(page, env)],
        }
        if shutil.which("hyperfine"):
            return _hyperfine(commands, page, env, runs)
        return _by_hand(commands, page, env, runs)


def _page(source: Source) -> str:
    """Return a page of middling size of the reading rows."""
    pages = sorted((row["html"] for row in source.rows("reading")), key=len)
    return pages[len(pages) // 2] if pages else seed_pages()[0].read_text("utf-8")


def _question(page: Path, env: Mapping[str, str]) -> str:
    """Brief the page, so that there is something to ask about; ask with its own first words.

    An answer that is certain to be there: `ask` exits 3 where the article does not say.
    """
    brief = [executable(), "brief", str(page), "--json"]
    printed = subprocess.run(brief, env=env, check=True, capture_output=True, text=True).stdout
    bullets = json.loads(printed)["bullets"]
    return f"What about {bullets[0]['text'].rstrip('.')}?"


def _hyperfine(
    commands: Mapping[str, Sequence[str]], page: Path, env: Mapping[str, str], runs: int
) -> list[Timing]:
    report = page.with_name("hyperfine.json")
    timed = ["hyperfine", "--shell=none", "--style=none", "--warmup=1", f"--runs={runs}"]
    timed += [f"--input={page}", f"--export-json={report}"]
    for name, command in commands.items():
        timed += ["--command-name", name, shlex.join(command)]
    subprocess.run(timed, env=env, check=True, stdout=subprocess.DEVNULL)
    results = json.loads(report.read_text("utf-8"))["results"]
    return [Timing(name=result["command"], seconds=tuple(result["times"])) for result in results]


def _by_hand(
    commands: Mapping[str, Sequence[str]], page: Path, env: Mapping[str, str], runs: int
) -> list[Timing]:
    """Time the commands in turns, so that a busy moment of the machine falls on all of them."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for number in range(runs + 1):
        for name, command in commands.items():
            with page.open("rb") as stdin:
                began = time.perf_counter()
                subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, env=env, check=True)
                if number:  # the first round warms up
                    times[name].append(time.perf_counter() - began)
    return [Timing(name=name, seconds=tuple(seconds)) for name, seconds in times.items()]
