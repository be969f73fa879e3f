"""What is open and has no job -> its job again.

There is none only where the queue was left behind: after a restore, a move to another database,
or a repair by hand. The inbox and the ledger say what is open; the queue is only told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.address import queue_of
from bot.flows.jobs import delivering, handling

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from bot.model import Job
    from bot.ports import Store, Work

_AT_ONCE = 500


async def recover(*, store: Store, work: Work, sessions: Container[str] = ()) -> int:
    """Enqueue what is open and neither waits nor runs; return how many jobs that were.

    `sessions` are the names of the platforms that have one. Raises StoreError.
    """
    enqueued = after = 0
    while events := await store.open_events(after=after, limit=_AT_ONCE):
        after = events[-1].id
        jobs = [handling(one, queue_of(one.incoming), sessions=sessions) for one in events]
        enqueued += await _enqueue(jobs, store=store, work=work)
    after = 0
    while lines := await store.open_deliveries(after=after, limit=_AT_ONCE):
        after = lines[-1].id
        jobs = [delivering(one, sessions=sessions) for one in lines]
        enqueued += await _enqueue(jobs, store=store, work=work)
    return enqueued


async def _enqueue(jobs: Sequence[Job], *, store: Store, work: Work) -> int:
    missing = await work.missing(jobs)
    if missing:
        async with store.begin() as tx:
            await work.enqueue(tx, missing)
    return len(missing)
