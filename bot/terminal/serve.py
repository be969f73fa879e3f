"""`briefbot serve` and `briefbot worker`: the bot at work until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TYPE_CHECKING

from bot.errors import BriefbotError, ConfigurationError
from bot.terminal.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings


_TURN = 0.001
"""Seconds that a thread which writes may keep others waiting; Python's own 5 ms add up."""
_MOST_THREADS = 32


async def serve(settings: Settings, *, front_end: bool, worker: bool) -> Exit:
    """Run until SIGTERM or Ctrl-C; what is being done then is finished or handed back."""
    if not (front_end and worker) and settings.postgres_url is None:
        raise ConfigurationError("one_process", ["DATABASE_URL"])
    from bot.app.serving import serving  # noqa: PLC0415 - what only these commands need

    async with serving(settings, front_end=front_end, worker=worker) as running:
        settle_in()
        work = asyncio.create_task(running.service.run(front_end=front_end, worker=worker))
        with _stopped_by_signals(work) as told:
            running.service.telemetry.log("serving", address=running.address)
            await asyncio.wait([work])
        _raise_what_ended(work, told=told.is_set())
        running.service.telemetry.log("stopped")
    return Exit.DONE


def settle_in() -> None:
    """Have the loop get its turn soon, whatever the threads do that work is given to.

    What was loaded is never looked through again for what can be freed, which would halt all for
    70 ms; all threads are started now, since one that starts amid work has the loop wait for it.
    """
    gc.freeze()
    sys.setswitchinterval(_TURN)
    count = min(_MOST_THREADS, (os.cpu_count() or 1) + 4)
    threads = ThreadPoolExecutor(count, thread_name_prefix="work")
    together = Barrier(count)
    for _ in range(count):
        threads.submit(together.wait)
    asyncio.get_running_loop().set_default_executor(threads)


@contextmanager
def _stopped_by_signals(work: asyncio.Task[None]) -> Iterator[asyncio.Event]:
    """Have SIGTERM and Ctrl-C cancel the work; lend what says that one of them came."""
    loop, told = asyncio.get_running_loop(), asyncio.Event()

    def stop() -> None:
        told.set()
        work.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        yield told
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


def _raise_what_ended(work: asyncio.Task[None], *, told: bool) -> None:
    """Raise what ended the work; a signal is no error."""
    if told and work.cancelled():
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
