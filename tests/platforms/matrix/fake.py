"""A session without a homeserver: what is asked of it is recorded, what it answers is set."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import unquote

from bot.errors import Rejected

US, ANN, BOB, ROOM = "@bot:x", "@ann:x", "@bob:x", "!room:x"


class FakeCalls:
    """A homeserver that has some events; `answers` come by the end of the path, errors are raised.

    An answer that is a list gives one after the other.
    """

    def __init__(self):
        self.events, self.answers, self.asked, self.put_in = {}, {}, [], []
        self.timeout = 1.0

    async def get(self, path, *, query=None, patience=0.0):  # noqa: ARG002 - as the real one
        self.asked.append(path)
        for end, answer in self.answers.items():
            if path.endswith(end):
                return self._given(answer)
        event = unquote(path.rpartition("/")[2])
        if event not in self.events:
            raise Rejected("matrix", "M_NOT_FOUND")
        return self.events[event]

    async def put(self, path, body, *, sends=False):  # noqa: ARG002 - as the real one
        self.put_in.append((path, body))
        return {"event_id": f"$sent{len(self.put_in)}"}

    async def post(self, path, body):  # noqa: ARG002 - as the real one
        self.asked.append(path)
        for end, answer in self.answers.items():
            if path.endswith(end):
                return self._given(answer)
        return {}

    def _given(self, answer):
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer()
        if isinstance(answer, BaseException):
            raise answer
        return answer


class FakeRooms:
    def __init__(self):
        self.inside, self.encrypted, self.direct = {ROOM}, set(), set()

    def knows(self, room):
        return room in self.inside

    def is_encrypted(self, room):
        return room in self.encrypted

    def mark_encrypted(self, room):
        self.encrypted.add(room)

    def is_direct(self, room):
        return room in self.direct

    def name_of(self, room, who):  # noqa: ARG002 - as the real one
        return "Briefbot" if who == US else ""

    def leave(self, room):
        self.inside.discard(room)


class FakeCipher:
    """Opens what `secrets` has by session id; what it takes in says which keys come."""

    def __init__(self):
        self.rooms, self.secrets, self.keys = FakeRooms(), {}, frozenset()
        self.tried = 0

    def decrypt(self, room, event):  # noqa: ARG002 - as the real one
        self.tried += 1
        inside = self.secrets.get(str(event["content"].get("session_id")))
        return None if inside is None else {**event, **inside}

    async def receive(self, synced):
        self.rooms.inside.update(synced["rooms"]["join"])
        return self.keys

    async def upkeep(self):
        """Nothing to keep up."""

    async def encrypt(self, room, kind, content):
        if room not in self.rooms.inside:
            raise Rejected("matrix", "not_in_room")
        return {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": str(hash((kind, str(content))))}


def session():
    return SimpleNamespace(
        user=US, server="x", device="DEVICE", calls=FakeCalls(), cipher=FakeCipher()
    )


def event(kind="m.room.message", sender=ANN, event_id="$e", **content):
    return {
        "type": kind,
        "sender": sender,
        "event_id": event_id,
        "origin_server_ts": 1_700_000_000_000,
        "content": content,
        "unsigned": {},
    }


def said(body, **more):
    content = {"msgtype": "m.text", "body": body, **more.pop("content", {})}
    return event(**more, **content)
