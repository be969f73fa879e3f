"""A process that takes jobs and never comes to their end; run by a test, which kills it."""

import asyncio
import sys

from bot.model import Done, Finish, Job, Queue
from bot.store.sql import SqlStore
from bot.work.procrastinate import ProcrastinateWork


async def main(url: str, session: str = "") -> None:
    store = await SqlStore.open(url)
    work = ProcrastinateWork(store, url=url, places=dict.fromkeys(Queue, 4))

    async def handle(job: Job) -> Finish:
        sys.stdout.write(f"{job.target}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()
        return Done()

    if session:
        await work.hold(session, asyncio.Event().wait, handle, grace=0)
    await work.run(handle, grace=0)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
