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
    Letter,
    Post,
    PostRef,
    Standing,
    Thread,
)
from bot.store import codec, events, forgets, scopes, settings
from bot.store.ensure import insert_missing
from bot.store.schema import channels, deliveries, facts, workspaces
from bot.store.schema import events as event_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Row, Select

    from bot.model import Channel, Event

_OPEN = (DeliveryState.NEW.value, DeliveryState.SENDING.value)
_STUCK = (DeliveryState.UNCERTAIN.value, DeliveryState.FAILED.value)


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
    }
    insert_missing(connection, deliveries, values)
    row = connection.execute(_BY_KEY, {"_key": key}).one()
    return _delivery(row)


def find(connection: Connection, number: int) -> Delivery | None:
    """Return a line of the ledger by its id."""
    row = connection.execute(_BY_ID, {"_id": number}).first()
    return None if row is None else _delivery(row)


def standing(connection: Connection, thread: Thread, *, most: int) -> Standing:
    """Return what is known of a thread's place: one query, since each event asks it."""
    named = {**scopes.named(thread.channel), "_thread": thread.id, "_most": most}
    row = connection.execute(_STANDING, named).one()
    return Standing(
        settings=settings.decoded(row.settings), ours=bool(row.ours), backlog=row.backlog
    )


def still_open(connection: Connection, *, after: int, limit: int) -> list[Delivery]:
    """Return the lines above an id that are to be posted, by id."""
    rows = connection.execute(
        _deliveries()
        .where(deliveries.c.state.in_(_OPEN), deliveries.c.id > after)
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return [_delivery(row) for row in rows]


def change(connection: Connection, delivery: Delivery, *, at: datetime) -> bool:
    """Store a line's new state; False where it changed or was withdrawn since it was read."""
    arrived = delivery.state is DeliveryState.POSTED
    tried = delivery.tried
    changed = connection.execute(
        _ARRIVED if arrived else _CHANGED,
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


def letters(connection: Connection, *, limit: int) -> list[Letter]:
    """Return what needs a person, newest first: dead events, uncertain and failed posts."""
    rows = connection.execute(
        select(
            *event_table.c["id", "thread", "received_at", "failures", "ending", "reason"],
            *events.scope_columns,
            deliveries.c.state,
            deliveries.c.reason.label("why_not_posted"),
            deliveries.c.failures.label("tries"),
        )
        .join(channels, channels.c.id == event_table.c.channel_id)
        .join(workspaces, workspaces.c.id == channels.c.workspace_id)
        .outerjoin(deliveries, deliveries.c.event_id == event_table.c.id)
        .where(
            or_(
                event_table.c.ending == Ending.DEAD.value,
                and_(deliveries.c.state.in_(_STUCK), deliveries.c.post.is_not(None)),
            )
        )
        .order_by(event_table.c.id.desc())
        .limit(limit)
    )
    return [_letter(row) for row in rows]


def revive(
    connection: Connection, number: int, at: datetime
) -> tuple[Event, Delivery | None] | None:
    """Open a dead event again, or the stuck post of one; None where there is neither."""
    event = events.find(connection, number)
    if event is None:
        return None
    delivery = _resend(connection, number, at)
    if delivery is None and event.ending is not Ending.DEAD:
        return None
    events.reopen(connection, number)
    event = events.find(connection, number)
    return None if event is None else (event, delivery)


def _resend(connection: Connection, number: int, at: datetime) -> Delivery | None:
    """Have a stuck post sent again; it is looked for first where it may have arrived."""
    row = connection.execute(
        _deliveries().where(
            deliveries.c.event_id == number,
            deliveries.c.state.in_(_STUCK),
            deliveries.c.post.is_not(None),
        )
    ).first()
    if row is None:
        return None
    uncertain = row.state == DeliveryState.UNCERTAIN.value
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == row.id)
        .values(
            state=DeliveryState.NEW.value,
            turn=deliveries.c.turn + 1,
            suspect=row.suspect or uncertain,
            tried_era=None,
            tried_seconds=None,
            failures=0,
            reason="",
            changed_at=at,
        )
    )
    return find(connection, row.id)


def take_back(
    connection: Connection, channel: Channel, *, at: datetime, message: str, thread: str
) -> list[int]:
    """End the open events of a message, or of a thread, but those whose post may be on its way."""
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
    return list(found)


def withdraw(connection: Connection, threads: Iterable[tuple[int, str]]) -> None:
    """Take back what was not posted yet in (channel id, thread id): its article was forgotten."""
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
        connection.execute(
            update(deliveries)
            .where(waiting)
            .values(post=None, state=DeliveryState.FAILED.value, reason=events.FORGOTTEN)
        )
        for row in withdrawn:
            events.end(
                connection, row.event_id, Ending.WITHDRAWN, reason=events.FORGOTTEN, at=row.at
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
    connection.execute(delete(deliveries).where(or_(_posted_long_ago(now), given_up)))


def anything_due(connection: Connection, now: datetime) -> bool:
    """Tell whether `expire` has anything to do."""
    return bool(
        connection.scalar(
            select(
                or_(
                    exists().where(event_table.c.until <= now),
                    exists().where(_posted_long_ago(now)),
                    exists().where(_given_up(now)),
                )
            )
        )
    )


def _posted_long_ago(now: datetime) -> ColumnElement[bool]:
    return and_(deliveries.c.until <= now, deliveries.c.state == DeliveryState.POSTED.value)


def _given_up(now: datetime) -> ColumnElement[bool]:
    """What needed a person, and nobody came."""
    return and_(
        # as the index of what is not posted has it
        deliveries.c.state != DeliveryState.POSTED.value,
        deliveries.c.state.in_(_STUCK),
        deliveries.c.changed_at <= now - timedelta(days=events.DEAD_DAYS),
    )


def _restored_since(connection: Connection, received_at: datetime) -> bool:
    stored = connection.scalar(_RESTORED)
    return stored is not None and received_at.isoformat() <= stored


def _deliveries() -> Select[*tuple[Any, ...]]:
    return (
        select(deliveries, *events.scope_columns)
        .join(channels, channels.c.id == deliveries.c.channel_id)
        .join(workspaces, workspaces.c.id == channels.c.workspace_id)
    )


_BY_ID = _deliveries().where(deliveries.c.id == bindparam("_id"))
_BY_KEY = _deliveries().where(deliveries.c.key == bindparam("_key"))
_STANDING = select(
    settings.STORED.scalar_subquery().label("settings"),
    exists()
    .where(
        deliveries.c.channel_id == scopes.CHANNEL_ID,
        deliveries.c.thread == bindparam("_thread"),
    )
    .label("ours"),
    events.BACKLOG.scalar_subquery().label("backlog"),
)
_ONE = update(deliveries).where(deliveries.c.id == bindparam("_id"))
_ARRIVED = _ONE.values(turn=deliveries.c.turn + 1, post=None)
_CHANGED = _ONE.where(
    deliveries.c.post.is_not(None), deliveries.c.turn == bindparam("_turn")
).values(turn=deliveries.c.turn + 1)
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
    )


def _post(stored: str | None) -> Post | None:
    if stored is None:
        return None
    try:
        post = codec.load(stored)
    except codec.UnreadableError:
        return None  # the row keeps it for the version that can read it
    return post if isinstance(post, Post) else None


def _letter(row: Row[*tuple[Any, ...]]) -> Letter:
    dead = row.state is None
    return Letter(
        number=row.id,
        thread=Thread(channel=events.channel_of(row), id=row.thread),
        since=row.received_at,
        state=DeliveryState.FAILED if dead else DeliveryState(row.state),
        reason=row.reason if dead else row.why_not_posted,
        failures=row.failures if dead else row.tries,
    )
