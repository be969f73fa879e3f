"""Prints what was measured."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.floors import Floors
    from benchmarks.speed import Timing

# narrower than this, the table of briefing breaks its words
_CONSOLE = Console(highlight=False, width=max(Console().width, 140))
_LONGEST_NAME = 48
_TABLES, _EVERY = 6, 5
# what only the JSON report holds: the other end of an interval, and the parts of a set
_NOT_SHOWN = re.compile(r"gain, 97\.5%|, (cnn|dm|\?)$")


def note(text: str) -> None:
    """Print a line between the tables."""
    _CONSOLE.print(text)


def quality(
    title: str, programs: Mapping[str, Mapping[str, float]], floors: Floors, *, versus: str | None
) -> None:
    """Print a task's figures, a program a column, the first one being Briefbot.

    `versus` names the program that the last column is a ratio to.
    """
    ours, *others = programs
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column("figure", max_width=_LONGEST_NAME)
    for name in (ours, "floor", *others):
        table.add_column(name, justify="right")
    if versus:
        table.add_column(f"× {versus}", justify="right")
    bad = floors.missed(programs[ours])
    for figure, value in programs[ours].items():
        if _NOT_SHOWN.search(figure) and figure not in bad:
            continue
        cells = [figure, _number(value), floors.bound(figure)]
        cells += [_number(programs[name].get(figure)) for name in others]
        if versus:
            cells.append(_ratio(value, programs[versus].get(figure)) if figure[:2] != "ms" else "")
        table.add_row(*cells, style="red" if figure in bad else None)
    _CONSOLE.print(table)


def speed(title: str, timings: Sequence[Timing]) -> None:
    """Print wall times; the first command is what the others are a ratio to."""
    table = Table("command", title=title, title_justify="left", title_style="bold")
    for name in ("median", "fastest", "slowest", f"× {timings[0].name}"):
        table.add_column(name, justify="right")
    for timing in timings:
        table.add_row(
            timing.name,
            *(
                f"{1000 * s:.0f} ms"
                for s in (timing.median, min(timing.seconds), max(timing.seconds))
            ),
            f"{timing.median / timings[0].median:.2f}",
        )
    _CONSOLE.print(table)


def by_day(title: str, days: Sequence[Mapping[str, Any]]) -> None:
    """Print how a database grew: its largest tables, on some of the days."""
    largest = [name for name, _ in zip(days[-1]["MB by table"], range(_TABLES), strict=False)]
    table = Table("day", title=title, title_justify="left", title_style="bold")
    for name in ("file", "log", "memory", *largest):
        table.add_column(name, justify="right")
    for day in (one for one in days if one["day"] % _EVERY == 0 or one is days[0]):
        sizes = [day["database, MB"], day["log, MB"], day["memory, MB"]]
        sizes += [day["MB by table"].get(name, 0.0) for name in largest]
        table.add_row(str(day["day"]), *(f"{size:.1f}" for size in sizes))
    _CONSOLE.print(table)


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:g}" if float(value).is_integer() else f"{value:.3f}"


def _ratio(value: float, other: float | None) -> str:
    return f"{value / other:.2f}" if other else "–"
