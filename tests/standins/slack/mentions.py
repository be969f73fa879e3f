"""Who a text would call and which links in it would be live, as Slack reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = re.compile(r"<([!@#][^<>\n]+|(?:https?://|mailto:|tel:|slack:)[^<>\n]+)>", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w<|/@])https?://[^\s<>|]+", re.IGNORECASE)
_MARKDOWN_LINK = re.compile(r"!?\[[^\]\n]*\]\(\s*<?([^\s)>]+)")
_MARKDOWN_REFERENCE = re.compile(r"\[[^\]\n]*\]:\s*(\S+)")
_AMPERSAND = re.compile(r"&(?!amp;|lt;|gt;)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


@dataclass(frozen=True)
class Found:
    """`what` is "call" or "link"; `mark` is `<!here>`, `<@U0ADA>`, `<#C0GENERAL>` or an address."""

    what: str
    mark: str


def in_mrkdwn(text: str, *, bare: bool = True) -> Iterator[Found]:
    """Find what Slack's own markup calls and links; `bare` addresses are links, too.

    A mark counts within code as well: better one too many than a call that is overlooked.
    """
    for match in _MARK.finditer(text):
        inner = match[1].partition("|")[0]
        if inner.startswith("!date^"):
            yield from (Found("link", part) for part in inner.split("^")[3:])
        elif inner[0] in "!@#":
            yield Found("call", f"<{inner}>")
        else:
            yield Found("link", inner)
    if bare:
        for match in _BARE.finditer(_MARK.sub(" ", _CODE.sub(" ", text))):
            yield Found("link", match[0].rstrip(".,;:!?)]}'\""))


def unescaped(text: str) -> bool:
    """Tell whether a `<` or `&` stands there that is no markup and was not escaped."""
    rest = _MARK.sub(" ", text)
    return "<" in rest or _AMPERSAND.search(rest) is not None


def in_markdown(text: str) -> Iterator[Found]:
    """Find the same in a markdown block, which takes both markups."""
    outside = _CODE.sub(" ", text)
    for pattern in (_MARKDOWN_LINK, _MARKDOWN_REFERENCE):
        for match in pattern.finditer(outside):
            yield Found("link", match[1])
    yield from in_mrkdwn(_MARKDOWN_REFERENCE.sub(" ", _MARKDOWN_LINK.sub(" ", text)))


def mrkdwn_of(found: Any) -> Iterator[str]:
    """Return every text in blocks or in a view that is read as mrkdwn."""
    if isinstance(found, list):
        for one in found:
            yield from mrkdwn_of(one)
    elif isinstance(found, dict):
        if found.get("type") == "mrkdwn":
            yield found["text"]
        for value in found.values():
            yield from mrkdwn_of(value)


def in_blocks(found: Any) -> Iterator[Found]:
    """Find it anywhere in blocks or in a view; plain text calls nobody."""
    if isinstance(found, list):
        for one in found:
            yield from in_blocks(one)
    elif isinstance(found, dict):
        yield from _in_object(found)
        for name, value in found.items():
            if name not in ("value", "private_metadata") and isinstance(value, (dict, list)):
                yield from in_blocks(value)


def _in_object(one: dict[str, Any]) -> Iterator[Found]:
    match one.get("type"):
        case "mrkdwn":
            yield from in_mrkdwn(one["text"], bare=not one.get("verbatim"))
        case "markdown":
            yield from in_markdown(one["text"])
        case "user" if "user_id" in one:
            yield Found("call", f"<@{one['user_id']}>")
        case "usergroup" if "usergroup_id" in one:
            yield Found("call", f"<!subteam^{one['usergroup_id']}>")
        case "broadcast":
            yield Found("call", f"<!{one['range']}>")
        case "channel" if "channel_id" in one:
            yield Found("call", f"<#{one['channel_id']}>")
        case "link" | "button" if one.get("url"):
            yield Found("link", one["url"])
        case "image" if one.get("image_url"):
            yield Found("link", one["image_url"])
        case _:
            return
