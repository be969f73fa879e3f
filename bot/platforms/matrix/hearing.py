"""What an event of a room says, as an Incoming; nothing is decided here.

Events come decrypted. What a reaction, an edit or a reply is about is looked up: among the last
few thousand events, kept in memory, or at the server.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
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
    Workspace,
)
from bot.platforms.matrix.calls import NAME, room_path
from bot.platforms.matrix.heard import Us, named, others, without_name
from bot.platforms.matrix.said import (
    Known,
    answered,
    relation_of,
    session_of,
    text_of,
    thread_of,
    uploads,
)
from bot.platforms.matrix.synced import event_of, is_event_id
from bot.platforms.matrix.words import control_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.model import Incoming
    from bot.platforms.matrix.calls import Json
    from bot.platforms.matrix.session import Session

_REMEMBERED, _REMEMBERED_TEXT = 5000, 10_000_000  # events, and characters of them


class Sealed(Exception):
    """What an event is about cannot be read yet; `session` is the one whose key is awaited."""

    def __init__(self, session: str) -> None:
        super().__init__(session)
        self.session = session


class Hearing:
    """Hears what is said in our rooms. `prefix` is what a command begins with, `now` our clock."""

    def __init__(self, session: Session, *, prefix: str, now: Callable[[], datetime]) -> None:
        self._session = session
        self._prefix, self._now = prefix, now
        self._known: OrderedDict[tuple[str, str], Known] = OrderedDict()
        self._size = 0

    async def incoming(self, room: str, event: Json) -> Incoming | None:
        """Return what an event says, or None where it says nothing to anybody.

        Raises PlatformError where what it is about could not be looked up, Sealed where that
        cannot be read yet.
        """
        content = event["content"]
        match event["type"]:
            case "m.room.message":
                relation = relation_of(content)
                if relation.get("rel_type") == "m.replace":
                    return await self._edited(room, event, relation)
                known = await self._remembered(room, event)
                ours = known.sender == self._session.user
                return None if ours else self._posted(room, event, known)
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
            uploads=known.uploads,
            private=self._session.cipher.rooms.is_encrypted(room),
        )

    def _us(self, room: str) -> Us:
        us = self._session.user
        return Us(id=us, name=self._session.cipher.rooms.name_of(room, us))

    def _posted(self, room: str, event: Json, known: Known) -> Posted:
        content, us = event["content"], self._us(room)
        bot = content.get("msgtype") == "m.notice"
        text, called = self._addressed(self._spoken(room, content), us)
        return Posted(
            key=event["event_id"],
            message=Message(
                thread=self.thread(room, known.thread),
                id=event["event_id"],
                author=event["sender"],
                text=text,
                sent_at=known.at,
                uploads=known.uploads,
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
        about = self._known.get((room, answered(content) or ""))
        # What falls back is in a thread, and answers nobody by itself.
        falls_back = relation_of(content).get("is_falling_back") is True
        if falls_back or about is None or about.sender != self._session.user:
            return content
        return {name: one for name, one in content.items() if name != "m.mentions"}

    def _addressed(self, content: Json, us: Us) -> tuple[str, bool]:
        """Return what was said without our name or the prefix, and whether that was there."""
        text = text_of(content)
        head, _, rest = text.strip().partition(" ")
        if head.casefold() == self._prefix.casefold():
            rest = rest.strip()
            return rest if not rest and uploads(content) else as_typed(rest), True
        if named(content, us):
            return without_name(text, us), True
        return text, False

    async def _edited(self, room: str, event: Json, relation: Json) -> Edited | None:
        """Return what an edit says; one of somebody else's message says nothing."""
        of, new = relation.get("event_id"), event["content"].get("m.new_content")
        before = await self._look_up(room, of, needed=True) if isinstance(new, dict) else None
        if not isinstance(new, dict) or before is None or before.sender != event["sender"]:
            return None
        us = self._us(room)
        if before.sender == us.id:
            return None
        changed = self._as_known(room, event, new, thread=before.thread)
        self._remember(room, str(of), replace(changed, at=before.at))
        bot = new.get("msgtype") == "m.notice"
        return Edited(
            key=event["event_id"],
            message=Message(
                thread=self.thread(room, before.thread),
                id=str(of),
                author=event["sender"],
                text=changed.said,
                sent_at=before.at,
                uploads=changed.uploads,
                private=self._session.cipher.rooms.is_encrypted(room),
            ),
            before=before.said,
            named_us=before.named_us,
            mentions_us=changed.named_us and not bot,
            direct=self.is_direct(room) and not bot,
            bot=bot,
            calls=others(new, us),
        )

    async def _reacted(self, room: str, event: Json) -> Incoming | None:
        relation = relation_of(event["content"])
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
        if not is_event_id(of):
            return None
        known = self._forget(room, of)
        root = known.thread if known is not None else of
        return Deleted(key=event["event_id"], thread=self.thread(room, root), message_id=of)

    async def _remembered(self, room: str, event: Json) -> Known:
        """Return what is to be known of a message, remembered for what is said about it."""
        content = event["content"]
        root, reply = thread_of(event), answered(content)
        if root == event["event_id"] and reply:
            # To one of our posts: then it belongs into its thread.
            about = await self._look_up(room, reply)
            ours = about is not None and about.sender == self._session.user
            root = about.thread if about is not None and ours else root
        known = self._as_known(room, event, content, thread=root)
        self._remember(room, event["event_id"], known)
        return known

    def _as_known(self, room: str, event: Json, content: Json, *, thread: str) -> Known:
        said, named_us = self._addressed(content, self._us(room))
        return Known(
            sender=event["sender"],
            thread=thread,
            text=text_of(content),
            said=said,
            named_us=named_us,
            uploads=uploads(content),
            at=self._now(),
        )

    def _remember(self, room: str, event_id: str, known: Known) -> None:
        self._forget(room, event_id)
        self._known[room, event_id] = known
        self._size += known.size
        while len(self._known) > _REMEMBERED or self._size > _REMEMBERED_TEXT:
            _, oldest = self._known.popitem(last=False)
            self._size -= oldest.size

    def _forget(self, room: str, event_id: str) -> Known | None:
        known = self._known.pop((room, event_id), None)
        self._size -= known.size if known is not None else 0
        return known

    async def _look_up(
        self, room: str, event_id: object, *, fresh: bool = False, needed: bool = False
    ) -> Known | None:
        """Return what is known of an event, its last edit included where it is `fresh`.

        Raises Sealed where it is `needed` and its key is not here yet.
        """
        if not isinstance(event_id, str) or not is_event_id(event_id):
            return None  # a server may break at what can be no event's id
        if not fresh and (room, event_id) in self._known:
            return self._known[room, event_id]
        try:
            event = event_of(await self._session.calls.get(room_path(room, "event", event_id)))
        except Rejected:  # nothing that we may see
            return None
        if event is None:
            return None
        opened = self._opened(room, event)
        if opened is None and needed:
            raise Sealed(session_of(event))
        if opened is None or not opened["content"]:
            return None
        content = self._latest(room, event) or opened["content"]
        known = self._as_known(room, event, content, thread=thread_of(opened))
        if opened["type"] == "m.room.message":
            self._remember(room, event_id, known)
        return known

    def _opened(self, room: str, event: Json) -> Json | None:
        if event["type"] != "m.room.encrypted":
            return event
        opened = self._session.cipher.decrypt(room, event)
        if opened is None and event["sender"] == self._session.user:
            return event  # a post of ours: what stands outside is enough
        return opened

    def _latest(self, room: str, event: Json) -> Json | None:
        """Return the content of a message's last edit, where the server sends it along."""
        edit = event_of(event["unsigned"].get("m.relations", {}).get("m.replace"))
        if edit is None or edit["sender"] != event["sender"]:
            return None
        opened = self._opened(room, edit)
        new = opened["content"].get("m.new_content") if opened is not None else None
        return new if isinstance(new, dict) else None
