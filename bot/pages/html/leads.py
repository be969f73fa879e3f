"""Lead bullets: found in the page before extraction drops them, and taken out of it.

What publishers call them is data (containers in `bot/pages/data/lead_bullets.toml`, headings
among the phrases of `bot.core.reading`, which texts are read by as well); what makes a list
believable, and where it must stand, is here: a list of a few sentences, within the first quarter
of the body, in a container or under a heading that says what it is.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import TYPE_CHECKING

from bot.core.language.words import fold
from bot.core.reading.furniture import is_furniture
from bot.core.reading.phrases import phrases
from bot.pages.html.document import drop, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

_MIN_ITEMS, _MAX_ITEMS = 2, 12
_MAX_ITEM = 500
_MIN_MEAN = 30
_MAX_LINK_SHARE = 0.6
_MAX_BEFORE = 0.25
_MAX_HEADING = 70
_MAX_BETWEEN = 300
_MAX_AROUND = 2.5
_LEVELS = 6
_MAX_RUNS = 60  # each may look at a good part of the page
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SQUASH = str.maketrans("", "", "-_")
_BULLET = re.compile(r"^\s*[•·‣▪–●*-]\s*(?=\S)")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


@dataclass(frozen=True, slots=True)
class _Rules:
    inside_name: re.Pattern[str]
    whole_name: frozenset[str]
    inside_heading: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Found:
    items: list[HtmlElement]
    heading: HtmlElement | None


@cache
def _rules() -> _Rules:
    text = (files("bot.pages") / "data" / "lead_bullets.toml").read_text("utf-8")
    data = tomllib.loads(text)
    names = data["containers"]
    labels = "|".join(map(re.escape, sorted(phrases("lead labels within"))))
    return _Rules(
        inside_name=re.compile("|".join(map(re.escape, names["inside"]))),
        whole_name=frozenset(names["whole"]),
        inside_heading=re.compile(rf"(?<!\w)(?:{labels})(?!\w)"),
    )


def take(tree: HtmlElement) -> list[str]:
    """Take the lead bullets out of the tree, with their heading; return their texts in order.

    The first run after the h1 counts; what stands before any h1 only if nothing follows it.
    """
    found = _first(tree)
    if found is None:
        return []
    texts = [_BULLET.sub("", text_of(item)) for item in found.items]
    for element in (*found.items, found.heading):
        if element is not None:
            drop(element)
    return texts


def _first(tree: HtmlElement) -> _Found | None:
    total = sum(len(text_of(p)) for p in tree.iter("p"))
    above: _Found | None = None
    for items in islice(_runs(tree), _MAX_RUNS):
        found = _told(items)
        if found is None or _is_furniture(items) or _before(items[0]) > _MAX_BEFORE * total:
            continue
        if items[0].xpath("boolean(preceding::h1)"):
            return found
        above = above or found
    return above


def _before(element: HtmlElement) -> int:
    return sum(len(text_of(p)) for p in element.xpath("preceding::p"))


def _runs(tree: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Yield every believable run of items in the page: lists, and containers of paragraphs."""
    for element in tree.iter("ul", "ol", "div", "section", "aside"):
        if element.tag in ("ul", "ol"):
            items = [child for child in element if child.tag == "li"]
        elif _is_container(element):
            items = [child for child in element if child.tag == "p"]
        else:
            continue
        if len(items) >= _MIN_ITEMS and _believable(items):
            yield [item for item in items if text_of(item)]


def _believable(items: list[HtmlElement]) -> bool:
    """Tell whether items read like lead bullets: a few sentences, not a menu or a list of links."""
    lengths = [length for length in (len(text_of(item)) for item in items) if length]
    if not _MIN_ITEMS <= len(lengths) <= _MAX_ITEMS:
        return False
    if max(lengths) > _MAX_ITEM or sum(lengths) < _MIN_MEAN * len(lengths):
        return False
    linked = sum(len(text_of(link)) for item in items for link in item.iter("a"))
    return linked <= _MAX_LINK_SHARE * sum(lengths)


def _is_furniture(items: list[HtmlElement]) -> bool:
    """Tell whether half of the items speak to the reader: the small print of an embedded post."""
    return sum(is_furniture(text_of(item)) for item in items) * 2 >= len(items)


def _told(items: list[HtmlElement]) -> _Found | None:
    """Return the items if their heading or their container says that they are lead bullets."""
    heading = _heading_before(items[0])
    if heading is not None:
        return _Found(items, heading)
    length = sum(len(text_of(item)) for item in items)
    for level, element in enumerate(items[0].iterancestors()):
        if level >= _LEVELS or len(text_of(element)) > _MAX_AROUND * length:
            return None
        if _is_container(element):
            return _Found(items, None)
    return None


def _is_container(element: HtmlElement) -> bool:
    names = [element.get(name) for name in ("class", "id", "data-testid", "data-test")]
    return _is_name(" ".join(name for name in (element.tag, *names) if name))


@cache
def _is_name(names: str) -> bool:
    rules, squashed = _rules(), names.lower().translate(_SQUASH)
    return bool(rules.inside_name.search(squashed)) or not rules.whole_name.isdisjoint(
        squashed.split()
    )


def _heading_before(item: HtmlElement) -> HtmlElement | None:
    """Return the heading above a run of items that says what they are, if little is between."""
    between = 0
    for element in _backwards(item.getparent()):
        text = text_of(element) if element.tag in _HEADINGS else (element.text or "").strip()
        if text and _is_heading(text):
            return element
        between += len(text)
        if between > _MAX_BETWEEN or element.tag in _HEADINGS:
            return None
    return None


def _backwards(element: HtmlElement | None) -> Iterator[HtmlElement]:
    """Yield what stands before an element, nearest first, without its ancestors."""
    while element is not None:
        for sibling in element.itersiblings(preceding=True):
            if isinstance(sibling.tag, str):
                yield from reversed(list(sibling.iter()))
        element = element.getparent()


@cache
def _is_heading(text: str) -> bool:
    if len(text) > _MAX_HEADING:
        return False
    line = _EDGES.sub("", fold(text).replace(";", ""))
    return line in phrases("lead labels") or bool(_rules().inside_heading.search(line))
