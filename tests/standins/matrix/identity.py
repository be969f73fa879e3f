"""What a person is to others: three keys that sign his devices, as every client of people has."""

from __future__ import annotations

import secrets
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from nio.api import Api

if TYPE_CHECKING:
    from collections.abc import Callable

_USES = ("master", "self_signing", "user_signing")


def canonical(thing: dict[str, Any]) -> bytes:
    """Return what is signed of a JSON object."""
    kept = {key: one for key, one in thing.items() if key not in ("signatures", "unsigned")}
    return Api.to_canonical_json(kept).encode()


def base64(raw: bytes) -> str:
    """Return Matrix's base64, which has no padding."""
    return b64encode(raw).decode().rstrip("=")


class Identity:
    """The cross-signing keys of one user; his devices share them."""

    def __init__(self, user_id: str) -> None:
        self._user_id = user_id
        self._keys = {
            use: ECC.construct(curve="Ed25519", seed=secrets.token_bytes(32)) for use in _USES
        }

    @property
    def master(self) -> str:
        return self._public("master")

    def published(self, device_id: str, sign: Callable[[dict[str, Any]], str]) -> dict[str, Any]:
        """Return the keys as they are uploaded; the device, which can `sign`, vouches for them."""
        keys = {f"{use}_key": self._object(use) for use in _USES}
        self._sign("master", keys["self_signing_key"])
        self._sign("master", keys["user_signing_key"])
        master = keys["master_key"]
        master["signatures"] = {self._user_id: {f"ed25519:{device_id}": sign({**master})}}
        return keys

    def signed(self, device: dict[str, Any]) -> dict[str, Any]:
        """Return a device's keys with the signature that makes it one of this user's."""
        kept = {key: one for key, one in device.items() if key != "unsigned"}
        self._sign("self_signing", kept)
        return kept

    def _object(self, use: str) -> dict[str, Any]:
        public = self._public(use)
        return {
            "user_id": self._user_id,
            "usage": [use],
            "keys": {f"ed25519:{public}": public},
        }

    def _sign(self, use: str, thing: dict[str, Any]) -> None:
        signature = base64(eddsa.new(self._keys[use], "rfc8032").sign(canonical(thing)))
        of_user = thing.setdefault("signatures", {}).setdefault(self._user_id, {})
        of_user[f"ed25519:{self._public(use)}"] = signature

    def _public(self, use: str) -> str:
        return base64(self._keys[use].public_key().export_key(format="raw"))
