"""Addresses: what is a link, what may be dialled, which are one article."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reading.urls import Address, Refusal, canonical, links, parse, registrable_domain
from bot.model import Reason

STORY = "https://www.example.com/news/story"


@pytest.mark.parametrize(
    "spelling",
    [
        "http://www.example.com/news/story",
        "HTTPS://WWW.Example.COM./news/story",
        "https://www.example.com:443/news/story",
        "http://www.example.com:80/news/story/",
        "https://www.example.com//news//story",
        "https://www.example.com/news/./other/../story#comments",
        "https://www.example.com/%6Eews/story",
        "https://www.example.com/news/story?utm_source=a&utm_medium=b",
        "https://www.example.com/news/story?fbclid=x&gclid=y&mc_cid=z&igshid=1",
        "https://www.example.com/news/story?ns_campaign=1490&ns_mchannel=rss&ito=1490&CMP=share",
        "https://www.example.com/news/story/amp",
        "https://www.example.com/news/story/amp/",
        "https://www.example.com/news/story.amp",
        "https://www.example.com/news/story?amp=1",
        "https://www.example.com/news/story?amp",
        "https://www.example.com/news/story?outputType=amp",
        "https://amp.example.com/news/story",
        "https://m.example.com/news/story",
        "https://mobile.example.com/news/story",
        "https://www.google.com/amp/s/www.example.com/news/story",
        "https://www.google.co.uk/amp/s/amp.example.com/news/story/amp",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/news/story?amp_js_v=0.1",
        "https://www-example-com.cdn.ampproject.org/v/s/www.example.com/news/story?usqp=mq331",
    ],
)
def test_spellings_of_one_article_have_one_address(spelling):
    assert canonical(spelling) == STORY


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://example.com/?p=12", "https://example.com/?p=12"),
        ("https://example.com/a?b=2&a=1&b=1", "https://example.com/a?a=1&b=2&b=1"),
        ("https://example.com/a?flag", "https://example.com/a?flag"),
        ("https://example.com/#!/story/7", "https://example.com/#!/story/7"),
        ("https://example.com/amp", "https://example.com/amp"),
        ("https://example.com/amplifiers/amp-1", "https://example.com/amplifiers/amp-1"),
        ("https://example.com/story.amp.html", "https://example.com/story.html"),
        ("https://en.m.example.org/wiki/A_(b)", "https://en.example.org/wiki/A_(b)"),
        ("https://m.co/a", "https://m.co/a"),
        ("https://b\u00fccher.example/\u00fc", "https://xn--bcher-kva.example/%C3%BC"),
        ("https://example.com/%e2%82%ac", "https://example.com/%E2%82%AC"),
        ("https://a.example/web/2020/https://b.example/", "https://a.example/web/2020/https://b.example"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        ("http://[2001:DB8::1]/a", "https://[2001:db8::1]/a"),
        ("https://example.com/AbC", "https://example.com/AbC"),
    ],
)  # fmt: skip
def test_what_tells_articles_apart_stays(url, expected):
    assert canonical(url) == expected


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("https://www.example.co.uk/story-7", "https://www.example.co.uk/story-7"),
        ("https://example.co.uk/story-7?utm_source=x", "https://example.co.uk/story-7"),
        ("/story-7", "https://news.example.co.uk/story-7"),
        ("https://other.co.uk/story-7", "https://news.example.co.uk/a?id=7"),
        ("https://www.example.co.uk/", "https://news.example.co.uk/a?id=7"),
        ("https://www.example.co.uk:8443/story-7", "https://news.example.co.uk/a?id=7"),
        ("javascript:alert(1)", "https://news.example.co.uk/a?id=7"),
        ("http://[", "https://news.example.co.uk/a?id=7"),
        ("", "https://news.example.co.uk/a?id=7"),
    ],
)
def test_a_page_may_only_speak_for_its_own_domain(declared, expected):
    assert canonical("https://news.example.co.uk/a?id=7", declared) == expected


def test_two_users_of_one_public_suffix_are_two_domains():
    mine, theirs = "https://mine.github.io/story", "https://theirs.github.io/story"
    assert canonical(mine, theirs) == mine


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("news.example.co.uk", "example.co.uk"),
        ("example.com", "example.com"),
        ("co.uk", "co.uk"),
        ("localhost", "localhost"),
        ("93.184.216.34", "93.184.216.34"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_registrable_domain(host, domain):
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("url", "reason", "detail"),
    [
        ("", Reason.MALFORMED_URL, ""),
        ("story.html", Reason.MALFORMED_URL, ""),
        ("//example.com/", Reason.MALFORMED_URL, ""),
        ("http:example.com", Reason.MALFORMED_URL, ""),
        ("http:///path", Reason.MALFORMED_URL, ""),
        ("http://exa mple.com/", Reason.MALFORMED_URL, "exa mple.com"),
        ("http://example.com\\@evil.example/", Reason.USER_INFO, "evil.example"),
        ("http://example.com/\r\nHost: evil", Reason.MALFORMED_URL, ""),
        ("http://-a-/", Reason.MALFORMED_URL, "-a-"),
        ("http://a..b/", Reason.MALFORMED_URL, "a..b"),
        ("http://example.com:99999/", Reason.MALFORMED_URL, "example.com:99999"),
        ("http://example.com:0/", Reason.MALFORMED_URL, "example.com:0"),
        ("http://2130706433/", Reason.MALFORMED_URL, "2130706433"),
        ("http://0x7f.1/", Reason.MALFORMED_URL, "0x7f.1"),
        ("http://0177.0.0.1/", Reason.MALFORMED_URL, "0177.0.0.1"),
        ("http://%31%32%37.0.0.1/", Reason.MALFORMED_URL, "%31%32%37.0.0.1"),
        ("http://[::1%25lo]/", Reason.MALFORMED_URL, "[::1%25lo]"),
        ("http://[::1/", Reason.MALFORMED_URL, "[::1"),
        ("http://\ud800.example/", Reason.MALFORMED_URL, "\ud800.example"),
        ("http://\U0001f600@example.com/", Reason.USER_INFO, "example.com"),
        ("http://user:secret@example.com/", Reason.USER_INFO, "example.com"),
        ("ftp://example.com/", Reason.SCHEME, "ftp"),
        ("javascript:alert(1)", Reason.SCHEME, "javascript"),
        ("file:///etc/passwd", Reason.SCHEME, "file"),
        ("https://example.com/" + "a" * 9000, Reason.MALFORMED_URL, ""),
    ],
)
def test_what_is_wrong_with_an_address_is_named(url, reason, detail):
    assert parse(url) == Refusal(reason=reason, detail=detail)


def test_what_is_dialled_is_rebuilt_from_the_parts_that_were_checked():
    address = parse(" https://\uff11\uff12\uff17.0.0.1:8443/a b?q=\u00fc#part ")
    assert isinstance(address, Address)
    assert (address.host, address.port) == ("127.0.0.1", 8443)
    assert address.url == "https://127.0.0.1:8443/a%20b?q=%C3%BC"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Look: https://example.com/a.", ("https://example.com/a",)),
        ("(see https://example.com/a_(b)), right?", ("https://example.com/a_(b)",)),
        ("<https://example.com/a> and \u201chttps://example.com/b\u201d!",
         ("https://example.com/a", "https://example.com/b")),
        ("**https://example.com/a** [text](https://example.com/b)",
         ("https://example.com/a", "https://example.com/b")),
        ("https://example.com/b https://example.com/a",
         ("https://example.com/b", "https://example.com/a")),
        ("https://m.example.com/a?utm_source=x then http://www.example.com/a/",
         ("https://m.example.com/a?utm_source=x",)),
        ("www.example.com/a, me@www.example.com", ("https://www.example.com/a",)),
        ("\u8bf7\u770bhttps://example.com/a\u3002\u8c22\u8c22", ("https://example.com/a",)),
        ("https://user:pw@example.com/a", ("https://user:pw@example.com/a",)),
        ("nothing here: http:// https://... ftp://example.com awww.x.y", ()),
        ("https://example.com/a?b=1&c=2, \u2026", ("https://example.com/a?b=1&c=2",)),
    ],
)  # fmt: skip
def test_links_of_a_message(text, expected):
    assert links(text) == expected


def test_a_flood_of_brackets_is_no_trouble():
    assert links("https://example.com/" + ")" * 100_000)[0] == "https://example.com/"


@given(st.text(st.characters(codec=None), max_size=60))
def test_nothing_that_parse_accepts_breaks_canonical(text):
    for url in (text, f"https://{text}", f"https://example.com/{text}"):
        once = canonical(url)
        if isinstance(parse(url), Address):
            assert canonical(once) == once
            assert isinstance(parse(once), Address)
        assert isinstance(canonical("https://example.com/a", url), str)


def test_web_platform_addresses_are_taken_or_refused_but_never_raise():
    bench = os.environ.get("BRIEFBOT_BENCH", "")
    if not bench:
        pytest.skip("BRIEFBOT_BENCH does not name the folder of corpora")
    corpus = Path(bench, "corpora", "wpt")
    rows = json.loads((corpus / "urltestdata.json").read_text("utf-8"))
    urls = [row["input"] for row in rows if isinstance(row, dict)]
    names = [row["input"] for row in json.loads((corpus / "IdnaTestV2.json").read_text("utf-8"))
             if isinstance(row, dict) and "input" in row]  # fmt: skip
    accepted = 0
    for url in [*urls, *(f"https://{name}/" for name in names)]:
        once = canonical(url)
        if isinstance(parse(url), Address):
            accepted += 1
            assert canonical(once) == once, url
    assert accepted > 500
    failures = {row["input"] for row in rows if isinstance(row, dict) and row.get("failure")
                and row.get("base") is None}  # fmt: skip
    taken = {url for url in failures if isinstance(parse(url), Address)}
    assert taken <= {url for url in failures if "xn--" in url.lower()}
