"""The JSON-LD of a page: what its publisher says about it in schema.org's terms."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

from bot.pages.html.document import MAX_JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

Node: TypeAlias = "dict[str, object]"

_MAX_DEPTH = 6
_MAX_NODES = 500
_WRAPPING = re.compile(
    r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "liveBlogUpdate", "itemListElement", "item")


def nodes(tree: HtmlElement) -> list[Node]:
    """Return every object of the page's JSON-LD blocks, outermost first.

    Blocks over MAX_JSON characters or that are no JSON are passed over.
    """
    found: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            for node in _walk(_load(script.text or ""), 0):
                found.append(node)
                if len(found) >= _MAX_NODES:
                    return found
    return found


def _load(text: str) -> object:
    if len(text) > MAX_JSON:
        return None
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", _WRAPPING.sub("", text))):
        try:
            return json.loads(candidate, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(value: object, depth: int) -> Iterator[Node]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in _NESTED:
            if key in value:
                yield from _walk(value[key], depth + 1)


def types(node: Node) -> frozenset[str]:
    """Return the names in a node's @type, without any address before them."""
    return frozenset(name.rsplit("/", 1)[-1] for name in strings(node.get("@type")))


def strings(value: object) -> list[str]:
    """Return the strings of a value that may be one, a list of them, or anything else."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    return []


def names(value: object, by_id: dict[str, Node]) -> list[str]:
    """Return the names of persons or organisations, however the page nests them."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [name for item in value for name in names(item, by_id)]
    if isinstance(value, dict):
        whole = value if "name" in value else by_id.get(str(value.get("@id")), {})
        return strings(whole.get("name"))
    return []
