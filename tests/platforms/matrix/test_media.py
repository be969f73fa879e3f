"""Files that people send: only what can be one is asked for, and our token goes nowhere else."""

import json

import pytest
from aiohttp import web

from bot.errors import NotSent, SourceMissing, SourceTooLarge
from bot.model import Upload
from bot.platforms.matrix.calls import Calls
from bot.platforms.matrix.media import download

UNREADABLE = {"url": "mxc://x/abc", "key": {"k": "!"}, "iv": "", "hashes": {"sha256": ""}}


@pytest.fixture
async def server():
    seen, answers = [], {}

    async def handle(request):
        seen.append(request.raw_path)
        return web.Response(**answers)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    calls = Calls(f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}", timeout=1)
    yield calls, seen, answers
    await calls.close()
    await runner.cleanup()


def upload(handle):
    return Upload(name="a.pdf", media_type="x/y", size=0, handle=json.dumps(handle))


@pytest.mark.parametrize(
    "url",
    ["", "x", "mxc://", "mxc://x", "mxc://x/", "mxc://../..", "mxc://x/../y", "mxc://x/..",
     "mxc://../config", "mxc://x/a/b", "mxc://x/a?b", "mxc://x/a%2e", "https://x/y", "mxc://x y/z"],
)  # fmt: skip
async def test_what_can_be_no_file_is_not_asked_for(server, url):
    calls, seen, _ = server
    with pytest.raises(SourceMissing):
        await download(calls, upload({"url": url}), most_bytes=10)
    assert seen == []


@pytest.mark.parametrize("url", ["mxc://x.example:8448/abc_-~", "mxc://[::1]:8448/abc"])
async def test_a_file_is_asked_for_where_it_is(server, url):
    calls, seen, answers = server
    answers["body"] = b"data"
    assert await download(calls, upload({"url": url}), most_bytes=10) == b"data"
    assert seen[0].startswith("/_matrix/client/v1/media/download/")


@pytest.mark.parametrize(
    ("status", "error"),
    [(404, SourceMissing), (302, SourceMissing), (429, NotSent), (500, NotSent), (502, NotSent)],
)
async def test_a_server_that_is_busy_is_asked_again(server, status, error):
    calls, _, answers = server
    answers["status"] = status
    with pytest.raises(error):
        await download(calls, upload({"url": "mxc://x/abc"}), most_bytes=10)


async def test_what_cannot_be_opened_or_is_too_large_is_said(server):
    calls, _, answers = server
    answers["body"] = b"data"
    with pytest.raises(SourceMissing):
        await download(calls, upload(UNREADABLE), most_bytes=10)
    answers["body"] = b"data" * 10
    with pytest.raises(SourceTooLarge):
        await download(calls, upload({"url": "mxc://x/abc"}), most_bytes=10)
