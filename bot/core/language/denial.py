"""Whether a sentence denies what another says."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def _denial() -> re.Pattern[str]:
    text = files("bot.core.language").joinpath("denials.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return re.compile("|".join(lines), re.IGNORECASE)


def denied(claim: str, text: str) -> bool:
    """Tell whether a claim (or a question) denies something and the text does not."""
    denial = _denial()
    return denial.search(claim) is not None and denial.search(text) is None
