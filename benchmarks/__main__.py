"""`python -m benchmarks`: quality and speed, ours and others', in one run.

The rows are those of the benchmark folder that BRIEFBOT_BENCH names, or else of `seeds/`.
"stories" groups labelled days, "model" has a model lie, "memory" looks for articles among
thousands, "work" loads the running bot, "slack" does so in Slack's stand-in, "matrix" on a real
homeserver where there is one, "soak" lives through a month. The figures go to benchmarks/results/
as JSON, too. Exit status 1 where a floor is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import (
    durable,
    matrix,
    memory,
    model,
    peers,
    program,
    rows,
    slack,
    speed,
    stories,
    tables,
)
from benchmarks.floors import Floors, floors

if TYPE_CHECKING:
    from collections.abc import Sequence

    Figures = dict[str, float]

COMMANDS = {
    "reading": "read",
    "leads": "read",
    "briefing": "brief",
    "answering": "ask",
    "checking": "check",
}
RESULTS = Path(__file__).with_name("results")
_FAILED = "rows in error"
_MS = "ms a row, ours with its start"
_OF_OURS_ONLY = "evidence"


def figures(source: rows.Source, task: str, sample: int | None = None) -> Figures:
    """Run Briefbot over a task's rows and return its figures by name."""
    chosen = source.rows(task, sample)
    got, seconds = program.answers(COMMANDS[task], chosen)
    failed = sum("error" in got.get(row["id"], {"error": ""}) for row in chosen)
    scored = {name: round(value, 4) for name, value in source.scorer(task)(chosen, got)}
    return scored | {_FAILED: failed, _MS: round(1000 * seconds / len(chosen), 2)}


def peer_figures(source: rows.Source, task: str, sample: int | None) -> dict[str, Figures]:
    """Run the task's peers over the same rows and return their figures by name."""
    chosen = source.rows(task, sample)
    found: dict[str, Figures] = {}
    for name, peer in peers.PEERS[task].items():
        got, seconds = peers.answers(peer, chosen)
        found[name] = {
            figure: round(value, 4)
            for figure, value in source.scorer(task)(chosen, got)
            if _OF_OURS_ONLY not in figure
        }
        found[name][_FAILED] = sum("error" in row for row in got.values())
        found[name][_MS] = round(1000 * seconds / len(chosen), 2)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for, print it, keep it, and hold it to the floors."""
    options = _parser().parse_args(arguments)
    missed: list[str] = []
    if set(options.only) & {*rows.TASKS, "speed"}:
        missed += _quality_and_speed(options)
    missed += stories.measure(options)
    missed += model.measure(options)
    missed += memory.measure(options)
    missed += durable.measure(options)
    missed += slack.measure(options)
    missed += matrix.measure(options)
    for line in missed:
        tables.note(f"Under its floor: {line}")
    return 1 if missed else 0


def _quality_and_speed(options: argparse.Namespace) -> list[str]:
    """Return which figures are under their floors, and how."""
    source = rows.source()
    where = "the benchmark folder" if source.name == "bench" else "seeds/"
    tables.note(f"Rows of {where}" + (f", {options.sample} a task" if options.sample else ""))
    report: dict[str, object] = {}
    missed: list[str] = []
    for task in (task for task in rows.TASKS if task in options.only):
        if not source.rows(task, 1):
            tables.note(f"{task}: no rows here")
            continue
        programs = {"briefbot": figures(source, task, options.sample)}
        programs |= peer_figures(source, task, options.sample)
        bounds = floors(source.name, task)
        if options.sample:  # the floors are those of all rows
            bounds = Floors(rows=None, least={}, most={})
        tables.quality(task, programs, bounds, versus=next(iter(peers.PEERS[task]), None))
        wrong = bounds.missed(programs["briefbot"])
        missed += [f"{task}, {figure}: {what}" for figure, what in wrong.items()]
        report[task] = programs
    if "speed" in options.only:
        timings = speed.measure(source, runs=options.runs)
        tables.speed("speed, cold", timings)
        report["speed"] = [asdict(timing) for timing in timings]
    _keep(report, source.name, options.sample)
    return missed


def _parser() -> argparse.ArgumentParser:
    measured = (stories, model, memory, durable, slack, matrix)
    everything = (*rows.TASKS, "speed", *(task for one in measured for task in one.TASKS))
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--sample", type=int, metavar="N", help="only N rows a task")
    parser.add_argument("--runs", type=int, default=10, metavar="N", help="runs a command")
    parser.add_argument(
        "--only",
        type=lambda text: text.split(","),
        default=list(everything),
        metavar="A,B",
        help=f"only these of {', '.join(everything)}",
    )
    durable.add_options(parser)
    slack.add_options(parser)
    matrix.add_options(parser)
    return parser


def _keep(report: dict[str, object], source: str, sample: int | None) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = f"{source}-{sample}.json" if sample else f"{source}.json"
    (RESULTS / name).write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
