"""What some bytes are, and what reading them costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.pages.reader import Kind, kind_of
from tests.pages.server import PAGE

TEXT = (
    b"Harbour bridge reopens\n\nThe harbour bridge reopened on Monday after engineers had "
    b"replaced the last of its cables, the mayor said.\n"
)


@pytest.mark.parametrize(
    ("data", "media_type", "name", "kind"),
    [
        (PAGE, "text/html; charset=utf-8", "https://example.com/a", Kind.HTML),
        (PAGE, "", "page.txt", Kind.HTML),
        (PAGE, "text/plain", "", Kind.HTML),
        (b"<!-- saved --> <HTML><p>a", "application/octet-stream", "", Kind.HTML),
        (b'<?xml version="1.0"?><!DOCTYPE html><html>', "text/xml", "", Kind.HTML),
        (b"<b>no clue but the name", "", "page.HTM", Kind.HTML),
        (b"\xff\xfe" + "<html>".encode("utf-16-le"), "text/html", "", Kind.HTML),
        (b"plain words", "text/html", "", Kind.TEXT),
        (b"plain words", "", "", Kind.TEXT),
        ("\ufeffw\u00f6rter".encode(), "text/plain; charset=utf-8", "a.txt", Kind.TEXT),
        ("words".encode("utf-16"), "text/plain", "a.txt", Kind.TEXT),
        (b"# Title", "text/plain", "README.md", Kind.MARKDOWN),
        (b"# Title", "text/markdown", "", Kind.MARKDOWN),
        (b"%PDF-1.7 ...", "text/html", "a.html", Kind.PDF),
        (b"not one", "application/pdf", "", Kind.PDF),
        (b"not one", "", "a.pdf", Kind.PDF),
        (b"PK\x03\x04...", "text/html", "a.html", Kind.BINARY),
        (b"\x89PNG\r\n", "text/plain", "a.txt", Kind.BINARY),
        (b"\xff\xd8\xff\xe0", "", "", Kind.BINARY),
        (bytes(300) + b"words", "text/html", "", Kind.BINARY),
        (PAGE[:900] + b"\0" + PAGE[900:], "text/html", "", Kind.HTML),
        (b'{"a": 1}', "application/json", "", Kind.OTHER),
        (b"<rss>", "application/rss+xml", "", Kind.OTHER),
        (b"a,b", "text/csv", "a.csv", Kind.OTHER),
        (b"", "", "", Kind.TEXT),
    ],
)
def test_what_some_bytes_are(data, media_type, name, kind):
    assert kind_of(data, media_type, name) is kind


@pytest.mark.parametrize("prolog", [b"<!---->", b"<!-- a -->\n", b"<?xml?>", b"<!--", b" "])
def test_a_long_prolog_is_soon_read(prolog):
    assert kind_of(prolog * 24 + b"x", "text/html") is (Kind.HTML if b"<" in prolog else Kind.TEXT)
    assert kind_of(prolog * 200_000 + b"x") is Kind.TEXT


def test_comments_may_stand_before_the_markup():
    assert kind_of(b"<!----> <!-- <b> --\n><?xml?>\n--><!-- a\n --> <html>") is Kind.HTML


def test_files_do_not_pay_for_the_web():
    program = (
        "import asyncio, sys\n"
        "from bot.pages.reader import PageReader\n"
        "reader = PageReader()\n"
        f"reading = asyncio.run(reader.read_bytes({TEXT!r}, source='a.txt'))\n"
        "asyncio.run(reader.close())\n"
        "print(reading.verdict, *{'aiohttp', 'lxml', 'trafilatura', 'pypdf'} & set(sys.modules))\n"
    )
    ran = subprocess.run(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["article"]
