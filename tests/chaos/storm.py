"""A storm: the bot is killed again and again while people talk to it, and everything else fails.

Then it is calm, and every event that was accepted must have ended in exactly one way: with one
post, or with one recorded reason for none. Where they talk is a `Scene`.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections import Counter
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text

from tests.chaos.scene import GRACE, TIMEOUT, Judgement, Scene
from tests.standins.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
DAY = 86_400.0
_HEARD = 0.8
"""The share of lives that count from when the bot listens; the others may end before."""


@dataclass(kw_only=True)
class Report(Judgement):
    """What a storm came to."""

    kills: int = 0
    starts: int = 0
    seconds: float = 0.0
    posts_in_the_storm: int = 0
    endings: dict[str, int] = field(default_factory=dict)
    disruptions: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        wrong = (self.lost, self.duplicates, self.unfinished, self.unreadable, self.exposed)
        return not any(wrong)


class Zygote:
    """Starts processes of the program, and tells when they end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._started: asyncio.Queue[int] = asyncio.Queue()
        self._ended: dict[int, int] = {}
        self._bell = asyncio.Condition()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    @asynccontextmanager
    async def open(cls, *, matrix: bool = False):
        ours = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        environment = {**ours, "PYTHONPATH": str(ROOT)}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.chaos.zygote",
            *(["--matrix"] if matrix else []),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env=environment,
        )
        zygote = cls(process)
        try:
            yield zygote
        finally:
            zygote._reading.cancel()
            process.stdin.close()
            process.kill()
            await process.wait()

    async def start(self, request: dict[str, Any]) -> int:
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        await self._process.stdin.drain()
        return await self._started.get()

    def has_ended(self, pid: int) -> bool:
        return pid in self._ended

    async def kill(self, pid: int, number: int = signal.SIGKILL) -> int:
        """Send a signal and wait for the end; return the exit code, negative for a signal."""
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        async with asyncio.timeout(30), self._bell:
            await self._bell.wait_for(lambda: pid in self._ended)
        return self._ended[pid]

    async def _read(self) -> None:
        while line := await self._process.stdout.readline():
            told = json.loads(line)
            if "started" in told:
                self._started.put_nowait(told["started"])
                continue
            async with self._bell:
                self._ended[told["ended"]] = told["code"]
                self._bell.notify_all()


@dataclass(kw_only=True)
class Storm:
    """`address` is that of a PostgreSQL database; empty for SQLite in `folder`."""

    scene: Callable[[random.Random, str], Scene]
    folder: Path
    kills: int
    seed: int
    address: str = ""
    longest_life: float = 1.0
    per_life: int = 3
    patience: float = 120.0
    disrupt: bool = True
    matrix: bool = False

    async def run(self) -> Report:
        """Have the storm and the calm; return what it came to."""
        self._random = random.Random(self.seed)  # noqa: S311 - moments, not secrets
        self._report = Report()
        began = time.monotonic()
        async with Site() as site, Zygote.open(matrix=self.matrix) as zygote:
            self._site, self._zygote = site, zygote
            async with self.scene(self._random, site.host) as scene:
                self._scene = scene
                await self._prepare()
                await self._storm()
                self._report.seconds = round(time.monotonic() - began, 1)
                self._report.posts_in_the_storm = scene.posts
                scene.calm()
                await self._calm()
                self._judge()
        return self._report

    async def _prepare(self) -> None:
        """Let the scene do what takes a bot that is alive."""
        for life in self._scene.births:
            self._note("killed as it began")
            pid = await self._start("serve")
            await asyncio.sleep(life)
            await self._zygote.kill(pid)
        pid = await self._start("serve")
        await self._scene.prepare()
        await self._zygote.kill(pid)

    # --- the storm ----------------------------------------------------------------------------

    async def _storm(self) -> None:
        roles = ["serve", "worker"] if self.address else ["serve"]
        running = {role: await self._start(role) for role in roles}
        while self._report.kills < self.kills:
            self._scene.talk(self._random.randint(0, 2 * self.per_life))
            life = self._random.uniform(0.02, self.longest_life)
            role = self._random.choice(roles)
            async with self._disrupted():
                if self._random.random() < _HEARD:
                    await self._scene.heard()
                await asyncio.sleep(life)
                code = await self._zygote.kill(running[role])
            self._report.kills += code == -signal.SIGKILL
            await self._scene.away()
            running[role] = await self._start(role, stormy=True)
        for pid in running.values():
            await self._zygote.kill(pid)

    async def _start(self, role: str, *, stormy: bool = False) -> int:
        self._report.starts += 1
        clock, largest = 0.0, None
        if stormy and self.disrupt:
            chance = self._random.random()
            if chance < 0.12:
                clock = self._random.choice([-DAY, DAY])
                self._note("clock")
            elif chance < 0.2 and not self.address:
                largest = self._size() + self._random.randint(0, 60_000)
                self._note("disk full")
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BRIEFBOT_", "DATABASE_", "SLACK_", "MATRIX_", "COV"))
        }
        environment |= {
            "BRIEFBOT_DATA_DIR": str(self.folder),
            "BRIEFBOT_FETCH_ALLOW_HOSTS": self._site.host,
            "BRIEFBOT_LISTEN": "off",
            "BRIEFBOT_LOG_FORMAT": "json",
            "BRIEFBOT_POST_TIMEOUT": str(TIMEOUT),
            "BRIEFBOT_POST_GRACE": str(GRACE),
            **self._scene.environment,
            "PYTHONPATH": str(ROOT),
        }
        if self.address:
            environment["DATABASE_URL"] = self.address
        return await self._zygote.start(
            {
                "arguments": [role],
                "environment": environment,
                "clock": clock,
                "largest": largest,
                "log": str(self.folder / f"{role}.log"),
            }
        )

    def _size(self) -> int:
        """The size of a database, or of its log where that is larger: little room is left there."""
        logs = [path.with_name(f"{path.name}-wal") for path in self._databases()]
        pairs = zip(self._databases(), logs, strict=True)
        sizes = [max(one.stat().st_size for one in pair if one.exists()) for pair in pairs]
        return self._random.choice(sizes or [0])

    def _databases(self) -> list[Path]:
        """Those that there are: the store's, and the keys of a platform that has some."""
        return sorted(self.folder.rglob("*.db"))

    @asynccontextmanager
    async def _disrupted(self):
        """Let something else than the bot fail meanwhile."""
        chance = self._random.random() if self.disrupt else 1.0
        if chance < 0.1:
            self._note("network cut")
            self._scene.cut(self._random.uniform(0.05, 0.5))
            yield
        elif chance < 0.2:
            self._note("database locked")
            locking = asyncio.create_task(self._lock(self._random.uniform(0.05, 0.6)))
            yield
            await locking
        else:
            yield

    def _note(self, what: str) -> None:
        counted = Counter(self._report.disruptions)
        counted[what] += 1
        self._report.disruptions = dict(counted)

    async def _lock(self, seconds: float) -> None:
        if self.address:
            await asyncio.to_thread(self._lock_postgres, seconds)
        elif databases := self._databases():
            await asyncio.to_thread(self._lock_sqlite, self._random.choice(databases), seconds)

    def _lock_sqlite(self, database: Path, seconds: float) -> None:
        with suppress(sqlite3.OperationalError):  # it is at work, or being made
            connection = sqlite3.connect(database, timeout=0.5, isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                time.sleep(seconds)
                connection.execute("ROLLBACK")
            finally:
                connection.close()

    def _lock_postgres(self, seconds: float) -> None:
        engine = create_engine(self.address.replace("postgresql:", "postgresql+psycopg:", 1))
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = 500"))
            with suppress(Exception):  # as busy as it should be
                connection.execute(text("LOCK TABLE events, deliveries IN EXCLUSIVE MODE"))
                time.sleep(seconds)
            connection.rollback()
        engine.dispose()

    # --- the calm -----------------------------------------------------------------------------

    async def _calm(self) -> None:
        """Let one process finish what there is; as long as it gets on."""
        pid = await self._start("serve")
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            await asyncio.sleep(0.3)
            if self._scene.acked and not self._open():
                break
        await asyncio.sleep(TIMEOUT + GRACE)  # what comes late would come now
        await self._zygote.kill(pid, signal.SIGTERM)

    def _open(self) -> int:
        return sum(1 for row in self._rows() if row["ending"] is None)

    def _rows(self) -> list[dict[str, Any]]:
        query = "SELECT id, key, trace, ending, reason FROM events"
        if self.address:
            engine = create_engine(self.address.replace("postgresql:", "postgresql+psycopg:", 1))
            with engine.connect() as connection:
                found = [dict(row._mapping) for row in connection.execute(text(query))]
            engine.dispose()
            return found
        connection = sqlite3.connect(self.folder / "briefbot.db", timeout=5)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(query)]
        except sqlite3.OperationalError:
            return []
        finally:
            connection.close()

    def _judge(self) -> None:
        report, rows = self._report, self._rows()
        vars(report).update(vars(self._scene.judge(rows)))
        report.faults = self._scene.faults
        report.endings = dict(Counter(str(row["ending"]) for row in rows))
        if not self.address:
            with sqlite3.connect(self.folder / "briefbot.db") as connection:
                (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
            connection.close()
            if sound != "ok":
                report.lost.append(f"the database: {sound}")
