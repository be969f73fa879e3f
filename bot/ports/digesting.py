"""What is kept for digests: what a channel read, and how much of it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import Channel, DayRead, Subscription, Thread, Told, Unread
    from bot.ports.transactions import Tx


class Digesting(Protocol):
    """What digests are made from. Raises as `Store`."""

    async def subscriptions(self) -> Sequence[Subscription]:
        """Return every channel whose digest is on, but those that we were put out of."""
        ...

    async def told(self, channel: Channel) -> Told | None:
        """Return the newest day of a channel that was decided."""
        ...

    async def read_since(
        self, channel: Channel, number: int, *, since: datetime, limit: int
    ) -> DayRead:
        """Return what a channel read from `since` on: its mentions above a number.

        No more than `limit` mentions, the newest. What could not be read is not among it where
        it could be later.
        """
        ...

    async def tell(
        self,
        tx: Tx,
        channel: Channel,
        told: Told,
        *,
        delivery: int | None = None,
        again: bool = False,
    ) -> bool:
        """Keep that a day was decided; False where it was before, and this is not told `again`.

        `delivery` is the line of the ledger that tells it. Where what it tells is forgotten before
        it was sent, the line and what was kept of its day go, so that the day is told anew.
        """
        ...

    async def add_unread(
        self, tx: Tx, thread: Thread, message: str, unread: Unread, *, poster: str, at: datetime
    ) -> None:
        """Keep for some days that a link of a message could not be read, and why.

        It goes with its message, its thread, or what its poster wants forgotten. The newest
        verdict stays.
        """
        ...
