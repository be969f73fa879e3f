"""The contents of what people send, as Element puts them together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

ENCRYPTION = {"algorithm": "m.megolm.v1.aes-sha2"}


def message(
    text: str, *, html: str | None, mentions: Iterable[str], msgtype: str
) -> dict[str, Any]:
    """Return a message; a client of today says whom it calls, even where it is nobody."""
    users = list(mentions)
    content = {"msgtype": msgtype, "body": text, "m.mentions": {"user_ids": users} if users else {}}
    if html is not None:
        content |= {"format": "org.matrix.custom.html", "formatted_body": html}
    return content


def relation(*, thread: str | None, last: str, reply_to: str | None) -> dict[str, Any]:
    """Return what ties a message to a thread, whose last event it follows, or to another one."""
    if thread is None:
        tie = {"m.in_reply_to": {"event_id": reply_to}} if reply_to else {}
    else:
        tie = {
            "rel_type": "m.thread",
            "event_id": thread,
            "is_falling_back": reply_to is None,
            "m.in_reply_to": {"event_id": reply_to or last},
        }
    return {"m.relates_to": tie} if tie else {}


def edit(event: str, new: dict[str, Any]) -> dict[str, Any]:
    """Return an edit; clients that know none show the new text behind a star."""
    shown = {**new, "body": f"* {new['body']}", "m.mentions": {}}
    if "formatted_body" in new:
        shown["formatted_body"] = f"* {new['formatted_body']}"
    tie = {"rel_type": "m.replace", "event_id": event}
    return {**shown, "m.new_content": new, "m.relates_to": tie}


def reaction(event: str, key: str) -> dict[str, Any]:
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": key}}


def file(name: str, media_type: str, size: int, where: dict[str, Any]) -> dict[str, Any]:
    """Return a file that was uploaded; `where` is its `url`, or its `file` with the keys."""
    kind = media_type.partition("/")[0]
    return {
        "msgtype": f"m.{kind}" if kind in ("image", "audio", "video") else "m.file",
        "body": name,
        "filename": name,
        "info": {"mimetype": media_type, "size": size},
        "m.mentions": {},
        **where,
    }
