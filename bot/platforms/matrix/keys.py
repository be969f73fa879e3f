"""The requests that keep encryption going: our keys handed out, other people's asked for.

nio says what is needed and takes in what comes back; its own requests are not used, since they are
tried again for ever, forget what could not be done, and leave the crypto store half written when
the process is killed. Here what the store holds is never behind what the server was told.
"""

from __future__ import annotations

import asyncio
import math
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import nio
from nio.responses import (
    KeysClaimResponse,
    KeysQueryResponse,
    KeysUploadResponse,
    ToDeviceResponse,
)
from peewee import PeeweeException

from bot.errors import NotSent, StoreError
from bot.platforms.matrix.calls import CLIENT, NAME, in_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bot.platforms.matrix.calls import Calls, Json
    from bot.ports import Telemetry

_ONE_TIME = "signed_curve25519"
_AGAIN = 30.0  # seconds until a server that did not answer is asked again


class Keys:
    """The keys of our device and of those whom we talk to."""

    def __init__(self, calls: Calls, client: nio.AsyncClient, telemetry: Telemetry) -> None:
        self._calls, self._client, self._olm = calls, client, client.olm
        self._telemetry = telemetry
        # Milliseconds that our server may wait for another one: it must answer us before we go.
        self._patience = int(calls.timeout * 500)
        self._key_id = f"ed25519:{client.device_id}"
        self._lock = asyncio.Lock()
        self._no_fallback = False
        # People whose server did not answer when their devices were asked for, and when to ask
        # again: each time takes a while, in which nobody else can be asked for.
        self._unasked: dict[str, float] = {}
        self._ahead = False

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """Have all that is written in the block be in the crypto store, or nothing of it.

        Raises StoreError where it cannot be, and from then on: what nio has in memory is ahead of
        the store, and would be lost with the process. It has to be opened anew.
        """
        database = self._client.store.database
        if self._ahead:
            raise StoreError(database.database)
        try:
            with database.atomic():
                yield
        except PeeweeException as error:
            self._ahead = True
            raise StoreError(database.database, detail=type(error).__name__) from error

    def learn(self, synced: Json) -> None:
        """Take in what a sync says of our keys that are left, and of devices that changed.

        Of people that we share no encrypted room with any more, the server tells us nothing: they
        are asked for anew when we do again.
        """
        counts = synced.get("device_one_time_keys_count")
        if isinstance(counts, dict):  # nio takes a count of 0 for none, and hands out no more keys
            self._olm.uploaded_key_count = int(counts.get(_ONE_TIME, 0))
        unused = synced.get("device_unused_fallback_key_types")
        self._no_fallback = isinstance(unused, list) and _ONE_TIME not in unused
        lists = synced.get("device_lists") or {}
        changed = self._olm.tracked_users.intersection(lists.get("changed") or ())
        self._olm.users_for_key_query.update(changed)
        self._olm.tracked_users.difference_update(lists.get("left") or ())

    def publish_again(self) -> None:
        """Take none of our keys to be known to the server."""
        self._olm.account.shared = False

    async def upkeep(self) -> None:
        """Make the requests that keep encryption going. Raises PlatformError."""
        async with self._lock:
            await self._send_to_devices()
            await self._upload_keys()
            await self.query()
            if self._olm.wedged_devices or self._olm.key_request_devices_no_session:
                await self.claim(self._olm.get_users_for_key_claiming())

    async def _upload_keys(self) -> None:
        """Hand out one-time keys, and one that may be used when they have run out.

        The crypto store has their private halves before the server has the public ones. None is
        handed out a second time, though nobody may know whether it was: somebody may have used it.
        """
        needed = self._olm.should_upload_keys
        if not needed and not self._no_fallback:
            return
        body: Json = self._olm.share_keys() if needed else {}
        if self._no_fallback or "device_keys" in body:
            body["fallback_keys"] = self._fallback_key()
        self._olm.mark_keys_as_published()
        with self.atomic():
            self._olm.save_account()
        answer = await self._calls.post(f"{CLIENT}/keys/upload", body)
        with self.atomic():
            await self.take(KeysUploadResponse.from_dict(answer))
        self._no_fallback = False

    def _fallback_key(self) -> Json:
        account = self._olm.account._account  # noqa: SLF001 - nio has no call for it
        account.generate_fallback_key()
        made = {}
        for key_id, key in account.fallback_key.items():
            body: Json = {"key": key.to_base64(), "fallback": True}
            signatures = {self._olm.user_id: {self._key_id: self._olm.sign_json(body)}}
            made[f"{_ONE_TIME}:{key_id}"] = {**body, "signatures": signatures}
        return made

    async def know(self, people: Iterable[str]) -> None:
        """See that the devices of people are known as they are now. Raises PlatformError."""
        people = frozenset(people)
        now = asyncio.get_running_loop().time()
        due = {user for user in people if self._unasked.get(user, math.inf) <= now}
        self._olm.users_for_key_query.update(due)
        async with self._lock:
            await self.query(people)

    def are_known(self, people: Iterable[str]) -> bool:
        """Tell whether nothing has changed of the devices of people since they were asked for."""
        known: bool = self._olm.users_for_key_query.isdisjoint(people)
        return known

    async def query(self, people: Iterable[str] | None = None) -> None:
        """Ask for the devices of all who are to be asked for, or those of some people.

        A server of theirs that does not answer has no others wait. Raises PlatformError.
        """
        wanted: set[str] = self._olm.users_for_key_query
        asked = sorted(wanted if people is None else wanted.intersection(people))
        if not asked:
            return
        body: Json = {"device_keys": {user: [] for user in asked}, "timeout": self._patience}
        wanted.difference_update(asked)
        try:
            answer = await self._calls.post(f"{CLIENT}/keys/query", body)
            found, failures = _told(answer, "device_keys"), answer.get("failures")
        except BaseException:
            self._olm.users_for_key_query.update(asked)
            raise
        for user in asked:
            server = user.partition(":")[2]
            if user not in found and isinstance(failures, dict) and server in failures:
                # What is known of his devices stays.
                self._unasked[user] = asyncio.get_running_loop().time() + _AGAIN
            else:
                self._unasked.pop(user, None)
                await self._learn_devices(user, found.get(user))

    async def _learn_devices(self, user: str, told: object) -> None:
        """Have nio take in somebody's devices, as his server tells of them."""
        told = told if isinstance(told, dict) else {}
        devices = {name: one for name, one in told.items() if _is_device(user, name, one)}
        # Whose devices changed while we asked is asked for again, which nio forgets.
        again = user in self._olm.users_for_key_query
        answer: Json = {"device_keys": {user: devices}, "failures": {}}
        await self._take_of_a_stranger(KeysQueryResponse, answer)
        if again:
            self._olm.users_for_key_query.add(user)

    async def claim(self, wanted: dict[str, Iterable[str]]) -> None:
        """Take a one-time key of each of these devices. Raises PlatformError."""
        body: Json = {
            "one_time_keys": {
                user: dict.fromkeys(devices, _ONE_TIME) for user, devices in wanted.items()
            },
            "timeout": self._patience,
        }
        answer = await self._calls.post(f"{CLIENT}/keys/claim", body)
        for user, devices in _told(answer, "one_time_keys").items():
            for device, key in devices.items() if isinstance(devices, dict) else ():
                one: Json = {"one_time_keys": {user: {device: key}}, "failures": {}}
                await self._take_of_a_stranger(KeysClaimResponse, one, "")

    async def _take_of_a_stranger(self, kind: Any, answer: Json, *more: str) -> None:
        """Have nio take in what another server says of its people; what is malformed is nothing."""
        try:
            with self.atomic():
                await self.take(kind.from_dict(answer, *more))
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - another server can say anything, and nio breaks
            self._telemetry.trouble("malformed", error)

    async def _send_to_devices(self) -> None:
        for message in tuple(self._olm.outgoing_to_device_messages):
            await self.to_device(message.type, message.as_dict())
            await self.take(ToDeviceResponse(message))

    async def to_device(self, kind: str, body: Json) -> None:
        """Send messages to devices. Raises PlatformError."""
        txn = secrets.token_hex(16)
        await self._calls.put(f"{CLIENT}/sendToDevice/{in_path(kind)}/{txn}", body)

    async def take(self, response: Any) -> None:
        """Have nio take in what came back. Raises NotSent where that is nothing it knows."""
        if isinstance(response, nio.ErrorResponse):
            raise NotSent(NAME, type(response).__name__)
        await self._client.receive_response(response)


def _is_device(user: str, name: str, told: object) -> bool:
    """Tell whether something is what can be published of a device."""
    if not isinstance(told, dict) or (told.get("user_id"), told.get("device_id")) != (user, name):
        return False
    answer = KeysQueryResponse.from_dict({"device_keys": {user: {name: told}}, "failures": {}})
    return isinstance(answer, KeysQueryResponse) and isinstance(told.get("unsigned", {}), dict)


def _told(answer: Json, name: str) -> Json:
    """Return a part of an answer. Raises NotSent where it has none."""
    found = answer.get(name)
    if not isinstance(found, dict):
        raise NotSent(NAME, f"no {name}")
    return found
