"""How a block is held to its form: fields known, wanted, and of the right size.

A form is a table of fields. What is wrong is told as Slack tells it: the reason and a JSON
pointer to the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Check = Callable[["Sheet", Any, str], None]
_URL = re.compile(r"https?://[^\s<>|]+", re.IGNORECASE)


class Misshapen(Exception):
    """Something in blocks or a view is not as Slack wants it."""

    def __init__(self, reason: str, at: str) -> None:
        super().__init__(f"{reason} [json-pointer:{at}]")


@dataclass
class Sheet:
    """What one message or view has used up; `surface` is message, modal or home."""

    surface: str
    action_ids: set[str] = field(default_factory=set)
    block_ids: set[str] = field(default_factory=set)
    markdown: int = 0


def form(
    sheet: Sheet, found: Any, at: str, required: dict[str, Check], optional: dict[str, Check]
) -> None:
    """Hold an object to its fields. Raises Misshapen."""
    if not isinstance(found, dict):
        raise Misshapen("must be an object", at)
    for name in required:
        if name not in found:
            raise Misshapen(f"missing required field: {name}", at)
    for name, value in found.items():
        check = required.get(name) or optional.get(name)
        if check is None:
            raise Misshapen(f"invalid additional property: {name}", at)
        check(sheet, value, f"{at}/{name}")


def words(most: int, least: int = 1) -> Check:
    """Take text of that length."""

    def check(_: Sheet, found: Any, at: str) -> None:
        if not isinstance(found, str):
            raise Misshapen("must be a string", at)
        if len(found) < least:
            raise Misshapen(f"must be more than {least - 1} characters", at)
        if len(found) > most:
            raise Misshapen(f"must be less than {most + 1} characters", at)

    return check


def one_of(*values: Any) -> Check:
    def check(_: Sheet, found: Any, at: str) -> None:
        if found not in values:
            raise Misshapen(f"must be one of {', '.join(map(str, values))}", at)

    return check


def truth(_: Sheet, found: Any, at: str) -> None:
    if not isinstance(found, bool):
        raise Misshapen("must be a boolean", at)


def number(least: int, most: int) -> Check:
    def check(_: Sheet, found: Any, at: str) -> None:
        if isinstance(found, bool) or not isinstance(found, int) or not least <= found <= most:
            raise Misshapen(f"must be a number from {least} to {most}", at)

    return check


def url(_: Sheet, found: Any, at: str) -> None:
    if not isinstance(found, str) or not _URL.fullmatch(found) or len(found) > 3000:
        raise Misshapen("must be a valid URL", at)


def matching(pattern: str, says: str) -> Check:
    def check(_: Sheet, found: Any, at: str) -> None:
        if not isinstance(found, str) or not re.fullmatch(pattern, found):
            raise Misshapen(f"must be {says}", at)

    return check


def many(check: Check, most: int, least: int = 1) -> Check:
    """Take a list of that many, each of them checked."""

    def checked(sheet: Sheet, found: Any, at: str) -> None:
        if not isinstance(found, list):
            raise Misshapen("must be an array", at)
        if len(found) < least:
            raise Misshapen(f"must have at least {least} items", at)
        if len(found) > most:
            raise Misshapen(f"no more than {most} items allowed", at)
        for index, one in enumerate(found):
            check(sheet, one, f"{at}/{index}")

    return checked


def text(most: int, *kinds: str) -> Check:
    """Take a text object of those kinds (plain_text, mrkdwn; both if none is named)."""
    allowed = kinds or ("plain_text", "mrkdwn")

    def check(sheet: Sheet, found: Any, at: str) -> None:
        if not isinstance(found, dict) or found.get("type") not in allowed:
            raise Misshapen(f"must be a text object of type {' or '.join(allowed)}", at)
        is_plain = found["type"] == "plain_text"
        extra: dict[str, Check] = {"emoji": truth} if is_plain else {"verbatim": truth}
        form(sheet, found, at, {"type": one_of(*allowed), "text": words(most)}, extra)

    return check


def plain(most: int) -> Check:
    return text(most, "plain_text")


def kinds(table: dict[str, Check], what: str) -> Check:
    """Take an object by its `type`; one that is not in the table is refused."""

    def check(sheet: Sheet, found: Any, at: str) -> None:
        kind = found.get("type") if isinstance(found, dict) else None
        if not isinstance(kind, str) or kind not in table:
            raise Misshapen(f"unsupported type of {what}: {kind}", at)
        table[kind](sheet, found, at)

    return check


def formed(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    """Take an object with these fields besides its `type`."""
    needed = {"type": words(255), **required}

    def check(sheet: Sheet, found: Any, at: str) -> None:
        form(sheet, found, at, needed, optional or {})

    return check
