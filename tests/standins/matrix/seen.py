"""What a person sees of a room: edits applied, threads told apart, the unreadable marked."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nio import MegolmEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Trusts = Callable[[str, str], bool]  # of a user, and a key that encrypted


@dataclass(frozen=True, slots=True)
class Seen:
    """A message; `encrypted` as it came from the server, `decrypted` where we could read that.

    `raw` is the event as it was first sent, decrypted; of a redacted one only the shell is left.
    """

    event_id: str
    sender: str
    body: str
    html: str | None
    msgtype: str
    thread: str | None
    reply_to: str | None
    mentions: tuple[str, ...]
    edited: bool
    redacted: bool
    decrypted: bool
    encrypted: bool
    raw: dict[str, Any] = field(repr=False)

    @property
    def readable(self) -> bool:
        return not self.redacted and (self.decrypted or not self.encrypted)


@dataclass(slots=True)
class _Event:
    source: dict[str, Any]
    encrypted: bool
    key: str = ""  # of the device that encrypted it
    sealed: MegolmEvent | None = None  # what we have no key for, yet

    @property
    def id(self) -> str:
        return self.source["event_id"]

    @property
    def sender(self) -> str:
        return self.source["sender"]

    @property
    def content(self) -> dict[str, Any]:
        return self.source.get("content") or {}

    @property
    def tie(self) -> dict[str, Any]:
        return self.content.get("m.relates_to") or {}

    @property
    def is_message(self) -> bool:
        return self.source["type"] in ("m.room.message", "m.room.encrypted")


def _event(given: Any) -> _Event:
    if isinstance(given, MegolmEvent):
        return _Event(given.source, encrypted=True, sealed=given)
    sealed = given.source["type"] == "m.room.encrypted"
    decrypted = bool(getattr(given, "decrypted", False))
    key = getattr(given, "sender_key", None) or ""
    return _Event(given.source, encrypted=decrypted or sealed, key=key if decrypted else "")


class Timeline:
    """What came of a room, oldest first."""

    def __init__(self) -> None:
        self._events: dict[str, _Event] = {}
        self._redacted: set[str] = set()

    def __contains__(self, event_id: str) -> bool:
        return event_id in self._events

    def __bool__(self) -> bool:
        return bool(self._events)

    def take(self, given: Any) -> None:
        """Take in an event of nio's."""
        event = _event(given)
        self._events.setdefault(event.id, event)
        if event.source["type"] == "m.room.redaction":
            self._redacted.add(event.source.get("redacts") or event.content.get("redacts", ""))
        if "redacted_because" in (event.source.get("unsigned") or {}):
            self._redacted.add(event.id)

    def open(self, opened: Callable[[MegolmEvent], Any]) -> None:
        """Try again what could not be read; its key may have come since."""
        for event in list(self._events.values()):
            if event.sealed is not None and not isinstance(
                given := opened(event.sealed), MegolmEvent
            ):
                self._events[event.id] = _event(given)

    def raw(self) -> list[dict[str, Any]]:
        """Return all events, decrypted where we could."""
        return [one.source for one in self._events.values()]

    def messages(self, trusts: Trusts) -> list[Seen]:
        """Return the messages that a person sees, deleted and unreadable ones among them."""
        edits = self._edits(trusts)
        return [
            self._seen(one, edits.get(one.id))
            for one in self._shown()
            if not _is_distrusted(one, trusts)
        ]

    def distrusted(self, trusts: Trusts) -> list[Seen]:
        """Return what came from devices that nobody has signed."""
        return [self._seen(one, None) for one in self._shown() if _is_distrusted(one, trusts)]

    def reactions(self, event_id: str) -> dict[str, set[str]]:
        """Return who reacted to an event, by key."""
        found: dict[str, set[str]] = defaultdict(set)
        for one in self._events.values():
            is_one = one.source["type"] == "m.reaction" and one.id not in self._redacted
            if is_one and one.tie.get("event_id") == event_id:
                found[one.tie["key"]].add(one.sender)
        return dict(found)

    def _shown(self) -> Iterator[_Event]:
        for one in self._events.values():
            if one.is_message and one.tie.get("rel_type") != "m.replace":
                yield one

    def _edits(self, trusts: Trusts) -> dict[str, dict[str, Any]]:
        """Return the last valid edit of each message: the sender's own, encrypted as that was."""
        found = {}
        for one in self._events.values():
            first = self._events.get(one.tie.get("event_id", ""))
            if (
                first is not None
                and one.is_message
                and one.tie.get("rel_type") == "m.replace"
                and one.id not in self._redacted
                and one.sender == first.sender
                and one.encrypted >= first.encrypted
                and not _is_distrusted(one, trusts)
                and isinstance(one.content.get("m.new_content"), dict)
            ):
                found[first.id] = one.content["m.new_content"]
        return found

    def _seen(self, event: _Event, edit: dict[str, Any] | None) -> Seen:
        redacted = event.id in self._redacted
        content = {} if redacted else edit or event.content
        tie = event.tie
        in_thread = tie.get("rel_type") == "m.thread"
        fallback = in_thread and tie.get("is_falling_back", False)
        replied = (tie.get("m.in_reply_to") or {}).get("event_id")
        html = content.get("format") == "org.matrix.custom.html"
        return Seen(
            event_id=event.id,
            sender=event.sender,
            body=content.get("body", ""),
            html=content.get("formatted_body") if html else None,
            msgtype=content.get("msgtype", ""),
            thread=tie.get("event_id") if in_thread else None,
            reply_to=None if fallback else replied,
            mentions=tuple((content.get("m.mentions") or {}).get("user_ids", ())),
            edited=edit is not None and not redacted,
            redacted=redacted,
            decrypted=event.encrypted and event.sealed is None,
            encrypted=event.encrypted,
            raw=event.source,
        )


def _is_distrusted(event: _Event, trusts: Trusts) -> bool:
    return bool(event.key) and not trusts(event.sender, event.key)
