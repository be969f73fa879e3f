"""Doing what must not be left undone."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from bot.errors import (
    BriefbotError,
    ConfigurationError,
    NotAccepted,
    PlatformError,
    Rejected,
    StoreError,
)
from bot.platforms.matrix.calls import SIGNED_OUT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.ports import Telemetry

_Result = TypeVar("_Result")

_SHORTEST, _LONGEST = 0.5, 30.0  # seconds between two tries
_TRIES = 3
_ROUNDS = 8


async def surely(doing: Callable[[], Awaitable[_Result]], telemetry: Telemetry) -> _Result | None:
    """Do something until it is done; while the store is away, for as long as that takes.

    A bug of ours is given up soon, and told: None then. Raises PlatformError,
    ConfigurationError where we were logged out.
    """
    tries, pause = 0, _SHORTEST
    while True:
        try:
            return await doing()
        except (NotAccepted, StoreError) as error:
            tries += not isinstance(error, StoreError)
            if tries >= _TRIES:
                telemetry.trouble("event_dropped", error)
                return None
        await asyncio.sleep(pause)
        pause = min(2 * pause, _LONGEST)


class Rounds:
    """What we must ask the server to understand a sync, in rounds: one for each time it is asked.

    Where it is away the round ends, and the sync is asked for again: however long that takes,
    nothing is lost. That a sync came shows that the server is there; so what fails in round after
    round is given up, or one event would keep all others from being heard.
    """

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._failed: Counter[str] = Counter()

    async def ask(self, about: str, asking: Callable[[], Awaitable[_Result]]) -> _Result | None:
        """Ask about something; None where the server does not answer that. Raises PlatformError."""
        try:
            return await asking()
        except PlatformError as error:
            end_if_signed_out(error)
            self._failed[about] += 1
            if not isinstance(error, Rejected) and self._failed[about] < _ROUNDS:
                raise
            self._telemetry.trouble("event_dropped", error)
            return None

    def over(self) -> None:
        """Forget what failed: all of a sync was taken in."""
        self._failed.clear()


def end_if_signed_out(error: BriefbotError) -> None:
    """Raise ConfigurationError where the server does not know our token any more."""
    if isinstance(error, ConfigurationError):
        raise error
    if isinstance(error, Rejected) and error.detail in SIGNED_OUT:
        raise ConfigurationError("matrix_signed_out", ["MATRIX_PASSWORD"]) from error
