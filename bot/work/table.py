"""The table of jobs on SQLite: how they are written there and read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from bot.model import Again, Finish, Job, Queue, Task
from bot.work.line import Waiting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, Row

LONGEST_PARK = 3600.0

# As migration 0002 makes it; times are UTC without saying so.
jobs = Table(
    "jobs",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("key", Text),
    Column("task", Text),
    Column("target", Integer),
    Column("queue", Text),
    Column("workspace", Text),
    Column("lock", Text),
    Column("priority", Integer),
    Column("at", DateTime),
    Column("parked_at", DateTime),
    Column("parked_until", DateTime),
)

# Built once: building a statement takes ten times as long as running it.
_ADDED = insert(jobs).on_conflict_do_nothing().returning(jobs.c.id)
_PARKED = update(jobs).where(jobs.c.id == bindparam("_id"))
_GONE = delete(jobs).where(jobs.c.id == bindparam("_id"))
_NEWEST = select(func.max(jobs.c.id))
_SINCE = select(jobs).where(jobs.c.id > bindparam("_id")).order_by(jobs.c.id)
_KNOWN = select(jobs.c.key).where(jobs.c.key.in_(bindparam("_keys", expanding=True)))
_COUNTED = select(jobs.c.queue, func.count(), func.min(jobs.c.at)).group_by(jobs.c.queue)


def add(connection: Connection, new: Sequence[Job], now: datetime) -> list[Waiting]:
    """Add jobs but those whose key is there; return what was added, numbered."""
    added = []
    for job in new:
        number = connection.scalar(
            _ADDED,
            {
                "key": job.key,
                "task": job.task.value,
                "target": job.target,
                "queue": job.queue.value,
                "workspace": job.workspace,
                "lock": job.lock,
                "priority": job.priority,
                "at": now,
            },
        )
        if number is not None:
            added.append(Waiting(number=number, job=job))
    return added


def known(connection: Connection, *, keys: Sequence[str]) -> Sequence[str]:
    """Return those of the keys that are there."""
    return connection.scalars(_KNOWN, {"_keys": keys}).all()


def counted(connection: Connection) -> dict[str, tuple[int, datetime]]:
    """Return of each queue that holds any how many jobs there are, and since when the oldest."""
    return {queue: (count, first) for queue, count, first in connection.execute(_COUNTED)}


def newest(connection: Connection) -> int | None:
    """Return the highest number, None where there is no job."""
    number: int | None = connection.scalar(_NEWEST)
    return number


def since(connection: Connection, *, number: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return the rows above a number, in their order."""
    return connection.execute(_SINCE, {"_id": number}).all()


def settle(connection: Connection, *, finished: Mapping[int, Finish], now: datetime) -> None:
    """Store what became of jobs, by their numbers."""
    done = [number for number, finish in finished.items() if not isinstance(finish, Again)]
    if done:
        connection.execute(_GONE, [{"_id": number} for number in done])
    for number, finish in finished.items():
        if isinstance(finish, Again):
            until = now + timedelta(seconds=min(finish.after, LONGEST_PARK))
            connection.execute(_PARKED, {"_id": number, "parked_at": now, "parked_until": until})


def waiting(row: Row[*tuple[Any, ...]]) -> Waiting | None:
    """Return a job, or None for one of a later version: it stays until that is back."""
    if row.task not in set(Task) or row.queue not in set(Queue):
        return None
    job = Job(
        task=Task(row.task),
        target=row.target,
        queue=Queue(row.queue),
        workspace=row.workspace,
        lock=row.lock,
        priority=row.priority,
    )
    return Waiting(number=row.id, job=job)


def due(row: Row[*tuple[Any, ...]], *, now: float, wall: datetime) -> float | None:
    """Return when a stored job may run, in the loop's time; None for one that is not parked."""
    if row.parked_until is None:
        return None
    if row.parked_at > wall:
        return now  # the clock was set back: what it said then means nothing
    left: timedelta = row.parked_until - wall
    return now + min(max(0.0, left.total_seconds()), LONGEST_PARK)


def naive(moment: datetime) -> datetime:
    """Return a moment in UTC as the table has it."""
    return moment.replace(tzinfo=None)
