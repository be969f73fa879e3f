"""The ledger of posts: what is to be posted, what may have arrived, what has."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, delete, exists, or_, select, update

from bot.model import (
    Delivery,
    DeliveryState,
    Ending,
    Instant,
    Post,
    PostRef,
    Thread,
)
from bot.store import codec, digests, events, forgets, remembering, scopes, settings
from bot.store.ensure import insert_missing
from bot.store.schema import channels, deliveries, facts, workspaces
from bot.store.schema import events as event_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from bot.model import Channel, Event

_OPEN = (DeliveryState.NEW.value, DeliveryState.SENDING.value)
_SEEN = (*_OPEN, DeliveryState.POSTED.value, DeliveryState.UNCERTAIN.value)
_OVER = (DeliveryState.POSTED.value, DeliveryState.RETRACTED.value)
STUCK = (DeliveryState.UNCERTAIN.value, DeliveryState.FAILED.value)


def add(
    connection: Connection, event: Event, *, key: str, post: Post, at: datetime
) -> Delivery | None:
    """Put a post into the ledger, or return what has its key; None where its event has ended."""
    channel = event.thread.channel
    _, channel_id = scopes.ensure(connection, channel)
    if not events.is_open(connection, event.id):
        return None
    kept = settings.read(connection, channel)
    values = {
        "channel_id": channel_id,
        "event_id": event.id,
        "key": key,
        "trace": event.trace,
        "thread": event.thread.id,
        "post": codec.dump(post),
        "state": DeliveryState.NEW.value,
        "turn": 0,
        "suspect": _restored_since(connection, event.received_at),
        "failures": 0,
        "reason": "",
        "at": at,
        "changed_at": at,
        "until": at + timedelta(days=max(kept.brief_days, kept.question_days)),
        "message": event.message,
    }
    insert_missing(connection, deliveries, values)
    row = connection.execute(_BY_KEY, {"_key": key}).one()
    return _delivery(row)


def find(connection: Connection, number: int) -> Delivery | None:
    """Return a line of the ledger by its id."""
    row = connection.execute(_BY_ID, {"_id": number}).first()
    return None if row is None else _delivery(row)


def of(connection: Connection, ref: PostRef) -> Delivery | None:
    """Return the line of a post that arrived, by its id in the channel of its thread."""
    named = {**scopes.named(ref.thread.channel), "_ref": ref.id}
    row = connection.execute(_BY_REF, named).first()
    return None if row is None else _delivery(row)


def about(connection: Connection, channel: Channel, message: str) -> list[Delivery]:
    """Return the lines about one message that may be or come to be seen, by id."""
    if not message:
        return []  # what answers no message has none
    rows = connection.execute(_ABOUT, {**scopes.named(channel), "_message": message})
    return [_delivery(row) for row in rows]


def still_open(connection: Connection, *, after: int, limit: int) -> list[Delivery]:
    """Return the lines above an id that are to be posted, by id."""
    rows = connection.execute(
        chosen()
        .where(deliveries.c.state.in_(_OPEN), deliveries.c.id > after)
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return [_delivery(row) for row in rows]


def change(connection: Connection, delivery: Delivery, *, at: datetime) -> bool:
    """Store a line's new state; False where it changed or was withdrawn since it was read.

    What is retracted may have arrived: then its post is gone already.
    """
    arrived = delivery.state is DeliveryState.POSTED
    tried = delivery.tried
    changed = connection.execute(
        _CHANGES.get(delivery.state, _CHANGED),
        {
            "_id": delivery.id,
            **({} if arrived else {"_turn": delivery.turn}),
            "state": delivery.state.value,
            "tried_era": tried and tried.era,
            "tried_seconds": tried and tried.seconds,
            "suspect": delivery.suspect,
            "failures": delivery.failures,
            "ref": delivery.ref and delivery.ref.id,
            "reason": delivery.reason,
            "changed_at": at,
        },
    ).rowcount
    return bool(changed)


def take_back(
    connection: Connection, channel: Channel, *, at: datetime, message: str, thread: str
) -> list[int]:
    """End the open events of a message, or of a thread, but those whose post may be on its way.

    What waits for somebody to ask for it is not remembered any more.
    """
    _, channel_id = scopes.ensure(connection, channel)
    of_event = deliveries.c.event_id == event_table.c.id
    under_way = exists().where(of_event, deliveries.c.state != DeliveryState.NEW.value)
    place = event_table.c.message == message if message else event_table.c.thread == thread
    found = connection.scalars(
        select(event_table.c.id).where(
            event_table.c.channel_id == channel_id,
            place,
            event_table.c.ending.is_(None),
            ~under_way,
        )
    ).all()
    for number in found:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.event_id == number)
            .values(post=None, state=DeliveryState.FAILED.value, reason=events.TAKEN_BACK)
        )
        events.end(connection, number, Ending.WITHDRAWN, reason=events.TAKEN_BACK, at=at)
    remembering.drop(connection, channel_id, message=message, thread=thread)
    digests.drop_unread(connection, channel_id, message=message, thread=thread)
    return list(found)


def withdraw(connection: Connection, threads: Iterable[tuple[int, str]]) -> int:
    """Take back what was not posted yet in (channel id, thread id); return how much that was."""
    count = 0
    for channel_id, thread in threads:
        waiting = and_(
            deliveries.c.channel_id == channel_id,
            deliveries.c.thread == thread,
            deliveries.c.post.is_not(None),
        )
        withdrawn = connection.execute(
            select(deliveries.c.event_id, deliveries.c.at).where(
                waiting, deliveries.c.event_id.is_not(None)
            )
        ).all()
        count += connection.execute(
            update(deliveries)
            .where(waiting)
            .values(post=None, state=DeliveryState.FAILED.value, reason=events.FORGOTTEN)
        ).rowcount
        for row in withdrawn:
            events.end(
                connection, row.event_id, Ending.WITHDRAWN, reason=events.FORGOTTEN, at=row.at
            )
    return count


def drop_all(connection: Connection, channel_ids: Select[int]) -> None:
    """Drop every post of these channels that was not seen to arrive: we were put out of them."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.channel_id.in_(channel_ids), deliveries.c.post.is_not(None))
        .values(post=None, state=DeliveryState.FAILED.value, reason=events.PUT_OUT)
    )


def expire(connection: Connection, now: datetime) -> None:
    """Erase events and lines of the ledger that are past their deadline."""
    given_up = _given_up(now)
    stuck = select(deliveries.c.event_id).where(given_up, deliveries.c.event_id.is_not(None))
    connection.execute(
        delete(event_table).where(
            or_(
                event_table.c.until <= now,
                # Without its line it would be taken for one that nobody has answered.
                and_(event_table.c.ending.is_(None), event_table.c.id.in_(stuck)),
            )
        )
    )
    connection.execute(delete(deliveries).where(or_(_over_long_ago(now), given_up)))


def anything_due(connection: Connection, now: datetime) -> bool:
    """Tell whether `expire` has anything to do."""
    return bool(
        connection.scalar(
            select(
                or_(
                    exists().where(event_table.c.until <= now),
                    exists().where(_over_long_ago(now)),
                    exists().where(_given_up(now)),
                )
            )
        )
    )


def _over_long_ago(now: datetime) -> ColumnElement[bool]:
    return and_(deliveries.c.until <= now, deliveries.c.state.in_(_OVER))


def _given_up(now: datetime) -> ColumnElement[bool]:
    """What needed a person, and nobody came."""
    return and_(
        # as the index of what is not posted has it
        deliveries.c.state != DeliveryState.POSTED.value,
        deliveries.c.state.in_(STUCK),
        deliveries.c.changed_at <= now - timedelta(days=events.DEAD_DAYS),
    )


def _restored_since(connection: Connection, received_at: datetime) -> bool:
    stored = connection.scalar(_RESTORED)
    return stored is not None and received_at.isoformat() <= stored


def chosen() -> Select[*tuple[Any, ...]]:
    """Return a query of lines with their channels; STUCK are the states that need a person."""
    return (
        select(deliveries, *events.scope_columns)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .join(workspaces, workspaces.c.id == channels.c.workspace_id)
    )


_BY_ID = chosen().where(deliveries.c.id == bindparam("_id"))
_BY_KEY = chosen().where(deliveries.c.key == bindparam("_key"))
_BY_REF = (
    chosen()
    .where(
        deliveries.c.channel_id == scopes.CHANNEL_ID,
        deliveries.c.ref == bindparam("_ref"),
        deliveries.c.state == DeliveryState.POSTED.value,
    )
    .order_by(deliveries.c.id.desc())
    .limit(1)
)
_ABOUT = (
    chosen()
    .where(
        deliveries.c.channel_id == scopes.CHANNEL_ID,
        deliveries.c.message == bindparam("_message"),
        deliveries.c.state.in_(_SEEN),
    )
    .order_by(deliveries.c.id)
)
_ONE = update(deliveries).where(deliveries.c.id == bindparam("_id"))
_ARRIVED = _ONE.values(turn=deliveries.c.turn + 1, post=None)
_OUR_TURN = deliveries.c.turn == bindparam("_turn")
_CHANGED = _ONE.where(deliveries.c.post.is_not(None), _OUR_TURN).values(turn=deliveries.c.turn + 1)
_RETRACTED = _ONE.where(
    or_(deliveries.c.post.is_not(None), deliveries.c.state == DeliveryState.POSTED.value),
    _OUR_TURN,
).values(turn=deliveries.c.turn + 1, post=None)
_CHANGES = {DeliveryState.POSTED: _ARRIVED, DeliveryState.RETRACTED: _RETRACTED}
_RESTORED = select(facts.c.value).where(facts.c.name == forgets.RESTORED)


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    thread = Thread(channel=events.channel_of(row), id=row.thread)
    tried = None
    if row.tried_era is not None:
        tried = Instant(era=row.tried_era, seconds=row.tried_seconds)
    return Delivery(
        id=row.id,
        key=row.key,
        trace=row.trace,
        event=row.event_id,
        thread=thread,
        state=DeliveryState(row.state),
        post=_post(row.post),
        turn=row.turn,
        tried=tried,
        suspect=row.suspect,
        failures=row.failures,
        ref=None if row.ref is None else PostRef(thread=thread, id=row.ref),
        reason=row.reason,
        message=row.message,
    )


def _post(stored: str | None) -> Post | None:
    if stored is None:
        return None
    try:
        post = codec.load(stored)
    except codec.UnreadableError:
        return None  # the row keeps it for the version that can read it
    return post if isinstance(post, Post) else None
