"""Text for Slack: what it may hold, how long it is, and how it stays literal in mrkdwn.

The words of an article are data. In rich_text and plain_text Slack takes them as they are, so it
is enough that they are cleaned; in mrkdwn and in a message's `text` they go through `literal` as
well: escaped, and without what Slack would read as markup, an emoji or an address.
"""

from __future__ import annotations

import re

from bot.core.talking.visible import ELLIPSIS

_PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
# What is markup in mrkdwn, and what looks the same and is none.
_LOOKALIKES = str.maketrans({"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"})
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPED = str.maketrans(_ESCAPES)
_EMOJI = re.compile(r":(?=:*[^\s:]{1,100}:)")
_SCHEME = re.compile(r":(?=/)|(?<=mailto):|(?<=tel):", re.IGNORECASE)
_QUOTING = re.compile(r"^(\s*)>", re.MULTILINE)
_CALLING = re.compile(r"@(?=\w)")
_TORN = re.compile(r"&[a-z]{0,3}$|<[^>]*$")


def size(text: str) -> int:
    """Return how long Slack finds a text, at most: an emoji counts as two characters."""
    return len(text) + sum(char > "\uffff" for char in text)


def head(text: str, most: int) -> str:
    """Return the beginning of a text: at most `most` long."""
    kept = text[:most]
    while size(kept) > most:
        kept = kept[: len(kept) - (size(kept) - most + 1) // 2]
    return kept


def cut(text: str, most: int) -> str:
    """Return a text as it is, or its beginning with an ellipsis: at most `most` long."""
    if size(text) <= most:
        return text
    return head(text, most - 1).rstrip() + ELLIPSIS if most > 0 else ""


def literal(text: str) -> str:
    """Return a cleaned text for mrkdwn, such that all of it is shown as it is and does nothing."""
    text = _QUOTING.sub("\\1\u203a", text).translate(_LOOKALIKES)
    text = _EMOJI.sub("\ua789", text)
    text = _SCHEME.sub("\ua789", text)
    return _CALLING.sub("\uff20", text).translate(_ESCAPED)


def cut_marked(text: str, most: int) -> str:
    """Cut what `literal`, `link` and `person` made, leaving no part of an entity or a link."""
    if size(text) <= most:
        return text
    kept = cut(text, most).removesuffix(ELLIPSIS)
    return _TORN.sub("", kept).rstrip() + ELLIPSIS


def is_person(who: str) -> bool:
    """Tell whether this is a person's id as Slack writes it."""
    return bool(_PERSON.fullmatch(who))


def link(url: str, text: str) -> str:
    """Link a text in mrkdwn; the address is one that `web` returned."""
    return f"<{url.replace('&', '&amp;')}|{literal(text).replace('|', chr(0x2223))}>"
