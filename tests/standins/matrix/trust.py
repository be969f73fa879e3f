"""Which devices are their owners': what a client checks that talks to no others (MSC4153)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import vodozemac

from tests.standins.matrix.identity import canonical


@dataclass(frozen=True, slots=True)
class IdentityChange:
    """Another master key than the one that was seen first."""

    user_id: str
    before: str
    after: str


class Trust:
    """What the answers to /keys/query prove."""

    def __init__(self) -> None:
        self.changes: list[IdentityChange] = []
        self._masters: dict[str, str] = {}
        self._signed: dict[str, dict[str, str]] = {}

    def learn(self, user_id: str, answer: dict[str, Any]) -> None:
        """Take in what the server says of a user's keys now."""
        master = _key(answer.get("master_keys", {}).get(user_id, {}))
        before = self._masters.get(user_id)
        if master and before and master != before:
            self.changes.append(IdentityChange(user_id, before, master))
        if master:
            self._masters[user_id] = master
        signing = answer.get("self_signing_keys", {}).get(user_id, {})
        proven = bool(master) and _is_signed(signing, user_id, master, master)
        key = _key(signing) if proven else ""
        self._signed[user_id] = {
            device_id: device["keys"][f"curve25519:{device_id}"]
            for device_id, device in answer.get("device_keys", {}).get(user_id, {}).items()
            if _is_owned(device, user_id, device_id, key)
        }

    def is_signed(self, user_id: str, device_id: str) -> bool:
        """Tell whether a device is signed by its owner."""
        return device_id in self._signed.get(user_id, {})

    def is_from_signed(self, user_id: str, curve25519: str) -> bool:
        """Tell whether what was encrypted with that key comes from a device signed by its owner."""
        return curve25519 in self._signed.get(user_id, {}).values()


def _key(thing: dict[str, Any]) -> str:
    return next(iter(thing.get("keys", {}).values()), "")


def _is_owned(device: dict[str, Any], user_id: str, device_id: str, self_signing: str) -> bool:
    own = device.get("keys", {}).get(f"ed25519:{device_id}", "")
    return (
        (device.get("user_id"), device.get("device_id")) == (user_id, device_id)
        and _is_signed(device, user_id, device_id, own)
        and _is_signed(device, user_id, self_signing, self_signing)
    )


def _is_signed(thing: dict[str, Any], user_id: str, name: str, key: str) -> bool:
    signature = thing.get("signatures", {}).get(user_id, {}).get(f"ed25519:{name}", "")
    if not key or not signature:
        return False
    try:
        vodozemac.Ed25519PublicKey.from_base64(key).verify_signature(
            canonical(thing), vodozemac.Ed25519Signature.from_base64(signature)
        )
    except (vodozemac.SignatureException, vodozemac.KeyException, ValueError):
        return False
    return True
