"""Doing what must not be left undone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from bot.errors import (
    BriefbotError,
    ConfigurationError,
    NotSent,
    Rejected,
    StoreError,
    Throttled,
    Unsure,
)
from bot.platforms.matrix.calls import SIGNED_OUT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.ports import Telemetry

_Result = TypeVar("_Result")

_SHORTEST, _LONGEST = 0.5, 30.0  # seconds between two tries
_TRIES, _LONG_TRIES = 8, 120  # about a minute, and an hour


async def surely(doing: Callable[[], Awaitable[_Result]], telemetry: Telemetry) -> _Result | None:
    """Do something until it is done; while the store is away, for as long as that takes.

    Where the server cannot be reached, or is broken, it is given up after an hour, which is longer
    than it takes to renew one; what fails for another reason after a minute. Then that is told, and
    None returned. Raises ConfigurationError where we were logged out.
    """
    away, tries, pause = 0, 0, _SHORTEST
    while True:
        try:
            return await doing()
        except BriefbotError as error:
            end_if_signed_out(error)
            away += isinstance(error, NotSent | Unsure | Throttled)
            tries += not isinstance(error, StoreError | NotSent | Unsure | Throttled)
            if tries >= _TRIES or away >= _LONG_TRIES:
                telemetry.trouble("event_dropped", error)
                return None
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST)


def end_if_signed_out(error: BriefbotError) -> None:
    """Raise ConfigurationError where the server does not know our token any more."""
    if isinstance(error, ConfigurationError):
        raise error
    if isinstance(error, Rejected) and error.detail in SIGNED_OUT:
        raise ConfigurationError("matrix_signed_out", ["MATRIX_PASSWORD"]) from error
