"""What an event of a room says, as an Incoming; nothing is decided here.

Events come decrypted. What a reaction, an edit or a reply is about is looked up: among the last
few thousand events, kept in memory, or at the server.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.core.talking.address import is_newspaper
from bot.core.talking.listen import as_typed
from bot.errors import Rejected
from bot.model import (
    Channel,
    Deleted,
    Edited,
    Message,
    Posted,
    Pressed,
    Reacted,
    Thread,
    Upload,
    Workspace,
)
from bot.platforms.matrix.calls import NAME, room_path
from bot.platforms.matrix.heard import Us, named, others, plain, without_name
from bot.platforms.matrix.words import control_of

if TYPE_CHECKING:
    from bot.model import Incoming
    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.session import Session

_REMEMBERED = 5000
_SPOKEN = frozenset({"m.text", "m.emote", "m.notice"})
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an event of a room: who sent it, in which thread, and what it says."""

    sender: str
    thread: str
    text: str
    content: Json
    at: datetime


class Sealed(Exception):
    """What an event is about cannot be read yet; `session` is the one whose key is awaited."""

    def __init__(self, session: str) -> None:
        super().__init__(session)
        self.session = session


class Hearing:
    """Hears what is said in our rooms. `prefix` is what a command begins with."""

    def __init__(self, session: Session, *, prefix: str) -> None:
        self._session = session
        self._prefix = prefix
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()

    async def incoming(self, room: str, event: Json) -> Incoming | None:
        """Return what an event says, or None where it says nothing to anybody.

        Raises PlatformError where what it is about could not be looked up, Sealed where that
        cannot be read yet.
        """
        content = event.get("content") or {}
        match event.get("type"):
            case "m.room.message":
                relation = _relation(content)
                if relation.get("rel_type") == "m.replace":
                    return await self._edited(room, event, relation)
                known = await self._remembered(room, event)
                return None if known.sender == self._session.user else self._posted(room, event)
            case "m.reaction":
                return await self._reacted(room, event)
            case "m.room.redaction":
                return self._redacted(room, event)
            case _:
                return None

    def channel(self, room: str) -> Channel:
        """Return a room as a channel."""
        return Channel(workspace=Workspace(platform=NAME, id=self._session.server), id=room)

    def thread(self, room: str, root: str) -> Thread:
        """Return a thread of a room."""
        return Thread(channel=self.channel(room), id=root)

    def is_direct(self, room: str) -> bool:
        """Tell whether nobody but one person is in a room with us."""
        return self._session.cipher.rooms.is_direct(room)

    async def message(self, room: str, event_id: str) -> Message | None:
        """Return a message as it is now; None where there is none, or its key is not here."""
        known = await self._look_up(room, event_id, fresh=True)
        if known is None:
            return None
        return Message(
            thread=self.thread(room, known.thread),
            id=event_id,
            author=known.sender,
            text=known.text,
            sent_at=known.at,
            uploads=_uploads(known.content),
            private=self._session.cipher.rooms.is_encrypted(room),
        )

    def _us(self, room: str) -> Us:
        us = self._session.user
        return Us(id=us, name=self._session.cipher.rooms.name_of(room, us))

    def _posted(self, room: str, event: Json) -> Posted:
        content = event["content"]
        us = self._us(room)
        bot = content.get("msgtype") == "m.notice"
        known = self._known[room, event["event_id"]]
        text, called = self._addressed(self._spoken(room, content), us)
        return Posted(
            key=event["event_id"],
            message=Message(
                thread=self.thread(room, known.thread),
                id=event["event_id"],
                author=event["sender"],
                text=text,
                sent_at=known.at,
                uploads=_uploads(content),
                private=self._session.cipher.rooms.is_encrypted(room),
            ),
            mentions_us=called and not bot,
            # Two bots alone in a room would talk for ever.
            direct=self.is_direct(room) and not bot,
            bot=bot,
            calls=others(content, us),
        )

    def _spoken(self, room: str, content: Json) -> Json:
        """Return a content as it counts: a reply to one of our posts names us by itself.

        Clients add whom a reply answers to those that it mentions; only who stands in its words
        counts then.
        """
        relation = _relation(content)
        reply = (relation.get("m.in_reply_to") or {}).get("event_id")
        about = self._known.get((room, str(reply)))
        by_itself = relation.get("is_falling_back") is True  # of a thread: it answers nobody
        if by_itself or about is None or about.sender != self._session.user:
            return content
        return {name: one for name, one in content.items() if name != "m.mentions"}

    def _addressed(self, content: Json, us: Us) -> tuple[str, bool]:
        """Return what was said without our name or the prefix, and whether that was there."""
        text = _text(content)
        head, _, rest = text.strip().partition(" ")
        if head.casefold() == self._prefix.casefold():
            rest = rest.strip()
            return rest if not rest and _uploads(content) else as_typed(rest), True
        if named(content, us):
            return without_name(text, us), True
        return text, False

    async def _edited(self, room: str, event: Json, relation: Json) -> Edited | None:
        """Return what an edit says; one of somebody else's message says nothing."""
        of = str(relation.get("event_id") or "")
        new = event["content"].get("m.new_content")
        before = await self._look_up(room, of, needed=True)
        if not isinstance(new, dict) or before is None or before.sender != event["sender"]:
            return None
        us = self._us(room)
        if before.sender == us.id:
            return None
        text, called = self._addressed(new, us)
        was, named_us = self._addressed(before.content, us)
        bot = new.get("msgtype") == "m.notice"
        changed = Known(before.sender, before.thread, _text(new), new, before.at)
        self._remember(room, of, changed)
        return Edited(
            key=event["event_id"],
            message=Message(
                thread=self.thread(room, before.thread),
                id=of,
                author=event["sender"],
                text=text,
                sent_at=before.at,
                uploads=_uploads(new),
                private=self._session.cipher.rooms.is_encrypted(room),
            ),
            before=was,
            named_us=named_us,
            mentions_us=called and not bot,
            direct=self.is_direct(room) and not bot,
            bot=bot,
            calls=others(new, us),
        )

    async def _reacted(self, room: str, event: Json) -> Incoming | None:
        relation = _relation(event["content"])
        key, of = relation.get("key"), relation.get("event_id")
        if not isinstance(key, str) or not isinstance(of, str):
            return None
        us, who = self._session.user, event["sender"]
        control = control_of(key)
        if who == us or (control is None and not is_newspaper(key)):
            return None
        known = await self._look_up(room, of, needed=True)
        if known is None:
            return None
        if control is not None and known.sender == us:
            return Pressed(
                key=event["event_id"],
                thread=self.thread(room, known.thread),
                who=who,
                action=control,
                value="",
                post=of,
            )
        message = await self.message(room, of) if is_newspaper(key) else None
        if message is None:
            return None
        return Reacted(key=event["event_id"], message=message, who=who, reaction=key)

    def _redacted(self, room: str, event: Json) -> Deleted | None:
        of = event.get("redacts") or event["content"].get("redacts")
        if not isinstance(of, str):
            return None
        known = self._known.pop((room, of), None)
        root = known.thread if known is not None else of
        return Deleted(key=event["event_id"], thread=self.thread(room, root), message_id=of)

    async def _remembered(self, room: str, event: Json) -> Known:
        """Return what is to be known of a message, remembered for what is said about it."""
        content = event["content"]
        root = event["event_id"]
        relation = _relation(content)
        if relation.get("rel_type") == "m.thread":
            root = str(relation.get("event_id") or root)
        else:
            reply = (relation.get("m.in_reply_to") or {}).get("event_id")
            if isinstance(reply, str):  # to one of our posts: then it belongs into its thread
                about = await self._look_up(room, reply)
                ours = about is not None and about.sender == self._session.user
                root = about.thread if about is not None and ours else root
        known = Known(event["sender"], root, _text(content), content, _moment(event))
        self._remember(room, event["event_id"], known)
        return known

    def _remember(self, room: str, event_id: str, known: Known) -> None:
        self._known[room, event_id] = known
        self._known.move_to_end((room, event_id))
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    async def _look_up(
        self, room: str, event_id: str, *, fresh: bool = False, needed: bool = False
    ) -> Known | None:
        """Return what is known of an event, its last edit included where it is `fresh`.

        Raises Sealed where it is `needed` and its key is not here yet.
        """
        if not fresh and (room, event_id) in self._known:
            return self._known[room, event_id]
        try:
            event = await self._session.calls.get(room_path(room, "event", event_id))
        except Rejected:  # nothing that we may see
            return None
        opened = self._opened(room, event)
        if opened is None and needed:
            raise Sealed(str(event["content"].get("session_id")))
        if opened is None or not opened.get("content"):
            return None
        content = self._latest(room, event) or opened["content"]
        relation = _relation(opened["content"])
        in_thread = relation.get("rel_type") == "m.thread"
        root = str(relation.get("event_id")) if in_thread else event_id
        known = Known(event["sender"], root, _text(content), content, _moment(event))
        if opened.get("type") == "m.room.message":
            self._remember(room, event_id, known)
        return known

    def _opened(self, room: str, event: Json) -> Json | None:
        if event.get("type") != "m.room.encrypted":
            return event
        opened = self._session.cipher.decrypt(room, event)
        if opened is None and event["sender"] == self._session.user:
            return event  # a post of ours: what stands outside is enough
        return opened

    def _latest(self, room: str, event: Json) -> Json | None:
        """Return the content of a message's last edit, where the server sends it along."""
        edit = ((event.get("unsigned") or {}).get("m.relations") or {}).get("m.replace")
        if not isinstance(edit, dict) or edit.get("sender") != event["sender"]:
            return None
        opened = self._opened(room, edit) if "content" in edit else None
        new = (opened or {}).get("content", {}).get("m.new_content")
        return new if isinstance(new, dict) else None


def _relation(content: Json) -> Json:
    found = content.get("m.relates_to")
    return found if isinstance(found, dict) else {}


def _text(content: Json) -> str:
    """Return what a message's author said; of a file, what he said about it."""
    body, html = content.get("body"), content.get("formatted_body")
    body = body if isinstance(body, str) else ""
    if content.get("msgtype") not in _SPOKEN:
        name = content.get("filename")
        return body if isinstance(name, str) and name != body else ""
    reply = "m.in_reply_to" in _relation(content)
    return plain(body, html if isinstance(html, str) else "", reply=reply)


def _uploads(content: Json) -> tuple[Upload, ...]:
    if content.get("msgtype") != "m.file":
        return ()
    told = content.get("info")
    info: Json = told if isinstance(told, dict) else {}
    file = content.get("file")
    handle: Json = file if isinstance(file, dict) else {"url": content.get("url")}
    if not isinstance(handle.get("url"), str):
        return ()
    size, kind = info.get("size"), info.get("mimetype")
    name = content.get("filename") or content.get("body")
    return (
        Upload(
            name=name if isinstance(name, str) and name else "file",
            media_type=kind if isinstance(kind, str) else "application/octet-stream",
            size=size if isinstance(size, int) and size >= 0 else 0,
            handle=json.dumps(handle),
        ),
    )


def _moment(event: Json) -> datetime:
    """Return when a server says that something was said."""
    told = event.get("origin_server_ts")
    if not isinstance(told, int) or not 0 <= told < _LATEST.timestamp() * 1000:
        return datetime.fromtimestamp(0, UTC)
    return datetime.fromtimestamp(told / 1000, UTC)
