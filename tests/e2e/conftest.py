"""The program as a person runs it: a process of its own, a data folder of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str


def environment(data: Path) -> dict[str, str]:
    """The environment of a program of its own, with none of ours that is Briefbot's."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BRIEFBOT_", "DATABASE_URL", "OPENAI_", "SLACK_", "MATRIX_"))
    }
    return {**ours, "BRIEFBOT_DATA_DIR": str(data), "PYTHONPATH": str(ROOT)}


Cli = Callable[..., Ran]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def cli(tmp_path: Path, data: Path) -> Cli:
    """Run `briefbot ARGUMENTS` from an empty folder; no traceback may ever be printed."""
    away = tmp_path / "elsewhere"
    away.mkdir()

    def run(*arguments: str, stdin: str | bytes = "", **env: str) -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "bot", *arguments],
            input=given,
            capture_output=True,
            cwd=away,
            env={**environment(data), **env},
            timeout=60,
            check=False,
        )
        out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        assert "Traceback" not in err
        return Ran(code=done.returncode, out=out, err=err)

    return run
