"""Durable work on PostgreSQL: procrastinate's queue, done by any number of processes.

Jobs are added on the connection that writes our rows, so both are there or neither. A worker
that dies leaves its jobs with a heartbeat that grows old: the process that leads hands them out
again. Which job is next is told by `fetching`.
"""

from __future__ import annotations

import asyncio
import logging
import math
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import procrastinate
import psycopg
from procrastinate import exceptions, jobs, retry
from sqlalchemy import text

from bot.errors import StoreUnreachable, WorkTaken
from bot.model import Again, Backlog, Finish, Job, Queue, Task
from bot.work import holding
from bot.work.fetching import FairJobs, end_if_cancelled
from bot.work.holding import HEARTBEAT, PAUSE, STALLED
from bot.work.line import share_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from bot.ports import Tx
    from bot.work.rows import Rows

_TASK = "briefbot"
_POLL = 1.0
_LATER = 300.0
_PATIENCE = 5.0

_DRIVER = "postgresql+psycopg://"

# Of two who add the same at the same time, the second waits and then sees the first one's.
_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_ADD = text(
    "SELECT count(*) FILTER (WHERE queueing_lock = :key) AS known, "
    "min(priority) FILTER (WHERE lock = :lock) AS lowest "
    "FROM procrastinate_jobs "
    "WHERE status IN ('todo', 'doing') AND (queueing_lock = :key OR lock = :lock)"
)
_KNOWN = text(
    "SELECT queueing_lock FROM procrastinate_jobs "
    "WHERE status IN ('todo', 'doing') AND queueing_lock = ANY(:keys)"
)
_BACKLOG = text(
    "SELECT queue_name, count(*) AS jobs, "
    "coalesce(extract(epoch FROM now() - min(e.at)), 0) AS age "
    "FROM procrastinate_jobs j LEFT JOIN procrastinate_events e "
    "ON e.job_id = j.id AND e.type = 'deferred' "
    "WHERE j.status IN ('todo', 'doing') GROUP BY queue_name"
)


class _StoppedError(Exception):
    """A worker stopped by itself: something that it needs broke."""


class _ParkedError(Exception):
    """A job is to be run again; what procrastinate sees of it."""

    def __init__(self, after: float) -> None:
        super().__init__(after)
        self.after = after


class _Parking(retry.BaseRetryStrategy):
    """Every job that did not come to its end is run again."""

    def get_retry_decision(
        self,
        *,
        exception: BaseException,
        job: jobs.Job,  # noqa: ARG002 - procrastinate's signature
    ) -> procrastinate.RetryDecision:
        """Return when: at once for one that was cancelled by a shutdown."""
        after = exception.after if isinstance(exception, _ParkedError) else 0.0
        # whole milliseconds: what the interval's arguments take
        return procrastinate.RetryDecision(
            retry_in={"milliseconds": max(0, math.ceil(after * 1000))}
        )


class ProcrastinateWork:
    """A `ports.Work` in the PostgreSQL database of the store.

    `url` is a PostgreSQL address; `places` how many jobs of each queue one process runs at a
    time.
    """

    def __init__(self, rows: Rows, *, url: str, places: Mapping[Queue, int]) -> None:
        self._rows = rows
        self._url = url.replace(_DRIVER, "postgresql://", 1) if url.startswith(_DRIVER) else url
        self._places = places
        # Adds jobs on connections that are lent to it, and opens none of its own.
        self._adding = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())
        logging.getLogger("procrastinate").setLevel(logging.WARNING)

    async def enqueue(self, tx: Tx, jobs: Sequence[Job]) -> None:
        """Add jobs within a transaction: see `ports.Work.enqueue`."""
        await self._rows.within(tx, lambda connection: self._add(connection, jobs))

    async def run(self, handle: Callable[[Job], Awaitable[Finish]], *, grace: float) -> None:
        """Hand out jobs until cancelled: see `ports.Work.run`.

        Where the database goes away, it is tried again until it is back.
        """
        queues = [queue for queue in self._places if queue is not Queue.SESSION]
        await self._hand_out(queues, handle, grace)

    async def hold(
        self,
        name: str,
        duty: Callable[[], Awaitable[None]],
        handle: Callable[[Job], Awaitable[Finish]],
        *,
        grace: float,
    ) -> None:
        """Run `duty` and do the jobs of the session while this process holds its lock.

        Where the lock is lost, what is being done is broken off: another may begin at once.
        """
        jobs = holding.Jobs(handle)

        async def work() -> None:
            jobs.begin()
            await holding.until_one_ends(
                holding.again(duty), self._hand_out([Queue.SESSION], jobs.handle, grace)
            )

        await holding.while_held(self._url, holding.session_of(name), work, lost=jobs.break_off)

    async def lead(self, duty: Callable[[], Awaitable[None]]) -> None:
        """Run `duty` while this process holds the lock of whoever leads."""
        await holding.while_held(self._url, holding.LEADER, lambda: holding.again(duty))

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Keep others from leading in this block, and see that no worker is at work."""
        try:
            async with await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, application_name="briefbot alone"
            ) as connection:
                if await holding.is_led(connection) or await _worked_on(connection):
                    raise WorkTaken("the database")
                yield
        except psycopg.Error as error:
            raise StoreUnreachable("the database", detail=type(error).__name__) from error

    async def missing(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Return those of the jobs that neither wait nor run."""
        keys = [job.key for job in jobs]
        found = await self._rows.look(lambda c: c.scalars(_KNOWN, {"keys": keys}).all())
        known = set(found)
        return [job for job in jobs if job.key not in known]

    async def backlog(self) -> Sequence[Backlog]:
        """Return what waits or runs of each queue."""
        rows = await self._rows.look(lambda c: c.execute(_BACKLOG).all())
        held = {row.queue_name: row for row in rows}
        return [
            Backlog(
                queue=queue,
                jobs=held[queue].jobs if queue in held else 0,
                oldest=max(0.0, float(held[queue].age)) if queue in held else 0.0,
            )
            for queue in Queue
        ]

    async def close(self) -> None:
        """Nothing is held."""

    def _add(self, connection: Connection, new: Sequence[Job]) -> None:
        driver = connection.connection.driver_connection
        for job in new:
            connection.execute(_ALONE, {"key": job.key})
            row = connection.execute(_ADD, {"key": job.key, "lock": job.lock}).one()
            if row.known:
                continue
            # Of one thread, who came later never goes first, whatever its priority.
            priority = job.priority if row.lowest is None else min(job.priority, row.lowest)
            adding = self._adding.configure_task(
                _TASK,
                queue=job.queue.value,
                lock=job.lock,
                queueing_lock=job.key,
                priority=priority,
                connection=driver,
            )
            try:
                adding.defer(
                    task=job.task.value,
                    target=job.target,
                    workspace=quote(job.workspace),  # JSON in PostgreSQL holds no NUL
                    lock=quote(job.lock),
                )
            except (exceptions.ConnectorException, exceptions.AlreadyEnqueued) as error:
                raise _cause(error) from error

    async def _hand_out(
        self, queues: Sequence[Queue], handle: Callable[[Job], Awaitable[Finish]], grace: float
    ) -> None:
        """Work on some queues until cancelled; whatever breaks, all of them begin anew."""
        places = {queue: self._places[queue] for queue in queues}
        while True:
            app = self._app(places, handle)
            try:
                async with app.open_async():
                    end_if_cancelled()
                    await holding.until_one_ends(
                        *(_until_stopped(app, *one, grace) for one in places.items())
                    )
            except (exceptions.ConnectorException, psycopg.Error, _StoppedError):
                end_if_cancelled()
            await asyncio.sleep(PAUSE)

    def _app(
        self, places: Mapping[Queue, int], handle: Callable[[Job], Awaitable[Finish]]
    ) -> procrastinate.App:
        size = len(places) + sum(places.values())
        connector = procrastinate.PsycopgConnector(
            conninfo=self._url,
            min_size=1,
            max_size=min(size, 10),
            timeout=_PATIENCE,
            kwargs={"application_name": "briefbot worker"},
        )
        app = procrastinate.App(connector=connector)
        most = {queue.value: share_of(count) for queue, count in places.items()}
        app.job_manager = FairJobs(connector, most=most, patience=STALLED)

        @app.task(name=_TASK, pass_context=True, retry=_Parking())
        async def run(context: procrastinate.JobContext, /, **given: Any) -> None:
            job = _job(context.job, given)
            finish = Again(after=_LATER) if job is None else await handle(job)
            if isinstance(finish, Again):
                raise _ParkedError(finish.after)

        return app


async def _until_stopped(app: procrastinate.App, queue: Queue, places: int, grace: float) -> None:
    """Work on one queue until cancelled. Raises _StoppedError where a worker gives up."""
    await app.run_worker_async(
        queues=[queue.value],
        name=queue.value,
        concurrency=places,
        install_signal_handlers=False,
        fetch_job_polling_interval=_POLL,
        shutdown_graceful_timeout=grace,
        delete_jobs=jobs.DeleteJobCondition.ALWAYS,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=STALLED,
    )
    raise _StoppedError(queue)


async def _worked_on(connection: psycopg.AsyncConnection[Any]) -> bool:
    cursor = await connection.execute(
        "SELECT count(*) FROM procrastinate_workers "
        "WHERE last_heartbeat > now() - make_interval(secs => %s)",
        (STALLED,),
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


def _cause(error: BaseException) -> BaseException:
    """Return what the driver raised: the store knows what that means."""
    while not isinstance(error, psycopg.Error) and error.__cause__ is not None:
        error = error.__cause__
    return error


def _job(row: jobs.Job, given: Mapping[str, Any]) -> Job | None:
    """Return a job, or None for one of a later version: it waits until that is back."""
    if given.get("task") not in set(Task) or row.queue not in set(Queue):
        return None
    return Job(
        task=Task(given["task"]),
        target=given["target"],
        queue=Queue(row.queue),
        workspace=unquote(given["workspace"]),
        lock=unquote(given["lock"]),
        priority=row.priority,
    )
