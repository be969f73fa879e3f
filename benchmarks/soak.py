"""`python -m benchmarks.soak`: a month of traffic in one process, on a clock that is moved.

The store is the real one on SQLite, so are the queue, the flows and the writer; pages and posts
need no network. Prints a line of JSON: what the process and the database have grown by.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import random
import subprocess
import sys
import time
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks import soak_file
from benchmarks.processes import ROOT, module, own_memory
from benchmarks.soak_parts import PLATFORM, START, Clock, News, Platform, Telemetry, Traffic
from bot.app import give_memory_back
from bot.core.talking.wording import CHAT
from bot.flows.attend import Attention
from bot.flows.converse import Conversation
from bot.flows.deliver import Deliver
from bot.flows.desk import FrontDesk
from bot.flows.digest import Clockwork
from bot.flows.handle import Handle
from bot.flows.intake import Intake
from bot.flows.respond import Respond
from bot.flows.serve import Service
from bot.flows.tend import Tend
from bot.model import ChannelSettings, Queue
from bot.store.sql import SqlStore
from bot.work.embedded import EmbeddedWork
from bot.writers.embedded import EmbeddedWriter

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Channel

    Figures = dict[str, float]

DAYS, WARM = 30, 5
_PLACES = {Queue.QUESTIONS: 4, Queue.BRIEFS: 8, Queue.POSTS: 16, Queue.SESSION: 16}
_TENDED_EVERY = timedelta(hours=6)
_AT_ONCE = 20
_MB = 1e6
_GROWN = "memory grown by, MB per 1,000 links"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One soak: so much a day, kept for so long."""

    links: int
    questions: int
    commands: int
    article_days: int = 90
    brief_days: int = 365
    days: int = DAYS


@dataclass(slots=True, kw_only=True)
class Soak:
    """A soak under way: the parts that it moves, and what it has seen."""

    variant: Variant
    path: Path
    store: SqlStore
    service: Service
    clock: Clock
    telemetry: Telemetry
    platform: Platform
    days: list[dict[str, Any]] = field(default_factory=list)
    wal: int = 0

    async def run(self) -> dict[str, Any]:
        """Live through the days; return what was seen."""
        traffic = Traffic(
            links=self.variant.links,
            questions=self.variant.questions,
            commands=self.variant.commands,
        )
        numbers, began = count(1), time.monotonic()
        for channel in {traffic.channel(number) for number in range(traffic.channels)}:
            await self._keep_for(channel)
        working = asyncio.create_task(self.service.work.run(self.service.handle.handle, grace=1.0))
        try:
            for day in range(self.variant.days):
                await self._day(day, traffic, numbers)
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
        return {
            "variant": {name: getattr(self.variant, name) for name in Variant.__slots__},
            "seconds": time.monotonic() - began,
            "said": next(numbers) - 1,
            "posts": self.platform.posts,
            "endings": self.telemetry.endings,
            "troubles": self.telemetry.troubles,
            "days": self.days,
            "rows": soak_file.rows(self.path),
            "old events": soak_file.old_events(self.path, self.clock.now()),
            "parts": soak_file.parts(self.path),
            "unused": soak_file.unused(self.path),
            "largest log": self.wal,
        }

    async def _keep_for(self, channel: Channel) -> None:
        kept = ChannelSettings(
            article_days=self.variant.article_days, brief_days=self.variant.brief_days
        )
        async with self.store.begin() as tx:
            await self.store.change_settings(tx, channel, kept, [])

    async def _day(self, day: int, traffic: Traffic, numbers: count[int]) -> None:
        start = START + timedelta(days=day)
        tended = start
        for place, (at, said) in enumerate(traffic.day(start, numbers)):
            self.clock.move(at)
            await self.service.intake.accept(said)
            if place % _AT_ONCE == _AT_ONCE - 1:
                await self._settle()
            if at - tended >= _TENDED_EVERY:
                tended = at
                await self._tend()
        await self._settle()
        self.clock.move(start + timedelta(days=1))
        await self._tend()
        gc.collect()
        self.days.append(
            {
                "day": day + 1,
                "memory, MB": own_memory(os.getpid()),
                "objects": sys.getallocatedblocks(),
                "database, MB": self.path.stat().st_size / _MB,
                "log, MB": soak_file.log(self.path) / _MB,
                "MB by table": {
                    name: size / _MB for name, size in soak_file.tables(self.path).items()
                },
            }
        )

    async def _settle(self) -> None:
        while sum(one.jobs for one in await self.service.work.backlog()):
            self.wal = max(self.wal, soak_file.log(self.path))
            await asyncio.sleep(0.005)

    async def _tend(self) -> None:
        """Have the real loop go round once."""
        self.telemetry.tended.clear()
        tending = asyncio.create_task(self.service.tend())
        await self.telemetry.tended.wait()
        tending.cancel()
        self.service.give_back()


@asynccontextmanager
async def soak(variant: Variant, folder: Path) -> AsyncIterator[Soak]:
    """Wire the parts as `bot.app` does."""
    path, clock, telemetry, platform = folder / "briefbot.db", Clock(), Telemetry(), Platform()
    store = await SqlStore.open(path)
    work = EmbeddedWork(store, path=path, places=_PLACES, clock=clock)
    chance = random.Random(1).random  # noqa: S311 - spreads pauses
    pages, writer = News(), EmbeddedWriter()

    def conversation(channel: Channel) -> Conversation:
        return Conversation(
            channel=channel,
            pages=pages,
            writer=writer,
            store=store,
            clock=clock,
            hints=CHAT,
            threaded=True,
        )

    deliver = Deliver(
        store=store,
        platforms={PLATFORM: platform},
        clock=clock,
        telemetry=telemetry,
        chance=chance,
    )
    tend = Tend(
        store=store,
        work=work,
        platforms=deliver.platforms,
        clock=clock,
        telemetry=telemetry,
        conversation=conversation,
    )
    handle = Handle(
        store=store,
        work=work,
        clock=clock,
        telemetry=telemetry,
        deliver=deliver,
        attention=Attention(platforms=deliver.platforms, store=store, telemetry=telemetry),
        respond=Respond(conversation=conversation, tend=tend, store=store),
        chance=chance,
    )
    intake = Intake(
        store=store, work=work, platforms=deliver.platforms, clock=clock, telemetry=telemetry
    )
    service = Service(
        platforms=[platform],
        intake=intake,
        clockwork=Clockwork(store=store, intake=intake, clock=clock, telemetry=telemetry),
        desk=FrontDesk(store=store, clock=clock, intake=intake, conversation=conversation),
        handle=handle,
        store=store,
        work=work,
        clock=clock,
        telemetry=telemetry,
        give_back=give_memory_back,
    )
    try:
        yield Soak(
            variant=variant,
            path=path,
            store=store,
            service=service,
            clock=clock,
            telemetry=telemetry,
            platform=platform,
        )
    finally:
        await store.close()


# --- as a task of the benchmark ---------------------------------------------------------------


def figures(found: dict[str, Any]) -> Figures:
    """Return the figures of a soak."""
    days, variant = found["days"], found["variant"]
    last, warm = days[-1], days[min(WARM, len(days)) - 1]
    links = variant["links"] * (last["day"] - warm["day"])
    per = 1000 / links if links else 0.0
    said = {f"database: {name}, MB": size for name, size in last["MB by table"].items()}
    return {
        "messages": found["said"],
        "messages/s": found["said"] / found["seconds"],
        f"memory after day {warm['day']}, MB": warm["memory, MB"],
        f"memory after day {last['day']}, MB": last["memory, MB"],
        _GROWN: per * (last["memory, MB"] - warm["memory, MB"]),
        "objects grown by, per 1,000 links": per * (last["objects"] - warm["objects"]),
        f"database after day {warm['day']}, MB": warm["database, MB"],
        f"database after day {last['day']}, MB": last["database, MB"],
        **{name: size for name, size in said.items() if size >= last["database, MB"] / 100},
        "database: nothing, within pages, MB": sum(found["unused"].values()) / _MB,
        "write-ahead log at its largest, MB": found["largest log"] / _MB,
        "lost": found["said"] - found["posts"],
        "errors": sum(found["troubles"].values()),
        "rows: jobs": found["rows"]["jobs"],
        "rows: events": found["rows"]["events"],
        "rows: events past their time": found["old events"],
        "rows: deliveries": found["rows"]["deliveries"],
    }


def measure(variant: Variant) -> dict[str, Any]:
    """Soak in a process of its own."""
    given = [f"--{name.replace('_', '-')}={getattr(variant, name)}" for name in Variant.__slots__]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - what a program inherits
    command = module("benchmarks.soak", *given)
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


async def _main(variant: Variant) -> dict[str, Any]:
    with TemporaryDirectory(prefix="briefbot-soak-") as folder:
        async with soak(variant, Path(folder)) as made:
            return await made.run()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--links", type=int, default=40, help="links a day")
    parser.add_argument("--questions", type=int, default=15, help="questions a day")
    parser.add_argument("--commands", type=int, default=5, help="commands a day")
    parser.add_argument("--article-days", type=int, default=90)
    parser.add_argument("--brief-days", type=int, default=365)
    parser.add_argument("--days", type=int, default=DAYS)
    print(json.dumps(asyncio.run(_main(Variant(**vars(parser.parse_args()))))))


if __name__ == "__main__":
    main()
