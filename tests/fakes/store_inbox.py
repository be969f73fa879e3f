"""The store in memory: the inbox and the ledger of posts."""

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
from tests.fakes import inbox, ledger, places, told
from tests.fakes import store_state as rules
from tests.fakes.store_tx import Base, check, of


class Inboxed(Base):
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
        state = of(tx)
        check(at, incoming, thread, message)
        state.places.known.add(thread.channel)
        return inbox.add_event(
            state.inbox, incoming, thread=thread, message=message, at=at, unasked=unasked
        )

    async def event(self, number: int) -> Event | None:
        return inbox.event(self._state.inbox, number)

    async def open_events(self, *, after: int, limit: int) -> Sequence[Event]:
        return inbox.open_events(self._state.inbox, after=after, limit=limit)

    async def standing(self, thread: Thread, *, most: int, since: datetime) -> Standing:
        check(since)
        state = self._state
        return Standing(
            settings=rules.settings_of(state, thread.channel),
            ours=ledger.is_ours(state.inbox, thread),
            backlog=inbox.backlog(state.inbox, thread.channel, most=most),
            unasked=inbox.unasked(state.inbox, thread.channel, since=since),
        )

    async def failed_event(self, tx: Tx, number: int) -> None:
        inbox.failed(of(tx).inbox, number)

    async def end_event(
        self, tx: Tx, number: int, ending: Ending, *, reason: str, at: datetime
    ) -> bool:
        check(at, reason)
        return inbox.end(of(tx).inbox, number, ending, reason=reason, at=at)

    async def withdraw(
        self, tx: Tx, channel: Channel, *, at: datetime, message: str = "", thread: str = ""
    ) -> Sequence[int]:
        state = of(tx)
        check(at, message, thread)
        state.places.known.add(channel)
        places.drop(state.places, channel, message=message, thread=thread)
        told.drop(state.digests, channel, message=message, thread=thread)
        return inbox.take_back(state.inbox, channel, at=at, message=message, thread=thread)

    async def add_step(self, tx: Tx, event: int, step: Step) -> None:
        check(step)
        inbox.add_step(of(tx).inbox, event, step)

    async def steps(self, event: int) -> Sequence[Step]:
        return inbox.steps(self._state.inbox, event)

    async def add_delivery(
        self, tx: Tx, event: Event, *, key: str, post: Post, at: datetime
    ) -> Delivery | None:
        state = of(tx)
        check(at, key, post)
        state.places.known.add(event.thread.channel)
        kept = rules.settings_of(state, event.thread.channel)
        return ledger.add_line(state.inbox, event, key=key, post=post, at=at, kept=kept)

    async def delivery(self, number: int) -> Delivery | None:
        return ledger.line(self._state.inbox, number)

    async def delivery_of(self, ref: PostRef) -> Delivery | None:
        return ledger.arrived(self._state.inbox, ref)

    async def deliveries_about(self, channel: Channel, message: str) -> Sequence[Delivery]:
        return ledger.about(self._state.inbox, channel, message)

    async def rename_thread(self, tx: Tx, old: Thread, new: Thread) -> None:
        if old.channel != new.channel:
            raise ValueError
        rules.rename(of(tx), old, new)

    async def open_deliveries(self, *, after: int, limit: int) -> Sequence[Delivery]:
        return ledger.open_lines(self._state.inbox, after=after, limit=limit)

    async def change_delivery(self, tx: Tx, delivery: Delivery, *, at: datetime) -> bool:
        check(at, delivery)
        return ledger.change(of(tx).inbox, delivery, at=at)

    async def letters(self, *, limit: int) -> Sequence[Letter]:
        return ledger.letters(self._state.inbox, limit=limit)

    async def revive(
        self, tx: Tx, number: int, *, at: datetime
    ) -> tuple[Event, Delivery | None] | None:
        check(at)
        return ledger.revive(of(tx).inbox, number, at)
