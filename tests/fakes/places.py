"""What the store in memory knows of channels: who invited us, what waits, what is to go."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta

from bot.model import Channel, Decision, Message, Thread, Workspace

_KEPT = timedelta(days=7)


@dataclass(kw_only=True)
class Places:
    known: set[Channel] = field(default_factory=set)
    inviters: dict[Channel, str] = field(default_factory=dict)
    erase_at: dict[Channel, datetime] = field(default_factory=dict)
    remembered: dict[tuple[Channel, str], tuple[Message, datetime]] = field(default_factory=dict)
    decisions: dict[Channel, tuple[Decision, str, datetime]] = field(default_factory=dict)

    def copy(self) -> "Places":
        return Places(**{one.name: getattr(self, one.name).copy() for one in fields(self)})


def join(places: Places, channel: Channel, inviter: str) -> None:
    places.inviters[channel] = inviter
    places.erase_at.pop(channel, None)


def leave(
    places: Places, workspace: Workspace, channel: Channel | None, *, until: datetime
) -> set[Channel]:
    """Return the channels that are left, of those that are known."""
    left = {
        one
        for one in places.known
        if one.workspace == workspace and (channel is None or one == channel)
    }
    for one in left:
        places.erase_at[one] = min(until, places.erase_at.get(one, until))
    return left


def remember(places: Places, message: Message, at: datetime) -> None:
    bare = replace(message, uploads=(), private=False)
    places.remembered[message.thread.channel, message.id] = (bare, at + _KEPT)


def drop(places: Places, channel: Channel, *, message: str = "", thread: str = "") -> None:
    """Forget a message, or what is in a thread."""
    places.remembered = {
        (of, name): entry
        for (of, name), entry in places.remembered.items()
        if of != channel or not (name == message if message else entry[0].thread.id == thread)
    }


def drop_of(places: Places, channel: Channel, *, author: str = "", thread: str = "") -> int:
    """Forget what is remembered of a person, a thread or him in it; return how much."""
    gone = [
        key
        for key, (message, _) in places.remembered.items()
        if key[0] == channel
        and (not author or message.author == author)
        and (not thread or message.thread.id == thread)
    ]
    for key in gone:
        del places.remembered[key]
    return len(gone)


def rename(places: Places, old: Thread, new: Thread) -> None:
    for key, (message, until) in places.remembered.items():
        if message.thread == old:
            places.remembered[key] = (replace(message, thread=new), until)


def expire(places: Places, now: datetime) -> None:
    places.remembered = {key: entry for key, entry in places.remembered.items() if entry[1] > now}


def erase(places: Places, channels: Iterable[Channel]) -> None:
    """Erase all of these channels but that they were there."""
    for channel in channels:
        places.inviters.pop(channel, None)
        places.erase_at.pop(channel, None)
        places.decisions.pop(channel, None)
        for key in [key for key in places.remembered if key[0] == channel]:
            del places.remembered[key]
