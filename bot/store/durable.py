"""The store's part of durable work: the inbox and the ledger of posts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import deliveries, events, letters, standing, threads

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import (
        Channel,
        Delivery,
        Ending,
        Event,
        Incoming,
        Letter,
        Post,
        PostRef,
        Standing,
        Step,
        Thread,
    )
    from bot.ports import Tx
    from bot.store.transactions import Transactions


class Durable:
    """Inbox and ledger over the transactions of a store."""

    _transactions: Transactions

    async def add_event(
        self,
        tx: Tx,
        incoming: Incoming,
        *,
        thread: Thread,
        message: str,
        at: datetime,
        unasked: bool = False,
    ) -> Event | None:
        """Put an Incoming into the inbox; None where its key is there already."""
        return await self._transactions.write(
            tx,
            lambda connection: events.add(
                connection, incoming, thread=thread, message=message, at=at, unasked=unasked
            ),
        )

    async def event(self, number: int) -> Event | None:
        """Return an event of the inbox by its id."""
        return await self._transactions.read(lambda connection: events.find(connection, number))

    async def open_events(self, *, after: int, limit: int) -> Sequence[Event]:
        """Return events that have neither ended nor a post."""
        return await self._transactions.read(
            lambda connection: events.still_open(connection, after=after, limit=limit)
        )

    async def standing(self, thread: Thread, *, most: int, since: datetime) -> Standing:
        """Return what is known of a thread's place."""
        return await self._transactions.read(
            lambda connection: standing.read(connection, thread, most=most, since=since)
        )

    async def failed_event(self, tx: Tx, number: int) -> None:
        """Count a failed attempt at an event."""
        await self._transactions.write(tx, lambda connection: events.failed(connection, number))

    async def end_event(
        self, tx: Tx, number: int, ending: Ending, *, reason: str, at: datetime
    ) -> bool:
        """Record how an event ended; False where it had ended before."""
        return await self._transactions.write(
            tx, lambda connection: events.end(connection, number, ending, reason=reason, at=at)
        )

    async def withdraw(
        self,
        tx: Tx,
        channel: Channel,
        *,
        at: datetime,
        message: str = "",
        thread: str = "",
        but: str = "",
    ) -> Sequence[int]:
        """End what was taken back: see `ports.Store.withdraw`."""
        return await self._transactions.write(
            tx,
            lambda connection: deliveries.take_back(
                connection, channel, at=at, message=message, thread=thread, but=but
            ),
        )

    async def add_step(self, tx: Tx, event: int, step: Step) -> None:
        """Keep what became of one source of an event."""
        await self._transactions.write(
            tx, lambda connection: events.add_step(connection, event, step)
        )

    async def steps(self, event: int) -> Sequence[Step]:
        """Return the steps of an event, by their place."""
        return await self._transactions.read(lambda connection: events.steps_of(connection, event))

    async def add_delivery(
        self, tx: Tx, event: Event, *, key: str, post: Post, at: datetime
    ) -> Delivery | None:
        """Put a post into the ledger: see `ports.Store.add_delivery`."""
        return await self._transactions.write(
            tx, lambda connection: deliveries.add(connection, event, key=key, post=post, at=at)
        )

    async def delivery(self, number: int) -> Delivery | None:
        """Return a line of the ledger by its id."""
        return await self._transactions.read(lambda connection: deliveries.find(connection, number))

    async def delivery_of(self, ref: PostRef) -> Delivery | None:
        """Return the line of a post that arrived."""
        return await self._transactions.read(lambda connection: deliveries.of(connection, ref))

    async def deliveries_about(self, channel: Channel, message: str) -> Sequence[Delivery]:
        """Return the lines about one message that may be or come to be seen, by id."""
        return await self._transactions.read(
            lambda connection: deliveries.about(connection, channel, message)
        )

    async def rename_thread(self, tx: Tx, old: Thread, new: Thread) -> None:
        """Have all that hangs on a thread hang on another of its channel."""
        await self._transactions.write(tx, lambda connection: threads.rename(connection, old, new))

    async def open_deliveries(self, *, after: int, limit: int) -> Sequence[Delivery]:
        """Return the lines that are to be posted."""
        return await self._transactions.read(
            lambda connection: deliveries.still_open(connection, after=after, limit=limit)
        )

    async def change_delivery(self, tx: Tx, delivery: Delivery, *, at: datetime) -> bool:
        """Store a line's new state: see `ports.Store.change_delivery`."""
        return await self._transactions.write(
            tx, lambda connection: deliveries.change(connection, delivery, at=at)
        )

    async def letters(self, *, limit: int) -> Sequence[Letter]:
        """Return what needs a person, newest first."""
        return await self._transactions.read(
            lambda connection: letters.listed(connection, limit=limit)
        )

    async def revive(
        self, tx: Tx, number: int, *, at: datetime
    ) -> tuple[Event, Delivery | None] | None:
        """Open a dead event or a stuck post again: see `ports.Store.revive`."""
        return await self._transactions.write(
            tx, lambda connection: letters.revive(connection, number, at)
        )
