"""What became of jobs, stored for many at a time."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.work import table

if TYPE_CHECKING:
    from bot.model import Finish
    from bot.ports import Clock
    from bot.work.rows import Rows

_PAUSE = 0.5


class Settling:
    """Stores the ends of jobs: while one transaction is written, the next ones gather."""

    def __init__(self, rows: Rows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock
        self._gathered: dict[int, Finish] = {}
        self._stored: asyncio.Future[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    async def settle(self, number: int, finish: Finish) -> None:
        """Store what became of a job; returns as soon as that was possible."""
        if self._stored is None:
            self._stored = asyncio.get_running_loop().create_future()
        self._gathered[number] = finish
        stored = self._stored
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await asyncio.shield(stored)

    async def close(self) -> None:
        """Give up what cannot be stored: those jobs are run again."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])

    async def _write(self) -> None:
        while self._stored is not None:
            finished, self._gathered = self._gathered, {}
            stored, self._stored = self._stored, None
            await self._kept(finished)
            stored.set_result(None)

    async def _kept(self, finished: dict[int, Finish]) -> None:
        while True:
            now = table.naive(self._clock.now())
            try:
                async with self._rows.begin() as tx:
                    await self._rows.within(tx, partial(table.settle, finished=finished, now=now))
            except StoreError:
                await asyncio.sleep(_PAUSE)
            else:
                return
