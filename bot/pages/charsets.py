"""Bytes to characters, by what a header, the page itself or the bytes say of their encoding."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Each step matches one way only: a header may hold 32 kB of spaces.
_HEADER_CHARSET = re.compile(
    r"""charset\s*+=\s*+["']?+\s*+([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE
)
_META_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*+=\s*+["']?+\s*+([a-zA-Z0-9_:.-]{2,40})""", re.IGNORECASE
)
_META_REACH = 4_096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Text codecs of Python that no web page is written in: quadratic, or a way to smuggle.
_REFUSED = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
_WEB_NAMES = {
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"), "windows-1252"),
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
}


def decode(data: bytes, content_type: str = "", *, is_page: bool = False) -> str:
    """Turn the bytes of a text into characters, in time that grows with them; never raises.

    Order: byte order mark, the charset of `content_type` (a whole header), the `meta charset` if
    it is an HTML page, UTF-8, windows-1252. A charset that does not fit the bytes is passed over.
    """
    for mark, charset in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(charset, "replace")
    for charset in _declared(data, content_type, is_page=is_page):
        text = _try(data, charset)
        if text is not None:
            return text
    return data.decode("windows-1252", "replace")


def _declared(data: bytes, content_type: str, *, is_page: bool) -> Iterator[str]:
    header = _HEADER_CHARSET.search(content_type)
    if header:
        yield _web_name(header[1])
    meta = _META_CHARSET.search(data[:_META_REACH]) if is_page else None
    if meta:
        name = _web_name(meta[1].decode("ascii"))
        # a page that can be read as ASCII to this point is not UTF-16, whatever it says
        yield "utf-8" if name.startswith("utf-16") else name
    yield "utf-8"


def _web_name(charset: str) -> str:
    """Name a charset as browsers read it: Latin-1 and ASCII mean windows-1252."""
    name = charset.lower()
    return _WEB_NAMES.get(name, name)


def _try(data: bytes, charset: str) -> str | None:
    try:
        if codecs.lookup(charset).name in _REFUSED:
            return None
        return data.decode(charset)
    except (LookupError, ValueError):  # ValueError: UnicodeError, and what some codecs raise
        return None
