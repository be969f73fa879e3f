"""How much a sentence would add to a brief: a linear score with weights trained offline."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.core.writing.features import FEATURES

if TYPE_CHECKING:
    from collections.abc import Sequence


def score(row: Sequence[float]) -> float:
    """Return the score of one row of `features.FEATURES`; higher is better."""
    return sum(weight * value for weight, value in zip(_weights(), row, strict=True))


@cache
def _weights() -> tuple[float, ...]:
    stored = json.loads(files("bot.core.writing").joinpath("ranker.json").read_text("utf-8"))
    by_name: dict[str, float] = stored["weights"]
    if set(by_name) != set(FEATURES):
        raise ValueError(
            "ranker.json was trained on other features: run benchmarks/train_ranker.py"
        )
    return tuple(by_name[name] for name in FEATURES)
