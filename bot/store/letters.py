"""Letters: what needs a person, and how it is tried again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select, update

from bot.model import Delivery, DeliveryState, Ending, Letter, Thread
from bot.store import deliveries, events
from bot.store.schema import channels, workspaces
from bot.store.schema import deliveries as lines
from bot.store.schema import events as event_rows

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from bot.model import Event


def listed(connection: Connection, *, limit: int) -> list[Letter]:
    """Return what needs a person, newest first: dead events, uncertain and failed posts."""
    rows = connection.execute(
        select(
            *event_rows.c["id", "thread", "received_at", "failures", "ending", "reason"],
            *events.scope_columns,
            lines.c.state,
            lines.c.reason.label("why_not_posted"),
            lines.c.failures.label("tries"),
        )
        .join(channels, channels.c.id == event_rows.c.channel_id)
        .join(workspaces, workspaces.c.id == channels.c.workspace_id)
        .outerjoin(lines, lines.c.event_id == event_rows.c.id)
        .where(
            or_(
                event_rows.c.ending == Ending.DEAD.value,
                and_(lines.c.state.in_(deliveries.STUCK), lines.c.post.is_not(None)),
            )
        )
        .order_by(event_rows.c.id.desc())
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
        deliveries.chosen().where(
            lines.c.event_id == number,
            lines.c.state.in_(deliveries.STUCK),
            lines.c.post.is_not(None),
        )
    ).first()
    if row is None:
        return None
    uncertain = row.state == DeliveryState.UNCERTAIN.value
    connection.execute(
        update(lines)
        .where(lines.c.id == row.id)
        .values(
            state=DeliveryState.NEW.value,
            turn=lines.c.turn + 1,
            suspect=row.suspect or uncertain,
            tried_era=None,
            tried_seconds=None,
            failures=0,
            reason="",
            changed_at=at,
        )
    )
    return deliveries.find(connection, row.id)


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
