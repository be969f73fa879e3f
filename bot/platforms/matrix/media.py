"""Files that people send: fetched from the homeserver, and decrypted where they have to be."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import aiohttp
from nio.crypto.attachments import decrypt_attachment
from nio.exceptions import EncryptionError

from bot.errors import NotSent, SourceMissing, SourceTooLarge
from bot.platforms.matrix.calls import MEDIA, NAME, in_path

if TYPE_CHECKING:
    from bot.model import Upload
    from bot.platforms.matrix.calls import Calls, Json

_CHUNK = 65_536
_OK, _SLOWER, _BROKEN = 200, 429, 500
_SCHEME = "mxc://"
_SERVER = re.compile(r"(?!\.)[A-Za-z0-9.:\[\]-]{1,255}")
_MEDIA = re.compile(r"(?!\.)[A-Za-z0-9._~=-]{1,255}")


async def download(calls: Calls, upload: Upload, *, most_bytes: int) -> bytes:
    """Fetch a file. Raises SourceMissing, SourceTooLarge, NotSent."""
    if upload.size > most_bytes:
        raise SourceTooLarge(upload.name, str(most_bytes))
    handle: Json = json.loads(upload.handle)
    server, _, media = str(handle.get("url")).removeprefix(_SCHEME).partition("/")
    known = str(handle.get("url")).startswith(_SCHEME)
    if not known or not _SERVER.fullmatch(server) or not _MEDIA.fullmatch(media):
        raise SourceMissing(upload.name)
    data = await _fetched(calls, upload, f"{in_path(server)}/{in_path(media)}", most_bytes)
    return data if "key" not in handle else _opened(upload, handle, data)


async def _fetched(calls: Calls, upload: Upload, place: str, most_bytes: int) -> bytes:
    headers = {"Authorization": f"Bearer {calls.token}"}
    try:
        async with calls.session.get(
            f"{calls.url}{MEDIA}/download/{place}", headers=headers, allow_redirects=False
        ) as answer:
            if answer.status == _SLOWER or answer.status >= _BROKEN:
                raise NotSent(NAME, str(answer.status))
            if answer.status != _OK:
                raise SourceMissing(upload.name, f"HTTP {answer.status}")
            data = bytearray()
            async for chunk in answer.content.iter_chunked(_CHUNK):
                data += chunk
                if len(data) > most_bytes:
                    raise SourceTooLarge(upload.name, str(most_bytes))
            return bytes(data)
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise NotSent(NAME, type(error).__name__) from error


def _opened(upload: Upload, handle: Json, data: bytes) -> bytes:
    try:
        opened: bytes = decrypt_attachment(
            data, handle["key"]["k"], handle["hashes"]["sha256"], handle["iv"]
        )
    except (EncryptionError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SourceMissing(upload.name, "not decrypted") from error
    return opened
