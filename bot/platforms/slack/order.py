"""In which order a message was changed, whatever order Slack tells of it in.

What is told of one message is taken in one after the other, and what is older than what was taken
in before is left aside: an edit stands for what it changed, a deletion for all.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    Json = Mapping[str, Any]

_MOST = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Which message an event tells of, and its version: 0 when it was said, later when edited.

    `version` is None for what changes nothing of it, such as a reaction.
    """

    message: tuple[str, str]
    version: float | None


@dataclass(slots=True)
class _Line:
    version: float = 0.0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Order:
    """Remembers the versions of the messages that were told of last."""

    def __init__(self) -> None:
        self._lines: OrderedDict[tuple[str, str], _Line] = OrderedDict()

    @asynccontextmanager
    async def turn(self, told: Told | None) -> AsyncIterator[bool]:
        """Wait for the turn of what is told; False where something newer was taken in."""
        if told is None:
            yield True
            return
        line = self._lines.setdefault(told.message, _Line())
        self._lines.move_to_end(told.message)
        while len(self._lines) > _MOST:
            self._lines.popitem(last=False)
        async with line.lock:
            if told.version is None:
                yield line.version < inf
                return
            if told.version < line.version:
                yield False
                return
            yield True
            line.version = told.version  # not where it raised: that comes again


def told(body: Json) -> Told | None:
    """Return what an event tells of which message; None where it is of none."""
    inner = body["event"]
    if inner["type"] == "reaction_added":
        item = inner["item"]
        about = item.get("channel"), item.get("ts")
        return Told(message=about, version=None) if all(about) else None
    if inner["type"] not in ("message", "app_mention"):
        return None
    channel = inner["channel"]
    match inner.get("subtype"):
        case "message_deleted":
            return Told(message=(channel, inner["deleted_ts"]), version=inf)
        case "message_changed":
            new = inner["message"]
            gone = new.get("subtype") == "tombstone"
            edited = (new.get("edited") or {}).get("ts")
            if not gone and edited is None:
                return None  # a preview unfolded, which says nothing about what was said
            version = inf if gone or edited is None else float(edited)
            return Told(message=(channel, new["ts"]), version=version)
        case _:
            return Told(message=(channel, inner["ts"]), version=0.0)
