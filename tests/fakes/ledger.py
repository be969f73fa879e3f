"""The ledger of posts of the store in memory: pure functions over the state of the inbox."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model import (
    Channel,
    ChannelSettings,
    Delivery,
    DeliveryState,
    Ending,
    Event,
    Letter,
    Post,
    PostRef,
    Thread,
)
from tests.fakes.inbox import STUCK, Inbox, Line


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
        message=of.message,
    )
    days = max(kept.brief_days, kept.question_days)
    inbox.lines[delivery.id] = Line(
        delivery=delivery, at=at, changed_at=at, until=at + timedelta(days=days)
    )
    return delivery


def line(inbox: Inbox, number: int) -> Delivery | None:
    found = inbox.lines.get(number)
    return None if found is None else found.delivery


def arrived(inbox: Inbox, ref: PostRef) -> Delivery | None:
    for _, one in sorted(inbox.lines.items(), reverse=True):
        there = one.delivery
        is_it = there.ref is not None and there.ref.id == ref.id
        here = there.thread.channel == ref.thread.channel
        if is_it and here and there.state is DeliveryState.POSTED:
            return there
    return None


def about(inbox: Inbox, channel: Channel, message: str) -> list[Delivery]:
    over = (DeliveryState.FAILED, DeliveryState.RETRACTED)
    return [
        one.delivery
        for _, one in sorted(inbox.lines.items())
        if message
        and (one.delivery.thread.channel, one.delivery.message) == (channel, message)
        and one.delivery.state not in over
    ]


def rename(inbox: Inbox, old: Thread, new: Thread) -> None:
    for number, held in inbox.events.items():
        if held.event.thread == old:
            inbox.events[number] = replace(held, event=replace(held.event, thread=new))
    for number, one in inbox.lines.items():
        there = one.delivery
        if there.thread == old:
            ref = there.ref and replace(there.ref, thread=new)
            inbox.lines[number] = replace(one, delivery=replace(there, thread=new, ref=ref))


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
    retracted = delivery.state is DeliveryState.RETRACTED
    is_there = there.post is not None or (retracted and there.state is DeliveryState.POSTED)
    if not posted and (not is_there or there.turn != delivery.turn):
        return False
    changed = replace(
        there,
        state=delivery.state,
        turn=there.turn + 1,
        post=None if posted or retracted else there.post,
        tried=delivery.tried,
        suspect=delivery.suspect,
        failures=delivery.failures,
        ref=delivery.ref and PostRef(thread=there.thread, id=delivery.ref.id),
        reason=delivery.reason,
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
    return delivery.state in STUCK and delivery.post is not None


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
