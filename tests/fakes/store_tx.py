"""Transactions of the store in memory."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from typing import Any

from bot.ports import Tx
from tests.fakes.store_state import State


@dataclass
class FakeTx:
    state: State | None
    calls: list[Callable[[], None]] = field(default_factory=list)

    def on_commit(self, call: Callable[[], None]) -> None:
        self.calls.append(call)


class Base:
    """Transactions over one state."""

    def __init__(self) -> None:
        self._state = State()
        self._writing = asyncio.Lock()

    async def close(self) -> None:
        """Nothing is held."""

    @asynccontextmanager
    async def begin(self) -> AsyncGenerator[Tx]:
        async with self._writing:
            tx = FakeTx(self._state.copy())
            try:
                yield tx
                self._state = of(tx)
            finally:
                tx.state = None
            for call in tx.calls:
                call()


def of(tx: Tx) -> State:
    if not isinstance(tx, FakeTx) or tx.state is None:
        raise TypeError
    return tx.state


def check(*values: Any) -> None:
    for value in values:
        if isinstance(value, datetime):
            if value.utcoffset() is None:
                raise ValueError
        elif isinstance(value, str):
            value.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
        elif isinstance(value, list | tuple):
            check(*value)
        elif is_dataclass(value):
            check(*(getattr(value, one.name) for one in fields(value)))
