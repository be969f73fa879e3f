"""What stands around what is remembered: searches, and what was discussed before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

DISCUSSED = "We discussed this already: "
NEW_IN_IT = "What is new in it:"
NOTHING_NEW = "Nothing new in it that I could find."


def unknown_sources(names: Sequence[str]) -> str:
    """Say that nothing came from the outlets and people that were named."""
    quoted = " or ".join(f"“{name}”" for name in names)
    return f"Nothing that was read here came from {quoted}, so I looked for the words alone."
