"""Doing what must not be left undone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from bot.errors import BriefbotError, ConfigurationError, Rejected, StoreError
from bot.platforms.matrix.calls import SIGNED_OUT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.ports import Telemetry

_Result = TypeVar("_Result")

_SHORTEST, _LONGEST = 0.5, 30.0  # seconds between two tries
_TRIES = 8


async def surely(doing: Callable[[], Awaitable[_Result]], telemetry: Telemetry) -> _Result | None:
    """Do something until it is done; while the store is away, for as long as that takes.

    What fails for another reason is given up after a minute, and told: None then. Raises
    ConfigurationError where we were logged out.
    """
    tries, pause = 0, _SHORTEST
    while True:
        try:
            return await doing()
        except BriefbotError as error:
            end_if_signed_out(error)
            tries += not isinstance(error, StoreError)
            if tries >= _TRIES:
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
