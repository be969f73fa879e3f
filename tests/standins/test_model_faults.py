"""The model server that the other tests rely on: how its connections and answers fail."""

from __future__ import annotations

import asyncio
import json
import sys
from email.utils import parsedate_to_datetime

import aiohttp
import pytest

from tests.standins.asking import ask, body, bullets, joined, stream


async def test_a_server_that_stalls_sends_nothing(model, session):
    model.change(behaviour="stalls")
    with pytest.raises(TimeoutError):
        await ask(session, model, timeout=aiohttp.ClientTimeout(total=0.1))
    async with asyncio.timeout(1):
        while not model.counts["gone"]:  # noqa: ASYNC110 - it keeps no event for it
            await asyncio.sleep(0.005)


async def read(answer, got):
    async for piece in answer.content.iter_any():
        got.append(piece)


@pytest.mark.parametrize("streams", [False, True])
async def test_a_server_that_stalls_in_the_middle_sends_one_half(model, session, streams):
    model.change(behaviour="stalls:half")
    url, got = f"{model.url}/chat/completions", []
    async with session.post(url, json=body(stream=streams)) as answer:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(read(answer, got), 0.1)
    assert got
    assert b"[DONE]" not in b"".join(got)


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("behaviour", ["cut", "cut:start", "not_http"])
async def test_a_connection_that_breaks(model, session, behaviour, streams):
    model.change(behaviour=behaviour)
    with pytest.raises(aiohttp.ClientError):
        await ask(session, model, body(stream=streams))
    assert model.counts[behaviour] >= 1


async def test_a_stream_that_ends_early_or_with_an_error(model, session):
    model.change(behaviour="cut:end")
    events = await stream(session, model)
    assert "[DONE]" not in events
    assert joined(events)
    model.change(behaviour="error:half")
    assert "error" in json.loads((await stream(session, model))[-1])
    assert (await ask(session, model))[0] == 500


async def test_a_status_may_tell_when_to_come_back(model, session):
    url = f"{model.url}/chat/completions"
    told = {}
    for status, settings in (
        (500, {}),
        (503, {"retry_after": 2}),
        (429, {"retry_after": "soon"}),
        (429, {"retry_after": 5, "retry_as_date": True}),
    ):
        model.change(behaviour=f"status:{status}", **settings)
        async with session.post(url, json=body(stream=True)) as answer:
            assert answer.status == status
            assert "message" in (await answer.json())["error"]
            told[status, len(told)] = answer.headers.get("Retry-After")
    *seconds, date = told.values()
    assert seconds == [None, "2", "soon"]
    assert parsedate_to_datetime(date)


async def test_a_proxy_answers_with_its_page_and_a_slow_server_late(model, session):
    model.change(behaviour="html")
    async with session.post(f"{model.url}/chat/completions", json=body()) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
    model.change(behaviour="slow", delay=0.05)
    before = asyncio.get_running_loop().time()
    assert len(await bullets(session, model)) == 3
    assert asyncio.get_running_loop().time() - before >= 0.05


async def test_a_server_may_be_shut_and_opened_again(model, session):
    model.shut()
    with pytest.raises(aiohttp.ClientError):
        await ask(session, model)
    await model.open()
    assert (await ask(session, model))[0] == 200


async def test_it_is_a_program(session):
    command = ("-m", "tests.standins.model", "--behaviour", "prose", "--key", "k")
    pipe = asyncio.subprocess.PIPE
    running = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=pipe)
    url = (await running.stdout.readline()).decode().strip()
    async with session.get(f"{url}/models", headers={"Authorization": "Bearer k"}) as answer:
        assert answer.status == 200
    running.terminate()
    assert await running.wait() == 0
