"""The inbox of the store in memory: pure functions over one state, which holds the ledger too."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.model import (
    Channel,
    Commanded,
    Delivery,
    DeliveryState,
    Edited,
    Ending,
    Event,
    Incoming,
    Posted,
    Pressed,
    Reacted,
    Step,
    Thread,
    Unreadable,
)

STUCK = (DeliveryState.UNCERTAIN, DeliveryState.FAILED)
_OVER = (DeliveryState.POSTED, DeliveryState.RETRACTED)
_KEPT, _DEAD = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Held:
    event: Event
    unasked: bool = False
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    delivery: Delivery
    at: datetime
    changed_at: datetime
    until: datetime


@dataclass(kw_only=True)
class Inbox:
    events: dict[int, Held] = field(default_factory=dict)
    steps: dict[tuple[int, int], Step] = field(default_factory=dict)  # by event and place
    lines: dict[int, Line] = field(default_factory=dict)
    last_event: int = 0
    last_line: int = 0

    def copy(self) -> "Inbox":
        return replace(
            self, events=self.events.copy(), steps=self.steps.copy(), lines=self.lines.copy()
        )


# --- the inbox -------------------------------------------------------------------------------


def add_event(
    inbox: Inbox, incoming: Incoming, *, thread: Thread, message: str, at: datetime, unasked: bool
) -> Event | None:
    place = (thread.channel, incoming.key)
    if any((one.event.thread.channel, one.event.key) == place for one in inbox.events.values()):
        return None
    inbox.last_event += 1
    event = Event(
        id=inbox.last_event,
        key=incoming.key,
        trace=f"trace{inbox.last_event}",
        thread=thread,
        received_at=at,
        incoming=incoming,
        message=message,
    )
    inbox.events[event.id] = Held(event=event, unasked=unasked)
    return event


def event(inbox: Inbox, number: int) -> Event | None:
    held = inbox.events.get(number)
    if held is None:
        return None
    answered = any(one.delivery.event == number for one in inbox.lines.values())
    return replace(held.event, answered=answered)


def open_events(inbox: Inbox, *, after: int, limit: int) -> list[Event]:
    posted = {one.delivery.event for one in inbox.lines.values()}
    found = [
        number
        for number, one in sorted(inbox.events.items())
        if number > after and one.event.ending is None and number not in posted
    ]
    return [inbox.events[number].event for number in found[:limit]]


def backlog(inbox: Inbox, channel: Channel, *, most: int) -> int:
    still_open = [
        one
        for one in inbox.events.values()
        if one.event.thread.channel == channel and one.event.ending is None
    ]
    return min(len(still_open), most)


def unasked(inbox: Inbox, channel: Channel, *, since: datetime) -> int:
    return sum(
        held.unasked and held.event.thread.channel == channel and held.event.received_at >= since
        for held in inbox.events.values()
    )


def newest_about(inbox: Inbox, channel: Channel, message: str) -> Event | None:
    about = [
        number
        for number, held in inbox.events.items()
        if message and (held.event.thread.channel, held.event.message) == (channel, message)
    ]
    return inbox.events[max(about)].event if about else None


def failed(inbox: Inbox, number: int) -> None:
    held = inbox.events.get(number)
    if held is not None:
        counted = replace(held.event, failures=held.event.failures + 1)
        inbox.events[number] = replace(held, event=counted)


def end(inbox: Inbox, number: int, ending: Ending, *, reason: str, at: datetime) -> bool:
    held = inbox.events.get(number)
    # What died can still be withdrawn: its text is there until then.
    ended = (None, Ending.DEAD) if ending is Ending.WITHDRAWN else (None,)
    if held is None or held.event.ending not in ended:
        return False
    dead = ending is Ending.DEAD
    inbox.events[number] = replace(
        held,
        until=at + (_DEAD if dead else _KEPT),
        event=replace(
            held.event,
            ending=ending,
            reason=reason,
            ended_at=at,
            incoming=held.event.incoming if dead else None,
        ),
    )
    if not dead:
        _drop_steps(inbox, {number})
    return True


def take_back(
    inbox: Inbox, channel: Channel, *, at: datetime, message: str, thread: str
) -> list[int]:
    sent = {
        one.delivery.event
        for one in inbox.lines.values()
        if one.delivery.state is not DeliveryState.NEW
    }
    found = [
        number
        for number, held in sorted(inbox.events.items())
        if held.event.thread.channel == channel
        and (held.event.message == message if message else held.event.thread.id == thread)
        and held.event.ending is None
        and number not in sent
    ]
    for number in found:
        for place, one in list(inbox.lines.items()):
            if one.delivery.event == number:
                gone = replace(
                    one.delivery, post=None, state=DeliveryState.FAILED, reason="taken_back"
                )
                inbox.lines[place] = replace(one, delivery=gone)
        end(inbox, number, Ending.WITHDRAWN, reason="taken_back", at=at)
    return found


def add_step(inbox: Inbox, number: int, step: Step) -> None:
    held = inbox.events.get(number)
    if held is not None and held.event.ending is None:
        inbox.steps.setdefault((number, step.place), step)


def steps(inbox: Inbox, number: int) -> list[Step]:
    return [step for (of, _), step in sorted(inbox.steps.items(), key=_place) if of == number]


def _place(entry: tuple[tuple[int, int], Step]) -> tuple[int, int]:
    return entry[0]


def _drop_steps(inbox: Inbox, numbers: Iterable[int]) -> None:
    gone = set(numbers)
    inbox.steps = {key: step for key, step in inbox.steps.items() if key[0] not in gone}


# --- forgetting ------------------------------------------------------------------------------


def withdraw(inbox: Inbox, threads: Iterable[Thread]) -> int:
    """Take back what was not posted yet in these threads; return how much that was."""
    chosen = set(threads)
    lines = [
        number
        for number, one in inbox.lines.items()
        if one.delivery.thread in chosen and one.delivery.post is not None
    ]
    for number in lines:
        one = inbox.lines[number]
        _blank(inbox, number)
        if one.delivery.event is not None:
            end(inbox, one.delivery.event, Ending.WITHDRAWN, reason="forgotten", at=one.at)
    return len(lines)


def _blank(inbox: Inbox, number: int) -> None:
    one = inbox.lines[number]
    gone = replace(one.delivery, post=None, state=DeliveryState.FAILED, reason="forgotten")
    inbox.lines[number] = replace(one, delivery=gone)


def take_line_back(inbox: Inbox, number: int) -> bool:
    """Drop a line that nobody tried to post; of another only its text. Tell whether it is gone."""
    if inbox.lines[number].delivery.state is DeliveryState.NEW:
        del inbox.lines[number]
        return True
    _blank(inbox, number)
    return False


def withdraw_dead_of(inbox: Inbox, channel: Channel, *, who: str, thread: str) -> int:
    """Let go of what died of a person, of a thread, or of him in it; return how much."""
    dead = [
        held.event
        for held in inbox.events.values()
        if held.event.thread.channel == channel
        and held.event.ending is Ending.DEAD
        and (not thread or held.event.thread.id == thread)
        and (not who or _who(held.event.incoming) == who)
    ]
    for event in dead:
        end(inbox, event.id, Ending.WITHDRAWN, reason="forgotten", at=event.received_at)
        for number, one in inbox.lines.items():
            if one.delivery.event == event.id and one.delivery.post is not None:
                _blank(inbox, number)
    return len(dead)


def _who(incoming: Incoming | None) -> str:
    match incoming:
        case Posted(message=message) | Edited(message=message):
            return message.author
        case Reacted(who=who) | Pressed(who=who) | Commanded(who=who) | Unreadable(who=who):
            return who
        case _:
            return ""


def withdraw_all(inbox: Inbox, channel: Channel, *, but: int | None) -> int:
    """Drop what is not posted, end what is open or dead but one; return how much that was."""
    lines = [
        number
        for number, one in inbox.lines.items()
        if one.delivery.thread.channel == channel and one.delivery.post is not None
    ]
    for number in lines:
        _blank(inbox, number)
    answered = {one.delivery.event for one in inbox.lines.values()}
    ended = [
        held.event
        for held in inbox.events.values()
        if held.event.thread.channel == channel
        and held.event.ending in (None, Ending.DEAD)
        and held.event.id != but
    ]
    for event in ended:
        end(inbox, event.id, Ending.WITHDRAWN, reason="forgotten", at=event.received_at)
    return len(lines) + sum(event.id not in answered for event in ended)


def put_out(inbox: Inbox, channels: Iterable[Channel]) -> None:
    """End all that is open or dead in these channels, and drop what was not posted."""
    left = set(channels)
    for number, line in inbox.lines.items():
        there = line.delivery
        if there.thread.channel in left and there.post is not None:
            gone = replace(there, post=None, state=DeliveryState.FAILED, reason="put_out")
            inbox.lines[number] = replace(line, delivery=gone)
    for number, held in inbox.events.items():
        if held.event.thread.channel in left:
            at = held.event.received_at
            end(inbox, number, Ending.WITHDRAWN, reason="put_out", at=at)


def erase(inbox: Inbox, channels: Iterable[Channel]) -> None:
    gone = set(channels)
    numbers = {key for key, one in inbox.events.items() if one.event.thread.channel in gone}
    inbox.events = {key: one for key, one in inbox.events.items() if key not in numbers}
    inbox.lines = {
        key: one for key, one in inbox.lines.items() if one.delivery.thread.channel not in gone
    }
    _drop_steps(inbox, numbers)


def withdraw_dead(inbox: Inbox, messages: Iterable[tuple[Channel, str]]) -> None:
    """Let go of what died of these messages: what they brought is forgotten."""
    chosen = set(messages)
    for number, one in inbox.events.items():
        about = (one.event.thread.channel, one.event.message)
        if about in chosen and one.event.ending is Ending.DEAD:
            end(inbox, number, Ending.WITHDRAWN, reason="forgotten", at=one.event.received_at)


def expire(inbox: Inbox, now: datetime) -> None:
    def past(one: Line) -> bool:
        if one.delivery.state in _OVER:
            return one.until <= now
        return one.delivery.state in STUCK and one.changed_at + _DEAD <= now

    # An event whose post was uncertain for so long would else be answered anew.
    stuck = {
        one.delivery.event
        for one in inbox.lines.values()
        if past(one) and one.delivery.state not in _OVER
    }
    over = {
        number
        for number, one in inbox.events.items()
        if (one.until is not None and one.until <= now)
        or (number in stuck and one.event.ending is None)
    }
    inbox.events = {key: one for key, one in inbox.events.items() if key not in over}
    inbox.lines = {
        key: replace(one, delivery=_without(one.delivery, over))
        for key, one in inbox.lines.items()
        if not past(one)
    }
    _drop_steps(inbox, over)


def _without(delivery: Delivery, gone: set[int]) -> Delivery:
    return replace(delivery, event=None) if delivery.event in gone else delivery
