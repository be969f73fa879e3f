"""Durable work on PostgreSQL: procrastinate's queue, done by any number of processes.

Jobs are added on the connection that writes our rows, so both are there or neither. A worker
that dies leaves its jobs with a heartbeat that grows old: the process that leads hands them out
again. A job that waits for its next try gives its thread's lock away meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import math
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import procrastinate
import psycopg
from procrastinate import exceptions, jobs, retry
from sqlalchemy import text

from bot.errors import StoreUnreachable, WorkTaken
from bot.model import Again, Backlog, Finish, Job, Queue, Task

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence

    from sqlalchemy import Connection

    from bot.ports import Tx
    from bot.work.rows import Rows

_TASK = "briefbot"
_SHARE = 0.75
_HEARTBEAT = 2.0
_STALLED = 10.0
_POLL = 0.5
_PAUSE = 1.0
_BUSY = 0.2
_LATER = 300.0
_LEADER = 0x42726965_66626F74  # "Briefbot"

_ADD = text(
    "SELECT count(*) FILTER (WHERE queueing_lock = :key) AS known, "
    "min(priority) FILTER (WHERE lock = :lock AND status = 'todo') AS lowest "
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


class _ParkedError(Exception):
    """A job is to be run again; what procrastinate sees of it."""

    def __init__(self, after: float) -> None:
        super().__init__(after)
        self.after = after


class _Parking(retry.BaseRetryStrategy):
    """Every job that did not come to its end is run again; meanwhile it holds no lock."""

    def get_retry_decision(
        self, *, exception: BaseException, job: jobs.Job
    ) -> procrastinate.RetryDecision:
        """Return when: at once for one that was cancelled by a shutdown."""
        after = exception.after if isinstance(exception, _ParkedError) else 0.0
        # whole milliseconds: what the interval's arguments take
        return procrastinate.RetryDecision(
            retry_in={"milliseconds": max(0, math.ceil(after * 1000))}, lock=f"parked:{job.id}"
        )


class ProcrastinateWork:
    """A `ports.Work` in the PostgreSQL database of the store.

    `url` is a PostgreSQL address; `places` how many jobs of each queue one process runs at a
    time.
    """

    def __init__(self, rows: Rows, *, url: str, places: Mapping[Queue, int]) -> None:
        self._rows = rows
        self._url = url
        self._places = places
        self._running: dict[tuple[Queue, str], int] = {}
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
        while True:
            app = self._app(handle)
            with suppress(exceptions.ConnectorException, psycopg.Error):
                async with app.open_async():
                    await self._work(app, grace)
            await asyncio.sleep(_PAUSE)

    async def lead(self, duty: Callable[[], Awaitable[None]]) -> None:
        """Run `duty` while this process holds the lock of whoever leads."""
        while True:
            with suppress(psycopg.Error):
                async with await psycopg.AsyncConnection.connect(
                    self._url, autocommit=True, application_name="briefbot leader"
                ) as connection:
                    await self._lead(connection, duty)
            await asyncio.sleep(_PAUSE)

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None]:
        """Keep others from leading in this block, and see that no worker is at work."""
        try:
            async with await psycopg.AsyncConnection.connect(
                self._url, autocommit=True, application_name="briefbot alone"
            ) as connection:
                if not await _locked(connection) or await _worked_on(connection):
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
                    workspace=job.workspace,
                    lock=job.lock,
                )
            except exceptions.ConnectorException as error:
                raise (error.__cause__ or error) from error

    def _app(self, handle: Callable[[Job], Awaitable[Finish]]) -> procrastinate.App:
        size = len(self._places) + sum(self._places.values())
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(
                conninfo=self._url,
                min_size=1,
                max_size=min(size, 10),
                kwargs={"application_name": "briefbot worker"},
            )
        )

        @app.task(name=_TASK, pass_context=True, retry=_Parking())
        async def run(context: procrastinate.JobContext, /, **given: Any) -> None:
            job = _job(context.job, given)
            finish = Again(after=_LATER) if job is None else await self._one(job, handle)
            if isinstance(finish, Again):
                raise _ParkedError(finish.after)

        return app

    async def _one(self, job: Job, handle: Callable[[Job], Awaitable[Finish]]) -> Finish:
        """Do a job, unless its workspace has its share of the places already."""
        share = (job.queue, job.workspace)
        running = self._running.get(share, 0)
        if running >= math.ceil(self._places[job.queue] * _SHARE):
            return Again(after=_BUSY)
        self._running[share] = running + 1
        try:
            return await handle(job)
        finally:
            self._running[share] -= 1
            if not self._running[share]:
                del self._running[share]

    async def _work(self, app: procrastinate.App, grace: float) -> None:
        async with asyncio.TaskGroup() as tasks:
            for queue, places in self._places.items():
                tasks.create_task(
                    app.run_worker_async(
                        queues=[queue.value],
                        name=queue.value,
                        concurrency=places,
                        install_signal_handlers=False,
                        fetch_job_polling_interval=_POLL,
                        shutdown_graceful_timeout=grace,
                        delete_jobs=jobs.DeleteJobCondition.ALWAYS,
                        update_heartbeat_interval=_HEARTBEAT,
                        stalled_worker_timeout=_STALLED,
                    )
                )

    async def _lead(
        self, connection: psycopg.AsyncConnection[Any], duty: Callable[[], Awaitable[None]]
    ) -> None:
        """Wait for the lock, then do the duty and look after stalled jobs while it is held."""
        while True:
            if await _locked(connection):
                break
            await asyncio.sleep(_PAUSE)
        doing = asyncio.ensure_future(duty())
        try:
            while True:
                await self._hand_out_stalled()
                done, _ = await asyncio.wait([doing], timeout=_HEARTBEAT)
                if done:
                    doing.result()
                    doing = asyncio.ensure_future(duty())
                await connection.execute("SELECT 1")  # raises where the lock is lost with it
        finally:
            doing.cancel()
            await asyncio.wait([doing])

    async def _hand_out_stalled(self) -> None:
        app = procrastinate.App(
            connector=procrastinate.PsycopgConnector(conninfo=self._url, min_size=1, max_size=1)
        )
        with suppress(exceptions.ConnectorException):
            async with app.open_async():
                manager = app.job_manager
                for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED):
                    # somebody else's worker may have come to its end just now
                    with suppress(exceptions.ConnectorException):
                        await manager.retry_job(job)
                await manager.prune_stalled_workers(_STALLED)


async def _locked(connection: psycopg.AsyncConnection[Any]) -> bool:
    cursor = await connection.execute("SELECT pg_try_advisory_lock(%s)", (_LEADER,))
    row = await cursor.fetchone()
    return bool(row and row[0])


async def _worked_on(connection: psycopg.AsyncConnection[Any]) -> bool:
    cursor = await connection.execute(
        "SELECT count(*) FROM procrastinate_workers "
        "WHERE last_heartbeat > now() - make_interval(secs => %s)",
        (_STALLED,),
    )
    row = await cursor.fetchone()
    return bool(row and row[0])


def _job(row: jobs.Job, given: Mapping[str, Any]) -> Job | None:
    """Return a job, or None for one of a later version: it waits until that is back."""
    if given.get("task") not in set(Task) or row.queue not in set(Queue):
        return None
    return Job(
        task=Task(given["task"]),
        target=given["target"],
        queue=Queue(row.queue),
        workspace=given["workspace"],
        lock=given["lock"],
        priority=row.priority,
    )
