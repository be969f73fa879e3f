"""An event, or a line of the ledger -> its Job, on the queue of whoever can do it.

Where a platform has a session, what takes the platform itself is done by the process that holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking.address import needs_platform
from bot.core.working import share
from bot.model import Job, Queue, Task

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from bot.model import Delivery, Event
    from bot.ports import Platform


def sessions_of(platforms: Iterable[Platform]) -> frozenset[str]:
    """Return the names of the platforms that have a session."""
    return frozenset(one.name for one in platforms if one.session)


def handling(event: Event, queue: Queue, *, sessions: Container[str], priority: int = 0) -> Job:
    """Return the job that answers an event; `sessions` names the platforms that have one."""
    channel = event.thread.channel
    there = channel.workspace.platform in sessions and needs_platform(event.incoming)
    return Job(
        task=Task.HANDLE,
        target=event.id,
        queue=Queue.SESSION if there else queue,
        workspace=share.name_of(channel.workspace),
        lock=share.lock_of(channel, event.thread.id),
        priority=priority,
    )


def delivering(line: Delivery, *, sessions: Container[str]) -> Job:
    """Return the job that posts a line of the ledger; `sessions` is as above."""
    channel = line.thread.channel
    return Job(
        task=Task.DELIVER,
        target=line.id,
        queue=Queue.SESSION if channel.workspace.platform in sessions else Queue.POSTS,
        workspace=share.name_of(channel.workspace),
        lock=f"post:{share.lock_of(channel, line.thread.id)}",
    )
