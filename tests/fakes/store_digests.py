"""The store in memory: digests."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.model import Channel, DayRead, Subscription, Thread, Told, Unread
from bot.ports import Tx
from tests.fakes import store_state as rules
from tests.fakes import told as days
from tests.fakes.store_tx import Base, check, of

_TIMES = {"digest", "digest_time", "digest_days", "digest_from", "zone"}


class Digested(Base):
    async def subscriptions(self) -> Sequence[Subscription]:
        return [self._subscription(one) for one in self._state.places.known if self._has(one)]

    def _has(self, channel: Channel) -> bool:
        gone = channel in self._state.places.erase_at
        return rules.settings_of(self._state, channel).digest and not gone

    def _subscription(self, channel: Channel) -> Subscription:
        state = self._state
        entries = [one for of, one in state.changes if of == channel]
        entries += [one for of, one in state.workspace_changes if of == channel.workspace]
        set_at = [one.at for one in entries if one.name in _TIMES]
        return Subscription(
            channel=channel,
            settings=rules.settings_of(state, channel),
            told=days.newest(state.digests, channel),
            set_at=max(set_at, default=None),
        )

    async def told(self, channel: Channel) -> Told | None:
        return days.newest(self._state.digests, channel)

    async def read_since(
        self, channel: Channel, number: int, *, since: datetime, limit: int
    ) -> DayRead:
        check(since)
        state = self._state
        here = [one for one in reversed(state.mentions) if rules.is_in(one, channel)]
        asked = [one for one, _ in state.answers if one.thread.channel == channel]
        return DayRead(
            mentions=tuple(
                rules.with_brief(state, one)
                for one in here
                if one.number > number and one.at >= since
            )[:limit],
            talk=Counter(one.thread.id for one in asked if one.asked_at >= since),
            unread=tuple(self._left(channel, since).values()),
            last=max((one.number for one in here), default=0),
        )

    def _left(self, channel: Channel, since: datetime) -> dict[str, Unread]:
        state = self._state
        left = [
            (-left.at.timestamp(), source, left.unread)
            for (of, _, source), left in state.digests.unread.items()
            if of == channel
            and left.at >= since
            and not any(
                rules.is_in(one, channel) and one.source == source and one.at >= left.at
                for one in state.mentions
            )
        ]
        newest: dict[str, Unread] = {}
        for _, source, unread in sorted(left, key=lambda one: one[:2]):
            newest.setdefault(source, unread)
        return newest

    async def tell(
        self,
        tx: Tx,
        channel: Channel,
        told: Told,
        *,
        delivery: int | None = None,
        again: bool = False,
    ) -> bool:
        state = of(tx)
        check(told)
        state.places.known.add(channel)
        return days.tell(state.digests, channel, told, delivery=delivery, again=again)

    async def add_unread(
        self, tx: Tx, thread: Thread, message: str, unread: Unread, *, poster: str, at: datetime
    ) -> None:
        state = of(tx)
        check(at, thread, message, unread, poster)
        state.places.known.add(thread.channel)
        key = (thread.channel, message, unread.source)
        state.digests.unread[key] = days.Left(thread, unread, poster, at)
