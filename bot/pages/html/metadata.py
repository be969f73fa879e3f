"""What a page says about itself: JSON-LD first, then meta tags, then what the page shows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import TYPE_CHECKING

from bot.pages.html import jsonld
from bot.pages.html.document import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.html import HtmlElement

_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review|NewsStory)$")
_DATE = re.compile(r"((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_SPACE = re.compile(r"\s+")
_MARKUP = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was declared; texts are one line each, empty or None where nothing was said.

    `titles` are the page's names for itself, best first: the first is the headline, all of them
    are lines that the body need not repeat. `free` is what JSON-LD or the content tier says
    about a paywall.
    """

    titles: tuple[str, ...] = ()
    description: str = ""
    standfirst: str = ""
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    canonical: str | None = None
    page_type: str = ""
    is_article: bool = False
    free: bool | None = None
    body: str = ""
    word_count: int | None = None
    meta: dict[str, str] = field(default_factory=dict)


def read(tree: HtmlElement) -> Metadata:
    """Read the metadata of a parsed page. Never raises for what the page says."""
    found = jsonld.nodes(tree)
    by_id = {str(node["@id"]): node for node in found if "@id" in node and "name" in node}
    node = _article_node(found)
    meta = _meta(tree)
    return Metadata(
        titles=_titles(tree, node, meta),
        description=_line(node.get("description"))
        or meta.get("og:description", "")
        or meta.get("description", ""),
        authors=_authors(tree, node, by_id, meta),
        publisher=_publisher(node, by_id, meta),
        published=_published(tree, node, meta),
        language=_language(tree, meta),
        canonical=_canonical(tree),
        page_type=meta.get("og:type", "").lower(),
        is_article=bool(node),
        free=_free(node, meta),
        body=_line(node.get("articleBody")),
        meta=meta,
    )


def _article_node(found: Iterable[jsonld.Node]) -> jsonld.Node:
    best: jsonld.Node = {}
    for node in found:
        better = not best or ("headline" in node and "headline" not in best)
        if better and any(_ARTICLE.search(name) for name in jsonld.types(node)):
            best = node
    return best


def _meta(tree: HtmlElement) -> dict[str, str]:
    """Return the first non-empty content of each meta name or property, lower-cased."""
    meta: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = _line(element.get("content"))
        for key in ("property", "name", "itemprop", "http-equiv"):
            name = (element.get(key) or "").strip().lower()
            if name and content:
                meta.setdefault(name, content)
    return meta


def _line(value: object) -> str:
    """Return a declared text as one line of plain text."""
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str):
        return ""
    return _SPACE.sub(" ", _MARKUP.sub(" ", unescape(unescape(value)))).strip()


def _titles(tree: HtmlElement, node: jsonld.Node, meta: dict[str, str]) -> tuple[str, ...]:
    h1 = [text for text in (text_of(element) for element in tree.iter("h1")) if text]
    declared = [
        _line(node.get("headline")),
        meta.get("og:title", ""),
        meta.get("twitter:title", ""),
        _line(node.get("alternativeHeadline")),
        _line(node.get("name")),
    ]
    title = next((text_of(element) for element in tree.iter("title")), "")
    one = h1 if len(h1) == 1 else []
    return tuple(dict.fromkeys(text for text in (*one, *declared, *h1[:3], title) if text))


def _authors(
    tree: HtmlElement, node: jsonld.Node, by_id: dict[str, jsonld.Node], meta: dict[str, str]
) -> tuple[str, ...]:
    declared: Sequence[str] = jsonld.names(node.get("author") or node.get("creator"), by_id)
    if not declared:
        declared = [
            meta[key]
            for key in (
                "author",
                "article:author",
                "parsely-author",
                "dc.creator",
                "sailthru.author",
            )
            if key in meta and not meta[key].startswith("http")
        ][:1]
    return tuple(dict.fromkeys(name for text in declared for name in _people(_line(text))))


def _people(text: str) -> list[str]:
    return [
        name.strip() for name in re.split(r"\s*[,;]\s+|\s+(?:and|und|&)\s+", text) if name.strip()
    ]


def _publisher(
    node: jsonld.Node, by_id: dict[str, jsonld.Node], meta: dict[str, str]
) -> str | None:
    declared = jsonld.names(node.get("publisher"), by_id)
    return (
        meta.get("og:site_name")
        or next((_line(name) for name in declared), "")
        or meta.get("application-name")
        or None
    )


def _published(tree: HtmlElement, node: jsonld.Node, meta: dict[str, str]) -> date | None:
    keys = (
        "article:published_time",
        "datepublished",
        "og:article:published_time",
        "date",
        "dc.date",
        "pubdate",
        "parsely-pub-date",
        "dc.date.issued",
    )
    declared = [_line(node.get("datePublished")), *(meta.get(key, "") for key in keys)]
    times = [element.get("datetime") or "" for element in tree.iter("time")]
    for text in (*declared, *times[:1]):
        day = _day(text)
        if day:
            return day
    return None


def _day(text: str) -> date | None:
    match = _DATE.match(text.strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _language(tree: HtmlElement, meta: dict[str, str]) -> str | None:
    for text in (
        tree.get("lang"),
        tree.get("xml:lang"),
        meta.get("content-language"),
        meta.get("og:locale"),
    ):
        match = re.match(r"([a-zA-Z]{2,3})(?:[-_].*)?$", (text or "").strip())
        if match:
            return match[1].lower()
    return None


def _canonical(tree: HtmlElement) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return str(link.get("href")).strip()
    return None


def _free(node: jsonld.Node, meta: dict[str, str]) -> bool | None:
    said = str(node.get("isAccessibleForFree", "")).lower()
    if said.rsplit("/", 1)[-1] in {"true", "false"}:
        return said.endswith("true")
    tier = (meta.get("article:content_tier") or meta.get("content_tier") or "").lower()
    return {"free": True, "metered": None, "locked": False}.get(tier)
