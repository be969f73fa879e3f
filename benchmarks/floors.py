"""The floors that quality must not fall under: `floors.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE = Path(__file__).with_name("floors.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """The bounds of one task's figures by name, and the number of rows they were measured on."""

    rows: int | None
    least: Mapping[str, float]
    most: Mapping[str, float]

    def bound(self, figure: str) -> str:
        """Return a figure's bound as it is printed: "≥ 0.945"; empty where there is none."""
        if figure in self.least:
            return f"≥ {self.least[figure]:g}"
        return f"≤ {self.most[figure]:g}" if figure in self.most else ""

    def missed(self, figures: Mapping[str, float]) -> dict[str, str]:
        """Return what is wrong, by figure; a bounded figure that is missing is wrong too."""
        low = {n for n, least in self.least.items() if figures.get(n, float("-inf")) < least}
        high = {n for n, most in self.most.items() if figures.get(n, float("inf")) > most}
        return {name: f"{figures.get(name)}, not {self.bound(name)}" for name in low | high}


def floors(of: str, task: str) -> Floors:
    """Return the floors of a task in one part of the file: seeds, bench or sample."""
    table = tomllib.loads(_FILE.read_text("utf-8")).get(of, {}).get(task, {})
    return Floors(
        rows=table.get("rows"), least=table.get("at_least", {}), most=table.get("at_most", {})
    )
