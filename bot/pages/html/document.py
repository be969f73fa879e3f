"""Bytes to text, text to tree, with guards against pages built to hang whoever reads them.

The guards only shorten what makes lxml or trafilatura quadratic (facts measured on hostile
pages: attribute bombs, huge spans, megabytes of JSON-LD); the sandbox's deadline is what stops
the rest.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from lxml.etree import LxmlError, XPath
from lxml.html import HtmlElement, HTMLParser, document_fromstring

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ATTRIBUTES = 1_000
MAX_SPAN = 50
MAX_JSON = 1_000_000

# The shortest tag that can hold MAX_ATTRIBUTES: one letter and one space each.
_LONG_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]{0,40})[\s/][^<>]{2000,}")
_ATTRIBUTE = re.compile(r"""[^\s"'=<>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?""")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE
)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TEXT = XPath("string()", smart_strings=False)
_META_REACH = 4_096


def decode(data: bytes, content_type: str) -> str:
    """Turn the bytes of a page into text; never raises.

    Order: byte order mark, the header's charset, the page's own `meta charset`, UTF-8,
    windows-1252. A charset that does not fit the bytes is passed over.
    """
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    for charset in _declared(data, content_type):
        text = _try(data, charset)
        if text is not None:
            return text
    return data.decode("windows-1252", "replace")


def _declared(data: bytes, content_type: str) -> Iterator[str]:
    header = _HEADER_CHARSET.search(content_type)
    if header:
        yield _web_name(header[1])
    meta = _META_CHARSET.search(data[:_META_REACH])
    if meta:
        name = _web_name(meta[1].decode("ascii", "replace"))
        # a page that can be read as ASCII to this point is not UTF-16, whatever it says
        yield "utf-8" if name.startswith("utf-16") else name
    yield "utf-8"


def _web_name(charset: str) -> str:
    """Name a charset as browsers read it: Latin-1 and ASCII mean windows-1252."""
    name = charset.lower()
    if name in {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}:
        return "windows-1252"
    return {
        "gb2312": "gb18030",
        "gbk": "gb18030",
        "ks_c_5601-1987": "cp949",
        "euc-kr": "cp949",
    }.get(name, name)


def _try(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (LookupError, ValueError):
        return None


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
