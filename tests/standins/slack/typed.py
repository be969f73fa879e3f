"""What Slack makes of what a person types: escapes, links, mentions, and the same as rich text."""

from __future__ import annotations

import html
import re
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TOKEN = re.compile(
    r"<@(?P<user>[UW]\w+)>|<#(?P<channel>[CG]\w+)(?:\|[^>]*)?>|<!(?P<range>here|channel|everyone)>"
    r"|<!subteam\^(?P<group>S\w+)(?:\|[^>]*)?>"
    r"|<(?P<url>https?://[^|>\s]+)(?:\|(?P<label>[^>]*))?>"
    r"|(?P<bare>https?://[^\s<>]+)"
    r"|(?<![\w@.])@(?P<name>\w[\w.-]*)",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[.,;:!?)\]}'\"]+$")


def understood(typed: str, known: Callable[[str], str]) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and the blocks of a typed message; `known` gives a name's user id, or "".

    Marks such as `<@U0ADA>` or `<https://a.example|label>` stand for what a person picked from
    a menu; an address is linked, `&`, `<` and `>` elsewhere are escaped.
    """
    parts = list(_parts(typed, known))
    text = "".join(_written(part) for part in parts)
    section = {"type": "rich_text_section", "elements": parts}
    blocks = [{"type": "rich_text", "block_id": uuid.uuid4().hex[:5], "elements": [section]}]
    return text, blocks if parts else []


def _parts(typed: str, known: Callable[[str], str]) -> Iterator[dict[str, Any]]:
    at = 0
    for match in _TOKEN.finditer(typed):
        part, end = _part(match, known)
        if part is None:
            continue
        if match.start() > at:
            yield {"type": "text", "text": typed[at : match.start()]}
        yield part
        at = end
    if at < len(typed):
        yield {"type": "text", "text": typed[at:]}


def _part(match: re.Match[str], known: Callable[[str], str]) -> tuple[dict[str, Any] | None, int]:
    found = match.groupdict()
    if found["bare"]:
        url = _TAIL.sub("", found["bare"])
        return {"type": "link", "url": url}, match.start() + len(url)
    if found["url"]:
        label = {"text": found["label"]} if found["label"] else {}
        return {"type": "link", "url": html.unescape(found["url"]), **label}, match.end()
    if found["name"]:
        id_ = known(found["name"])
        return ({"type": "user", "user_id": id_} if id_ else None), match.end()
    return _picked(found), match.end()


def _picked(found: dict[str, str | None]) -> dict[str, Any]:
    if found["user"]:
        return {"type": "user", "user_id": found["user"]}
    if found["channel"]:
        return {"type": "channel", "channel_id": found["channel"]}
    if found["group"]:
        return {"type": "usergroup", "usergroup_id": found["group"]}
    return {"type": "broadcast", "range": str(found["range"]).lower()}


def _written(part: dict[str, Any]) -> str:
    match part["type"]:
        case "user":
            return f"<@{part['user_id']}>"
        case "channel":
            return f"<#{part['channel_id']}|>"
        case "usergroup":
            return f"<!subteam^{part['usergroup_id']}>"
        case "broadcast":
            return f"<!{part['range']}>"
        case "link":
            label = f"|{escaped(part['text'])}" if "text" in part else ""
            return f"<{escaped(part['url'])}{label}>"
        case _:
            return escaped(part["text"])


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
