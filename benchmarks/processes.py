"""Programs as processes of their own, and what they take of the machine (Linux)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.program import environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_PATIENCE = 30.0  # more than `briefbot serve` takes to finish what it is doing


class Process:
    """A program that runs in a session of its own until it is stopped, or dies with a stop.

    What it says on standard error goes to `log`; `settings` are variables of its environment.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        data: Path,
        log: Path,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.log = log
        inherited = {**environment(str(data)), "PYTHONPATH": str(ROOT), **(settings or {})}
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env=inherited,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def first_text(self) -> str:
        """Return the line that the program prints when it is ready."""
        return self._process.stdout.readline().decode().strip() if self._process.stdout else ""

    def first_line(self) -> dict[str, Any]:
        """Return the line of JSON that the program prints when it is ready."""
        found: dict[str, Any] = json.loads(self.first_text() or "{}")
        return found

    def stop(self) -> None:
        """Tell it to end and wait; kill it where that takes too long."""
        if not self.over:
            self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        self.kill()

    def kill(self) -> None:
        """Kill it and what it started in its session."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def module(name: str, *arguments: str) -> list[str]:
    """Return the command that runs a module as a program."""
    return [sys.executable, "-m", name, *arguments]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What processes and all their descendants take: seconds of CPU so far, MB of memory now.

    `memory` is the proportional set size: what is shared is counted once.
    """

    cpu: float
    memory: float


def taken(roots: Sequence[int]) -> Taken:
    """Return what some processes with their descendants take."""
    stats = dict(_stats())
    children = defaultdict(list)
    for pid, fields in stats.items():
        children[int(fields[1])].append(pid)
    family = [pid for pid in roots if pid in stats]
    for pid in family:
        family.extend(children[pid])
    # utime, stime, and the same of those children that have ended
    ticks = sum(int(ticks) for pid in family for ticks in stats[pid][11:15])
    return Taken(cpu=ticks / _TICKS, memory=sum(map(_memory, family)) / 1000)


def own_memory(pid: int) -> float:
    """Return what a process itself has written to, in MB.

    Its part of the libraries' pages is left out: it grows whenever another process ends.
    """
    return _rolled_up(pid, "Anonymous:") / 1000


def _stats() -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of each process from its state on."""
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                yield int(folder.name), (folder / "stat").read_text().rpartition(")")[2].split()


def _memory(pid: int) -> float:
    """Return the proportional set size of a process in kB; 0 where it is gone."""
    return _rolled_up(pid, "Pss:")


def _rolled_up(pid: int, name: str) -> float:
    with suppress(OSError):
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith(name):
                return float(line.split()[1]) * 1.024
    return 0.0
