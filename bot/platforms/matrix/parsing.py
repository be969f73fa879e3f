"""JSON that strangers had a part in.

One event that Python's parser cannot take would have all that comes with it asked for again for
ever: what is nested too deep, and numbers of thousands of digits, are cut instead.
"""

from __future__ import annotations

import json
import re
from typing import Any

_DEEPEST = 100
_DIGITS = 20
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def parsed(data: bytes) -> Any:
    """Return what JSON says, less what is too deep or too long. Raises ValueError for others."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        text = _shallow(data.decode("utf-8", "replace"))
        return json.loads(text, parse_int=lambda digits: int(digits[:_DIGITS]))


def _shallow(text: str) -> str:
    """Put null in place of what is nested too deep."""
    kept, depth, start = [], 0, 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == _DEEPEST + 1:
                kept.append(text[start : token.start()])
                kept.append("null")
        elif token[0] in "]}":
            if depth == _DEEPEST + 1:
                start = token.end()
            depth -= 1
    if depth > _DEEPEST:
        raise ValueError("not closed")
    return "".join((*kept, text[start:]))
