"""Matrix under load: fifty rooms none of which waits for another, and a homeserver's own limits.

The real `briefbot serve` on a real homeserver (`benchmarks.rooms`). First without limits: quiet
rooms alone, then beside a room that asks for a hundred briefs at once and one whose pages are
slow. Then with Synapse's default limits: one room asks for half of all. Then with an operator who
has exempted the bot from them.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import random
import statistics
import time
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import tables
from benchmarks.floors import floors
from benchmarks.loads import quantile
from benchmarks.processes import taken

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Coroutine, Iterable, Sequence
    from typing import Any

    from benchmarks.rooms import Asked, Place, Room

    Figures = dict[str, float]

TASKS = ("matrix",)
RESULTS = Path(__file__).with_name("results")
_TITLES = {
    "rooms": "matrix, rooms beside each other",
    "limits": "matrix, a homeserver's own limits",
}
_WIDE = ("settings mode automatic", "settings briefs_per_hour 60")
_SLOW = 24  # links to slow pages: more than may be read at a time
_ALONE = 0.25  # of the quiet rooms' links, while nothing else goes on
_WARM_UP = 8
_LIMITED_ROOMS = 8
_BETWEEN = 0.2  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of everything: rooms, links of all, links of the busy room, and how fast."""

    rooms: int
    links: int
    burst: int
    rate: float
    limited: int


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how much is done."""
    for name, kind, usual, said in (
        ("rooms", int, 50, "rooms"),
        ("links", int, 500, "links said in all of them"),
        ("burst", int, 100, "links of these that one room says at once"),
        ("rate", float, 3.0, "links a second in the quiet rooms"),
        ("limited", int, 40, "links under the homeserver's default limits"),
    ):
        parser.add_argument(f"--matrix-{name}", type=kind, default=usual, metavar="N", help=said)
    parser.add_argument(
        "--matrix-on",
        type=lambda text: text.split(","),
        default=list(_TITLES),
        metavar="A,B",
        help=f"only these parts of matrix: {', '.join(_TITLES)}",
    )


def measure(options: argparse.Namespace) -> list[str]:
    """Measure what was asked for; return which figures are under their floors, and how."""
    if "matrix" not in options.only:
        return []
    if find_spec("synapse") is None:
        tables.note("matrix: no homeserver here (matrix-synapse is not installed)")
        return []
    sizes = Sizes(
        rooms=options.matrix_rooms,
        links=options.matrix_links,
        burst=options.matrix_burst,
        rate=options.matrix_rate,
        limited=options.matrix_limited,
    )
    parts: dict[str, Callable[[Sizes], Coroutine[Any, Any, Figures]]] = {
        "rooms": _rooms,
        "limits": _limits,
    }
    missed, report = [], {}
    for name in options.matrix_on:
        tables.note(f"{_TITLES[name]}: the machine's load is {os.getloadavg()[0]:.1f} ...")
        figures = report[name] = asyncio.run(parts[name](sizes))
        bounds = floors("matrix", name)
        tables.quality(_TITLES[name], {"serve": figures}, bounds, versus=None)
        missed += [
            f"{_TITLES[name]}, {one}: {what}" for one, what in bounds.missed(figures).items()
        ]
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"sizes": asdict(sizes), **report}, indent=2)
    (RESULTS / "matrix.json").write_text(text + "\n", "utf-8")
    return missed


async def _rooms(sizes: Sizes) -> Figures:
    """Measure the quiet rooms alone, then beside a busy one and one whose pages are slow."""
    from benchmarks.rooms import place  # noqa: PLC0415 - nio: 750 ms

    async with place() as here:
        await here.settle_in(sizes.rooms)
        await here.wish(*_WIDE)
        busy, slow, *quiet = here.rooms
        await here.answered([await here.ask(one, by=one.owner) for one in quiet[:_WARM_UP]])
        calm = sizes.links - sizes.burst - _SLOW
        used = _Used(here)
        alone = await _mixed(here, quiet, number=int(_ALONE * calm), rate=sizes.rate)
        await here.answered(alone)
        burst = asyncio.gather(
            *(here.ask(busy, by=busy.owner, named=True) for _ in range(sizes.burst)),
            *(here.ask(slow, by=slow.mate, slow=True) for _ in range(_SLOW)),
        )
        beside = await _mixed(here, quiet, number=calm - len(alone), rate=sizes.rate)
        loud = await burst
        everything = [*alone, *beside, *loud]
        await here.answered(everything)
        return {
            **_times("quiet rooms alone", here, alone),
            **_times("quiet rooms beside", here, beside),
            **_times("busy room", here, [one for one in loud if one.room is busy]),
            **_times("room of slow pages", here, [one for one in loud if one.room is slow]),
            **_beside(here, alone, beside),
            **_wrong(here, everything),
            **used.figures(len(everything)),
        }


async def _mixed(here: Place, rooms: Sequence[Room], *, number: int, rate: float) -> list[Asked]:
    """Have people say links in turn in all rooms, now faster and now slower."""
    chance = random.Random(number)  # noqa: S311 - keeps no secret
    due, saying = time.monotonic(), []
    for one in range(number):
        room = rooms[one % len(rooms)]
        due += chance.expovariate(rate)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        by = chance.choice((room.owner, room.mate))
        saying.append(asyncio.create_task(here.ask(room, by=by)))
    return list(await asyncio.gather(*saying))


def _times(name: str, here: Place, asked: Iterable[Asked]) -> Figures:
    """Return how long people waited for the posts of some rooms."""
    waits = _waits(here, asked)
    shown = {f"p{100 * q:g}": quantile(waits, q) for q in (0.5, 0.95)}
    worst = max(waits, default=math.nan)
    return {
        f"{name}: message to brief, s, {one}": v for one, v in (shown | {"worst": worst}).items()
    }


def _waits(here: Place, asked: Iterable[Asked]) -> list[float]:
    return [posts[0].after for posts in here.posts(asked).values() if posts]


def _beside(here: Place, alone: Iterable[Asked], beside: Iterable[Asked]) -> Figures:
    """Return how much longer quiet rooms wait beside busy ones."""
    before, after = _waits(here, alone), _waits(here, beside)
    return {
        f"quiet rooms, beside to alone, p{100 * q:g}": quantile(after, q) / quantile(before, q)
        for q in (0.5, 0.95)
    }


def _wrong(here: Place, asked: Sequence[Asked]) -> Figures:
    """Return what did not come as it should have."""
    posts = here.posts(asked)
    return {
        "posts expected": len(asked),
        "posts seen": sum(map(len, posts.values())),
        "lost": sum(not found for found in posts.values()),
        "doubled": sum(len(found) > 1 for found in posts.values()),
        "of something else": sum(not one.right for found in posts.values() for one in found),
        **here.wrong(),
    }


class _Used:
    """What the bot and the homeserver take of the machine from now on."""

    def __init__(self, here: Place) -> None:
        self._roots = {"the bot": here.bot.pid, "the homeserver": here.homeserver.pid}
        self._before = self._cpu()

    def _cpu(self) -> dict[str, float]:
        return {name: taken([pid]).cpu for name, pid in self._roots.items()}

    def figures(self, links: int) -> Figures:
        """Return it by link."""
        now = self._cpu()
        return {
            f"CPU of {name}, ms a link": 1000 * (now[name] - self._before[name]) / links
            for name in now
        }


async def _limits(sizes: Sizes) -> Figures:
    """Measure under Synapse's default limits, then as if its operator had exempted the bot."""
    from benchmarks.rooms import place  # noqa: PLC0415 - nio: 750 ms
    from tests.homeserver import Limits  # noqa: PLC0415 - as above

    async with place(limits=Limits()) as here:
        entered = await here.settle_in(_LIMITED_ROOMS)
        await here.welcomed()
        before = here.refused()
        limited = await _half_in_one(here, sizes.limited)
        await here.answered(limited)
        refused = here.refused() - before
        await here.homeserver.override_ratelimit(here.account.user_id)
        exempt = await _half_in_one(here, sizes.limited)
        await here.answered(exempt)
        after = here.refused() - before - refused
        return {
            "in all rooms after, s": entered,
            "told to wait before coming in": before["not_joined"],
            **_fairness(here, limited),
            "told to wait": refused.total(),
            "exempt: last post, s": max(_waits(here, exempt), default=math.nan),
            "exempt: told to wait": after.total(),
            **_wrong(here, [*limited, *exempt]),
        }


async def _half_in_one(here: Place, number: int) -> list[Asked]:
    """Have one room ask for half of so many briefs at once, the others for the rest."""
    busy, *quiet = here.rooms
    loud = [here.ask(busy, by=busy.owner, named=True) for _ in range(number // 2)]
    calm = []
    for one in range(number - number // 2):
        room = quiet[one % len(quiet)]
        calm.append(here.ask(room, by=room.mate, named=True))
    return list(await asyncio.gather(*loud, *calm))


def _fairness(here: Place, asked: Sequence[Asked]) -> Figures:
    """Return when each room had its last post."""
    busy = here.rooms[0]
    last: dict[str, float] = {}
    for one, posts in here.posts(asked).items():
        if posts:
            last[one.room.id] = max(last.get(one.room.id, 0.0), posts[0].after)
    ours = last.pop(busy.id, math.nan)
    theirs = list(last.values())
    return {
        "busy room: last post, s": ours,
        "quiet rooms: last post, s, median": statistics.median(theirs),
        "quiet rooms: last post, s, worst": max(theirs),
        "last post of the last quiet room to that of the busy one": max(theirs) / ours,
    }
