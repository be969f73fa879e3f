"""The bot at work, with the chat server, the news site and the database that it needs.

Each is a process of its own, so that what loads the bot does not sit in what is measured.
"""

from __future__ import annotations

import json
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.processes import Process, Taken, module, taken
from benchmarks.program import executable
from benchmarks.talk import Talk
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

_REDELIVER = {"redeliver": 3}  # seconds, as Slack has it
_STARTING = 60.0
_WARM_UP = 4  # links a process
_SETTLED = 2.0  # seconds until the children have done their chores
# What the tests' server leaves out to be fast; a real one does not.
_SAFE = ("fsync", "full_page_writes", "synchronous_commit", "autovacuum")


@dataclass(kw_only=True)
class World:
    """A bot under load: the first of its processes is the one that listens."""

    talk: Talk
    site: str
    database: str
    processes: list[Process]
    _read: dict[Path, int] = field(default_factory=dict)
    _page: int = 0

    def links(self, count: int, *, workspaces: int = 1, first: int = 1) -> list[dict[str, Any]]:
        """Return messages with a link each, every page a new one, each starting its thread."""
        return [
            self.talk.event(
                f"http://{self.site}/story/{self.page()}",
                workspace=f"W{first + number % workspaces}",
                channel=f"C{number % 10}",
            )
            for number in range(count)
        ]

    def page(self) -> int:
        """Return the number of a page that the bot has not seen."""
        self._page += 1
        return self._page

    def taken(self) -> Taken:
        """Return what the bot takes of the machine, its children included."""
        return taken([one.pid for one in self.processes if not one.over])

    def lines(self) -> list[dict[str, Any]]:
        """Return what the bot has logged since this was asked before."""
        found = []
        for log in (one.log for one in self.processes):
            with log.open("rb") as file:
                file.seek(self._read.get(log, 0))
                for line in file:
                    if line.endswith(b"\n"):
                        self._read[log] = self._read.get(log, 0) + len(line)
                        found.append(_parsed(line))
        return found

    def settle(self) -> bool:
        """Wait until whatever was said is answered; False where nothing more comes."""
        return self.talk.until("answered", self.talk.state()["injected"])

    def warm_up(self) -> None:
        """Have every process load what it loads at its first work."""
        workers = max(1, len(self.processes) - 1)
        for _ in range(2):
            self.talk.say(self.links(_WARM_UP * workers, workspaces=workers, first=900))
            self.settle()
        time.sleep(_SETTLED)
        self.lines()


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:  # a traceback
        return {"event": "", "text": line.decode("utf-8", "replace")}
    return found


@contextmanager
def server() -> Iterator[postgres.Server]:
    """Lend a PostgreSQL server that keeps what it has promised."""
    with postgres.running() as found:
        for name in _SAFE:
            found.execute(f"ALTER SYSTEM SET {name} = on")
        found.execute("SELECT pg_reload_conf()")
        yield found


@contextmanager
def world(
    where: postgres.Server | None = None,
    *,
    workers: int = 1,
    delay: float = 0.0,
    allowed: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> Iterator[World]:
    """Lend a bot at work: `serve` on SQLite, or on a PostgreSQL server with so many workers.

    `delay` is how many seconds each page takes; `allowed` are more hosts of this machine that
    the bot may read. Raises TimeoutError where it does not start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="briefbot-bench-")))
        database = "" if where is None else stack.enter_context(where.database())

        def start(name: str, *command: str, **given: Any) -> Process:
            process = Process(command, data=folder / "data", log=folder / f"{name}.log", **given)
            stack.callback(process.stop)
            return process

        faults = ("--control", json.dumps(_REDELIVER), "--until-eof")
        chat = start("chat", *module("tests.standins.chat", *faults)).first_line()
        site = start("site", *module("tests.standins.site", "--delay", str(delay))).first_line()
        talk = Talk(chat["port"])
        host = f"127.0.0.1:{site['port']}"
        ours = _settings(chat["url"], ",".join((host, *allowed)), database) | dict(settings or {})
        alone = ("serve",) if where is None else ("serve", "--front-end-only")
        processes = [start("serve", executable(), *alone, settings=ours)]
        _await(talk.connected, processes)
        processes += [
            start(f"worker-{number}", executable(), "worker", settings=ours)
            for number in range(0 if where is None else workers)
        ]
        made = World(talk=talk, site=host, database=database, processes=processes)
        _await(lambda: all(b'"serving"' in one.log.read_bytes() for one in processes), processes)
        yield made


def _settings(chat: str, sites: str, database: str) -> dict[str, str]:
    found = {
        "BRIEFBOT_LOOPBACK_URL": chat,
        "BRIEFBOT_FETCH_ALLOW_HOSTS": sites,
        "BRIEFBOT_LISTEN": "off",
        "BRIEFBOT_LOG_FORMAT": "json",
    }
    return found | ({"DATABASE_URL": database} if database else {})


def _await(ready: Callable[[], bool], processes: list[Process]) -> None:
    end = time.monotonic() + _STARTING
    while not ready():
        ended = [one for one in processes if one.over]
        if ended or time.monotonic() > end:
            said = (ended or processes)[0].log.read_text("utf-8", "replace")
            raise TimeoutError(f"the bot does not start: {said[-2000:]}")
        time.sleep(0.05)
