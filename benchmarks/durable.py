"""The tasks "work" and "soak" of the benchmark: their options, tables, floors and results."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import loads, soak, tables, work
from benchmarks.floors import floors

if TYPE_CHECKING:
    import argparse

    Figures = dict[str, float]

TASKS = ("work", "soak")
RESULTS = Path(__file__).with_name("results")
_SECTION = "work"
_A_DAY = {
    False: {"links": 40, "questions": 15, "commands": 5},
    True: {"links": 400, "questions": 150, "commands": 50},
}
# in a small one, caches that fill up look like memory that grows
_SOAK = {False: "soak-quick", True: "soak"}
_VARIANTS = {
    "kept": {},
    "erased": {"article_days": 7, "brief_days": 14},
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how much is done."""
    parser.add_argument(
        "--full", action="store_true", help="work and soak at full size (an hour and more)"
    )
    parser.add_argument(
        "--work-on",
        type=lambda text: text.split(","),
        default=list(work.PARTS),
        metavar="A,B",
        help=f"only these parts of work: {', '.join(work.PARTS)}",
    )
    for name, kind, said in (
        ("events", int, "events of which the acceptance is timed"),
        ("rate", float, "links a second under steady load"),
        ("seconds", float, "length of the steady load"),
        ("links", int, "links said at once"),
        ("rounds", int, "how often that is done"),
        ("idle", float, "seconds of idleness"),
        ("flood", int, "links of the workspace that floods the bot"),
        ("questions", int, "questions of the other workspace"),
        ("waiting", int, "links said at once to 1, 2 and 4 workers"),
    ):
        parser.add_argument(f"--work-{name}", type=kind, metavar="N", help=said)
    parser.add_argument("--soak-links", type=int, metavar="N", help="links a simulated day")
    parser.add_argument("--soak-days", type=int, default=soak.DAYS, metavar="N", help="days")


def measure(options: argparse.Namespace) -> list[str]:
    """Measure what was asked for; return which figures are under their floors, and how."""
    missed: list[str] = []
    if "work" in options.only:
        missed += _work(options)
    if "soak" in options.only:
        missed += _soak(options)
    return missed


def _work(options: argparse.Namespace) -> list[str]:
    sizes = loads.FULL if options.full else loads.QUICK
    given = {name: getattr(options, f"work_{name}") for name in asdict(sizes)}
    sizes = replace(sizes, **{name: size for name, size in given.items() if size is not None})
    parts = work.measure(sizes, parts=options.work_on, note=tables.note)
    missed = []
    for part in parts:
        missed += _shown(part.name, part.title, part.columns)
    report = {part.name: part.columns for part in parts}
    _keep("work", options, {"sizes": asdict(sizes), **report})
    return missed


def _soak(options: argparse.Namespace) -> list[str]:
    tables.note(f"soak: {options.soak_days} days ...")
    a_day = dict(_A_DAY[options.full])
    if options.soak_links is not None:
        scale = options.soak_links / a_day["links"]
        a_day = {name: max(1, round(scale * number)) for name, number in a_day.items()}
    variants = [
        soak.Variant(**a_day, **kept, days=options.soak_days) for kept in _VARIANTS.values()
    ]
    with ThreadPoolExecutor(len(variants)) as threads:  # sizes are measured, not times
        found = dict(zip(_VARIANTS, threads.map(soak.measure, variants), strict=True))
    columns = {name: soak.figures(one) for name, one in found.items()}
    missed = []
    for name, figures in columns.items():
        kept = f"articles {found[name]['variant']['article_days']} days"
        missed += _shown(_SOAK[options.full], f"soak, {options.soak_days} days", {kept: figures})
        tables.by_day("database by day, MB", found[name]["days"])
    _keep("soak", options, {"figures": columns, **found})
    return missed


def _shown(name: str, title: str, columns: dict[str, Figures]) -> list[str]:
    bounds = floors(_SECTION, name)
    tables.quality(title, columns, bounds, versus=None)
    first = next(iter(columns.values()))
    return [f"{title}, {figure}: {what}" for figure, what in bounds.missed(first).items()]


def _keep(task: str, options: argparse.Namespace, report: dict[str, object]) -> None:
    RESULTS.mkdir(exist_ok=True)
    machine = {
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }
    name = f"{task}-full.json" if options.full else f"{task}.json"
    text = json.dumps({"machine": machine, **report}, indent=2, ensure_ascii=False)
    (RESULTS / name).write_text(text + "\n", "utf-8")
