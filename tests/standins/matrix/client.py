"""nio's client with what it lacks: identities, and devices that are not their owners'."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from aiohttp import ClientError
from nio import AsyncClient, AsyncClientConfig, EncryptionError, MegolmEvent
from nio.responses import KeysQueryResponse, SyncResponse
from nio.store import SqliteStore

from tests.standins.matrix.trust import Trust

if TYPE_CHECKING:
    from pathlib import Path

    from tests.standins.matrix.identity import Identity

_API = "/_matrix/client/v3"


class RefusedError(Exception):
    """The homeserver refused what a client asked of it."""

    def __init__(self, asked: str, status: int, answer: dict[str, Any]) -> None:
        super().__init__(f"{asked}: {status} {answer}")
        self.status, self.answer = status, answer
        self.code: str = answer.get("errcode", "")


class Client(AsyncClient):
    """One device; `strict`, it gives no keys to devices that their owners have not signed."""

    def __init__(self, url: str, user_id: str, folder: Path, *, strict: bool) -> None:
        configuration = AsyncClientConfig(
            store=SqliteStore,  # nio's default one never takes a device off its blacklist
            encryption_enabled=True,
            store_sync_tokens=False,
            max_timeout_retry_wait_time=0.2,
        )
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(url, user_id, store_path=str(folder), config=configuration)
        self.trust = Trust()
        self._strict = strict
        self._asking = asyncio.Lock()
        self._changed: set[str] = set()

    async def ask(
        self, method: str, path: str, given: object = None, *, api: str = _API
    ) -> dict[str, Any]:
        """Ask the homeserver what nio has no call for; wait while it is being restarted."""
        headers = {
            "Authorization": f"Bearer {self.access_token}",
            "Content-Type": "application/json",
        }
        data = None if given is None else json.dumps(given)
        for last in [False] * 100 + [True]:
            try:
                response = await self.send(method, api + path, data, headers)
                break
            except ClientError:
                if last:
                    raise
                await asyncio.sleep(0.1)
        found: dict[str, Any] = await response.json()
        if not response.ok:
            raise RefusedError(f"{method} {path}", response.status, found)
        return found

    async def publish(self, identity: Identity, password: str) -> None:
        """Make this the identity of the user, and sign this device with it."""
        assert self.olm
        keys = identity.published(self.device_id, self.olm.sign_json)
        try:
            await self.ask("POST", "/keys/device_signing/upload", keys)
        except RefusedError as refused:
            if refused.status != 401:
                raise
            user = {"type": "m.id.user", "user": self.user_id}
            stage = {"type": "m.login.password", "identifier": user, "password": password}
            auth = {**stage, "session": refused.answer["session"]}
            await self.ask("POST", "/keys/device_signing/upload", {**keys, "auth": auth})
        await self.sign(identity)

    async def sign(self, identity: Identity) -> None:
        """Sign this device as one of the user's."""
        found = await self.ask("POST", "/keys/query", {"device_keys": {self.user_id: []}})
        signed = identity.signed(found["device_keys"][self.user_id][self.device_id])
        answer = await self.ask(
            "POST", "/keys/signatures/upload", {self.user_id: {self.device_id: signed}}
        )
        assert not answer.get("failures"), answer

    async def keys_query(self) -> KeysQueryResponse | None:
        """Ask who has which devices, and who signed them; once where two ask at a time."""
        async with self._asking:
            if not self.should_query_keys:
                return None
            users = sorted(self.users_for_key_query)
            self._changed.clear()
            found = await self.ask(
                "POST", "/keys/query", {"device_keys": {user: [] for user in users}}
            )
            for user in users:
                self.trust.learn(user, found)
            response = KeysQueryResponse.from_dict(found)
            await self.receive_response(response)
            if self._strict:
                self._shun(users)
            assert self.olm
            self.olm.users_for_key_query.difference_update(users)  # who has no device at all
            self.olm.add_changed_users(self._changed)  # while we asked
            return response

    async def catch_up(self, synced: SyncResponse) -> None:
        """Do what a sync asks for: keys of others, new ones of ours, messages to devices."""
        assert self.olm
        # nio looks at users in encrypted rooms only; a room may be encrypted later
        self._changed.update(synced.device_list.changed)
        self.olm.add_changed_users(set(synced.device_list.changed) & self.olm.tracked_users)
        await self.send_to_device_messages()
        if self.should_upload_keys:
            await self.keys_upload()
        if self.should_query_keys:
            await self.keys_query()
        if self.should_claim_keys:
            await self.keys_claim(self.get_users_for_key_claiming())

    def opened(self, event: MegolmEvent) -> Any:
        """Return an encrypted event decrypted, or as it was where we have no key."""
        try:
            return self.decrypt_event(event)
        except EncryptionError:
            return event

    def is_trusted(self, user_id: str, curve25519: str) -> bool:
        """Tell whether we believe that what that key encrypted comes from that user."""
        assert self.olm
        own = curve25519 == self.olm.account.identity_keys["curve25519"]
        return not self._strict or own or self.trust.is_from_signed(user_id, curve25519)

    async def close(self) -> None:
        await super().close()
        if self.store is not None:
            self.store.database.close()

    def _shun(self, users: list[str]) -> None:
        for user in users:
            for device in self.device_store.active_user_devices(user):
                if self.trust.is_signed(user, device.id):
                    self.unblacklist_device(device)
                else:
                    self.blacklist_device(device)
