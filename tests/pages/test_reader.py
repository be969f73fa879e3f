"""The page reader: each kind of file and page, and that none takes it down."""

from __future__ import annotations

import asyncio
import operator
import posixpath
from pathlib import Path

import pytest
import pytest_asyncio

from bot.model import Reason, Verdict
from bot.pages.reader import SHORT_TEXT, PageReader
from tests.pages import server as misdeeds
from tests.pages.pdfs import STORY, pdf
from tests.pages.server import HTML, PAGE, moved, response

pytestmark = pytest.mark.asyncio(loop_scope="module")  # child processes start once

TEXT = "\n\n".join(["Harbour bridge reopens", " ".join(STORY[1:4]), " ".join(STORY[4:])])
SEEDS = Path(__file__).parents[2] / "seeds"
HANGS = "<html><body>" + "<div><span>x</span></div>" * 20_000 + "<p>" + " ".join(STORY[1:4])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server():
    async with misdeeds.running() as serving:
        yield serving


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def reader():
    made = PageReader(allow_hosts=["127.0.0.1"], max_bytes=900_000, deadline=1.5)
    yield made
    await made.close()


async def test_the_address_is_that_of_the_end_of_the_redirects(server, reader):
    server.pages["/short"] = moved("/story?utm_medium=x")
    server.pages["/story?utm_medium=x"] = server.pages["/story"]
    reading = await reader.read(server.url("/short"))
    assert reading.verdict is Verdict.ARTICLE
    assert reading.source == server.url("/short")
    assert reading.article.url == server.url("/story")
    assert reading.article.headline == "Harbour bridge reopens"
    assert len(reading.article.paragraphs) == 8


async def test_bytes_count_for_more_than_headers(server, reader):
    server.pages["/pdf"] = response(pdf([STORY]), "Content-Type: text/html")
    reading = await reader.read(server.url("/pdf"))
    assert reading.verdict is Verdict.ARTICLE
    assert reading.article.pages == (1, 1)
    assert reading.article.url == server.url("/pdf")
    server.pages["/zip"] = response(b"PK\x03\x04" + bytes(99), HTML)
    reading = await reader.read(server.url("/zip"))
    assert (reading.verdict, reading.reason) == (Verdict.UNSUPPORTED, Reason.BINARY)
    server.pages["/json"] = response(b"{}", "Content-Type: application/json; charset=utf-8")
    reading = await reader.read(server.url("/json"))
    assert (reading.verdict, reading.reason) == (Verdict.UNSUPPORTED, Reason.MEDIA_TYPE)
    assert reading.detail == "application/json"


async def test_a_plain_text_on_the_web_has_its_address(server, reader):
    server.pages["/a.txt"] = response(TEXT.encode(), "Content-Type: text/plain")
    reading = await reader.read(server.url("/a.txt"))
    assert reading.verdict is Verdict.ARTICLE
    assert reading.article.url == server.url("/a.txt")


@pytest.mark.parametrize(
    ("data", "source"),
    [
        (TEXT.encode(), "story.txt"),
        (TEXT.encode("utf-16"), "story.txt"),
        (f"# {TEXT}".encode(), "story.md"),
        (PAGE, "story.html"),
        (PAGE, "-"),
        (pdf([STORY]), "story.pdf"),
    ],
)
async def test_files_of_each_kind(reader, data, source):
    reading = await reader.read_bytes(data, source=source)
    assert (reading.verdict, reading.source) == (Verdict.ARTICLE, source)
    assert reading.article.headline.startswith("Harbour bridge reopens")
    assert reading.article.paragraphs[0].startswith("The harbour bridge reopened")
    assert reading.article.url is None


async def test_old_encodings_are_understood(reader):
    text = TEXT.replace("mayor", "burgomaster of D\u00fcsseldorf \u201cAltstadt\u201d")
    reading = await reader.read_bytes(text.encode("windows-1252"), source="a.txt")
    assert "D\u00fcsseldorf \u201cAltstadt\u201d" in reading.article.paragraphs[1]
    reading = await reader.read_bytes(
        text.replace("\u201c", "").replace("\u201d", "").encode("iso-8859-1"),
        source="a.txt",
        media_type="text/plain; charset=ISO-8859-1",
    )
    assert "D\u00fcsseldorf Altstadt" in reading.article.paragraphs[1]


async def test_a_long_text_is_read_like_a_short_one(reader):
    long = TEXT + ("\n\n" + " ".join(STORY[1:4])) * (SHORT_TEXT // 200)
    reading = await reader.read_bytes(long.encode(), source="long.txt")
    assert reading.verdict is Verdict.ARTICLE
    assert reading.article.headline == "Harbour bridge reopens"


async def test_a_file_that_takes_longer_than_the_deadline_is_read_in_part():
    reader = PageReader(deadline=4)  # pages so short that the last one begun ends in time
    long = pdf([STORY, *[[("w", 1)] * 600] * 600])
    try:
        reading = await reader.read_bytes(long, source="long.pdf")
    finally:
        await reader.close()
    assert reading.verdict is Verdict.ARTICLE
    assert reading.share < 1
    assert any("a cargo ship had struck" in text for text in reading.article.paragraphs)


async def test_files_have_a_cap(reader):
    for data in (b"words " * 200_000, PAGE + b" " * 900_000):
        reading = await reader.read_bytes(data, source="large")
        assert (reading.verdict, reading.detail) == (Verdict.TOO_LARGE, "900000")
    reading = await reader.extract("<p>" * 400_000, url="https://example.com/a")
    assert (reading.verdict, reading.source) == (Verdict.TOO_LARGE, "https://example.com/a")


async def test_a_page_that_hangs_the_extraction_is_read_without_finesse(reader):
    hanging = asyncio.create_task(reader.extract(HANGS, url="https://example.com/hangs"))
    clean = await reader.extract(PAGE.decode(), url="https://example.com/clean")
    assert clean.verdict is Verdict.ARTICLE
    assert not hanging.done()
    reading = await hanging
    assert reading.verdict is Verdict.ARTICLE
    assert reading.source == "https://example.com/hangs"
    assert any("cargo ship" in text for text in reading.article.paragraphs)


async def test_a_fault_of_ours_does_not_pass_for_a_page_that_hangs(reader, monkeypatch):
    monkeypatch.setattr("bot.pages.reader._html", operator.add)  # which takes two arguments
    reading = await reader.extract(PAGE.decode(), url="https://example.com/a")
    assert (reading.verdict, reading.reason) == (Verdict.ARTICLE, Reason.BARE)
    assert reading.detail.startswith("TypeError")


async def test_an_answer_that_is_no_reading_is_none(reader, monkeypatch):
    monkeypatch.setattr("bot.pages.reader._html", posixpath.join)  # whose answer is a text
    reading = await reader.extract(PAGE.decode(), url="https://example.com/a")
    assert (reading.verdict, reading.reason) == (Verdict.ARTICLE, Reason.BARE)


async def test_the_samples_are_taken_apart_in_full():
    reader = PageReader()
    try:
        for path in SEEDS.glob("*.html"):
            reading = await reader.read_bytes(path.read_bytes(), source=path.name)
            assert reading.reason not in {Reason.BARE, Reason.HOSTILE}, path.name
    finally:
        await reader.close()


async def test_a_name_that_looks_like_an_address_is_none(reader):
    for data in (TEXT.encode(), TEXT.encode() * (SHORT_TEXT // 200)):
        reading = await reader.read_bytes(data, source="https://example.com/other")
        assert reading.article.url is None


async def test_what_cannot_be_taken_apart_at_all_is_told():
    reader = PageReader(deadline=0.001)
    try:
        page = await reader.extract(PAGE.decode(), url="https://example.com/a")
        file = await reader.read_bytes(pdf([STORY]), source="a.pdf")
    finally:
        await reader.close()
    assert (page.verdict, page.reason) == (Verdict.UNSUPPORTED, Reason.HOSTILE)
    assert page.source == "https://example.com/a"
    assert (file.verdict, file.reason) == (Verdict.UNSUPPORTED, Reason.HOSTILE)
    assert file.source == "a.pdf"


@pytest.mark.parametrize(
    "page",
    ["\0" * 500 + PAGE.decode(), "\ud800<p>" * 50, "<" * 5_000, "<a " + 'x="' * 2_000,
     "<table><tr><td colspan=1000>x" * 50, "", "<!--" * 500, "&#x110000;" * 99],
)  # fmt: skip
async def test_odd_pages_come_to_a_verdict(reader, page):
    reading = await reader.extract(page, url="https://example.com/a")
    assert reading.source == "https://example.com/a"
