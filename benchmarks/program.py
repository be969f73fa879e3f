"""Runs the `briefbot` command on many rows through its JSON-lines mode."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = dict[str, Any]


def executable(name: str = "briefbot") -> str:
    """Return the path of a command of this virtual environment."""
    return str(Path(sys.executable).with_name(name))


def environment(data_dir: str) -> Mapping[str, str]:
    """Return this process's environment, with a throwaway store and none of our settings."""
    ours = ("BRIEFBOT_", "DATABASE_", "OPENAI_")
    everything = os.environ.items()  # noqa: TID251 - what the measured programs inherit
    inherited = {name: value for name, value in everything if not name.startswith(ours)}
    return inherited | {"BRIEFBOT_DATA_DIR": data_dir}


def answers(command: str, rows: Sequence[Row]) -> tuple[dict[str, Row], float]:
    """Give every row to `briefbot COMMAND --jsonl`, without what is expected of it.

    Returns the output rows by id and the wall time in seconds, start of the program included.
    Raises subprocess.CalledProcessError where the command itself fails.
    """
    with TemporaryDirectory(prefix="briefbot-bench-") as folder:
        source, sink = Path(folder, "input.jsonl"), Path(folder, "output.jsonl")
        with source.open("w", encoding="utf-8") as file:
            for row in rows:
                given = {key: value for key, value in row.items() if key != "expected"}
                file.write(json.dumps(given, ensure_ascii=False) + "\n")
        began = time.perf_counter()
        with source.open("rb") as stdin, sink.open("wb") as stdout:
            subprocess.run(
                [executable(), command, "--jsonl"],
                stdin=stdin,
                stdout=stdout,
                env=environment(folder),
                check=True,
            )
        seconds = time.perf_counter() - began
        with sink.open(encoding="utf-8") as file:
            printed = [json.loads(line) for line in file if line.strip()]
    return {row["id"]: row for row in printed}, seconds
