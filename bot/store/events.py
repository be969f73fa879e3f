"""The inbox: what was accepted, how far it came, and how it ended."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, or_, select, update

from bot.model import (
    Channel,
    Commanded,
    DeliveryState,
    Edited,
    Ending,
    Event,
    Posted,
    Pressed,
    Reacted,
    Step,
    Thread,
    Unreadable,
    Workspace,
)
from bot.store import codec, scopes
from bot.store.ensure import insert_missing
from bot.store.schema import channels, deliveries, events, steps, workspaces

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row, Select

    from bot.model import Incoming

KEPT_DAYS = 7
"""How long it is known that an event was there: longer than any platform delivers it again."""

DEAD_DAYS = 30
"""How long what failed for good can be tried again."""

FORGOTTEN = "forgotten"
"""The reason of what was withdrawn."""

TAKEN_BACK = "taken_back"
"""The reason of what the person who asked took back."""

PUT_OUT = "put_out"
"""The reason of what was open as we were put out of its channel."""

_TRACE = 12


def add(
    connection: Connection,
    incoming: Incoming,
    *,
    thread: Thread,
    message: str,
    at: datetime,
    unasked: bool,
) -> Event | None:
    """Put an Incoming into the inbox; None where its channel has its key already."""
    _, channel_id = scopes.ensure(connection, thread.channel)
    trace = trace_of(thread.channel, incoming.key)
    values = {
        "channel_id": channel_id,
        "key": incoming.key,
        "trace": trace,
        "thread": thread.id,
        "message": message,
        "incoming": codec.dump(incoming),
        "received_at": at,
        "failures": 0,
        "reason": "",
        "unasked": unasked,
    }
    number: int | None = insert_missing(connection, events, values, returning=events.c.id)
    if number is None:
        return None
    return Event(
        id=number,
        key=incoming.key,
        trace=trace,
        thread=thread,
        received_at=at,
        incoming=incoming,
        message=message,
    )


def trace_of(channel: Channel, key: str) -> str:
    """Return what log lines call an event: the same wherever it is looked at."""
    scope = channel.workspace
    named = f"{scope.platform}\0{scope.id}\0{channel.id}\0{key}"
    return hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:_TRACE]


def find(connection: Connection, number: int) -> Event | None:
    """Return an event by its id."""
    row = connection.execute(_BY_ID, {"_id": number}).first()
    return None if row is None else _event(row)


def is_open(connection: Connection, number: int) -> bool:
    """Tell whether an event is there and has not ended."""
    return bool(connection.scalar(_IS_OPEN, {"_id": number}))


def still_open(connection: Connection, *, after: int, limit: int) -> list[Event]:
    """Return events above an id that have neither ended nor a post, by id."""
    rows = connection.execute(
        _events()
        .where(
            events.c.ending.is_(None),
            events.c.id > after,
            ~exists().where(deliveries.c.event_id == events.c.id),
        )
        .order_by(events.c.id)
        .limit(limit)
    )
    return [_event(row) for row in rows]


def failed(connection: Connection, number: int) -> None:
    """Count a failed attempt."""
    connection.execute(
        update(events).where(events.c.id == number).values(failures=events.c.failures + 1)
    )


def end(connection: Connection, number: int, ending: Ending, *, reason: str, at: datetime) -> bool:
    """Record how an open event ended; False where it is not open.

    One that died can still be withdrawn: its text is kept until then.
    """
    dead = ending is Ending.DEAD
    ended = connection.execute(
        _ENDINGS.get(ending, _ENDED),
        {
            "_id": number,
            "ending": ending.value,
            "reason": reason,
            "ended_at": at,
            "until": at + timedelta(days=DEAD_DAYS if dead else KEPT_DAYS),
        },
    ).rowcount
    if ended and not dead:
        connection.execute(_STEPS_GONE, {"_id": number})
    return bool(ended)


def withdraw_dead(connection: Connection, messages: Iterable[tuple[int, str]]) -> None:
    """Let go of what died of (channel id, message id): what the message brought is forgotten."""
    for channel_id, message in messages:
        dead = connection.execute(
            select(events.c.id, events.c.received_at).where(
                events.c.channel_id == channel_id,
                events.c.ending == Ending.DEAD.value,
                events.c.message == message,
            )
        ).all()
        for row in dead:
            end(connection, row.id, Ending.WITHDRAWN, reason=FORGOTTEN, at=row.received_at)


def withdraw_dead_of(connection: Connection, channel_id: int, *, who: str, thread: str) -> int:
    """Let go of what died of a person, of a thread, or of him in it; return how much."""
    dead = connection.execute(
        select(events.c.id, events.c.received_at, events.c.thread, events.c.incoming).where(
            events.c.channel_id == channel_id, events.c.ending == Ending.DEAD.value
        )
    ).all()
    chosen = [
        row
        for row in dead
        if (not thread or row.thread == thread) and (not who or _who(row.incoming) == who)
    ]
    for row in chosen:
        end(connection, row.id, Ending.WITHDRAWN, reason=FORGOTTEN, at=row.received_at)
        connection.execute(
            update(deliveries)
            .where(deliveries.c.event_id == row.id, deliveries.c.post.is_not(None))
            .values(post=None, state=DeliveryState.FAILED.value, reason=FORGOTTEN)
        )
    return len(chosen)


def _who(stored: str | None) -> str:
    """Return whose event it is; empty where nobody can read that any more."""
    match _incoming(stored):
        case Posted(message=message) | Edited(message=message):
            return message.author
        case Reacted(who=who) | Pressed(who=who) | Commanded(who=who) | Unreadable(who=who):
            return who
        case _:
            return ""


def end_all(connection: Connection, channel_ids: Select[int]) -> None:
    """End what is open or dead in these channels: we were put out of them."""
    left = connection.execute(
        select(events.c.id, events.c.received_at).where(
            events.c.channel_id.in_(channel_ids),
            or_(events.c.ending.is_(None), events.c.ending == Ending.DEAD.value),
        )
    ).all()
    for row in left:
        end(connection, row.id, Ending.WITHDRAWN, reason=PUT_OUT, at=row.received_at)


def add_step(connection: Connection, number: int, step: Step) -> None:
    """Keep what became of one source; the first stays, and none where the event has ended."""
    if not is_open(connection, number):
        return
    values = {"event_id": number, "place": step.place, "step": codec.dump(step)}
    insert_missing(connection, steps, values)


def steps_of(connection: Connection, number: int) -> list[Step]:
    """Return the steps of an event that this version can read, by their place."""
    found = []
    rows = connection.scalars(_STEPS, {"_id": number})
    for stored in rows:
        try:
            step = codec.load(stored)
        except codec.UnreadableError:
            continue  # it is done once more
        if isinstance(step, Step):
            found.append(step)
    return found


def reopen(connection: Connection, number: int) -> None:
    """Open an ended event again."""
    connection.execute(
        update(events)
        .where(events.c.id == number)
        .values(ending=None, reason="", ended_at=None, until=None, failures=0)
    )


def channel_of(row: Row[*tuple[Any, ...]]) -> Channel:
    """Return the channel of a row that selects `scope_columns`."""
    return Channel(workspace=Workspace(platform=row.platform, id=row.workspace), id=row.channel)


scope_columns = (
    workspaces.c.platform,
    workspaces.c.external_id.label("workspace"),
    channels.c.external_id.label("channel"),
)


def _events() -> Select[*tuple[Any, ...]]:
    return (
        select(
            events,
            *scope_columns,
            exists().where(deliveries.c.event_id == events.c.id).label("answered"),
        )
        .join(channels, channels.c.id == events.c.channel_id)
        .join(workspaces, workspaces.c.id == channels.c.workspace_id)
    )


_IS_OPEN = select(exists().where(events.c.id == bindparam("_id"), events.c.ending.is_(None)))
_BY_ID = _events().where(events.c.id == bindparam("_id"))
BACKLOG = select(func.count()).select_from(
    select(events.c.id)
    .where(events.c.channel_id == scopes.CHANNEL_ID, events.c.ending.is_(None))
    .limit(bindparam("_most"))
    .subquery()
)
UNASKED = select(func.count()).where(
    events.c.channel_id == scopes.CHANNEL_ID,
    events.c.unasked,
    events.c.received_at >= bindparam("_since"),
)
_ONE = update(events).where(events.c.id == bindparam("_id"))
_OPEN = events.c.ending.is_(None)
_ENDED = _ONE.where(_OPEN).values(incoming=None)
_ENDINGS = {
    Ending.DEAD: _ONE.where(_OPEN),
    Ending.WITHDRAWN: _ONE.where(or_(_OPEN, events.c.ending == Ending.DEAD.value)).values(
        incoming=None
    ),
}
_STEPS = select(steps.c.step).where(steps.c.event_id == bindparam("_id")).order_by(steps.c.place)
_STEPS_GONE = delete(steps).where(steps.c.event_id == bindparam("_id"))


def _event(row: Row[*tuple[Any, ...]]) -> Event:
    return Event(
        id=row.id,
        key=row.key,
        trace=row.trace,
        thread=Thread(channel=channel_of(row), id=row.thread),
        received_at=row.received_at,
        incoming=_incoming(row.incoming),
        message=row.message,
        failures=row.failures,
        answered=row.answered,
        ending=None if row.ending is None else Ending(row.ending),
        reason=row.reason,
        ended_at=row.ended_at,
    )


def _incoming(stored: str | None) -> Any:
    if stored is None:
        return None
    try:
        return codec.load(stored)
    except codec.UnreadableError:
        return None  # told by the flow; the row keeps it for the version that can read it
