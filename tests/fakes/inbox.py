"""The inbox and the ledger of the store in memory: pure functions over one state."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.model import (
    Channel,
    ChannelSettings,
    Delivery,
    DeliveryState,
    Ending,
    Event,
    Incoming,
    Letter,
    Post,
    Step,
    Thread,
    Workspace,
)

_STUCK = (DeliveryState.UNCERTAIN, DeliveryState.FAILED)
_KEPT, _DEAD = timedelta(days=7), timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Held:
    event: Event
    message: str
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
    inbox: Inbox, incoming: Incoming, *, thread: Thread, message: str, at: datetime
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
    )
    inbox.events[event.id] = Held(event=event, message=message)
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


def backlog(inbox: Inbox, workspace: Workspace, *, most: int) -> int:
    still_open = [
        one
        for one in inbox.events.values()
        if one.event.thread.channel.workspace == workspace and one.event.ending is None
    ]
    return min(len(still_open), most)


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
        and (held.message == message if message else held.event.thread.id == thread)
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
    inbox.steps.setdefault((number, step.place), step)


def steps(inbox: Inbox, number: int) -> list[Step]:
    return [step for (of, _), step in sorted(inbox.steps.items(), key=_place) if of == number]


def _place(entry: tuple[tuple[int, int], Step]) -> tuple[int, int]:
    return entry[0]


def _drop_steps(inbox: Inbox, numbers: Iterable[int]) -> None:
    gone = set(numbers)
    inbox.steps = {key: step for key, step in inbox.steps.items() if key[0] not in gone}


# --- the ledger ------------------------------------------------------------------------------


def add_line(
    inbox: Inbox, of: Event, *, key: str, post: Post, at: datetime, kept: ChannelSettings
) -> Delivery | None:
    held = inbox.events.get(of.id)
    if held is None or held.event.ending is not None:
        return None
    for one in inbox.lines.values():
        if one.delivery.key == key:
            return one.delivery
    inbox.last_line += 1
    delivery = Delivery(
        id=inbox.last_line,
        key=key,
        trace=of.trace,
        event=of.id,
        thread=of.thread,
        state=DeliveryState.NEW,
        post=post,
    )
    days = max(kept.brief_days, kept.question_days)
    inbox.lines[delivery.id] = Line(
        delivery=delivery, at=at, changed_at=at, until=at + timedelta(days=days)
    )
    return delivery


def line(inbox: Inbox, number: int) -> Delivery | None:
    found = inbox.lines.get(number)
    return None if found is None else found.delivery


def is_ours(inbox: Inbox, thread: Thread) -> bool:
    return any(one.delivery.thread == thread for one in inbox.lines.values())


def open_lines(inbox: Inbox, *, after: int, limit: int) -> list[Delivery]:
    waiting = (DeliveryState.NEW, DeliveryState.SENDING)
    found = [
        one.delivery
        for number, one in sorted(inbox.lines.items())
        if number > after and one.delivery.state in waiting
    ]
    return found[:limit]


def change(inbox: Inbox, delivery: Delivery, *, at: datetime) -> bool:
    found = inbox.lines.get(delivery.id)
    if found is None:
        return False
    there, posted = found.delivery, delivery.state is DeliveryState.POSTED
    if not posted and (there.post is None or there.turn != delivery.turn):
        return False
    changed = replace(
        delivery, turn=there.turn + 1, post=None if posted else there.post, event=there.event
    )
    inbox.lines[delivery.id] = replace(found, delivery=changed, changed_at=at)
    return True


def letters(inbox: Inbox, *, limit: int) -> list[Letter]:
    found = [_letter(inbox, one.event) for _, one in sorted(inbox.events.items(), reverse=True)]
    return [letter for letter in found if letter is not None][:limit]


def _letter(inbox: Inbox, of: Event) -> Letter | None:
    lines = [one.delivery for one in inbox.lines.values() if one.delivery.event == of.id]
    stuck = next((one for one in lines if _is_stuck(one)), None)
    if stuck is None and of.ending is not Ending.DEAD:
        return None
    return Letter(
        number=of.id,
        thread=of.thread,
        since=of.received_at,
        state=stuck.state if stuck else DeliveryState.FAILED,
        reason=stuck.reason if stuck else of.reason,
        failures=stuck.failures if stuck else of.failures,
    )


def _is_stuck(delivery: Delivery) -> bool:
    return delivery.state in _STUCK and delivery.post is not None


def revive(inbox: Inbox, number: int, at: datetime) -> tuple[Event, Delivery | None] | None:
    held = inbox.events.get(number)
    if held is None:
        return None
    stuck = [
        entry
        for entry in inbox.lines.items()
        if entry[1].delivery.event == number and _is_stuck(entry[1].delivery)
    ]
    if not stuck and held.event.ending is not Ending.DEAD:
        return None
    again = None
    for key, found in stuck:
        uncertain = found.delivery.state is DeliveryState.UNCERTAIN
        again = replace(
            found.delivery,
            state=DeliveryState.NEW,
            turn=found.delivery.turn + 1,
            suspect=found.delivery.suspect or uncertain,
            tried=None,
            failures=0,
            reason="",
        )
        inbox.lines[key] = replace(found, delivery=again, changed_at=at)
    opened = replace(held.event, ending=None, reason="", ended_at=None, failures=0)
    inbox.events[number] = replace(held, event=opened, until=None)
    return replace(opened, answered=bool(stuck)), again


# --- forgetting ------------------------------------------------------------------------------


def withdraw(inbox: Inbox, threads: Iterable[Thread]) -> None:
    """Take back what was not posted yet in these threads."""
    chosen = set(threads)
    for number, one in inbox.lines.items():
        there = one.delivery
        if there.thread not in chosen or there.post is None:
            continue
        gone = replace(there, post=None, state=DeliveryState.FAILED, reason="forgotten")
        inbox.lines[number] = replace(one, delivery=gone)
        if there.event is not None:
            end(inbox, there.event, Ending.WITHDRAWN, reason="forgotten", at=one.at)


def withdraw_dead(inbox: Inbox, messages: Iterable[tuple[Channel, str]]) -> None:
    """Let go of what died of these messages: what they brought is forgotten."""
    chosen = set(messages)
    for number, one in inbox.events.items():
        about = (one.event.thread.channel, one.message)
        if about in chosen and one.event.ending is Ending.DEAD:
            end(inbox, number, Ending.WITHDRAWN, reason="forgotten", at=one.event.received_at)


def expire(inbox: Inbox, now: datetime) -> None:
    def past(one: Line) -> bool:
        if one.delivery.state is DeliveryState.POSTED:
            return one.until <= now
        return one.delivery.state in _STUCK and one.changed_at + _DEAD <= now

    # An event whose post was uncertain for so long would else be answered anew.
    stuck = {
        one.delivery.event
        for one in inbox.lines.values()
        if past(one) and one.delivery.state is not DeliveryState.POSTED
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
