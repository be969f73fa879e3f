"""How much a sentence would add to a brief: a linear score with weights trained offline."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from bot.core.writing.features import FEATURES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def score(row: Sequence[float], weights: Mapping[str, float]) -> float:
    """Return the score of one row of `features.FEATURES`; higher is better."""
    return sum(weights[name] * value for name, value in zip(FEATURES, row, strict=True))


@cache
def trained_weights() -> Mapping[str, float]:
    """Return the weight of each feature, as benchmarks/train_ranker.py stored them.

    Raises ValueError where they were trained on other features.
    """
    stored = json.loads(files("bot.core.writing").joinpath("ranker.json").read_text("utf-8"))
    weights: dict[str, float] = stored["weights"]
    if set(weights) != set(FEATURES):
        raise ValueError("ranker.json does not fit the features: run benchmarks/train_ranker.py")
    return weights
