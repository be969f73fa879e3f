"""What was said in Slack, in plain words: its markup undone, the addresses in it kept.

`<https://a.example|label>` becomes the address, `<#C1|news>` the channel's name, `<@U1>` the
person's id with its sign, as a search for what somebody posted names him. Whoever is called is told
apart; we and groups (`<!here>`) leave the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MARKED = re.compile(r"<([^<>]*)>")
_SPACES = re.compile(r"[ \t]+")
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text without markup, and whom it called: ids of people, or `!here` and the like."""

    text: str
    called: frozenset[str]


def plain(text: str, *, us: str = "") -> Words:
    """Undo the markup of a message; `us` is our own id."""
    called: set[str] = set()

    def undo(match: re.Match[str]) -> str:
        inside = match[1]
        target, _, label = inside.partition("|")
        if target.startswith(("@", "!")):
            who = target.removeprefix("@").partition("^")[0]
            called.add(who)
            return f"@{who}" if target.startswith("@") and who != us else ""
        if target.startswith("#"):
            return f"#{label or target[1:]}"
        return f" {target} " if "://" in target else label or target

    words = _SPACES.sub(" ", _MARKED.sub(undo, text))
    lines = (line.strip() for line in unescape(words).splitlines())
    return Words(text="\n".join(lines).strip(), called=frozenset(called))


def texts(message: Mapping[str, object], *, bot: bool, us: str = "") -> Words:
    """Return all that a message says; `us` is our own id.

    Of another bot's that is its blocks and attachments too; a person's attachments only unfold
    the links that stand in his text.
    """
    said = message.get("text")
    words = plain(said if isinstance(said, str) else "", us=us)
    if not bot:
        return words
    parts = [words.text] if words.text else []
    for address in _addresses(message.get("blocks"), message.get("attachments")):
        if address not in words.text and address not in parts:
            parts.append(address)
    return Words(text="\n".join(parts), called=words.called)


def _addresses(*values: object, depth: int = 0) -> Iterator[str]:
    """Yield the addresses that links of blocks and attachments lead to, in their order."""
    for value in values:
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            yield from _addresses(*value, depth=depth + 1)
        elif isinstance(value, dict):
            yield from _own_addresses(value)
            inner = (one for one in value.values() if isinstance(one, list | dict))
            yield from _addresses(*inner, depth=depth + 1)


def _own_addresses(value: Mapping[str, object]) -> Iterator[str]:
    """Yield the addresses of one element: its link, or those in its marked text."""
    for field in ("url", "title_link", "from_url"):
        address = value.get(field)
        if isinstance(address, str) and address.startswith(("http://", "https://")):
            yield address
    text = value.get("text")
    if value.get("type") == "mrkdwn" and isinstance(text, str):
        for match in _MARKED.finditer(text):
            target = match[1].partition("|")[0]
            if target.startswith(("http://", "https://")):
                yield unescape(target)
