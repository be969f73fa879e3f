"""Which job of procrastinate's tables is next, and what becomes of it.

Where procrastinate's own way would not do: no workspace takes more than its share of the places,
nor a channel of those (`line.has_room`);
a job that is parked holds up nobody of its lock until its time has come; one that ended wakes
whoever waited for its lock or its share; a worker that was given up for dead can no longer say
what became of a job that somebody else has by now.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from procrastinate import exceptions, jobs, manager, utils

from bot.work.line import has_room

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from procrastinate.connector import BaseAsyncConnector

_PAUSE = 0.5

# The head of each lock first: to ask of each job whether another of its lock goes before it, as
# procrastinate does, takes a second once a few thousand wait.
_FETCH = """
WITH due AS (
    SELECT id, queue_name, status, priority, lock, args ->> 'workspace' AS workspace
    FROM procrastinate_jobs
    WHERE status = 'doing'
        OR status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())
), heads AS (
    SELECT DISTINCT ON (lock) * FROM due ORDER BY lock, status = 'doing' DESC, priority DESC, id
), candidate AS (
    SELECT job.id FROM heads JOIN procrastinate_jobs AS job ON job.id = heads.id
    WHERE heads.status = 'todo' AND job.status = 'todo'
        AND heads.queue_name = %(queue)s
        AND NOT heads.workspace = ANY(%(full)s::text[])
        AND NOT regexp_replace(heads.lock, '/[^/]*$', '') = ANY(%(busy)s::text[])
    ORDER BY job.priority DESC, job.id LIMIT 1
    FOR UPDATE OF job SKIP LOCKED
)
UPDATE procrastinate_jobs AS job SET status = 'doing', worker_id = %(worker_id)s
FROM candidate WHERE job.id = candidate.id
RETURNING job.*
"""

# Those who waited for it are told as procrastinate's own trigger tells of a new job.
_WAKE = """
SELECT pg_notify(
    'procrastinate_queue_v1#' || queue_name,
    json_build_object('type', 'job_inserted', 'job_id', min(id))::text
)
FROM procrastinate_jobs
WHERE status = 'todo' AND id <> %(id)s AND (
    lock = %(lock)s
    OR %(full)s AND queue_name = %(queue)s AND args ->> 'workspace' = %(workspace)s
)
GROUP BY queue_name
"""
_OURS = "id = %(id)s AND status = 'doing' AND worker_id = %(worker_id)s"
_DONE = f"WITH done AS (DELETE FROM procrastinate_jobs WHERE {_OURS}) {_WAKE}"  # noqa: S608 - ours
_PARK = f"""
WITH parked AS (
    UPDATE procrastinate_jobs SET status = 'todo', attempts = attempts + 1,
        scheduled_at = now() + make_interval(secs => %(after)s), abort_requested = false
    WHERE {_OURS}
) {_WAKE}
"""  # noqa: S608 - ours


class FairJobs(manager.JobManager):
    """Procrastinate's jobs as one process takes them.

    `most` is how many jobs of one workspace it runs at a time, by the queue's name. What became
    of a job is stored as soon as that is possible, for up to `patience` seconds.
    """

    def __init__(
        self, connector: BaseAsyncConnector, *, most: Mapping[str, int], patience: float
    ) -> None:
        super().__init__(connector)
        self._most = most
        self._patience = patience
        self._running: Counter[tuple[str, str, str]] = Counter()

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """Take the next job of the one queue that is named; None where there is none."""
        (queue,) = queues or ()
        most = self._most[queue]
        shares = [one for one in self._running if one[0] == queue]
        full, busy = [], []
        for share in shares:
            _, workspace, channel = share
            used = self._running[queue, workspace, ""]
            if not channel and used >= most:
                full.append(workspace)
            elif channel and not has_room(most, workspace=used, channel=self._running[share]):
                busy.append(channel)
        try:
            rows = await self.connector.execute_query_all_async(
                _FETCH, queue=queue, full=full, busy=busy, worker_id=worker_id
            )
        except exceptions.UniqueViolation:
            return None  # at the same moment another process took one of that lock
        if not rows:
            return None
        job = jobs.Job.from_row(rows[0])
        self._running.update(_shares(job))
        return job

    async def finish_job(
        self,
        job: jobs.Job,
        status: jobs.Status,  # noqa: ARG002 - procrastinate's signature
        delete_job: bool,  # noqa: ARG002 - as above
    ) -> None:
        """Take out a job that ran."""
        await self._settle(_DONE, job)

    async def retry_job(
        self,
        job: jobs.Job,
        retry_at: datetime | None = None,
        priority: int | None = None,  # noqa: ARG002 - procrastinate's signature
        queue: str | None = None,  # noqa: ARG002 - as above
        lock: str | None = None,  # noqa: ARG002 - as above
    ) -> None:
        """Park a job that ran; for how long is counted by the database's clock."""
        after = (retry_at - utils.utcnow()).total_seconds() if retry_at else 0.0
        await self._settle(_PARK, job, after=max(0.0, after))

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:
        """Take out the workers that were given up for dead."""
        pruned = await super().prune_stalled_workers(seconds_since_heartbeat)
        end_if_cancelled()
        return pruned

    async def register_worker(self) -> int:
        """Add a worker, unless it is to stop already."""
        number = await super().register_worker()
        try:
            end_if_cancelled()
        except asyncio.CancelledError:
            await self.unregister_worker(number)
            raise
        return number

    async def update_heartbeat(self, worker_id: int) -> None:
        """Say that a worker lives; where that cannot be said, the next time will do."""
        try:
            await super().update_heartbeat(worker_id)
        except exceptions.ConnectorException:
            end_if_cancelled()

    async def listen_for_jobs(self, **given: Any) -> None:
        """Listen for new jobs, again and again where the connection breaks."""
        while True:
            listening = asyncio.create_task(super().listen_for_jobs(**given))
            try:
                await asyncio.wait([listening])
            finally:
                # more than once where the cancelling is lost in a connection that breaks
                while not listening.done():
                    listening.cancel()
                    await asyncio.wait([listening], timeout=_PAUSE)
            if not listening.cancelled():
                listening.exception()  # seen: whatever it was, we listen again
            await asyncio.sleep(_PAUSE)

    async def _settle(self, query: str, job: jobs.Job, **more: float) -> None:
        whole, _ = _shares(job)
        queue, workspace, _ = whole
        given = {
            "id": job.id,
            "worker_id": job.worker_id,
            "lock": job.lock,
            "queue": queue,
            "workspace": workspace,
            # From half of its places on, one of its channels may have waited for a place.
            "full": 2 * self._running[whole] >= self._most[queue],
            **more,
        }
        for share in _shares(job):
            self._running[share] -= 1
            if not self._running[share]:
                del self._running[share]
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience
        while True:
            try:
                await self.connector.execute_query_all_async(query, **given)
            except exceptions.ConnectorException:
                if loop.time() > deadline:
                    raise
            else:
                return
            await asyncio.sleep(_PAUSE)


def end_if_cancelled() -> None:
    """Raise CancelledError where an error took its place, or nothing did.

    A query that is cancelled may fail; and waiting for a connection may succeed at that moment,
    and forget that it was cancelled (`asyncio.wait_for` of Python 3.11).
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _shares(job: jobs.Job) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """Return what a job counts to: its workspace's share, and its channel's of that."""
    workspace, lock = str(job.task_kwargs["workspace"]), str(job.lock)
    channel = lock.rpartition("/")[0] or lock
    return (job.queue, workspace, ""), (job.queue, workspace, channel)
