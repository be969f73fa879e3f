"""Photo captions: found in the page and taken out of it, so that the body does not hold them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.pages.html.document import drop, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_CAPTION = 800
_CLASS = re.compile(
    r"(?:^|[\s_-])(?:wp-caption-text|image-?caption|img-?caption|photo-?caption|caption(?:-?text)?|figcaption|media-caption|bildunterschrift|credit|photo-?credit|image-?credit)(?:$|[\s_-])|[a-z]Caption(?:$|[\s_-])",
    re.IGNORECASE,
)
_TAGS = ("p", "div", "span", "small", "em", "i", "dd", "cite", "figcaption")


def take(tree: HtmlElement) -> list[str]:
    """Take the captions out of the tree; return their texts in order, each once."""
    found: list[str] = []
    for element in list(tree.iter(*_TAGS)):
        if element.tag != "figcaption" and not _CLASS.search(element.get("class") or ""):
            continue
        text = text_of(element)
        if len(text) > MAX_CAPTION or element.find(".//h1") is not None:
            continue
        if text:
            found.append(text)
        drop(element)
    return list(dict.fromkeys(found))
