"""A backup of everything that is kept, as one file, and getting it back.

A tar file with a manifest of what is in it: the database (on SQLite, copied while it is in use),
what was forgotten, and the keys of the platforms. On PostgreSQL the database itself is dumped by
PostgreSQL's own tools.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sqlite3
import tarfile
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, BinaryIO

from bot.errors import SourceDamaged, SourceMissing, StoreTooNew
from bot.store import database, opening
from bot.store.failures import is_busy_code, translated, user_name
from bot.store.forgets import Forget

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_MANIFEST = "manifest.json"
_DATABASE = "briefbot.db"
_FORGETS = "forgets.json"
_KEYS = "keys"
# Of an encrypted chat: brought back, it would be behind what people's clients have seen of it.
_CRYPTO_STORES = "*.db*"
_CHUNK = 1 << 20
_FORM = 1
_MOST = 1000
"""More files than any backup has."""
_LONGEST = 100


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
    part = target.parent / f"{target.name}.part"
    try:
        if not target.name:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
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
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise SourceMissing(str(target), error.strerror or "") from error


def read(source: Path, folder: Path) -> tuple[Path | None, list[Forget]]:
    """Unpack a backup into an empty folder, each file held against the manifest.

    Returns its database, None where it has none, and what was forgotten. Raises SourceMissing,
    SourceDamaged, and StoreTooNew for that of a newer version.
    """
    try:
        # Never unpacked on the fly: what is compressed may have no end.
        with source.open("rb") as given, tarfile.open(fileobj=given, mode="r:") as tar:
            names = _unpacked(tar, source, folder)
        _check(names, source, folder)
        stored = json.loads(Path(folder, _FORGETS).read_text("utf-8"))
        forgets = [Forget(**one) for one in stored]
    except (tarfile.TarError, ValueError, LookupError, TypeError, RecursionError) as error:
        raise SourceDamaged(str(source), _MANIFEST) from error
    except OSError as error:
        raise SourceMissing(str(source), error.strerror or "") from error
    if _DATABASE not in names:
        return None, forgets
    found = Path(folder, _DATABASE)
    try:
        with closing(sqlite3.connect(found)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            connection.execute("PRAGMA journal_mode = WAL")  # as it is where it is used
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise SourceDamaged(str(source), _DATABASE)
    return found, forgets


def put_in_place(found: Path, path: Path, *, now: datetime) -> None:
    """Make an unpacked database the one that is used; what was there is kept beside it.

    There is a whole one at every moment. What is kept goes with the first thing that is
    forgotten. Raises StoreBusy where somebody has the present one open.
    """
    part = path.with_name(f"{path.name}.part")
    with translated(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        database.empty_log(found)
        _copied(found, part)
        if path.exists():
            _close_log(path)
            _copied(path, path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S}.backup"))
        part.replace(path)


def put_keys(folder: Path, keys: Path) -> None:
    """Put the keys of a backup where they belong, over what is there."""
    for file in sorted(Path(folder, _KEYS).rglob("*")):
        if file.is_file() and not file.match(_CRYPTO_STORES):
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
        if file.is_file() and not file.match(_CRYPTO_STORES):
            name = f"{_KEYS}/{file.relative_to(keys).as_posix()}"
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            _copied(file, copy)  # it may change meanwhile, and what it links to may go
            files[name] = copy
    return files


def _unpacked(tar: tarfile.TarFile, source: Path, folder: Path) -> set[str]:
    """Unpack plain files and nothing else; return their names."""
    names: set[str] = set()
    for member in tar:
        plain = member.isreg() and not member.issparse() and member.name not in names
        if not plain or len(names) == _MOST:
            raise SourceDamaged(str(source), _shown(member.name))
        tar.extract(member, folder, filter="data")
        names.add(member.name)
    return names


def _check(names: set[str], source: Path, folder: Path) -> None:
    """Hold unpacked files against the manifest among them. Raises SourceDamaged, StoreTooNew."""
    if _MANIFEST not in names:
        raise SourceDamaged(str(source), _MANIFEST)
    manifest = json.loads(Path(folder, _MANIFEST).read_text("utf-8"))
    if manifest["form"] > _FORM or manifest["schema"] > opening.HEAD:
        raise StoreTooNew(str(source), user_name(), str(manifest["schema"]))
    files: Mapping[str, str] = manifest["files"]
    for name in names ^ {_MANIFEST, _FORGETS, *files}:
        raise SourceDamaged(str(source), _shown(name))
    for name, digest in files.items():
        if _digest(Path(folder, name)) != digest:
            raise SourceDamaged(str(source), name)


def _shown(name: str) -> str:
    return name if name.isprintable() and len(name) <= _LONGEST else "?"


def _close_log(path: Path) -> None:
    """Bring all of a database into its one file, which works only where nobody has it open."""
    try:
        with closing(database.connect(path, patience=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        if is_busy_code(error):
            raise
        # It is damaged, and kept as it is; its log would be taken for that of the new one.
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


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
    """Make a file anew that only this user can read."""
    path.unlink(missing_ok=True)  # it would keep its rights
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
