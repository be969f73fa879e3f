"""The standfirst: the sentence or two that a newsroom puts between headline and body."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bot.core.reading.furniture import is_furniture
from bot.pages.html.document import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

_MIN, _MAX = 40, 600
_REACH = 1_500
_MAX_LINK_SHARE = 0.5
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|dek|strapline|sub-?title|sub-?head(?:line|ing)?|lead(?:-?text|"
    r"-?paragraph)?|lede|teaser(?:-?text)?|excerpt|preamble|intro(?:-?text|duction)?|ingress|chapo|"
    r"vorspann|abstract|summary|description|entradilla|bajada|sottotitolo|occhiello|sumario|"
    r"underrubrik|manchet|deck)(?:$|[\s_-])|[a-z](?:Standfirst|Dek|Subtitle|Subheadline|Intro|Lead|"
    r"Teaser|Excerpt|Summary|Description)(?:$|[\s_-])",
    re.IGNORECASE,
)
_TAGS = frozenset({"p", "h2", "h3", "h4", "div", "span", "section", "header", "strong"})


def find(tree: HtmlElement, titles: Sequence[str], description: str) -> str:
    """Return the standfirst shown under the headline, or "".

    It is an element after the h1 whose class or id says so, a heading right under the h1, or a
    text equal to the page's description that is no paragraph among others.
    """
    heading = _headline(tree, titles)
    if heading is None:
        return ""
    for element in _after(heading):
        if element.tag in _TAGS and _may_be(element, description):
            text = text_of(element)
            links = sum(len(text_of(link)) for link in element.iter("a"))
            fits = _MIN <= len(text) <= _MAX and links <= _MAX_LINK_SHARE * len(text)
            if fits and text not in titles and not is_furniture(text):
                return text
    return ""


def _headline(tree: HtmlElement, titles: Sequence[str]) -> HtmlElement | None:
    first: HtmlElement | None = None
    for element in tree.iter("h1"):
        if text_of(element) in titles[:3]:
            return element
        first = element if first is None else first
    return first


def _after(heading: HtmlElement) -> Iterator[HtmlElement]:
    """Yield what follows a heading until some 1,500 characters have passed."""
    passed = 0
    node: HtmlElement | None = heading
    while node is not None:
        for sibling in node.itersiblings():
            for element in sibling.iter("*"):
                yield element
                passed += len((element.text or "").strip()) + len((element.tail or "").strip())
                if passed > _REACH:
                    return
        node = node.getparent()


def _may_be(element: HtmlElement, description: str) -> bool:
    if _is_named(f"{element.get('class') or ''} {element.get('id') or ''}"):
        return True
    if element.tag in ("h2", "h3"):
        before = element.getprevious()
        return before is not None and before.tag == "h1"
    if element.tag == "p" and description and text_of(element) == description:
        after = element.getnext()
        alike = (
            after is not None and after.tag == "p" and after.get("class") == element.get("class")
        )
        return not alike
    return False


@cache
def _is_named(names: str) -> bool:
    return bool(_NAMED.search(names))
