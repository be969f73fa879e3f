"""Cross-signing: what makes people's clients take our device for ours.

Three Ed25519 keys are made once: the master key says who we are, the self-signing key signs our
devices, the user-signing key would sign people. Clients that talk to signed devices only (Element
does) neither read nor write to a bot without. The seeds outlive the crypto store: a new device is
signed with the same identity, and nobody is warned. Source: the Matrix specification,
"Cross-signing" in the client-server API.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from Crypto.Signature import eddsa
from nio.api import Api

from bot.errors import ConfigurationError, Rejected
from bot.platforms.matrix.calls import CLIENT, NAME, refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from Crypto.PublicKey import ECC

    from bot.platforms.matrix.calls import Calls, Json
    from bot.platforms.matrix.vault import Vault

FILE = "signing"
_USES = ("master", "self_signing", "user_signing")
_SEED = 32
_OK, _UNAUTHORIZED = 200, 401


class Trust(StrEnum):
    """What people's clients see of our device."""

    SIGNED = "signed"
    UNSIGNED = "unsigned"
    NO_IDENTITY = "no_identity"
    OTHER_IDENTITY = "other_identity"
    NO_DEVICE = "no_device"


@dataclass(frozen=True, slots=True)
class Ours:
    """Who we are: the account, its device, and the password, where it is known."""

    user: str
    device: str
    password: str | None = None


class Identity:
    """Our three keys, in memory."""

    def __init__(self, seeds: Mapping[str, bytes]) -> None:
        self._keys = {use: eddsa.import_private_key(seeds[use]) for use in _USES}
        self.public = {use: _public(key) for use, key in self._keys.items()}

    def signed(self, use: str, user: str, thing: Json) -> Json:
        """Return a JSON object with a signature of ours added."""
        key_id = f"ed25519:{self.public[use]}"
        return with_signature(thing, user, key_id, self._signature(use, thing))

    def _signature(self, use: str, thing: Json) -> str:
        return _b64(eddsa.new(self._keys[use], "rfc8032").sign(canonical(thing)))


def opened(vault: Vault) -> Identity | None:
    """Return the identity that the vault keeps, if it keeps one. Raises ConfigurationError."""
    kept = vault.read(FILE)
    if kept is None:
        return None
    return Identity({use: b64decode(kept[use]) for use in _USES})


def made(vault: Vault) -> Identity:
    """Make an identity, kept in the vault before anybody learns of it."""
    seeds = {use: secrets.token_bytes(_SEED) for use in _USES}
    vault.write(FILE, {use: b64encode(seed).decode() for use, seed in seeds.items()})
    return Identity(seeds)


async def ensure(
    vault: Vault, calls: Calls, ours: Ours, sign_as_device: Callable[[Json], str]
) -> Trust:
    """See that our device is signed: make and upload what lacks. Raises PlatformError.

    `sign_as_device` gives the signature of the device's own key over an object. Raises
    ConfigurationError where the server knows another identity than ours: to put ours in its place
    would warn everybody who talks to us, which is not ours to decide.
    """
    known = await published(calls, ours.user)
    identity = opened(vault)
    if _master(known, ours.user) is None:
        identity = identity or made(vault)
        await upload(identity, calls, ours, sign_as_device)
        known = await published(calls, ours.user)
    if identity is None or _master(known, ours.user) != identity.public["master"]:
        raise ConfigurationError("matrix_other_identity", [ours.user, str(vault.folder / FILE)])
    return await _sign_device(identity, calls, ours, known)


async def _sign_device(identity: Identity, calls: Calls, ours: Ours, known: Json) -> Trust:
    found = trust(known, ours, identity)
    if found is not Trust.UNSIGNED:
        return found
    device = dict(device_of(known, ours) or {})
    device.pop("unsigned", None)
    signed = identity.signed("self_signing", ours.user, device)
    answer = await calls.post(
        f"{CLIENT}/keys/signatures/upload", {ours.user: {ours.device: signed}}
    )
    if answer.get("failures"):
        raise Rejected(NAME, "signature_refused")
    return Trust.SIGNED


async def upload(
    identity: Identity, calls: Calls, ours: Ours, sign_as_device: Callable[[Json], str]
) -> None:
    """Make our identity known to the server, in place of any other. Raises PlatformError.

    A server that asks for the password again gets it. Raises ConfigurationError where it is not
    known, or it asks for something else.
    """
    keys = {use: _key(identity, use, ours.user) for use in _USES}
    for use in ("self_signing", "user_signing"):
        keys[use] = identity.signed("master", ours.user, keys[use])
    # So that the device vouches for the identity as well as the other way round.
    by_device = sign_as_device(keys["master"])
    keys["master"] = with_signature(keys["master"], ours.user, f"ed25519:{ours.device}", by_device)
    body: Json = {f"{use}_key": key for use, key in keys.items()}
    path = f"{CLIENT}/keys/device_signing/upload"
    status, found = await calls.post_or_challenge(path, body)
    if status == _UNAUTHORIZED and "session" in found:
        stages = [flow.get("stages") for flow in found.get("flows", ())]
        if ours.password is None or ["m.login.password"] not in stages:
            raise ConfigurationError("matrix_needs_password", ["MATRIX_PASSWORD"])
        status, found = await calls.post_or_challenge(
            path, {**body, "auth": _password(ours, found)}
        )
    if status != _OK:
        raise refusal(status, found)


def _password(ours: Ours, challenge: Json) -> Json:
    return {
        "type": "m.login.password",
        "session": challenge["session"],
        "identifier": {"type": "m.id.user", "user": ours.user},
        "password": ours.password,
    }


async def published(calls: Calls, user: str) -> Json:
    """Return what everybody can learn of an account's keys. Raises PlatformError."""
    return await calls.post(f"{CLIENT}/keys/query", {"device_keys": {user: []}})


def trust(known: Json, ours: Ours, identity: Identity | None) -> Trust:
    """Tell what clients make of our device, from what is published of our keys."""
    master = _master(known, ours.user)
    if master is None:
        return Trust.NO_IDENTITY
    if identity is None or master != identity.public["master"]:
        return Trust.OTHER_IDENTITY
    device = device_of(known, ours)
    if device is None:
        return Trust.NO_DEVICE
    key_id = f"ed25519:{identity.public['self_signing']}"
    signature = (device.get("signatures") or {}).get(ours.user, {}).get(key_id)
    good = isinstance(signature, str) and _verifies(
        identity.public["self_signing"], signature, device
    )
    return Trust.SIGNED if good else Trust.UNSIGNED


def _verifies(public: str, signature: str, thing: Json) -> bool:
    try:
        key = eddsa.import_public_key(_bytes(public))
        eddsa.new(key, "rfc8032").verify(canonical(thing), _bytes(signature))
    except ValueError:
        return False
    return True


def _master(known: Json, user: str) -> str | None:
    keys: Mapping[str, str] = (known.get("master_keys") or {}).get(user, {}).get("keys") or {}
    return next(iter(keys.values()), None)


def device_of(known: Json, ours: Ours) -> Json | None:
    """Return what is published of our device's keys; None where nothing is."""
    found: Json | None = (known.get("device_keys") or {}).get(ours.user, {}).get(ours.device)
    return found


def _key(identity: Identity, use: str, user: str) -> Json:
    public = identity.public[use]
    return {"user_id": user, "usage": [use], "keys": {f"ed25519:{public}": public}}


def canonical(thing: Json) -> bytes:
    """Return what is signed of a JSON object."""
    bare = {name: value for name, value in thing.items() if name not in ("signatures", "unsigned")}
    text: str = Api.to_canonical_json(bare)
    return text.encode()


def with_signature(thing: Json, user: str, key_id: str, signature: str) -> Json:
    """Return a JSON object with one more signature of a user."""
    others: dict[str, Any] = dict(thing.get("signatures") or {})
    others[user] = {**others.get(user, {}), key_id: signature}
    return {**thing, "signatures": others}


def _public(key: ECC.EccKey) -> str:
    return _b64(key.public_key().export_key(format="raw"))


def _b64(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4))
