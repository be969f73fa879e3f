"""A human at a client with end-to-end encryption: what he does, one call each."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from nio import ErrorResponse, LoginResponse, UploadResponse
from nio.crypto.attachments import decrypt_attachment

from tests.standins.matrix import contents
from tests.standins.matrix.client import Client, RefusedError
from tests.standins.matrix.identity import Identity
from tests.standins.matrix.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.homeserver import Account, Homeserver
    from tests.standins.matrix.seen import Seen


class Person(Watcher):
    """A user on one device.

    `strict`, he talks to devices only that their owners have signed, as Element does; not
    `signed`, his own device is like one of a program that knows no cross-signing.
    """

    account: Account
    identity: Identity | None

    @classmethod
    async def at(
        cls,
        homeserver: Homeserver,
        folder: Path,
        *,
        name: str,
        strict: bool = False,
        signed: bool = True,
        account: Account | None = None,
        identity: Identity | None = None,
    ) -> Person:
        """Log in on a new device; with another one's account and identity, the same user again."""
        account = account or await homeserver.register(name)

        client = Client(homeserver.url, account.user_id, folder, strict=strict)
        person = cls(name, client)
        person.account, person.identity = account, identity
        try:
            answer = await client.login(account.password, device_name=f"{name}'s client")
            assert isinstance(answer, LoginResponse), answer
            await client.keys_upload()
            if identity is not None:
                await client.sign(identity)
            elif signed:
                await person.new_identity()
            await person.follow()
        except BaseException:
            await client.close()
            raise
        return person

    async def new_identity(self) -> None:
        """Sign this device as a user with new keys, the first ones or after a reset."""
        self.identity = Identity(self.user_id)
        await self.client.publish(self.identity, self.account.password)

    async def create_room(
        self,
        *,
        encrypted: bool = False,
        invite: Iterable[str | Watcher] = (),
        name: str | None = None,
        direct: bool = False,
        **more: object,
    ) -> str:
        """Make a private room; return its id. `more` goes into the request."""
        users = [_id(one) for one in invite]
        state = {"type": "m.room.encryption", "state_key": "", "content": contents.ENCRYPTION}
        given = {
            "preset": "trusted_private_chat" if direct else "private_chat",
            "is_direct": direct,
            "invite": users,
            "initial_state": [state] if encrypted else [],
            **({"name": name} if name else {}),
            **more,
        }
        room = (await self.client.ask("POST", "/createRoom", given))["room_id"]
        if direct:
            rooms = {user: [room] for user in users}
            path = f"/user/{self.user_id}/account_data/m.direct"
            await self.client.ask("PUT", path, rooms)
        await self._knows(room, encrypted=encrypted)
        return room

    async def join(self, room: str) -> None:
        """Join a room, by its id or its alias."""
        found = await self.client.ask("POST", f"/join/{room}", {})
        await self._knows(found["room_id"])

    async def invite(self, room: str, who: str | Watcher) -> None:
        await self._to(room, "invite", who)
        await self.sees_member(room, _id(who), "invite")

    async def kick(self, room: str, who: str | Watcher) -> None:
        await self._to(room, "kick", who)
        await self.sees_member(room, _id(who), "leave")

    async def leave(self, room: str) -> None:
        await self.client.ask("POST", f"/rooms/{room}/leave", {})
        await self.until(lambda: room in self._left, "that he left", room=room)

    async def say(
        self,
        room: str,
        text: str,
        *,
        html: str | None = None,
        mentions: Iterable[str | Watcher] = (),
        thread: str | None = None,
        reply_to: str | None = None,
        msgtype: str = "m.text",
        **more: object,
    ) -> str:
        """Send a message; return the event's id. `more` goes into its content."""
        users = [_id(one) for one in mentions]
        said = contents.message(text, html=html, mentions=users, msgtype=msgtype)
        below = [one.event_id for one in self.thread(room, thread)] if thread else []
        last = below[-1] if below else thread or ""
        tie = contents.relation(thread=thread, last=last, reply_to=reply_to)
        return await self.send(room, "m.room.message", {**said, **tie, **more})

    async def edit(
        self, event: str, text: str, *, html: str | None = None, mentions: Iterable[str] = ()
    ) -> str:
        """Give a message of ours another text."""
        room = await self._room_of(event)
        first = next(one for one in self.timeline(room) if one.event_id == event)
        new = contents.message(text, html=html, mentions=map(_id, mentions), msgtype=first.msgtype)
        return await self.send(room, "m.room.message", contents.edit(event, new))

    async def redact(self, event: str, reason: str | None = None) -> str:
        """Delete a message, or take a reaction back; return the redaction's id."""
        room = await self._room_of(event)
        answer = await self.client.room_redact(room, event, reason)
        return _fine(answer, "redact").event_id

    async def react(self, event: str, key: str) -> str:
        room = await self._room_of(event)
        return await self.send(room, "m.reaction", contents.reaction(event, key))

    async def types(self, room: str, *, on: bool = True) -> None:
        _fine(await self.client.room_typing(room, on, 20_000), "type")

    async def send_file(
        self, room: str, name: str, media_type: str, data: bytes, *, thread: str | None = None
    ) -> str:
        """Upload and send a file, encrypted where the room is."""
        sealed = self.client.rooms[room].encrypted
        answer, keys = await self.client.upload(
            io.BytesIO(data), media_type, name, encrypt=sealed, filesize=len(data)
        )
        assert isinstance(answer, UploadResponse), answer
        uri = answer.content_uri
        where = {"file": {**keys, "url": uri}} if keys else {"url": uri}
        tie = contents.relation(thread=thread, last=thread or "", reply_to=None)
        content = contents.file(name, media_type, len(data), where)
        return await self.send(room, "m.room.message", {**content, **tie})

    async def open_file(self, message: Seen) -> bytes:
        """Download what was sent with a message."""
        content = message.raw["content"]
        keys = content.get("file")
        data: bytes = _fine(
            await self.client.download(keys["url"] if keys else content["url"]), "download"
        ).body
        if keys is None:
            return data
        return decrypt_attachment(data, keys["key"]["k"], keys["hashes"]["sha256"], keys["iv"])

    async def set_power(self, room: str, user: str | Watcher, level: int) -> None:
        """Give somebody a power level in a room."""
        path = f"/rooms/{room}/state/m.room.power_levels/"
        levels = await self.client.ask("GET", path)
        levels.setdefault("users", {})[_id(user)] = level
        await self.client.ask("PUT", path, levels)
        await self.until(lambda: self._power(room, _id(user)) == level, f"level {level}", room=room)

    async def turn_encryption_on(self, room: str) -> None:
        path = f"/rooms/{room}/state/m.room.encryption/"
        await self.client.ask("PUT", path, contents.ENCRYPTION)
        await self._knows(room, encrypted=True)

    async def send(self, room: str, kind: str, content: dict[str, Any]) -> str:
        """Send an event as it is, encrypted where the room is; return its id."""
        await self.client.keys_query()
        answer = await self.client.room_send(room, kind, content, ignore_unverified_devices=True)
        return _fine(answer, f"send {kind}").event_id

    async def _to(self, room: str, action: str, who: str | Watcher) -> None:
        await self.client.ask("POST", f"/rooms/{room}/{action}", {"user_id": _id(who)})

    def _power(self, room: str, user: str) -> int:
        return self.client.rooms[room].power_levels.get_user_level(user)

    async def _knows(self, room: str, *, encrypted: bool = False) -> None:
        def known() -> bool:
            one = self.client.rooms.get(room)
            there = one is not None and room not in self._left
            return there and (one.encrypted or not encrypted)

        await self.until(known, f"himself in {room}", room=room)

    async def _room_of(self, event: str) -> str:
        def found() -> str | None:
            return next((room for room, one in self._timelines.items() if event in one), None)

        return await self.until(found, f"the event {event}")


def _id(who: str | Watcher) -> str:
    return who if isinstance(who, str) else who.user_id


def _fine(answer: Any, asked: str) -> Any:
    """Return what the homeserver did not refuse."""
    if isinstance(answer, ErrorResponse):
        found = {"errcode": answer.status_code, "error": answer.message}
        raise RefusedError(asked, answer.transport_response.status, found)
    return answer
