"""The word lists of answering: named patterns, kept as data beside the code."""

from __future__ import annotations

import re
from importlib.resources import files

_REFERENCE = re.compile(r"<([a-z_.]+)>")


def load(name: str) -> dict[str, str]:
    """Return the patterns of `data/<name>.txt` by their names, in the file's order.

    A line is a name and a pattern; lines of the same name are alternatives, `<name>` stands for
    those of a name above, `#` begins a comment line. Raises KeyError for an unknown name.
    """
    patterns: dict[str, str] = {}
    text = files("bot.core.answering").joinpath(f"data/{name}.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        key, _, pattern = line.partition(" ")
        pattern = _REFERENCE.sub(lambda match: patterns[match[1]], pattern)
        patterns[key] = f"{patterns[key]}|{pattern}" if key in patterns else pattern
    return patterns
