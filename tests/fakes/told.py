"""What the store in memory knows of digests: which days were told, what could not be read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bot.model import Channel, Thread, Told, Unread

_UNREAD = timedelta(days=8)
_TOLD = timedelta(days=400)


class Left(NamedTuple):
    thread: Thread
    unread: Unread
    poster: str
    at: datetime


@dataclass(kw_only=True)
class Digests:
    told: dict[Channel, dict[date, Told]] = field(default_factory=dict)
    lines: dict[int, tuple[Channel, date]] = field(default_factory=dict)  # of the ledger
    unread: dict[tuple[Channel, str, str], Left] = field(default_factory=dict)

    def copy(self) -> "Digests":
        return Digests(told=self.told.copy(), lines=self.lines.copy(), unread=self.unread.copy())


def newest(digests: Digests, channel: Channel) -> Told | None:
    days = digests.told.get(channel)
    return days[max(days)] if days else None


def tell(
    digests: Digests, channel: Channel, told: Told, *, delivery: int | None, again: bool
) -> bool:
    days = digests.told.get(channel, {})
    if told.day in days and not again:
        return False
    digests.told[channel] = days | {told.day: told}
    digests.lines = {line: day for line, day in digests.lines.items() if day != (channel, told.day)}
    if delivery is not None:
        digests.lines[delivery] = (channel, told.day)
    return True


def untell(digests: Digests, line: int) -> None:
    """Have the day that a line of the ledger tells told anew."""
    channel, day = digests.lines.pop(line)
    digests.told[channel] = {one: told for one, told in digests.told[channel].items() if one != day}


def drop(digests: Digests, channel: Channel, *, message: str = "", thread: str = "") -> None:
    """Forget what could not be read of a message, or of a thread."""
    digests.unread = {
        key: left
        for key, left in digests.unread.items()
        if key[0] != channel or not (key[1] == message if message else left.thread.id == thread)
    }


def drop_of(digests: Digests, channel: Channel, *, poster: str = "", thread: str = "") -> None:
    """Forget what could not be read of a person, a thread or him in it, or all of a channel."""
    digests.unread = {
        key: left
        for key, left in digests.unread.items()
        if key[0] != channel
        or (poster and left.poster != poster)
        or (thread and left.thread.id != thread)
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
