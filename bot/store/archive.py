"""A backup of everything that is kept, as one file, and getting it back.

A tar file with a manifest of what is in it: the database (on SQLite, copied while it is in use),
what was forgotten, and the keys of the platforms. On PostgreSQL the database itself is dumped by
PostgreSQL's own tools.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tarfile
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

from bot.errors import SourceDamaged, SourceMissing
from bot.store import database, opening
from bot.store.failures import translated
from bot.store.forgets import Forget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_MANIFEST = "manifest.json"
_DATABASE = "briefbot.db"
_FORGETS = "forgets.json"
_KEYS = "keys"
_CHUNK = 1 << 20
_FORM = 1


def write(
    target: Path,
    *,
    path: Path | None,
    keys: Path,
    forgets: Sequence[Forget],
    version: str,
    now: datetime,
) -> None:
    """Write a backup; a file of that name is replaced when the new one is whole.

    `path` is the SQLite database, None where there is none. Raises StoreError, SourceMissing
    where the target cannot be written.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with TemporaryDirectory(dir=target.parent, prefix=".briefbot-backup-") as folder:
            files = _gathered(Path(folder), path=path, keys=keys, forgets=forgets)
            manifest = {
                "form": _FORM,
                "briefbot": version,
                "schema": opening.HEAD,
                "made": now.isoformat(),
                "files": {name: _digest(file) for name, file in files.items()},
            }
            listed = Path(folder, _MANIFEST)
            listed.write_text(json.dumps(manifest, indent=1), "utf-8")
            with _private(part) as out:
                with tarfile.open(fileobj=out, mode="w") as tar:
                    for name, file in {_MANIFEST: listed, **files}.items():
                        tar.add(file, name, recursive=False)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise SourceMissing(str(target), error.strerror or "") from error


def read(source: Path, folder: Path) -> tuple[Path | None, list[Forget]]:
    """Unpack a backup into an empty folder, each file held against the manifest.

    Returns its database, None where it has none, and what was forgotten. Raises SourceMissing,
    SourceDamaged.
    """
    try:
        with tarfile.open(source) as tar:
            tar.extractall(folder, filter="data")
        manifest = json.loads(Path(folder, _MANIFEST).read_text("utf-8"))
        files: Mapping[str, str] = manifest["files"]
        for name, digest in files.items():
            if _digest(Path(folder, name)) != digest:
                raise SourceDamaged(str(source), name)
        stored = json.loads(Path(folder, _FORGETS).read_text("utf-8"))
        forgets = [Forget(**one) for one in stored]
    except FileNotFoundError as error:
        if not source.exists():
            raise SourceMissing(str(source), error.strerror or "") from error
        raise SourceDamaged(str(source), Path(error.filename or "").name) from error
    except (tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise SourceDamaged(str(source), _MANIFEST) from error
    except OSError as error:
        raise SourceMissing(str(source), error.strerror or "") from error
    found = Path(folder, _DATABASE)
    if _DATABASE not in files:
        return None, forgets
    with translated(found), closing(sqlite3.connect(found)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise SourceDamaged(str(source), _DATABASE)
    return found, forgets


def put_in_place(found: Path, path: Path, *, now: datetime) -> None:
    """Make an unpacked database the one that is used; what was there is kept beside it.

    Nobody may have it open. What is kept goes with the first thing that is forgotten.
    """
    with translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists():
            database.empty_log(path)
            path.replace(path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S}.backup"))
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        part = path.with_name(f"{path.name}.part")
        _copied(found, part)
        part.replace(path)


def put_keys(folder: Path, keys: Path) -> None:
    """Put the keys of a backup where they belong, over what is there."""
    for file in sorted(Path(folder, _KEYS).rglob("*")):
        if file.is_file():
            target = keys / file.relative_to(Path(folder, _KEYS))
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _copied(file, target)


def _gathered(
    folder: Path, *, path: Path | None, keys: Path, forgets: Sequence[Forget]
) -> dict[str, Path]:
    files: dict[str, Path] = {}
    if path is not None:
        copy = folder / _DATABASE
        copy.touch(mode=0o600)
        with (
            translated(path),
            closing(database.connect(path, patience=30.0)) as source,
            closing(sqlite3.connect(copy)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file, without a log of its own
        files[_DATABASE] = copy
    listed = folder / _FORGETS
    listed.write_text(json.dumps([asdict(one) for one in forgets]), "utf-8")
    files[_FORGETS] = listed
    for file in sorted(keys.rglob("*")) if keys.is_dir() else ():
        if file.is_file():
            files[f"{_KEYS}/{file.relative_to(keys).as_posix()}"] = file
    return files


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _copied(source: Path, target: Path) -> None:
    with source.open("rb") as given, _private(target) as taken:
        while chunk := given.read(_CHUNK):
            taken.write(chunk)
        taken.flush()
        os.fsync(taken.fileno())


def _private(path: Path) -> BinaryIO:
    """Open a file for writing that only this user can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
