"""Encryption, by nio's Olm machine: each step of it is one transaction of the crypto store."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING

import nio
from nio.events import Event, MegolmEvent, RoomKeyEvent, ToDeviceEvent
from nio.exceptions import EncryptionError
from nio.responses import JoinedMembersResponse, SyncResponse
from nio.store import SqliteStore

from bot.errors import NotSent, Rejected, StoreError
from bot.platforms.matrix.calls import NAME, room_path
from bot.platforms.matrix.keys import Keys
from bot.platforms.matrix.rooms import Rooms

if TYPE_CHECKING:
    from pathlib import Path

    from nio.crypto import OlmDevice

    from bot.platforms.matrix.calls import Calls, Json
    from bot.ports import Telemetry

_ALGORITHM = "m.megolm.v1.aes-sha2"
_SAID = ("m.room.message", "m.reaction")
_NAMELESS = {"display_name": None, "avatar_url": None}
_TRIES = 5

for _talkative in ("nio", "peewee"):  # they name people and sessions
    logging.getLogger(_talkative).setLevel(logging.CRITICAL)


class Cipher:
    """One device's keys, and the rooms that it is in.

    `store` is the file of the crypto store, sealed with `key`. It is made where it is not there.
    """

    def __init__(
        self,
        calls: Calls,
        *,
        user: str,
        device: str,
        store: Path,
        key: str,
        telemetry: Telemetry,
    ) -> None:
        self._calls, self._telemetry = calls, telemetry
        self.user, self.device = user, device
        self.client = nio.AsyncClient(
            calls.url,
            user,
            device_id=device,
            store_path=str(store.parent),
            config=nio.AsyncClientConfig(
                store=SqliteStore,
                store_name=store.name,
                store_sync_tokens=False,
                encryption_enabled=True,
                pickle_key=key,
            ),
        )
        self.client.restore_login(user, device, calls.token)
        self._olm = self.client.olm
        self._database = self.client.store.database
        self._database.execute_sql("PRAGMA journal_mode=WAL")
        # nio binds its tables for each query; that what refers to them is bound as well, which is
        # among them, takes ten times as long as the query.
        self._database.bind_ctx = partial(
            self._database.bind_ctx, bind_refs=False, bind_backrefs=False
        )
        self._keys = Keys(calls, self.client, telemetry)
        self.rooms = Rooms(self.client)
        self._sharing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def close(self) -> None:
        """Let go of the crypto store."""
        self._database.close()

    @property
    def fingerprint(self) -> str:
        """The device's Ed25519 key: what others know it by."""
        found: str = self._olm.account.identity_keys["ed25519"]
        return found

    def sign(self, thing: Json) -> str:
        """Return the signature of the device's key over a JSON object."""
        bare = {name: one for name, one in thing.items() if name not in ("signatures", "unsigned")}
        found: str = self._olm.sign_json(bare)
        return found

    def publish_again(self) -> None:
        """Take none of our keys to be known to the server."""
        self._keys.publish_again()

    async def upkeep(self) -> None:
        """Make the requests that keep encryption going. Raises PlatformError."""
        await self._keys.upkeep()

    async def receive(self, synced: Json) -> frozenset[str]:
        """Take in a sync; return the ids of the sessions whose keys it brought.

        What it brings of keys is in the crypto store, all of it or nothing, when this returns.
        Raises StoreError.
        What was said in the rooms is left alone: `decrypt` opens that.
        """
        keys = set()
        with self._keys.atomic():
            for event in (synced.get("to_device") or {}).get("events") or ():
                keys.add(self._key_of(event))
            for room, state in ((synced.get("rooms") or {}).get("join") or {}).items():
                self.rooms.learn(room, state)
                await self._take_room(room, _state_alone(state))
        self._keys.learn(synced)
        return frozenset(keys - {""})

    def _key_of(self, event: Json) -> str:
        """Take in what was sent to our device alone; return the session whose key it brings."""
        try:
            with self._keys.atomic():
                opened = self._olm.handle_to_device_event(ToDeviceEvent.parse_event(event))
        except StoreError:  # then it is asked for again
            raise
        except Exception as error:  # noqa: BLE001 - anybody can send anything, and nio lets it pass
            self._telemetry.trouble("malformed", error)
            return ""
        return str(opened.session_id) if isinstance(opened, RoomKeyEvent) else ""

    async def _take_room(self, room: str, state: Json) -> None:
        """Have nio take in a room's state; where people only talked it would write all the same."""
        known = self.client.rooms.get(room)
        if known is None or state != _state_alone({}):
            if not await self._receive(room, state):  # then all but what it breaks at
                for part in ("state", "timeline"):
                    for event in state[part]["events"]:
                        await self._receive(room, _state_alone({"state": {"events": [event]}}))
        elif known.encrypted:
            self._olm.update_tracked_users(known)

    async def _receive(self, room: str, state: Json) -> bool:
        """Have nio take in a part of a room's state; False where it cannot."""
        self.client.next_batch = ""  # it would take the next part for the same sync again
        part = {"next_batch": "-", "rooms": {"join": {room: state}}}
        try:
            with self._keys.atomic():
                response = SyncResponse.from_dict(part)
                if isinstance(response, SyncResponse):
                    await self.client.receive_response(response)
                    return True
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            self._telemetry.trouble("malformed", error)
        return False

    async def encrypt(self, room: str, kind: str, content: Json) -> Json:
        """Return the content of an `m.room.encrypted` event that everybody in the room can read.

        Raises PlatformError: where a device's key could not be handed out, nothing is encrypted.
        """
        if not self.rooms.knows(room):
            raise Rejected(NAME, "not_in_room")
        async with self._sharing[room]:
            if not self.client.rooms[room].members_synced:
                answer = await self._calls.get(room_path(room, "joined_members"))
                await self._keys.take(JoinedMembersResponse.from_dict(_members(answer), room))
            for _ in range(_TRIES):
                if await self._is_shared(room):
                    with self._keys.atomic():
                        _, sealed = self.client.encrypt(room, kind, content)
                    found: Json = sealed
                    return found
        raise NotSent(NAME, "who is in the room changes all the time")

    async def _is_shared(self, room: str) -> bool:
        """Hand the key of our session to whoever is in a room; False where they changed meanwhile.

        Nobody is left out in silence: a key that could not be handed out is an error.
        """
        people = self.rooms.people(room)
        await self._keys.know(people)
        if self._olm.should_share_group_session(room):
            missing = self._olm.get_missing_sessions(list(people))
            if missing:
                await self._keys.claim(missing)
            await self._share(room, people)
        if not self.rooms.knows(room):
            raise Rejected(NAME, "not_in_room")
        if self.rooms.people(room) != people:
            self.client.invalidate_outbound_session(room)
            return False
        shared = not self._olm.should_share_group_session(room)
        return shared and self._keys.are_known(people)

    async def _share(self, room: str, people: frozenset[str]) -> None:
        with self._keys.atomic():  # each device's message takes a step of its session
            parts = list(
                self._olm.share_group_session_parallel(
                    room, list(people), ignore_unverified_devices=True
                )
            )
        session = self._olm.outbound_group_sessions[room]
        for shared, body in parts:
            await self._keys.to_device("m.room.encrypted", body)
            session.users_shared_with.update(shared)
        session.shared = True

    def decrypt(self, room: str, event: Json) -> Json | None:
        """Return an encrypted event as it was before that, or None where its key is not here.

        The type and the content are what was encrypted, the rest is as it came; what it relates
        to stands outside of what is encrypted.
        """
        content = event["content"]
        whole = (
            self._with_sender_key(room, event) if content.get("algorithm") == _ALGORITHM else None
        )
        inside = None if whole is None else self._opened(room, whole)
        if inside is None or inside.get("room_id", room) != room:
            return None
        plain, kind = inside.get("content"), inside.get("type")
        if not isinstance(plain, dict):
            return None
        plain = {name: one for name, one in plain.items() if name != "m.relates_to"}
        if "m.relates_to" in content:
            plain["m.relates_to"] = content["m.relates_to"]
        # Servers see to it who may redact, or change a room: what they cannot see is none of that.
        return {**event, "type": kind if kind in _SAID else "", "content": plain}

    def _opened(self, room: str, event: Json) -> Json | None:
        """Return what was encrypted, by whoever sent it."""
        try:
            parsed = Event.parse_encrypted_event(event)
            if not isinstance(parsed, MegolmEvent) or self._is_a_copy(room, parsed):
                return None
            opened = self._olm.decrypt_megolm_event(parsed, room)
        except EncryptionError:
            return None
        except Exception as error:  # noqa: BLE001 - anybody can send anything, and nio lets it pass
            self._telemetry.trouble("malformed", error)
            return None
        inside = getattr(opened, "source", None)
        return inside if isinstance(inside, dict) else None

    def _is_a_copy(self, room: str, event: MegolmEvent) -> bool:
        """Tell whether what somebody sends was encrypted by a device of somebody else.

        Whoever cannot read a message could have us answer it to him.
        """
        session = self._olm.inbound_group_store.get(room, event.sender_key, event.session_id)
        if session is None:
            return False

        def made(device: OlmDevice) -> bool:
            keys = (device.curve25519, device.ed25519)
            return keys == (event.sender_key, session.ed25519)

        devices = self._olm.device_store
        return not any(map(made, devices[event.sender].values())) and any(map(made, devices))

    def _with_sender_key(self, room: str, event: Json) -> Json | None:
        """Return an event with the key of its sender, which newer clients leave out."""
        content = event["content"]
        session = content.get("session_id")
        if not isinstance(session, str):
            return None
        if content.get("sender_key") and content.get("device_id"):
            return event
        for sender_key, sessions in self._olm.inbound_group_store[room].items():
            if session in sessions:
                named = {"device_id": "", "sender_key": sender_key, **content}
                return {**event, "content": named}
        return None


def _members(answer: Json) -> Json:
    """Return who is in a room, as a server tells it, without what they are called."""
    joined = answer.get("joined")
    people = joined if isinstance(joined, dict) else None
    return {} if people is None else {"joined": dict.fromkeys(people, _NAMELESS)}


def _state_alone(joined: Json) -> Json:
    """Return what a sync says of a room's state, without what was said there."""
    timeline = joined.get("timeline") or {}
    events = [event for event in timeline.get("events") or () if "state_key" in event]
    kept = {"events": events, "limited": False, "prev_batch": ""}
    state = joined.get("state") or {"events": []}
    return {
        "timeline": kept,
        "state": state,
        "ephemeral": {"events": []},
        "account_data": {"events": []},
    }
