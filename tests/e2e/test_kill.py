"""kill -9 at random moments of `briefbot brief`: the store opens, nothing is half-stored."""

import asyncio
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.platforms.console.console import CHANNEL
from bot.store.sql import SqlStore
from tests.e2e.conftest import environment
from tests.lengths import length

pytestmark = pytest.mark.chaos

KILLS = length(20, 50)
FRESH_EVERY = 2
"""Every second run is a first start, with the migrations in it."""

PARAGRAPHS = (
    "The lock at Brannock will close for {n} weeks from Monday while its gates are replaced.",
    "About {n}0 barges a day use it, most of them carrying gravel to the works at Tarn Quay.",
    "The waterways board said the old gates had leaked {n},000 litres an hour since the spring.",
    "Skippers can go round by the Aldery branch, which adds {n} hours and eleven more locks.",
)


def _article(number: int) -> str:
    return "\n\n".join(["Brannock lock to close", *(p.format(n=number) for p in PARAGRAPHS)])


def _start(folder: Path, text: Path) -> subprocess.Popen[bytes]:
    # What is killed reports no coverage, and being measured would make every start twice as long.
    unmeasured = {
        name: value
        for name, value in environment(folder).items()
        if not name.startswith("COVERAGE")
    }
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", "brief", str(text)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=unmeasured,
    )


def _whole_run(folder: Path, text: Path) -> float:
    started = time.monotonic()
    assert _start(folder, text).wait(60) == 0
    return time.monotonic() - started


async def _holds(folder: Path) -> int:
    """Open the store as the program does; return how many mentions it holds, all of them whole."""
    store = await SqlStore.open(folder / "briefbot.db")
    try:
        mentions = await store.mentions(CHANNEL, limit=1000)
        found = await store.search(CHANNEL, [], limit=10_000)
    finally:
        await store.close()
    assert all(mention.brief and mention.article.paragraphs for mention in mentions)
    versions = {mention.article.version for mention in mentions}
    assert {hit.mention.article.version for hit in found} == versions
    with sqlite3.connect(folder / "briefbot.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.close()
    return len(mentions)


@pytest.mark.timeout(300)
async def test_a_kill_at_any_moment_leaves_a_whole_store(tmp_path: Path):
    used, text = tmp_path / "used", tmp_path / "article.txt"
    text.write_text(_article(1))
    first = _whole_run(tmp_path / "first", text)
    _whole_run(used, text)
    again = _whole_run(used, text)
    moments = random.Random(20261123)  # noqa: S311 - not for secrets
    killed = kept = 0
    for turn in range(KILLS):
        fresh = turn % FRESH_EVERY == 0
        folder = tmp_path / f"fresh{turn}" if fresh else used
        text.write_text(_article(turn + 2))
        process = _start(folder, text)
        await asyncio.sleep(moments.uniform(0.0, (first if fresh else again) * 1.1))
        process.send_signal(signal.SIGKILL)
        killed += process.wait(60) == -signal.SIGKILL
        held = await _holds(folder)
        if fresh:
            assert held in (0, 1)
            shutil.rmtree(folder)
        else:
            assert held >= kept
            kept = held
    assert killed >= KILLS // 2, "the runs ended before they could be killed"
    text.write_text(_article(1000))
    _whole_run(used, text)
    assert await _holds(used) == kept + 1
