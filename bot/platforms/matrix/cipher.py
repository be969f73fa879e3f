"""Encryption, by nio's Olm machine: it keeps the keys, we make its requests.

nio's own requests are not used: they are tried again for ever, forget that a key could not be
handed out, and leave the crypto store half written when the process is killed. Here each step is
one transaction of that store, and what it holds is never behind what the server was told.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import defaultdict
from functools import partial
from typing import TYPE_CHECKING, Any

import nio
from nio.events import Event, MegolmEvent, RoomKeyEvent, ToDeviceEvent
from nio.exceptions import EncryptionError
from nio.responses import (
    JoinedMembersResponse,
    KeysClaimResponse,
    KeysQueryResponse,
    KeysUploadResponse,
    ShareGroupSessionResponse,
    SyncResponse,
    ToDeviceResponse,
)
from nio.store import SqliteStore

from bot.errors import NotSent, Rejected
from bot.platforms.matrix.calls import CLIENT, NAME, in_path, room_path

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bot.platforms.matrix.calls import Calls, Json
    from bot.ports import Telemetry

_ALGORITHM = "m.megolm.v1.aes-sha2"
_ONE_TIME = "signed_curve25519"
_MODERATOR = 50
_CREATORS_LIKE_OTHERS = frozenset(str(version) for version in range(1, 12))

for _talkative in ("nio", "peewee"):  # they name people and sessions
    logging.getLogger(_talkative).setLevel(logging.CRITICAL)


class Cipher:
    """One device's keys, and what nio knows of the rooms that it is in.

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
        self._upkeep = asyncio.Lock()
        self._sharing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._no_fallback = False
        # Who made a room, where that counts for more than any power level.
        self._creators: dict[str, frozenset[str]] = {}
        # People whose server did not answer when their devices were asked for.
        self._unasked: set[str] = set()

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
        self._olm.account.shared = False

    def _atomic(self) -> AbstractContextManager[object]:
        found: AbstractContextManager[object] = self._database.atomic()
        return found

    async def receive(self, synced: Json) -> frozenset[str]:
        """Take in a sync; return the ids of the sessions whose keys it brought.

        What it brings of keys is in the crypto store, all of it or nothing, when this returns.
        What was said in the rooms is left alone: `decrypt` opens that.
        """
        keys = set()
        with self._atomic():
            for event in (synced.get("to_device") or {}).get("events") or ():
                keys.add(self._key_of(event))
            for room, state in ((synced.get("rooms") or {}).get("join") or {}).items():
                self._creators.update(_creators(room, state))
                await self._take_room(room, _state_alone(state))
        self._devices_changed(synced.get("device_lists") or {})
        counts = synced.get("device_one_time_keys_count")
        if isinstance(counts, dict):  # nio takes a count of 0 for none, and hands out no more keys
            self._olm.uploaded_key_count = int(counts.get(_ONE_TIME, 0))
        unused = synced.get("device_unused_fallback_key_types")
        self._no_fallback = isinstance(unused, list) and _ONE_TIME not in unused
        return frozenset(keys - {""})

    def _devices_changed(self, lists: Json) -> None:
        """Have the devices of people asked for again whose devices are not as they were.

        Of whom we no longer share an encrypted room with, the server tells us nothing more.
        """
        for user in lists.get("changed") or ():
            if user in self._olm.tracked_users:
                self._olm.users_for_key_query.add(user)
        self._olm.tracked_users.difference_update(lists.get("left") or ())

    def _key_of(self, event: Json) -> str:
        """Take in what was sent to our device alone; return the session whose key it brings."""
        try:
            with self._atomic():
                opened = self._olm.handle_to_device_event(ToDeviceEvent.parse_event(event))
        except Exception as error:  # noqa: BLE001 - anybody can send anything, and nio lets it pass
            self._telemetry.trouble("malformed", error)
            return ""
        return str(opened.session_id) if isinstance(opened, RoomKeyEvent) else ""

    async def _take_room(self, room: str, state: Json) -> None:
        """Have nio take in a room's state; where people only talked it would write all the same."""
        known = self.client.rooms.get(room)
        if known is None or state != _state_alone({}):
            await self._receive({"rooms": {"join": {room: state}}})
        elif known.encrypted:
            self._olm.update_tracked_users(known)

    async def _receive(self, part: Json) -> None:
        """Have nio take in a part of a sync."""
        self.client.next_batch = ""  # it would take the next part for the same sync again
        try:
            with self._atomic():
                response = SyncResponse.from_dict({"next_batch": "-", **part})
                if isinstance(response, SyncResponse):
                    await self.client.receive_response(response)
        except Exception as error:  # noqa: BLE001 - as above
            self._telemetry.trouble("malformed", error)

    async def upkeep(self) -> None:
        """Make the requests that keep encryption going. Raises PlatformError."""
        async with self._upkeep:
            await self._send_to_devices()
            await self._upload_keys()
            await self._query_keys()
            if self._olm.wedged_devices or self._olm.key_request_devices_no_session:
                await self._claim_keys(self._olm.get_users_for_key_claiming())

    async def _upload_keys(self) -> None:
        """Hand out one-time keys, and one that may be used when they have run out.

        The crypto store has their private halves before the server has the public ones.
        """
        needed = self._olm.should_upload_keys
        if not needed and not self._no_fallback:
            return
        body: Json = self._olm.share_keys() if needed else {}
        if self._no_fallback or "device_keys" in body:
            body["fallback_keys"] = self._fallback_key()
        self._olm.save_account()
        answer = await self._calls.post(f"{CLIENT}/keys/upload", body)
        with self._atomic():
            await self._take(KeysUploadResponse.from_dict(answer))
        self._no_fallback = False

    def _fallback_key(self) -> Json:
        account = self._olm.account._account  # noqa: SLF001 - nio has no call for it
        account.generate_fallback_key()
        made = {}
        for key_id, key in account.fallback_key.items():
            body: Json = {"key": key.to_base64(), "fallback": True}
            signatures = {self.user: {f"ed25519:{self.device}": self.sign(body)}}
            made[f"{_ONE_TIME}:{key_id}"] = {**body, "signatures": signatures}
        return made

    async def _query_keys(self) -> None:
        asked = sorted(self._olm.users_for_key_query)
        if not asked:
            return
        body: Json = {"device_keys": {user: [] for user in asked}}
        self._olm.users_for_key_query.difference_update(asked)
        try:
            answer = await self._calls.post(f"{CLIENT}/keys/query", body)
        except BaseException:
            self._olm.users_for_key_query.update(asked)
            raise
        found = answer.setdefault("device_keys", {})
        for user in asked:
            if user in found:
                self._unasked.discard(user)
            elif user.partition(":")[2] in (answer.get("failures") or {}):
                self._unasked.add(user)  # what is known of his devices stays
            else:
                found[user] = {}
        # Whose devices changed while we asked is asked for again, which nio forgets.
        again = self._olm.users_for_key_query.copy()
        with self._atomic():
            await self._take(KeysQueryResponse.from_dict(answer))
        self._olm.users_for_key_query.update(again)

    async def _claim_keys(self, wanted: dict[str, Iterable[str]]) -> None:
        body: Json = {
            "one_time_keys": {
                user: dict.fromkeys(devices, _ONE_TIME) for user, devices in wanted.items()
            }
        }
        answer = await self._calls.post(f"{CLIENT}/keys/claim", body)
        with self._atomic():
            await self._take(KeysClaimResponse.from_dict(answer, ""))

    async def _send_to_devices(self) -> None:
        for message in tuple(self._olm.outgoing_to_device_messages):
            await self._to_device(message.type, message.as_dict())
            await self._take(ToDeviceResponse(message))

    async def _to_device(self, kind: str, body: Json) -> None:
        txn = secrets.token_hex(16)
        await self._calls.put(f"{CLIENT}/sendToDevice/{in_path(kind)}/{txn}", body)

    async def _take(self, response: Any) -> None:
        if isinstance(response, nio.ErrorResponse):
            raise NotSent(NAME, type(response).__name__)
        await self.client.receive_response(response)

    def knows(self, room: str) -> bool:
        """Tell whether we are in a room, as far as was synced."""
        return room in self.client.rooms

    def moderates(self, room: str, who: str) -> bool:
        """Tell whether somebody has a power level of 50 or more, or made the room."""
        known = self.client.rooms.get(room)
        if known is None:
            return False
        level: int = known.power_levels.get_user_level(who)
        return level >= _MODERATOR or who in self._creators.get(room, ())

    def leave(self, room: str) -> None:
        """Take in that we are in a room no longer."""
        self.client.rooms.pop(room, None)

    def is_encrypted(self, room: str) -> bool:
        """Tell whether a room was ever seen to be encrypted: it never ceases to be."""
        known = self.client.rooms.get(room)
        return room in self.client.encrypted_rooms or (known is not None and known.encrypted)

    def mark_encrypted(self, room: str) -> None:
        """Remember, for good, that a room is encrypted."""
        if room in self.client.rooms:
            self.client.rooms[room].encrypted = True
        self.client.encrypted_rooms.add(room)
        self.client.store.save_encrypted_rooms({room})

    async def encrypt(self, room: str, kind: str, content: Json) -> Json:
        """Return the content of an `m.room.encrypted` event that everybody in the room can read.

        Raises PlatformError: where a device's key could not be handed out, nothing is encrypted.
        """
        if not self.knows(room):
            raise Rejected(NAME, "not_in_room")
        async with self._sharing[room]:
            known = self.client.rooms[room]
            if not known.members_synced:
                await self._ask_members(room)
            async with self._upkeep:
                await self._query_keys()
            if self._olm.should_share_group_session(room):
                await self._share(room)
            with self._atomic():
                _, sealed = self.client.encrypt(room, kind, content)
        found: Json = sealed
        return found

    async def _ask_members(self, room: str) -> None:
        answer = await self._calls.get(room_path(room, "joined_members"))
        await self._take(JoinedMembersResponse.from_dict(answer, room))

    async def _share(self, room: str) -> None:
        """Hand a new session's key to every device in a room; nobody is left out in silence."""
        people = list(self.client.rooms[room].users)
        if not self._unasked.isdisjoint(people):
            self._olm.users_for_key_query.update(self._unasked.intersection(people))
            async with self._upkeep:
                await self._query_keys()
        missing = self.client.get_missing_sessions(room)
        if missing:
            await self._claim_keys(missing)
        with self._atomic():  # each device's message takes a step of its session
            parts = list(
                self._olm.share_group_session_parallel(room, people, ignore_unverified_devices=True)
            )
        for shared, body in parts:
            await self._to_device("m.room.encrypted", body)
            await self._take(ShareGroupSessionResponse(room, shared))
        self._olm.outbound_group_sessions[room].shared = True

    def decrypt(self, room: str, event: Json) -> Json | None:
        """Return an encrypted event as it was before that, or None where its key is not here.

        The type and the content are what was encrypted, the rest is as it came; what it relates
        to stands outside of what is encrypted.
        """
        content = event.get("content") or {}
        whole = (
            self._with_sender_key(room, event) if content.get("algorithm") == _ALGORITHM else None
        )
        inside = None if whole is None else self._opened(room, whole)
        if inside is None or inside.get("room_id", room) != room:
            return None
        plain = {**(inside.get("content") or {})}
        plain.pop("m.relates_to", None)
        if "m.relates_to" in content:
            plain["m.relates_to"] = content["m.relates_to"]
        return {**event, "type": inside.get("type", ""), "content": plain}

    def _opened(self, room: str, event: Json) -> Json | None:
        """Return what was encrypted."""
        parsed = Event.parse_encrypted_event(event)
        if not isinstance(parsed, MegolmEvent):
            return None
        try:
            opened = self._olm.decrypt_megolm_event(parsed, room)
        except EncryptionError:
            return None
        except Exception as error:  # noqa: BLE001 - anybody can send anything, and nio lets it pass
            self._telemetry.trouble("malformed", error)
            return None
        inside = getattr(opened, "source", None)
        return inside if isinstance(inside, dict) else None

    def _with_sender_key(self, room: str, event: Json) -> Json | None:
        """Return an event with the key of its sender, which newer clients leave out."""
        content = event["content"]
        if content.get("sender_key") and content.get("device_id"):
            return event
        for sender_key, sessions in self._olm.inbound_group_store[room].items():
            if content.get("session_id") in sessions:
                named = {"device_id": "", "sender_key": sender_key, **content}
                return {**event, "content": named}
        return None


def _creators(room: str, joined: Json) -> dict[str, frozenset[str]]:
    """Return who made a room, where a sync says so and it counts: from room version 12 on."""
    for part in (joined.get("state") or {}, joined.get("timeline") or {}):
        for event in part.get("events") or ():
            content = event.get("content") or {}
            if event.get("type") != "m.room.create":
                continue
            if content.get("room_version", "1") in _CREATORS_LIKE_OTHERS:
                return {}
            others = content.get("additional_creators")
            named = others if isinstance(others, list) else []
            return {room: frozenset({str(event.get("sender")), *map(str, named)})}
    return {}


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
