"""The store's part of digests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import digests

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Channel, DayRead, Subscription, Thread, Told, Unread
    from bot.ports import Tx
    from bot.store.transactions import Transactions


class Digested:
    """Digests over the transactions of a store."""

    _transactions: Transactions

    async def subscriptions(self) -> Sequence[Subscription]:
        """Return every channel whose digest is on: see `ports.Store.subscriptions`."""
        return await self._transactions.read(digests.subscriptions)

    async def told(self, channel: Channel) -> Told | None:
        """Return the newest day of a channel that was decided."""
        return await self._transactions.read(lambda connection: digests.told(connection, channel))

    async def read_since(
        self, channel: Channel, number: int, *, since: datetime, limit: int
    ) -> DayRead:
        """Return what a channel read: see `ports.Store.read_since`."""
        return await self._transactions.read(
            lambda connection: digests.read_since(
                connection, channel, number, since=since, limit=limit
            )
        )

    async def tell(
        self,
        tx: Tx,
        channel: Channel,
        told: Told,
        *,
        delivery: int | None = None,
        again: bool = False,
    ) -> bool:
        """Keep that a day was decided: see `ports.Store.tell`."""
        return await self._transactions.write(
            tx,
            lambda connection: digests.tell(
                connection, channel, told, delivery=delivery, again=again
            ),
        )

    async def add_unread(
        self, tx: Tx, thread: Thread, message: str, unread: Unread, *, poster: str, at: datetime
    ) -> None:
        """Keep that a link could not be read: see `ports.Store.add_unread`."""
        await self._transactions.write(
            tx,
            lambda connection: digests.add_unread(
                connection, thread, message, unread, poster=poster, at=at
            ),
        )
