"""Photo captions: found in the page and taken out of it, so that the body does not hold them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bot.pages.html.document import drop, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

MAX_CAPTION = 800
_MAX_FRAME = 500
_MIN_CAPTION = 3
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:(?:wp-|img-?|image-?|photo-?|picture-?|media-?|fig(?:ure)?-?|bild-?)?caption"
    r"(?:-?text)?|bildunterschrift|bildtext|legende|img-description|image-description"
    r"|(?:photo-?|image-?|img-?|bild-?)?credits?)(?:$|[\s_-])|[a-z]Caption(?:$|[\s_-])",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"(?:^|[\s_-])(?:image|img|photo|picture|media|figure|bild|foto)|[a-z](?:bild|Image|Photo|Media)",
    re.IGNORECASE,
)
_TAGS = ("p", "div", "span", "small", "em", "i", "dd", "cite", "figcaption", "figure", "td")


def take(tree: HtmlElement) -> list[str]:
    """Take the captions out of the tree; return their texts in order, each once.

    A caption is a `figcaption`, an element whose class says so, or the short text of an element
    whose class says that it frames a picture and that holds one.
    """
    found: list[str] = []
    for element in list(tree.iter(*_TAGS)):
        for caption in _captions(element):
            found.append(text_of(caption))
            drop(caption)
    texts = (text for text in found if len(text) >= _MIN_CAPTION)
    return list(dict.fromkeys(texts))


def _captions(element: HtmlElement) -> Iterator[HtmlElement]:
    names = element.get("class") or ""
    if element.tag == "figcaption" or _is_named(names):
        limit = MAX_CAPTION
    elif _is_frame(names) and element.find(".//img") is not None:
        limit = _MAX_FRAME
    else:
        return
    if element.find(".//h1") is None and len(text_of(element)) <= limit:
        yield element


@cache
def _is_named(names: str) -> bool:
    return bool(_NAMED.search(names))


@cache
def _is_frame(names: str) -> bool:
    return bool(_FRAME.search(names))
