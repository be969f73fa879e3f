"""Small secrets in files: the login and the keys that we sign with, each sealed.

They are sealed with AES-256-GCM under a key that scrypt draws from a passphrase, or, without one,
under a key that is made once and lies elsewhere: whoever copies this folder alone has nothing. The
crypto store beside them is nio's, sealed with a key drawn from the same one.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from Crypto.Cipher import AES

from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_KEY = 32
_NONCE = 12
_COST = 2**15
_MEMORY = 64 * 1024 * 1024


class Vault:
    """A folder of sealed files that only we may read.

    `secret` is the operator's passphrase; without one, the key is kept in `key_file`. Raises
    ConfigurationError where what is there was sealed with another one, and where the folder
    cannot be written.
    """

    def __init__(self, folder: Path, *, secret: str | None, key_file: Path) -> None:
        self.folder = folder
        self._secret, self._key_file = secret, key_file
        self._opened: bytes | None = None

    def read(self, name: str) -> dict[str, Any] | None:
        """Return what is kept under a name; None where nothing is."""
        try:
            sealed = json.loads((self.folder / name).read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise ConfigurationError("matrix_damaged", [str(self.folder / name)]) from error
        try:
            cipher = AES.new(self._key(), AES.MODE_GCM, nonce=b64decode(sealed["nonce"]))
            cipher.update(name.encode())
            opened = cipher.decrypt_and_verify(
                b64decode(sealed["sealed"]), b64decode(sealed["tag"])
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigurationError("matrix_secret", ["BRIEFBOT_SECRET"]) from error
        found: dict[str, Any] = json.loads(opened)
        return found

    def write(self, name: str, value: Mapping[str, Any]) -> None:
        """Keep a value under a name, whole or not at all, in place of what was there."""
        nonce = secrets.token_bytes(_NONCE)
        cipher = AES.new(self._key(), AES.MODE_GCM, nonce=nonce)
        cipher.update(name.encode())
        sealed, tag = cipher.encrypt_and_digest(json.dumps(value).encode())
        parts = {"nonce": nonce, "sealed": sealed, "tag": tag}
        text = json.dumps({part: b64encode(data).decode() for part, data in parts.items()})
        self._put(self.folder / name, text.encode())

    def drop(self, name: str) -> None:
        """Keep nothing under a name."""
        (self.folder / name).unlink(missing_ok=True)

    def derived(self, purpose: str) -> str:
        """Return a key for another use, the same each time."""
        return hmac.new(self._key(), purpose.encode(), hashlib.sha256).hexdigest()

    def _key(self) -> bytes:
        if self._opened is None:
            if self._secret is None:
                self._opened = self._made(self._key_file, _KEY)
            else:
                salt = self._made(self.folder / "salt", _NONCE)
                self._opened = hashlib.scrypt(
                    self._secret.encode(),
                    salt=salt,
                    n=_COST,
                    r=8,
                    p=1,
                    maxmem=_MEMORY,
                    dklen=_KEY,
                )
        return self._opened

    def _made(self, place: Path, size: int) -> bytes:
        """Return what a file holds, made of chance the first time."""
        try:
            if not place.exists():
                self._put(place, b64encode(secrets.token_bytes(size)))
            return b64decode(place.read_bytes())
        except OSError as error:  # there, but not for us: another one would lock us out
            raise ConfigurationError("matrix_damaged", [str(place)]) from error

    def _put(self, place: Path, data: bytes) -> None:
        try:
            for folder in reversed(place.parents):  # a mode is that of the last folder alone
                folder.mkdir(mode=0o700, exist_ok=True)
            new = place.with_name(f"{place.name}.new")
            with open(new, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            new.replace(place)
        except OSError as error:
            raise ConfigurationError("matrix_folder", [str(place.parent)]) from error
