"""What comes of a homeserver, or what stands before it, that answers badly; over real HTTP."""

import asyncio

import pytest
from aiohttp import web

from bot.errors import NotSent, Rejected, Throttled, Unsure
from bot.platforms.matrix.calls import Calls
from bot.platforms.matrix.session import address_of

CANARY = "syt_canary"
HTML = "<html><h1>404 page not found</h1></html>"


@pytest.fixture
async def server():
    """A server that answers as `say` was told, and counts."""
    runners = []

    async def start(answer):
        seen = []

        async def handle(request):
            seen.append(request)
            return await answer(request)

        app = web.Application()
        app.router.add_route("*", "/{rest:.*}", handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        runners.append(runner)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}", seen

    yield start
    for runner in runners:
        await runner.cleanup()


def says(status=200, *, text="", **headers):
    async def answer(_request):
        return web.Response(status=status, text=text, headers=headers)

    return answer


async def drops(request):
    request.transport.close()
    return web.Response()


async def hangs(_request):
    await asyncio.sleep(5)
    return web.Response()


async def breaks_off(request):
    answer = web.StreamResponse(headers={"Content-Length": "1000"})
    await answer.prepare(request)
    await answer.write(b'{"event_id": "')
    request.transport.close()
    return answer


async def drips(request):
    answer = web.StreamResponse()
    await answer.prepare(request)
    for _ in range(50):
        await answer.write(b" ")
        await asyncio.sleep(0.1)
    return answer


REFUSED = '{"errcode": "M_FORBIDDEN", "error": "no"}'

# What is answered, what a question comes to, and what something that is sent comes to.
ANSWERS = {
    "refused": (says(403, text=REFUSED), Rejected, Rejected),
    "a proxy's page": (says(404, text=HTML), NotSent, NotSent),
    "a proxy's JSON": (says(403, text='{"message": "no"}'), NotSent, NotSent),
    "a code that is none": (says(403, text='{"errcode": 5}'), NotSent, NotSent),
    "sent elsewhere": (says(302, Location="https://other.example/"), NotSent, NotSent),
    "broken": (says(500, text=HTML), NotSent, Unsure),
    "broken, and says so": (says(502, text='{"errcode": "M_UNKNOWN"}'), NotSent, Unsure),
    "a page, all well": (says(200, text=HTML), NotSent, Unsure),
    "no object": (says(200, text='["a"]'), NotSent, Unsure),
    "nothing": (says(200), NotSent, Unsure),
    "no JSON": (says(200, text='{"a": '), NotSent, Unsure),
    "no text": (says(200, text="\x00"), NotSent, Unsure),
    "not closed": (says(200, text="[" * 5000), NotSent, Unsure),
    "hung up": (drops, NotSent, Unsure),
    "broken off": (breaks_off, NotSent, Unsure),
    "nobody answers": (hangs, NotSent, Unsure),
    "drop by drop": (drips, NotSent, Unsure),
}


@pytest.mark.parametrize(("answer", "asked", "sent"), ANSWERS.values(), ids=ANSWERS)
async def test_each_bad_answer_is_an_error_of_its_kind(server, answer, asked, sent):
    url, _ = await server(answer)
    calls = Calls(url, timeout=0.3)
    calls.token = CANARY
    try:
        with pytest.raises(asked) as one:
            await calls.get("/x")
        with pytest.raises(sent) as other:
            await calls.put("/x", {}, sends=True)
    finally:
        await calls.close()
    assert (type(one.value), type(other.value)) == (asked, sent)
    assert CANARY not in f"{one.value!r}{other.value!r}"


async def test_where_nobody_listens_nothing_was_sent():
    calls = Calls("http://127.0.0.1:9", timeout=0.5)
    try:
        with pytest.raises(NotSent):
            await calls.put("/x", {}, sends=True)
    finally:
        await calls.close()


async def test_a_redirect_does_not_take_our_token_elsewhere(server):
    other, seen = await server(says(200, text="{}"))
    url, _ = await server(says(307, Location=f"{other}/x"))
    calls = Calls(url, timeout=1)
    calls.token = CANARY
    try:
        with pytest.raises(NotSent):
            await calls.get("/x")
    finally:
        await calls.close()
    assert seen == []


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        ('{"retry_after_ms": 1500}', {}, 1.5),
        ("{}", {"Retry-After": "7"}, 7.0),
        ('{"retry_after_ms": "x"}', {"Retry-After": "x"}, 5.0),
        ('{"retry_after_ms": -1}', {"Retry-After": "-1"}, 5.0),
        ('{"retry_after_ms": NaN}', {"Retry-After": "nan"}, 5.0),
        (f'{{"retry_after_ms": 1{"0" * 400}}}', {}, 3600.0),
        ('{"retry_after_ms": 1e300}', {}, 3600.0),
        (HTML, {}, 5.0),
    ],
)
async def test_we_wait_as_long_as_we_are_told_within_reason(server, body, headers, seconds):
    url, _ = await server(says(429, text=body, **headers))
    calls = Calls(url, timeout=1)
    try:
        with pytest.raises(Throttled) as error:
            await calls.get("/x")
    finally:
        await calls.close()
    assert error.value.after == seconds


async def test_what_one_stranger_sent_does_not_keep_the_rest_from_being_read(server):
    deep, digits = "[" * 30_000 + "]" * 30_000, "9" * 9000
    text = f'{{"next_batch": "s1", "events": [{{"x": {deep}}}, {{"n": {digits}}}, {{"s": "]["}}]}}'
    url, _ = await server(says(200, text=text))
    calls = Calls(url, timeout=5)
    try:
        found = await calls.get("/x")
    finally:
        await calls.close()
    assert found["next_batch"] == "s1"
    assert found["events"][1:] == [{"n": int("9" * 20)}, {"s": "]["}]


async def test_ids_stand_in_the_path_as_they_are(server):
    url, seen = await server(says(200, text="{}"))
    calls = Calls(f"{url}/under/a path".replace(" ", "%20"), timeout=1)
    try:
        await calls.get("/rooms/%21a%2Fb%3Ax/event/%24c%3Fd%23e", query={"from": "t&1"})
    finally:
        await calls.close()
    assert seen[0].raw_path == "/under/a%20path/rooms/%21a%2Fb%3Ax/event/%24c%3Fd%23e?from=t%261"


@pytest.mark.parametrize(
    ("answer", "address"),
    [
        (says(404, text=HTML), None),
        (says(404, text=REFUSED), None),
        (says(200, text='{"m.homeserver": {"base_url": "https://m.x/"}}'), "https://m.x"),
    ],
)
async def test_a_server_is_found_by_its_name(server, answer, address):
    url, _ = await server(answer)
    found = await address_of("x.example", lambda _url: Calls(url, timeout=1))
    assert found == (address or "https://x.example")
