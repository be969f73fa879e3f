"""What Matrix and its clients make of a message: a strict reader, written without ours."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

from bot.model import Heading, Line
from tests.platforms.slack.limits import check_seen

INSIDE = {
    "p": set(),
    "strong": set(),
    "em": set(),
    "del": set(),
    "code": set(),
    "blockquote": set(),
    "ul": set(),
    "li": set(),
    "br": set(),
    "ol": {"start"},
    "a": {"href"},
}
SCHEMES = (
    "file mailto https? ftps? bitcoin geo im magnet matrix news openpgp4fpr sip sftp smsto sms "
    "tel urn xmpp mxc ircs? nntp ssh webcal"
).replace(" ", "|")
LIVE = (
    ("scheme", re.compile(rf"(?<![^\W_])(?:{SCHEMES}):[^\s…]", re.IGNORECASE)),
    ("address", re.compile(r"[a-z0-9]://", re.IGNORECASE)),
    ("domain", re.compile(r"[^\W_]\.[^\W\d_]{2}")),
    ("number", re.compile(r"\d\.\d{1,3}\.\d{1,3}\.\d")),
    ("this machine", re.compile(r"localhost", re.IGNORECASE)),
    ("called", re.compile(r"@\S")),
    ("alias", re.compile(r"[#!$+][^\s:]+:[^\s…]")),
)


class Page(HTMLParser):
    """Reads HTML that is to be in perfect order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text: list[str] = []
        self.bare: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        assert {name for name, _ in attrs} <= INSIDE[tag]
        if tag == "a":
            assert "a" not in self.open
            self.links.append((dict(attrs)["href"], ""))
        if tag in {"p", "ul", "ol", "blockquote"}:
            assert self.open == []
        if tag == "br":
            self.text.append("\n")
            self.bare.append("\n")
        else:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag in {"p", "li", "blockquote"}:
            self.text.append("\n")
            self.bare.append("\n")

    def handle_data(self, data):
        assert self.open
        self.text.append(data)
        if "a" in self.open:
            href, said = self.links[-1]
            self.links[-1] = (href, said + data)
            self.bare.append(" ")
        else:
            self.bare.append(data)

    def handle_comment(self, data):
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def size(drawn, *, escaping: bool) -> int:
    """Return how many bytes it takes: in canonical JSON, or as matrix-nio encrypts it."""
    both = (drawn.body, drawn.formatted_body)
    return sum(len(json.dumps(text, ensure_ascii=escaping).encode()) for text in both)


def check(drawn, post, *, escaping: bool = True) -> None:
    """Hold a drawn post to all that is promised of it."""
    assert drawn.body.strip()
    assert size(drawn, escaping=escaping) <= 40_000
    check_seen(drawn.body)
    page = Page(drawn.formatted_body)
    whole = "".join(page.text)
    check_seen(whole)
    own = {block.url for block in post.blocks if isinstance(block, Heading | Line) and block.url}
    people = {block.who for block in post.blocks if isinstance(block, Line)}
    pills = check_links(page, own, people)
    assert set(drawn.mentions) == pills
    assert len(drawn.mentions) == len(pills)
    body = without(drawn.body, own, pills)
    check_dead(body)
    check_dead("".join(page.bare))
    assert not re.search(r"@room", drawn.body, re.IGNORECASE)
    assert not re.search(r"@room", whole, re.IGNORECASE)
    assert not re.search(r"^\s*>", drawn.body, re.MULTILINE)
    assert bare(body) == bare(without(whole, (), pills))


def check_links(page: Page, own: set[str], people: set[str]) -> set[str]:
    """Every link is an address of the post itself or the pill of a person that it names."""
    pills = set()
    for href, said in page.links:
        if said in people and href.startswith("https://matrix.to/#/@"):
            assert re.fullmatch(r"@[^:\s]+:\S+", said)
            assert len(said) <= 255
            pills.add(said)
        else:
            assert href in own
            assert re.match(r"https?://", href, re.IGNORECASE)
            assert "matrix.to" not in href.lower() or href.startswith("https://matrix.to/#/!")
    return pills


def check_dead(text: str) -> None:
    for what, pattern in LIVE:
        match = pattern.search(text)
        assert match is None, (what, text[max(0, match.start() - 40) : match.end() + 40])


def without(text: str, own, pills) -> str:
    """Take out what is ours: addresses, and the people who are named."""
    for url in sorted(own, key=len, reverse=True):
        text = text.replace(re.sub("@(?=room)", "%40", url, flags=re.IGNORECASE), " ")
    for who in sorted(pills, key=len, reverse=True):
        text = text.replace(who, " ")
    return text


def bare(text: str) -> str:
    """Return the words of a text alone: what is layout has another form in HTML."""
    return re.sub(r"[\s•~“”.\d]", "", text)
