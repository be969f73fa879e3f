"""Text to tree, with guards against pages built to hang whoever reads them.

The guards only shorten what makes lxml or trafilatura quadratic (facts measured on hostile
pages: attribute bombs, huge spans, megabytes of JSON-LD); the sandbox's deadline is what stops
the rest.
"""

from __future__ import annotations

import re

from lxml.etree import LxmlError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

MAX_ATTRIBUTES = 1_000
MAX_SPAN = 50
MAX_JSON = 1_000_000

# The shortest tag that can hold MAX_ATTRIBUTES: one letter and one space each.
_LONG_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]{0,40})[\s/][^<>]{2000,}")
_ATTRIBUTE = re.compile(r"""[^\s"'=<>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TEXT = XPath("string()", smart_strings=False)


def parse(html: str) -> HtmlElement | None:
    """Parse a page into a tree that can be extracted safely; None if there is nothing in it."""
    text = _LONG_TAG.sub(_trim_tag, _CONTROL.sub("", html))
    parser = HTMLParser(encoding="utf-8", collect_ids=False, remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(text.encode("utf-8"), parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None
    for cell in tree.iter("td", "th"):
        for name in ("colspan", "rowspan"):
            if name in cell.attrib:
                _clamp(cell, name)
    return tree


def _trim_tag(match: re.Match[str]) -> str:
    attributes = sum(1 for _ in _ATTRIBUTE.finditer(match[0]))
    return f"<{match[1]} " if attributes > MAX_ATTRIBUTES else match[0]


def _clamp(cell: HtmlElement, name: str) -> None:
    value = cell.get(name, "").strip()
    if not value.isdecimal() or int(value[:6]) > MAX_SPAN:
        del cell.attrib[name]


def lighten(tree: HtmlElement) -> None:
    """Drop what nobody reads, so that every later pass over the tree is shorter.

    JSON-LD stays: trafilatura looks into it where a page shows no text.
    """
    for element in list(tree.iter("script", "style", "svg", "iframe", "link")):
        kind = element.get("type") or ""
        if element.tag != "script" or "ld+json" not in kind or len(element.text or "") > MAX_JSON:
            drop(element)


def text_of(element: HtmlElement) -> str:
    """Return an element's text with white space collapsed."""
    return " ".join(str(_TEXT(element)).split())


def drop(element: HtmlElement) -> None:
    """Take an element out of its tree, keeping the text that follows it."""
    parent = element.getparent()
    if parent is not None:
        element.drop_tree()  # keeps the tail
