"""A chat server's event -> an Incoming, strictly: a field too many is as wrong as one missing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.model import (
    Channel,
    Commanded,
    Deleted,
    Edited,
    Joined,
    Message,
    Posted,
    Reacted,
    Removed,
    Thread,
    Workspace,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.model import Incoming

NAME = "loopback"


def decode(event: object) -> Incoming:
    """Return what an event says. Raises ValueError, naming the field, where it is malformed."""
    if not isinstance(event, dict):
        raise ValueError("event")  # noqa: TRY004 - one error for whatever is malformed
    fields = _Fields(event)
    kind = _KINDS.get(fields.name("kind"))
    if kind is None:
        raise ValueError("kind")
    incoming = kind(fields)
    fields.end()
    return incoming


class _Fields:
    """The fields of one event, each taken once."""

    def __init__(self, event: Mapping[str, object]) -> None:
        self._left = dict(event)

    def text(self, field: str) -> str:
        value = self._left.pop(field, None)
        if not isinstance(value, str) or not _storable(value):
            raise ValueError(field)
        return value

    def name(self, field: str) -> str:
        value = self.text(field)
        if not value:
            raise ValueError(field)
        return value

    def name_or_null(self, field: str) -> str | None:
        if field in self._left and self._left[field] is None:
            del self._left[field]
            return None
        return self.name(field)

    def flag(self, field: str) -> bool:
        value = self._left.pop(field, None)
        if not isinstance(value, bool):
            raise ValueError(field)  # noqa: TRY004 - as above
        return value

    def time(self, field: str) -> datetime:
        try:
            value = datetime.fromisoformat(self.text(field))
            if value.tzinfo is not None:
                return value.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValueError(field) from error
        raise ValueError(field)

    def end(self) -> None:
        if self._left:
            raise ValueError(*self._left)


def _storable(text: str) -> bool:
    """Whether every database takes it: no NUL, and no half of a character."""
    return "\0" not in text and text.encode("utf-8", "replace").decode() == text


def _channel(fields: _Fields) -> Channel:
    workspace = Workspace(platform=NAME, id=fields.name("workspace"))
    return Channel(workspace=workspace, id=fields.name("channel"))


def _thread(fields: _Fields, root: str) -> Thread:
    """The thread that an event names; without one, it is the root of its own."""
    return Thread(channel=_channel(fields), id=fields.name_or_null("thread") or root)


def _message(fields: _Fields) -> Message:
    message = fields.name("message")
    return Message(
        thread=_thread(fields, message),
        id=message,
        author=fields.name("author"),
        text=fields.text("text"),
        sent_at=fields.time("sent_at"),
    )


def _posted(fields: _Fields) -> Posted:
    return Posted(
        key=fields.name("key"),
        message=_message(fields),
        mentions_us=fields.flag("mentions_us"),
        direct=fields.flag("direct"),
    )


def _edited(fields: _Fields) -> Edited:
    return Edited(key=fields.name("key"), message=_message(fields))


def _deleted(fields: _Fields) -> Deleted:
    message = fields.name("message")
    return Deleted(key=fields.name("key"), thread=_thread(fields, message), message_id=message)


def _reacted(fields: _Fields) -> Reacted:
    return Reacted(
        key=fields.name("key"),
        message=_message(fields),
        who=fields.name("who"),
        reaction=fields.name("reaction"),
    )


def _commanded(fields: _Fields) -> Commanded:
    key = fields.name("key")
    return Commanded(
        key=key,
        thread=_thread(fields, key),
        who=fields.name("who"),
        text=fields.text("text"),
        at=fields.time("at"),
    )


def _joined(fields: _Fields) -> Joined:
    return Joined(key=fields.name("key"), channel=_channel(fields), inviter=fields.name("inviter"))


def _removed(fields: _Fields) -> Removed:
    channel = _channel(fields)
    return Removed(key=fields.name("key"), workspace=channel.workspace, channel=channel)


_KINDS: Mapping[str, Callable[[_Fields], Incoming]] = {
    "posted": _posted,
    "edited": _edited,
    "deleted": _deleted,
    "reacted": _reacted,
    "commanded": _commanded,
    "joined": _joined,
    "removed": _removed,
}
