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

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.rows import Source


_ABSENT = 3  # what `briefbot ask` ends with where the article does not say: as much work


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
            "briefbot ask": [briefbot, "ask", "Who said what about it?"],
        }
        for command in commands.values():  # warms up, and fills the store that `ask` asks
            done = _run(command, page, env)
            if done not in {0, _ABSENT}:
                raise subprocess.CalledProcessError(done, command)
        timer = _hyperfine if shutil.which("hyperfine") else _by_hand
        return timer(commands, page, env, runs)


def _page(source: Source) -> str:
    """Return a page of middling size of the reading rows."""
    pages: list[str] = sorted((row["html"] for row in source.rows("reading")), key=len)
    return pages[len(pages) // 2]


def _run(command: Sequence[str], page: Path, env: Mapping[str, str]) -> int:
    with page.open("rb") as stdin:
        return subprocess.run(
            command, stdin=stdin, stdout=subprocess.DEVNULL, env=env, check=False
        ).returncode


def _hyperfine(
    commands: Mapping[str, Sequence[str]], page: Path, env: Mapping[str, str], runs: int
) -> list[Timing]:
    report = page.with_name("hyperfine.json")
    timed = ["hyperfine", "--style=none", "--ignore-failure", f"--runs={runs}"]
    timed.append(f"--export-json={report}")
    for name, command in commands.items():
        timed += ["--command-name", name, f"{shlex.join(command)} < {shlex.quote(str(page))}"]
    subprocess.run(timed, env=env, check=True, capture_output=True)
    results = json.loads(report.read_text("utf-8"))["results"]
    return [Timing(name=result["command"], seconds=tuple(result["times"])) for result in results]


def _by_hand(
    commands: Mapping[str, Sequence[str]], page: Path, env: Mapping[str, str], runs: int
) -> list[Timing]:
    """Time the commands in turns, so that a busy moment of the machine falls on all of them."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            began = time.perf_counter()
            _run(command, page, env)
            times[name].append(time.perf_counter() - began)
    return [Timing(name=name, seconds=tuple(seconds)) for name, seconds in times.items()]
