"""What every reader of pages promises, fake or real."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.core.reading import identity
from bot.core.reading.urls import canonical
from bot.model import Reading, Reason, Verdict
from bot.pages.reader import PageReader
from tests.fakes.pages import FakePages
from tests.pages import server as misdeeds

if TYPE_CHECKING:
    from bot.ports import Pages

pytestmark = pytest.mark.asyncio(loop_scope="module")  # child processes start once

TEXT = (
    "Harbour bridge reopens\n\n"
    "The harbour bridge reopened on Monday after engineers had replaced the last of its cables.\n\n"
    "Ferries will keep running until spring, the mayor said, and the fares stay as they are.\n"
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server():
    async with misdeeds.running() as serving:
        yield serving


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["fake", "real"])
async def pages(request, server):
    """Readers that know `/story` of the server, and that `/gone` is gone."""
    if request.param == "real":
        real = PageReader(allow_hosts=[server.host])
        yield real
        await real.close()
        return
    article = identity.article(url=canonical(server.url()), paragraphs=["A story of some length."])
    yield FakePages(
        {
            server.url(): Reading(source="", verdict=Verdict.ARTICLE, article=article),
            server.url("/gone"): Reading(
                source="", verdict=Verdict.GONE, reason=Reason.HTTP_STATUS, detail="404"
            ),
        }
    )


async def test_an_article_has_its_address_whichever_way_it_was_linked(pages: Pages, server):
    for url in (server.url(), server.url("/story?utm_source=x#part")):
        reading = await pages.read(url)
        assert reading.verdict is Verdict.ARTICLE
        assert reading.source == url
        assert reading.article.url == server.url()
        assert reading.article.paragraphs


async def test_a_page_that_is_gone_is_told_with_its_status(pages: Pages, server):
    reading = await pages.read(server.url("/gone"))
    assert (reading.verdict, reading.reason) == (Verdict.GONE, Reason.HTTP_STATUS)
    assert reading.detail == "404"
    assert reading.article is None


@pytest.mark.parametrize(
    ("url", "verdict", "reason", "detail"),
    [
        ("no address", Verdict.REFUSED, Reason.MALFORMED_URL, ""),
        ("http://[", Verdict.REFUSED, Reason.MALFORMED_URL, "["),
        ("ftp://example.com/a", Verdict.REFUSED, Reason.SCHEME, "ftp"),
        ("https://me:pw@example.com/", Verdict.REFUSED, Reason.USER_INFO, "example.com"),
        ("https://no.invalid/a", Verdict.UNREACHABLE, Reason.NO_SUCH_HOST, "no.invalid"),
    ],
)
async def test_what_is_wrong_with_an_address_is_in_the_verdict(
    pages: Pages, url: str, verdict: Verdict, reason: Reason, detail: str
):
    assert await pages.read(url) == Reading(
        source=url, verdict=verdict, reason=reason, detail=detail
    )


async def test_a_text_is_an_article_without_an_address(pages: Pages):
    reading = await pages.read_bytes(TEXT.encode(), source="story.txt")
    assert (reading.verdict, reading.source) == (Verdict.ARTICLE, "story.txt")
    assert reading.article.url is None
    assert reading.article.headline == "Harbour bridge reopens"
    again = await pages.read_bytes(TEXT.encode(), source="copy.txt")
    assert again.article.key == reading.article.key


@pytest.mark.parametrize("data", [b"", b" \n\t\n"])
async def test_nothing_is_no_article(pages: Pages, data: bytes):
    reading = await pages.read_bytes(data, source="empty.txt")
    assert (reading.verdict, reading.reason) == (Verdict.NOT_AN_ARTICLE, Reason.EMPTY)


async def test_a_file_that_is_no_text_is_not_read(pages: Pages):
    reading = await pages.read_bytes(bytes(range(16)) * 64, source="story.txt")
    assert (reading.verdict, reading.reason) == (Verdict.UNSUPPORTED, Reason.BINARY)


async def test_a_page_that_somebody_else_fetched(pages: Pages, server):
    before = server.connections
    reading = await pages.extract(misdeeds.PAGE.decode(), url=server.url())
    assert (reading.verdict, reading.source) == (Verdict.ARTICLE, server.url())
    assert reading.article.url == server.url()
    assert server.connections == before


async def test_an_empty_page_is_no_article(pages: Pages):
    reading = await pages.extract("", url=None)
    assert (reading.verdict, reading.source) == (Verdict.NOT_AN_ARTICLE, "")


async def test_pages_can_be_read_side_by_side(pages: Pages, server):
    urls = [server.url(), "no address", server.url("/gone"), server.url("/story#b")]
    readings = await asyncio.gather(*map(pages.read, urls))
    assert [reading.source for reading in readings] == urls
    assert [reading.verdict for reading in readings] == [
        Verdict.ARTICLE, Verdict.REFUSED, Verdict.GONE, Verdict.ARTICLE
    ]  # fmt: skip
