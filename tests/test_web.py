"""What the operator's tools are answered."""

from __future__ import annotations

import asyncio
import io
import socket
from contextlib import asynccontextmanager

import aiohttp
import aiohttp.web
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import ConfigurationError, StoreBusy
from bot.telemetry import Instruments
from bot.web import Web

CANARY = "canary-4711"


@asynccontextmanager
async def serving(*, parts=None, ready=None, exposition=None, **more):
    """Lend the address of a Web and a client for it."""

    async def known():
        return {"store": True, "work": True} if parts is None else parts

    async def given_exposition():
        return exposition() if exposition else (b"", "text/plain")

    web = Web(
        host="127.0.0.1",
        port=0,
        ready=ready or known,
        exposition=given_exposition,
        **more,
    )
    await web.start()
    try:
        async with aiohttp.ClientSession(f"http://{web.address}") as client:
            yield web, client
    finally:
        await web.close()


async def answer(client, path, method="GET", **more):
    async with client.request(method, path, **more) as response:
        body = await response.text()
        assert response.headers["Server"] == "briefbot"
        assert CANARY not in body
        return response, body


async def raw(web: Web, request: bytes) -> bytes:
    host, port = web.address.rsplit(":", 1)
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    received = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    return received


async def test_it_is_healthy_while_the_loop_turns():
    async with serving() as (_, client):
        response, _ = await answer(client, "/healthz")
        assert response.status == 200
        assert response.content_type == "application/json"
        assert await response.json() == {"status": "ok"}
        assert response.headers["Cache-Control"] == "no-store"


async def test_it_is_ready_when_every_part_is():
    async with serving(parts={"store": True, "work": True}) as (_, client):
        response, _ = await answer(client, "/readyz")
        assert response.status == 200
        assert await response.json() == {"ready": True, "parts": {"store": True, "work": True}}


async def test_it_is_not_ready_when_a_part_is_not():
    async with serving(parts={"store": True, "loopback": False}) as (_, client):
        response, _ = await answer(client, "/readyz")
        assert response.status == 503
        assert await response.json() == {
            "ready": False,
            "parts": {"store": True, "loopback": False},
        }


async def test_a_slow_answer_is_a_store_that_is_not_ready():
    async def never():
        await asyncio.Event().wait()

    async with serving(ready=never, patience=0.05) as (_, client):
        response, _ = await answer(client, "/readyz")
        assert response.status == 503
        assert await response.json() == {"ready": False, "parts": {"store": False}}
        response, _ = await answer(client, "/healthz")
        assert response.status == 200


async def test_a_store_that_fails_is_not_ready():
    async def failing():
        raise StoreBusy(CANARY)

    async with serving(ready=failing) as (_, client):
        response, _ = await answer(client, "/readyz")
        assert response.status == 503
        assert await response.json() == {"ready": False, "parts": {"store": False}}


async def test_metrics_are_prometheus_text():
    telemetry = Instruments(stream=io.StringIO())
    telemetry.accepted("slack")
    async with serving(exposition=telemetry.exposition) as (_, client):
        response, body = await answer(client, "/metrics")
        assert response.status == 200
        assert response.headers["Content-Type"] == telemetry.exposition()[1]
        names = {family.name for family in text_string_to_metric_families(body)}
        assert {"briefbot_accepted", "briefbot_build_info"} <= names


@pytest.mark.parametrize("path", ["/", f"/{CANARY}", "/healthz/", "/healthz/../x", "/metrics.txt"])
async def test_every_other_path_is_not_found(path):
    async with serving() as (_, client):
        for method in ("GET", "POST"):
            response, body = await answer(client, path, method)
            assert (response.status, body) == (404, "404\n")


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"])
async def test_every_other_method_is_refused(method, path):
    async with serving() as (_, client):
        response, body = await answer(client, path, method, data=CANARY)
        assert (response.status, body) == (405, "" if method == "HEAD" else "405\n")
        assert response.headers["Allow"] == "GET"


@pytest.mark.parametrize(
    "request_line", [f"GET /{CANARY} FOO", f"{CANARY}", f"GET /healthz HTTP/1.1\r\nBad {CANARY}"]
)
async def test_a_malformed_request_is_not_quoted_and_learns_nothing(request_line):
    async with serving() as (web, _):
        received = await raw(web, f"{request_line}\r\n\r\n".encode())

    assert b" 400 " in received.splitlines()[0]
    assert CANARY.encode() not in received
    assert b"aiohttp" not in received
    assert b"Python" not in received


async def test_an_error_of_ours_is_not_shown(caplog):
    def failing():
        raise ValueError(CANARY)

    async with serving(exposition=failing) as (_, client):
        response, body = await answer(client, "/metrics", headers={"Accept": "text/html"})
        assert (response.status, body) == (500, "500\n")


async def test_requests_are_not_logged(caplog):
    caplog.set_level("DEBUG", "aiohttp")
    async with serving() as (_, client):
        await answer(client, f"/healthz?{CANARY}")

    assert CANARY not in caplog.text


async def test_a_taken_port_says_what_to_do():
    async with serving() as (web, _):
        port = int(web.address.rsplit(":", 1)[1])
        second = Web(host="127.0.0.1", port=port, ready=None, exposition=None)
        with pytest.raises(ConfigurationError) as caught:
            await second.start()
        assert second.address == ""
        await second.close()

    assert caught.value.names == ("BRIEFBOT_LISTEN",)
    assert caught.value.problem == (
        f"127.0.0.1:{port} is taken by another program; name a free port, or off"
    )


async def test_an_address_of_another_machine_says_what_to_do():
    web = Web(host="127.0.0.1", port=0, ready=None, exposition=None)
    web._host = "::ffff:192.0.2.1"
    with pytest.raises(ConfigurationError) as caught:
        await web.start()

    assert caught.value.names == ("BRIEFBOT_LISTEN",)
    assert caught.value.problem.startswith("[::ffff:192.0.2.1]:0 cannot be listened on")


async def test_it_closes_at_once_and_may_be_closed_again():
    async with serving() as (web, client):
        await answer(client, "/healthz")  # leaves an open connection behind
        address = web.address
        async with asyncio.timeout(1):
            await web.close()
        assert web.address == ""
        await web.close()

    host, port = address.rsplit(":", 1)
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind((host, int(port)))


async def test_a_hook_is_posted_to():
    async def echo(request):
        return aiohttp.web.Response(body=await request.read())

    async with serving(hooks={"/hook": echo}) as (_, client):
        response, body = await answer(client, "/hook", "POST", data=b"said")
        assert (response.status, body) == (200, "said")
        response, _ = await answer(client, "/hook")
        assert (response.status, response.headers["Allow"]) == (405, "POST")
        response, _ = await answer(client, "/healthz", "POST")
        assert response.status == 405
        response, _ = await answer(client, "/hook", "POST", data=_parts())
        assert response.status == 413


async def _parts():
    """A body that does not say how long it is."""
    for _ in range(11):
        yield b"x" * 100_000
