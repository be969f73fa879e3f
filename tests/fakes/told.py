"""What the store in memory knows of digests: which days were told, what could not be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.model import Channel, Thread, Told, Unread

_UNREAD = timedelta(days=8)
_TOLD = timedelta(days=400)


class Left(NamedTuple):
    thread: Thread
    unread: Unread
    at: datetime


@dataclass(kw_only=True)
class Digests:
    told: dict[Channel, dict[date, Told]] = field(default_factory=dict)
    unread: dict[tuple[Channel, str, str], Left] = field(default_factory=dict)

    def copy(self) -> "Digests":
        return replace(self, told=self.told.copy(), unread=self.unread.copy())


def newest(digests: Digests, channel: Channel) -> Told | None:
    days = digests.told.get(channel)
    return days[max(days)] if days else None


def tell(digests: Digests, channel: Channel, told: Told, *, again: bool) -> bool:
    days = digests.told.get(channel, {})
    if told.day in days and not again:
        return False
    digests.told[channel] = days | {told.day: told}
    return True


def drop(digests: Digests, channel: Channel, *, message: str = "", thread: str = "") -> None:
    """Forget what could not be read of a message, or of a thread."""
    digests.unread = {
        key: left
        for key, left in digests.unread.items()
        if key[0] != channel or not (key[1] == message if message else left.thread.id == thread)
    }


def rename(digests: Digests, old: Thread, new: Thread) -> None:
    for key, left in digests.unread.items():
        if left.thread == old:
            digests.unread[key] = left._replace(thread=new)


def expire(digests: Digests, now: datetime) -> None:
    digests.unread = {key: left for key, left in digests.unread.items() if left.at + _UNREAD > now}
    oldest = (now - _TOLD).date()
    digests.told = {
        channel: {day: one for day, one in days.items() if day >= oldest}
        for channel, days in digests.told.items()
    }


def erase(digests: Digests, channels: Iterable[Channel]) -> None:
    """Erase all of these channels."""
    gone = set(channels)
    digests.unread = {key: one for key, one in digests.unread.items() if key[0] not in gone}
    digests.told = {key: days for key, days in digests.told.items() if key not in gone}
