"""What the queues need of the store: its transactions, since jobs live beside its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from sqlalchemy import Connection

    from bot.ports import Tx

T = TypeVar("T")


class Rows(Protocol):
    """The store, as the queues see it. Every method raises StoreError."""

    def begin(self) -> AbstractAsyncContextManager[Tx]:
        """Open a write transaction."""
        ...

    async def within(self, tx: Tx, work: Callable[[Connection], T]) -> T:
        """Run a function on the connection of a transaction."""
        ...

    async def look(self, work: Callable[[Connection], T]) -> T:
        """Run a function on a snapshot of what is committed."""
        ...
