"""What the content of an event says: anybody can have put anything there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import Upload
from bot.platforms.matrix.heard import plain
from bot.platforms.matrix.pills import sound
from bot.platforms.matrix.synced import is_event_id, is_id

if TYPE_CHECKING:
    from datetime import datetime

    from bot.platforms.matrix.calls import Json

_SPOKEN = frozenset({"m.text", "m.emote", "m.notice"})
_NAME, _BYTES = 255, 2**53
_SIZE = 300  # characters that an event counts beside its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of an event of a room: who sent it, in which thread, and what it says.

    `said` is its text without our name or the prefix, `named_us` whether that was there. `at` is
    when we heard of it: what is said of that elsewhere is up to its sender's server.
    """

    sender: str
    thread: str
    text: str
    said: str
    named_us: bool
    uploads: tuple[Upload, ...]
    at: datetime

    @property
    def size(self) -> int:
        """About how many characters are kept of it."""
        files = sum(len(one.handle) + len(one.name) for one in self.uploads)
        return _SIZE + len(self.text) + len(self.said) + files


def thread_of(event: Json) -> str:
    """Return the root of the thread that an event says it is in, or itself."""
    relation = relation_of(event["content"])
    root = relation.get("event_id") if relation.get("rel_type") == "m.thread" else None
    return root if isinstance(root, str) and is_event_id(root) else event["event_id"]


def session_of(event: Json) -> str:
    """Return the id of the session that an event was encrypted with; empty where it says none."""
    session = event["content"].get("session_id")
    return session if isinstance(session, str) else ""


def answered(content: Json) -> str | None:
    """Return the id of the message that one answers, if it does."""
    reply = relation_of(content).get("m.in_reply_to")
    event = reply.get("event_id") if isinstance(reply, dict) else None
    return event if isinstance(event, str) else None


def relation_of(content: Json) -> Json:
    """Return what a content says that it is about."""
    found = content.get("m.relates_to")
    return found if isinstance(found, dict) else {}


def text_of(content: Json) -> str:
    """Return what a message's author said; of a file, what he said about it."""
    body, html = content.get("body"), content.get("formatted_body")
    body = body if isinstance(body, str) else ""
    if content.get("msgtype") not in _SPOKEN:
        name = content.get("filename")
        return body if isinstance(name, str) and name != body else ""
    reply = "m.in_reply_to" in relation_of(content)
    return plain(body, html if isinstance(html, str) else "", reply=reply)


def uploads(content: Json) -> tuple[Upload, ...]:
    """Return the file that a message is, if it is one."""
    if content.get("msgtype") != "m.file":
        return ()
    handle = _handle(content)
    if not is_id(handle["url"]):
        return ()
    info = _dict(content.get("info"))
    size, kind = info.get("size"), info.get("mimetype")
    name = content.get("filename") or content.get("body")
    name = sound(name).strip()[:_NAME] if isinstance(name, str) else ""
    return (
        Upload(
            name=name or "file",
            media_type=str(kind) if is_id(kind) else "application/octet-stream",
            size=size if isinstance(size, int) and 0 <= size <= _BYTES else 0,
            handle=json.dumps(handle),
        ),
    )


def _handle(content: Json) -> Json:
    """Return what it takes to fetch a file, and to open it where it is encrypted."""
    if not isinstance(content.get("file"), dict):
        return {"url": content.get("url")}
    file = content["file"]
    key, hashes = _dict(file.get("key")).get("k"), _dict(file.get("hashes")).get("sha256")
    parts = {"url": file.get("url"), "key": key, "iv": file.get("iv"), "sha256": hashes}
    found = {part: one if isinstance(one, str) else "" for part, one in parts.items()}
    return {
        "url": found["url"],
        "key": {"k": found["key"]},
        "iv": found["iv"],
        "hashes": {"sha256": found["sha256"]},
    }


def _dict(found: object) -> Json:
    return found if isinstance(found, dict) else {}
