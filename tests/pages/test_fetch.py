"""Fetching from servers that mean harm: each misdeed to its verdict, and no request too many."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from bot.model import Reason, Verdict
from bot.pages.fetch import ATTEMPTS, MAX_REDIRECTS, Failure, Fetched, Fetcher
from bot.pages.guard import Guard
from tests.pages import server as misdeeds
from tests.pages.server import HTML, PACKED, PAGE, moved, response


@pytest.fixture
async def server():
    async with misdeeds.running() as serving:
        yield serving


@pytest.fixture
async def fetcher(server):
    made = Fetcher(
        Guard(allow_hosts=[server.host, f"localhost:{server.port}"]),
        user_agent="Briefbot/test",
        max_bytes=200_000,
        max_pdf_bytes=400_000,
        total_timeout=0.8,
    )
    yield made
    await made.close()


async def test_a_page_comes_with_its_bytes_and_type(server, fetcher):
    came = await fetcher.fetch(server.url() + "#part")
    assert came == Fetched(url=server.url(), content_type="text/html; charset=utf-8", data=PAGE)
    assert "User-Agent: Briefbot/test" in server.requests[0]


@pytest.mark.parametrize(
    ("coding", "body"),
    [("gzip", PACKED["gzip"]), ("x-gzip", PACKED["gzip"]), ("deflate", PACKED["deflate"]),
     ("deflate", PACKED["raw"]), ("identity", PAGE), ("GZIP", PACKED["gzip"])],
)  # fmt: skip
async def test_content_encodings_are_undone(server, fetcher, coding, body):
    server.pages["/packed"] = response(body, HTML, f"Content-Encoding: {coding}")
    came = await fetcher.fetch(server.url("/packed"))
    assert isinstance(came, Fetched)
    assert came.data == PAGE


async def test_a_packed_page_in_many_pieces_comes_whole(server, fetcher):
    body = bytes(range(256)) * 700

    async def trickle(_head, writer):
        packed = gzip.compress(body)
        writer.write(response(b"", HTML, "Content-Encoding: gzip", length=len(packed)))
        for at in range(0, len(packed), 97):
            writer.write(packed[at : at + 97])
            await writer.drain()

    server.pages["/packed"] = trickle
    came = await fetcher.fetch(server.url("/packed"))
    assert isinstance(came, Fetched)
    assert came.data == body


@pytest.mark.parametrize("size", [1, 97, 1 << 20])
async def test_each_member_of_a_packed_page_is_unpacked(server, fetcher, size):
    members = b"".join(gzip.compress(PAGE[at : at + 500]) for at in range(0, len(PAGE), 500))

    async def trickle(_head, writer):
        writer.write(response(b"", HTML, "Content-Encoding: gzip", length=len(members)))
        for at in range(0, len(members), size):
            writer.write(members[at : at + size])
            await writer.drain()

    server.pages["/packed"] = trickle
    came = await fetcher.fetch(server.url("/packed"))
    assert isinstance(came, Fetched)
    assert came.data == PAGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "raw"])
async def test_what_stands_behind_the_end_is_left_alone(server, fetcher, coding):
    packed = PACKED[coding] + b"\0" * 300_000
    header = "gzip" if coding == "gzip" else "deflate"
    server.pages["/packed"] = response(packed, HTML, f"Content-Encoding: {header}")
    came = await fetcher.fetch(server.url("/packed"))
    assert isinstance(came, Fetched)
    assert came.data == PAGE


async def test_half_a_member_does_not_pass_for_the_whole(server, fetcher):
    cut = PACKED["gzip"] + PACKED["gzip"][:-20]
    server.pages["/packed"] = response(cut, HTML, "Content-Encoding: gzip")
    came = await fetcher.fetch(server.url("/packed"))
    assert came == Failure(verdict=Verdict.UNSUPPORTED, reason=Reason.ENCODING, detail="gzip")


async def test_members_without_end_that_hold_nothing_are_counted(server, fetcher):
    packed = PACKED["gzip"] + gzip.compress(b"") * 20_000
    server.pages["/packed"] = response(packed, HTML, "Content-Encoding: gzip")
    came = await fetcher.fetch(server.url("/packed"))
    assert came == Failure(verdict=Verdict.TOO_LARGE, reason=Reason.NONE, detail="200000")


async def test_redirects_are_followed_and_the_last_address_is_told(server, fetcher):
    server.pages["/a"] = moved("/b")
    server.pages["/b"] = moved(server.url(), "301 Moved Permanently")
    came = await fetcher.fetch(server.url("/a"))
    assert isinstance(came, Fetched)
    assert came.url == server.url()


async def test_cookies_live_for_one_page_only(server, fetcher):
    local = f"http://localhost:{server.port}"

    async def gate(head, writer):
        knows = "Cookie: seen=1" in head
        writer.write(
            response(PAGE, HTML) if knows else moved("/gate", "302 Found", "Set-Cookie: seen=1")
        )

    server.pages["/gate"] = gate
    assert isinstance(await fetcher.fetch(f"{local}/gate"), Fetched)
    assert isinstance(await fetcher.fetch(f"{local}/story"), Fetched)
    assert "Cookie" not in server.requests[-1]


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        ("404 Not Found", Verdict.GONE, Reason.HTTP_STATUS),
        ("410 Gone", Verdict.GONE, Reason.HTTP_STATUS),
        ("401 Unauthorized", Verdict.BOT_WALL, Reason.HTTP_STATUS),
        ("402 Payment Required", Verdict.BOT_WALL, Reason.HTTP_STATUS),
        ("403 Forbidden", Verdict.BOT_WALL, Reason.HTTP_STATUS),
        ("429 Too Many Requests", Verdict.BOT_WALL, Reason.HTTP_STATUS),
        ("451 Unavailable", Verdict.UNREACHABLE, Reason.HTTP_STATUS),
        ("304 Not Modified", Verdict.UNREACHABLE, Reason.HTTP_STATUS),
        ("302 Found", Verdict.UNREACHABLE, Reason.HTTP_STATUS),
        ("500 Oops", Verdict.UNREACHABLE, Reason.SERVER_ERROR),
        ("101 Switching Protocols", Verdict.UNREACHABLE, Reason.HTTP_STATUS),
    ],
)
async def test_each_status_has_its_verdict(server, fetcher, status, verdict, reason):
    server.pages["/page"] = response(b"", HTML, "Upgrade: x", "Connection: upgrade", status=status)
    came = await fetcher.fetch(server.url("/page"))
    assert came == Failure(verdict=verdict, reason=reason, detail=status[:3])
    assert server.asked("/page") == 1


async def test_a_challenge_is_a_wall_whatever_its_status(server, fetcher):
    challenge = response(PAGE, HTML, "cf-mitigated: challenge", status="503 Wait")
    server.pages["/page"] = challenge
    came = await fetcher.fetch(server.url("/page"))
    assert came == Failure(verdict=Verdict.BOT_WALL, reason=Reason.HTTP_STATUS, detail="503")


@pytest.mark.parametrize("first", [response(status="503 Wait"), misdeeds.reset])
async def test_what_may_pass_is_tried_again(server, fetcher, first):
    server.pages["/page"] = [first, response(PAGE, HTML)]
    assert isinstance(await fetcher.fetch(server.url("/page")), Fetched)
    assert server.asked("/page") == 2


@pytest.mark.parametrize(
    ("page", "reason", "detail"),
    [
        (response(status="503 Wait"), Reason.SERVER_ERROR, "503"),
        (misdeeds.reset, Reason.NO_CONNECTION, "127.0.0.1"),
        (response(PAGE, HTML, length=len(PAGE) + 9), Reason.NO_CONNECTION, "127.0.0.1"),
    ],
)
async def test_what_does_not_pass_is_given_up(server, fetcher, page, reason, detail):
    server.pages["/page"] = page
    came = await fetcher.fetch(server.url("/page"))
    assert came == Failure(verdict=Verdict.UNREACHABLE, reason=reason, detail=detail)
    # aiohttp repeats a request by itself, once, when the connection broke before the answer
    assert ATTEMPTS <= server.asked("/page") <= 2 * ATTEMPTS


@pytest.mark.parametrize(
    "page",
    [misdeeds.GZIP_BOMB, misdeeds.DEFLATE_BOMB, misdeeds.flood,
     response(b"x" * 200_001, HTML)],
    ids=["gzip bomb", "deflate bomb", "flood", "one byte over"],
)  # fmt: skip
async def test_too_much_is_stopped_at_the_cap(server, fetcher, page):
    server.pages["/page"] = page
    came = await fetcher.fetch(server.url("/page"))
    assert came == Failure(verdict=Verdict.TOO_LARGE, reason=Reason.NONE, detail="200000")


async def test_a_pdf_may_be_larger_whatever_its_header_says(server, fetcher):
    pdf = b"%PDF-1.7" + b"x" * 300_000
    server.pages["/pdf"] = response(pdf, "Content-Type: text/html")
    came = await fetcher.fetch(server.url("/pdf"))
    assert isinstance(came, Fetched)
    assert came.data == pdf
    server.pages["/pdf"] = response(pdf * 2, "Content-Type: application/pdf")
    came = await fetcher.fetch(server.url("/pdf"))
    assert came == Failure(verdict=Verdict.TOO_LARGE, reason=Reason.NONE, detail="400000")


@pytest.mark.parametrize("page", [misdeeds.drip, misdeeds.slow_headers])
async def test_slowness_ends_at_the_deadline(server, fetcher, page):
    server.pages["/page"] = page
    came = await fetcher.fetch(server.url("/page"))
    assert came == Failure(verdict=Verdict.UNREACHABLE, reason=Reason.TIMEOUT, detail="0.8")


async def test_the_deadline_holds_for_all_redirects_together(server, fetcher):
    async def slow(_head, writer):
        await asyncio.sleep(0.3)
        writer.write(moved("/slow"))

    server.pages["/slow"] = slow
    came = await fetcher.fetch(server.url("/slow"))
    assert isinstance(came, Failure)
    assert came.reason is Reason.TIMEOUT


@pytest.mark.parametrize(
    ("headers", "body", "detail"),
    [
        (["Content-Encoding: br"], b"\x0b\x02\x80hello\x03", "br"),
        (["Content-Encoding: zstd"], PAGE, "zstd"),
        (["Content-Encoding: gzip, gzip"], gzip.compress(PACKED["gzip"]), "gzip, gzip"),
        (["Content-Encoding: gzip", "Content-Encoding: deflate"], PACKED["gzip"],
         "gzip, deflate"),
        (["Content-Encoding: gzip"], PAGE, "gzip"),
        (["Content-Encoding: gzip"], PACKED["gzip"][:-20], "gzip"),
    ],
    ids=["br", "unknown", "doubled", "two headers", "lying", "cut off"],
)  # fmt: skip
async def test_encodings_that_cannot_be_counted_are_refused(server, fetcher, headers, body, detail):
    server.pages["/page"] = response(body, HTML, *headers)
    came = await fetcher.fetch(server.url("/page"))
    assert came == Failure(verdict=Verdict.UNSUPPORTED, reason=Reason.ENCODING, detail=detail)


@pytest.mark.parametrize("media_type", ["image/png", "video/mp4", "AUDIO/mpeg; x=y"])
async def test_what_is_never_text_is_not_downloaded(server, fetcher, media_type):
    server.pages["/page"] = response(PAGE, f"Content-Type: {media_type}")
    came = await fetcher.fetch(server.url("/page"))
    assert isinstance(came, Failure)
    assert (came.verdict, came.reason) == (Verdict.UNSUPPORTED, Reason.MEDIA_TYPE)
    assert came.detail == media_type.lower().partition(";")[0]


@pytest.mark.parametrize(
    "page",
    [response(PAGE, HTML, "X-Long: " + "x" * 40_000),
     response(PAGE, HTML, *[f"X-{n}: y" for n in range(500)]),
     b"SSH-2.0-OpenSSH_9.2\r\n\r\n"],
    ids=["a huge header", "many headers", "no HTTP"],
)  # fmt: skip
async def test_answers_that_are_not_http_as_we_take_it(server, fetcher, page):
    server.pages["/page"] = page
    came = await fetcher.fetch(server.url("/page"))
    assert isinstance(came, Failure)
    assert (came.verdict, came.reason) == (Verdict.UNREACHABLE, Reason.SERVER_ERROR)


async def test_redirects_have_an_end(server, fetcher):
    server.pages["/loop"] = moved("/loop")
    came = await fetcher.fetch(server.url("/loop"))
    assert came == Failure(
        verdict=Verdict.UNREACHABLE, reason=Reason.TOO_MANY_REDIRECTS, detail=str(MAX_REDIRECTS)
    )
    assert server.asked("/loop") == MAX_REDIRECTS + 1


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1/", Reason.PRIVATE_ADDRESS),
        ("http://169.254.169.254/latest/meta-data/", Reason.PRIVATE_ADDRESS),
        ("http://[::ffff:7f00:1]/", Reason.PRIVATE_ADDRESS),
        ("http://localhost/", Reason.PRIVATE_ADDRESS),
        ("http://127.0.0.1:22/", Reason.PORT),
        ("file:///etc/passwd", Reason.SCHEME),
        ("http://user@example.com/", Reason.USER_INFO),
        ("http://2130706433/", Reason.MALFORMED_URL),
        ("http://[", Reason.MALFORMED_URL),
    ],
)
async def test_a_redirect_is_judged_like_a_link(server, fetcher, location, reason):
    server.pages["/away"] = moved(location)
    came = await fetcher.fetch(server.url("/away"))
    assert isinstance(came, Failure)
    assert (came.verdict, came.reason) == (Verdict.REFUSED, reason)
    assert server.connections == 1


async def test_a_name_that_leads_inside_is_refused_without_a_packet(server):
    fetcher = Fetcher(Guard())
    came = await fetcher.fetch("http://localhost/")
    await fetcher.close()
    assert came == Failure(
        verdict=Verdict.REFUSED, reason=Reason.PRIVATE_ADDRESS, detail="localhost"
    )


async def test_nobody_listens(server, unused_tcp_port):
    fetcher = Fetcher(Guard(allow_hosts=["127.0.0.1"]))
    came = await fetcher.fetch(f"http://127.0.0.1:{unused_tcp_port}/")
    await fetcher.close()
    assert came == Failure(
        verdict=Verdict.UNREACHABLE, reason=Reason.NO_CONNECTION, detail="127.0.0.1"
    )


async def test_no_such_host():
    fetcher = Fetcher(Guard())
    came = await fetcher.fetch("http://nowhere.invalid/")
    await fetcher.close()
    assert came == Failure(
        verdict=Verdict.UNREACHABLE, reason=Reason.NO_SUCH_HOST, detail="nowhere.invalid"
    )


async def test_plain_http_on_the_port_of_tls(server, fetcher):
    came = await fetcher.fetch(server.url().replace("http:", "https:"))
    assert came == Failure(verdict=Verdict.UNREACHABLE, reason=Reason.TLS, detail="127.0.0.1")


async def test_pages_side_by_side_do_not_share_their_permission(server, fetcher):
    came = await asyncio.gather(
        fetcher.fetch(server.url()),
        fetcher.fetch("http://localhost/"),
        fetcher.fetch(server.url()),
    )
    assert [isinstance(each, Fetched) for each in came] == [True, False, True]
