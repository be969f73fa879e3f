"""What models took of a day's tokens: numbers alone, nobody's words.

A row is of one channel, day, step and model. What is set aside counts as spent until it is given
back. The reservation of a process that was killed is never given back: it falls away with its
day, since every day has rows of its own.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, case, delete, exists, func, select, update

from bot.model import Channel, Purpose, Reserved, Tokens, Usage
from bot.store import locks, scopes
from bot.store.ensure import insert_missing
from bot.store.schema import channels, usage

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Connection

    from bot.model import Budget, Workspace

_KEPT_DAYS = 400
_NEARLY = 80  # percent
_NOTHING = {"calls": 0, "taken_in": 0, "written": 0, "reserved": 0, "nearly": False}


def reserve(
    connection: Connection,
    channel: Channel,
    *,
    day: date,
    purpose: Purpose,
    model: str,
    tokens: int,
    budget: Budget,
) -> Reserved:
    """Set tokens aside, unless the workspace's budget or its channel's part would be passed.

    They stay set aside until they are settled or their day is over.
    """
    # First the channel, as everywhere, then its workspace: nobody else counts meanwhile.
    workspace_id, channel_id = scopes.ensure(connection, channel)
    locks.hold_workspace(connection, workspace_id)
    found = connection.execute(
        _SPENT, {"_workspace_id": workspace_id, "_channel_id": channel_id, "_day": day}
    ).one()
    spent, own = int(found.spent or 0) + tokens, int(found.own or 0) + tokens
    if spent > budget.a_day:
        return Reserved.WORKSPACE_SPENT
    if own > budget.a_channel:
        return Reserved.CHANNEL_SPENT
    nearly = not found.told and spent * 100 >= budget.a_day * _NEARLY
    row = {"channel_id": channel_id, "day": day, "purpose": purpose.value, "model": model}
    insert_missing(connection, usage, {**row, **_NOTHING})
    connection.execute(_RESERVED, {**_named(row), "_tokens": tokens, "_nearly": nearly})
    return Reserved.NEARLY if nearly else Reserved.WELL


def settle(
    connection: Connection,
    channel: Channel,
    *,
    day: date,
    purpose: Purpose,
    model: str,
    reserved: int,
    used: Tokens,
) -> None:
    """Give back what was set aside, and count one call with what it took."""
    _, channel_id = scopes.ensure(connection, channel)
    row = {"channel_id": channel_id, "day": day, "purpose": purpose.value, "model": model}
    insert_missing(connection, usage, {**row, **_NOTHING})
    counted = {"_reserved": reserved, "_taken_in": used.taken_in, "_written": used.written}
    connection.execute(_SETTLED, {**_named(row), **counted})


def listed(connection: Connection, workspace: Workspace, *, since: date) -> list[Usage]:
    """Return what a workspace's channels spent from a day on, newest day first.

    Of one day, by channel, step and model, in the order of their letters' numbers.
    """
    rows = connection.execute(
        select(usage, channels.c.external_id)
        .join(channels, channels.c.id == usage.c.channel_id)
        .where(
            channels.c.workspace_id == scopes.id_of_workspace(workspace),
            usage.c.day >= since,
        )
    )
    found = [
        Usage(
            channel=Channel(workspace=workspace, id=row.external_id),
            day=row.day,
            purpose=Purpose(row.purpose),
            model=row.model,
            calls=row.calls,
            tokens=Tokens(taken_in=row.taken_in, written=row.written),
            reserved=row.reserved,
        )
        for row in rows
    ]
    # Not by the database: PostgreSQL sorts text as the language of its cluster does.
    return sorted(
        found, key=lambda one: (-one.day.toordinal(), one.channel.id, one.purpose, one.model)
    )


def anything_due(connection: Connection, now: datetime) -> bool:
    """Tell whether `expire` has anything to do."""
    return bool(connection.scalar(select(exists().where(_old(now)))))


def expire(connection: Connection, now: datetime) -> None:
    """Erase the rows of days long past."""
    connection.execute(delete(usage).where(_old(now)))


def _old(now: datetime) -> ColumnElement[bool]:
    return usage.c.day < now.astimezone(UTC).date() - timedelta(days=_KEPT_DAYS)


def _named(row: dict[str, object]) -> dict[str, object]:
    return {f"_{name}": value for name, value in row.items()}


_COUNTED = usage.c.taken_in + usage.c.written + usage.c.reserved
_SPENT = (
    select(
        func.sum(_COUNTED).label("spent"),
        func.sum(case((usage.c.channel_id == bindparam("_channel_id"), _COUNTED), else_=0)).label(
            "own"
        ),
        func.max(case((usage.c.nearly, 1), else_=0)).label("told"),
    )
    .join(channels, channels.c.id == usage.c.channel_id)
    .where(channels.c.workspace_id == bindparam("_workspace_id"), usage.c.day == bindparam("_day"))
)
_ROW = update(usage).where(
    and_(*(column == bindparam(f"_{column.name}") for column in usage.primary_key.columns))
)
_RESERVED = _ROW.values(
    reserved=usage.c.reserved + bindparam("_tokens"),
    nearly=usage.c.nearly | bindparam("_nearly"),
)
_SETTLED = _ROW.values(
    calls=usage.c.calls + 1,
    taken_in=usage.c.taken_in + bindparam("_taken_in"),
    written=usage.c.written + bindparam("_written"),
    reserved=case(
        (usage.c.reserved > bindparam("_reserved"), usage.c.reserved - bindparam("_reserved")),
        else_=0,
    ),
)
