"""How long what repeats itself goes on: `make test` takes a part, `make thorough` the whole."""

import os

THOROUGH = os.environ.get("THOROUGH") == "1"


def length(part: int, whole: int) -> int:
    """Return how often to repeat something."""
    return whole if THOROUGH else part
