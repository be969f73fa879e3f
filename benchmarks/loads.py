"""Loads on the bot, each with the figures that it came to."""

from __future__ import annotations

import json
import math
import os
import socket
import statistics
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.processes import ROOT, module

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.world import World

    Figures = dict[str, float]

QUESTION = "How many weeks will it close?"
_AT_ONCE = 8
_QUIET = 5.0
_COMMANDED = {"workspaces": 5, "channels": 10}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of everything."""

    events: int
    rate: float
    seconds: float
    links: int
    rounds: int
    idle: float
    flood: int
    questions: int
    waiting: int


QUICK = Sizes(
    events=1000,
    rate=20,
    seconds=20,
    links=200,
    rounds=1,
    idle=10,
    flood=150,
    questions=20,
    waiting=150,
)
FULL = Sizes(
    events=3000,
    rate=20,
    seconds=300,
    links=1000,
    rounds=3,
    idle=30,
    flood=1000,
    questions=20,
    waiting=600,
)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that so great a share of them does not exceed; nan for none."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def spread(name: str, values: Sequence[float], *, factor: float = 1.0) -> Figures:
    """Return the median and the 99th percentile of some values."""
    return {f"{name}, p{100 * q:g}": factor * quantile(values, q) for q in (0.5, 0.99)}


def accepted(world: World, count: int, *, text: str) -> Figures:
    """Say so much in many threads at once; return how many a second were acknowledged.

    CPU is that of the bot, whatever it does meanwhile: a machine that is busy moves it little.
    """
    talk, places = world.talk, _COMMANDED
    before, cpu = talk.state()["acked"], world.taken().cpu
    events = [
        talk.event(
            text,
            workspace=f"A{number % places['workspaces']}",
            channel=f"C{number // places['workspaces'] % places['channels']}",
        )
        for number in range(count)
    ]
    keys = talk.say(events)
    talk.until("acked", before + count)
    cpu = world.taken().cpu - cpu
    fates = talk.fates(keys)
    rate = _per_second([fate.first for fate in fates], [fate.acked for fate in fates])
    return {"accepted/s": rate, "accepted: CPU, ms each": 1000 * cpu / count}


@contextmanager
def silence() -> Iterator[str]:
    """Lend the address of a site that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=1) as listening:
        yield f"127.0.0.1:{listening.getsockname()[1]}"


def held(world: World, *, rate: float, seconds: float) -> Figures:
    """Say so many links a second for so many seconds; wait for the last answer."""
    events = world.links(int(rate * seconds), workspaces=4)
    world.lines()
    at_start = world.taken().memory
    began = time.monotonic()
    for number, event in enumerate(events):
        time.sleep(max(0.0, began + number / rate - time.monotonic()))
        world.talk.say([event])
    world.settle()
    fates = world.talk.fates(event["key"] for event in events)
    posts = [fate.posts[0] - fate.first for fate in fates if fate.posts and fate.first is not None]
    acks = [fate.acked - fate.first for fate in fates if fate.acked and fate.first is not None]
    waits = [line["waited"] for line in world.lines() if line["event"] == "begun"]
    ends = [fate.posts[0] if fate.posts else None for fate in fates]
    return {
        "held: links/s said": rate,
        "held: posts/s": _per_second([fate.first for fate in fates], ends),
        **spread("held: event to post, s", posts),
        **spread("held: event to first step, ms", waits, factor=1000),
        **spread("held: event to ack, ms", acks, factor=1000),
        "held: memory at start, MB": at_start,
        "held: memory at end, MB": world.taken().memory,
    }


def saturated(world: World, count: int, *, workspaces: int = 4) -> float:
    """Say so many links at once; return how many a second were answered."""
    keys = world.talk.say(world.links(count, workspaces=workspaces))
    world.settle()
    fates = world.talk.fates(keys)
    ends = [fate.posts[0] if fate.posts else None for fate in fates]
    return _per_second([fate.first for fate in fates], ends)


def saturation(world: World, *, count: int, rounds: int) -> Figures:
    """Measure in turns how fast the bot is, and how fast it would be without its durable work."""
    alone, bot, used = [_alone(world, count)], [], []
    for _ in range(rounds):
        before = world.taken().cpu
        bot.append(saturated(world, count))
        used.append(world.taken().cpu - before)
        alone.append(_alone(world, count))
    ours, theirs = statistics.median(bot), statistics.median(alone)
    return {
        "saturation: posts/s": ours,
        "saturation: CPU, ms a link": 1000 * statistics.median(used) / count,
        "fetch, extract and write alone, pages/s": theirs,
        "saturation: ratio to alone": ours / theirs,
    }


def _alone(world: World, count: int) -> float:
    first = 1_000_000 + world.page() * count
    arguments = ("--host", world.site, "--first", str(first), "--count", str(count))
    command = module("benchmarks.alone", *arguments, "--at-once", str(_AT_ONCE))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - what a program inherits
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    if found["failed"]:
        raise RuntimeError(f"alone: {found}")
    return float(found["per_second"])


def idle(world: World, seconds: float) -> Figures:
    """Let the bot have nothing to do."""
    time.sleep(_QUIET)
    before, began = world.taken(), time.monotonic()
    time.sleep(seconds)
    after = world.taken()
    used = (after.cpu - before.cpu) / (time.monotonic() - began)
    return {"idle: CPU, % of a core": 100 * used, "idle: memory, MB": after.memory}


def fairness(world: World, *, flood: int, questions: int) -> Figures:
    """Ask in one workspace, first in peace, then while another floods the bot with links."""
    talk = world.talk
    (root,) = world.links(1, first=700)
    talk.until_answered(*talk.say([root]))

    def link() -> float:
        return talk.until_answered(*talk.say(world.links(1, first=700)))

    def asked() -> list[float]:
        found = []
        for _ in range(questions):
            where = {"channel": root["channel"], "thread": root["message"]}
            (key,) = talk.say([talk.event(QUESTION, workspace="W700", **where)])
            found.append(talk.until_answered(key))
        return found

    link_in_peace, in_peace = link(), asked()
    keys = talk.say(world.links(flood, first=600))
    talk.until("answered", talk.state()["answered"] + _AT_ONCE)
    link_in_flood, in_flood = link(), asked()
    left = sum(not fate.posts for fate in talk.fates(keys))
    world.settle()
    extra = [later - before for before, later in zip(in_peace, in_flood, strict=True)]
    return {
        "fairness: question in peace, s": statistics.median(in_peace),
        "fairness: extra delay of a question, s": statistics.median(extra),
        "fairness: worst extra delay of a question, s": max(extra),
        "fairness: extra delay of a link, s": link_in_flood - link_in_peace,
        "fairness: share of the flood that was left then": left / flood,
    }


def wrong(world: World) -> Figures:
    """Return what was lost and what was said twice, of all that was said in this world."""
    state = world.talk.state()
    return {
        "lost": state["injected"] - state["answered"],
        "duplicates": len(state["duplicates"]) + len(state["answered_twice"]),
    }


def _per_second(begins: Sequence[float | None], ends: Sequence[float | None]) -> float:
    """Return how many came to their end a second, from the first begin to the last end."""
    began = [at for at in begins if at is not None]
    ended = [at for at in ends if at is not None]
    return len(ended) / (max(ended) - min(began)) if ended else 0.0
