"""`briefbot serve` and `briefbot worker`: the bot at work until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

from bot import app
from bot.errors import BriefbotError, ConfigurationError
from bot.terminal.exits import Exit

if TYPE_CHECKING:
    from bot.settings import Settings


async def serve(settings: Settings, *, front_end: bool, worker: bool) -> Exit:
    """Run until SIGTERM or Ctrl-C; what is being done then is finished or handed back."""
    if not (front_end and worker) and settings.postgres_url is None:
        raise ConfigurationError("one_process", ["DATABASE_URL"])
    async with app.serving(settings, front_end=front_end, worker=worker) as running:
        running.service.telemetry.log("serving", address=running.address)
        await _until_told(
            asyncio.create_task(running.service.run(front_end=front_end, worker=worker))
        )
        running.service.telemetry.log("stopped")
    return Exit.DONE


async def _until_told(work: asyncio.Task[None]) -> None:
    """Wait for the work, which a signal cancels. Raises what ended it."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()

    def stop() -> None:
        told.set()
        work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await asyncio.wait([work])
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
    if told.is_set() and work.cancelled():
        return
    try:
        work.result()
    except* BriefbotError as group:
        raise _first(group) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the error that ended several tasks: what a person can act on."""
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
