"""Durable work under load: the real `briefbot serve`, on SQLite and on PostgreSQL with workers.

What is said, the pages and the database are processes of their own (`benchmarks.world`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import loads
from benchmarks.world import server, world
from tests.postgres import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from benchmarks.loads import Sizes
    from benchmarks.world import World
    from tests.postgres import Server

    Figures = dict[str, float]

PARTS = ("sqlite", "postgres", "workers")
_COUNTS = (2, 1, 4)  # the first one has the floors
_DELAY = 0.3
_WORKSPACES = 8  # so that no worker runs out of what its share lets it do
_FEW = {"BRIEFBOT_BRIEFS_AT_ONCE": "4"}
_CHEAP = "list"
_KILLED_AFTER = 0.25
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What was measured of one part: figures by column, the first of which has the floors."""

    name: str
    title: str
    columns: dict[str, Figures]


def measure(
    sizes: Sizes, *, parts: Collection[str] = PARTS, note: Callable[[str], None]
) -> list[Part]:
    """Measure the parts that are asked for; `note` is told what is being done."""
    found = []
    if "sqlite" in parts:
        note("work: SQLite ...")
        figures = _sqlite(sizes)
        found.append(Part(name="sqlite", title="work on SQLite", columns={"serve": figures}))
    if "postgres" in parts or "workers" in parts:
        with server() as where:
            if "postgres" in parts:
                note("work: PostgreSQL ...")
                columns = {"front end, 1 worker": _postgres(where, sizes)}
                found.append(Part(name="postgres", title="work on PostgreSQL", columns=columns))
            if "workers" in parts:
                note("work: PostgreSQL, several workers ...")
                columns = _workers(where, sizes)
                found.append(Part(name="workers", title="workers on PostgreSQL", columns=columns))
    return found


def _sqlite(sizes: Sizes) -> Figures:
    with loads.silence() as dead, world(allowed=[dead]) as bot:
        bot.warm_up()
        alone = loads.accepted(bot, sizes.events, text=f"http://{dead}/story/1")
    with world() as bot:
        bot.warm_up()
        busy = loads.accepted(bot, sizes.events, text=_CHEAP)
        bot.settle()
        return {**alone, "accepted/s while jobs run": busy["accepted/s"], **_common(bot, sizes)}


def _postgres(where: Server, sizes: Sizes) -> Figures:
    with world(where, workers=0) as bot:
        alone = loads.accepted(bot, sizes.events, text=_CHEAP)
    with world(where) as bot:
        bot.warm_up()
        busy = loads.accepted(bot, sizes.events, text=_CHEAP)
        bot.settle()
        return {**alone, "accepted/s while jobs run": busy["accepted/s"], **_common(bot, sizes)}


def _common(bot: World, sizes: Sizes) -> Figures:
    return {
        **loads.held(bot, rate=sizes.rate, seconds=sizes.seconds),
        **loads.saturation(bot, count=sizes.links, rounds=sizes.rounds),
        **loads.idle(bot, sizes.idle),
        **loads.fairness(bot, flood=sizes.flood, questions=sizes.questions),
        **loads.wrong(bot),
    }


def _workers(where: Server, sizes: Sizes) -> dict[str, Figures]:
    columns: dict[str, Figures] = {}
    for workers in _COUNTS:
        columns[_called(workers)] = {}
        for name, delay in (("slow pages", _DELAY), ("fast pages", 0.0)):
            with world(where, workers=workers, delay=delay, settings=_FEW) as bot:
                bot.warm_up()
                rate = loads.saturated(bot, sizes.waiting, workspaces=_WORKSPACES)
                columns[_called(workers)][f"{name}: posts/s"] = rate
    one = columns[_called(1)]
    for column in columns.values():
        column |= {
            figure.replace("posts/s", "ratio to one worker"): value / one[figure]
            for figure, value in column.items()
        }
    columns[_called(2)] |= _killed(where, sizes.waiting)
    return columns


def _called(workers: int) -> str:
    return f"{workers} workers" if workers > 1 else "1 worker"


def _killed(where: Server, count: int) -> Figures:
    """Kill one of two workers amid its work; return when the other one has done it."""
    with world(where, workers=2, delay=_DELAY, settings=_FEW) as bot:
        bot.warm_up()
        before = bot.talk.state()["answered"]
        bot.talk.say(bot.links(count, workspaces=_WORKSPACES))
        bot.talk.until("answered", before + int(_KILLED_AFTER * count))
        bot.processes.pop().kill()
        killed, name = time.monotonic(), name_of(bot.database)
        doing = _jobs(where, name, "status = 'doing'")
        while (left := _jobs(where, name, "true") & doing) and not _late(killed):
            time.sleep(0.1)
        seconds = time.monotonic() - killed
        bot.settle()
        return {
            "killed worker: jobs under way": len(doing),
            "killed worker: jobs never done": len(left),
            "killed worker: s until the other has done them": seconds,
            **loads.wrong(bot),
        }


def _jobs(where: Server, database: str, condition: str) -> set[int]:
    query = f"SELECT id FROM procrastinate_jobs WHERE {condition}"  # noqa: S608 - our own words
    return {number for (number,) in where.execute(query, database)}


def _late(since: float) -> bool:
    return time.monotonic() - since > _PATIENCE
