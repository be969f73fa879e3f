"""The digest of a channel, where this program makes one."""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.model import Channel

Compose = "Callable[[Any, Channel], Awaitable[object]]"


def compose_digest() -> Callable[[Any, Channel], Awaitable[object]] | None:
    """Return what composes the digest of a channel in a world, if there is such a thing.

    It returns what would be posted, or None for a day without a story.
    """
    with suppress(ModuleNotFoundError):
        return getattr(importlib.import_module("bot.flows.digest"), "compose_digest", None)
    return None
