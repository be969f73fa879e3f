"""The body of an article: trafilatura's extraction, cut into paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trafilatura.core import bare_extraction

from bot.pages.html import siblings
from bot.pages.html.document import text_of

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

MIN_BARE = 40
_BLOCKS = frozenset(
    {"p", "head", "quote", "item", "row", "code", "list", "table", "div", "body", "lb"}
)


def paragraphs(tree: HtmlElement) -> list[str]:
    """Extract the body of a parsed page as lines in order; changes nothing in the tree.

    Headings, list items and table rows (cells parted by " | ") are lines of their own.
    """
    document = bare_extraction(tree, include_comments=False)
    body = getattr(document, "body", None)
    if body is None:
        return []
    lines: list[str] = [""]
    _collect(body, lines)
    found = [text for text in (" ".join(line.split()) for line in lines) if text]
    return siblings.complete(found, tree)


def _collect(element: _Element, lines: list[str]) -> None:
    block = element.tag in _BLOCKS
    if block:
        lines.append("")
    lines[-1] += element.text or ""
    for child in element:
        _collect(child, lines)
        if child.tag == "cell" and child.getnext() is not None:
            lines[-1] += " | "
    if block:
        lines.append("")
    lines[-1] += element.tail or ""


def bare_paragraphs(tree: HtmlElement) -> list[str]:
    """Return every text of the page in order, a line for each element that has text of its own.

    Lines shorter than MIN_BARE characters are left out: menus, buttons, labels.
    """
    lines: list[str] = []
    for element in tree.iter("p", "li", "blockquote", "pre", "td", "div", "h2", "h3"):
        if (element.text or "").strip():
            line = (
                text_of(element) if element.tag != "div" else " ".join((element.text or "").split())
            )
            if len(line) >= MIN_BARE:
                lines.append(line)
    return list(dict.fromkeys(lines))
