"""What the tests of the chat server's platform share."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

from aiohttp import web

from bot.model import Channel, Line, Post, Thread, Workspace
from bot.platforms.loopback import Loopback
from tests.fakes.desk import NOBODY

CHANNEL = Channel(workspace=Workspace(platform="loopback", id="W1"), id="C1")
THREAD = Thread(channel=CHANNEL, id="1")
POST = Post(blocks=(Line(text="The ferry sails again."),))
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody listens


@asynccontextmanager
async def adapter(url: str, *, timeout: float = 5.0, grace: float = 0.1):  # noqa: ASYNC109 - the adapter's own
    platform = Loopback(url, timeout=timeout, grace=grace)
    try:
        yield platform
    finally:
        await platform.close()


@asynccontextmanager
async def answering(body: bytes = b"", status: int = 200, **headers: str):
    """A server that says the same to everything."""

    async def handle(request):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=body, status=status, headers=names)

    serving = web.Server(handle, access_log=None)
    listening = await asyncio.get_running_loop().create_server(serving, "127.0.0.1", 0)
    try:
        async with adapter(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}") as made:
            yield made
    finally:
        listening.close()
        await serving.shutdown(0.1)


@asynccontextmanager
async def listening(platform, accept):
    task = asyncio.create_task(platform.listen(accept, NOBODY))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Ears:
    """Accepts everything, and remembers it."""

    def __init__(self) -> None:
        self.heard = []

    async def __call__(self, incoming) -> None:
        self.heard.append(incoming)

    @property
    def texts(self) -> list[str]:
        return [one.message.text for one in self.heard]
