"""What goes wrong in SQLite or the file system, as the errors of `bot.errors`.

Decided by error code, never by message.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import exc

from bot import errors

if sys.platform != "win32":
    import pwd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Extended codes that mean something else than their family. A write that fails is nearly always
# a quota or a size limit (a full disk has a code of its own).
_EXTENDED: dict[int, type[errors.StoreError]] = {
    sqlite3.SQLITE_IOERR_WRITE: errors.DiskFull,
    sqlite3.SQLITE_IOERR_SHMSIZE: errors.DiskFull,
    sqlite3.SQLITE_IOERR_SHORT_READ: errors.StoreCorrupt,
    sqlite3.SQLITE_IOERR_CORRUPTFS: errors.StoreCorrupt,
    sqlite3.SQLITE_READONLY_DBMOVED: errors.StoreUnreachable,
}
_FAMILY: dict[int, type[errors.StoreError]] = {
    sqlite3.SQLITE_NOTADB: errors.StoreCorrupt,
    sqlite3.SQLITE_CORRUPT: errors.StoreCorrupt,
    sqlite3.SQLITE_FORMAT: errors.StoreCorrupt,
    sqlite3.SQLITE_READONLY: errors.StoreReadOnly,
    sqlite3.SQLITE_FULL: errors.DiskFull,
    sqlite3.SQLITE_BUSY: errors.StoreBusy,
    sqlite3.SQLITE_LOCKED: errors.StoreBusy,
    sqlite3.SQLITE_PROTOCOL: errors.StoreBusy,
    sqlite3.SQLITE_CANTOPEN: errors.StoreUnreachable,
    sqlite3.SQLITE_IOERR: errors.StoreUnreachable,
    sqlite3.SQLITE_PERM: errors.StoreUnreachable,
    sqlite3.SQLITE_AUTH: errors.StoreUnreachable,
    sqlite3.SQLITE_NOLFS: errors.StoreUnreachable,
}
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DamagedError(Exception):
    """A stored value does not have the form that it was stored in."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn every error of the database or of the file system into a StoreError about `path`.

    A value that cannot be stored (a naive time, a lone surrogate) stays the caller's ValueError.
    """
    try:
        yield
    except exc.DBAPIError as error:
        raise _of_database(path, error.orig) from error
    except exc.StatementError as error:
        raise error.orig or error from error
    except exc.TimeoutError as error:
        raise errors.StoreBusy(str(path), user_name()) from error
    except sqlite3.Error as error:
        raise _of_database(path, error) from error
    except OSError as error:
        raise _of_files(path, error) from error
    except DamagedError as error:
        raise errors.StoreCorrupt(str(path), user_name()) from error


def is_busy(error: exc.DBAPIError) -> bool:
    """Tell whether a statement failed for no other reason than somebody else's lock."""
    return is_busy_code(error.orig)


def is_busy_code(error: BaseException | None) -> bool:
    """Tell the same of an error of SQLite's own."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF == sqlite3.SQLITE_BUSY


def user_name() -> str:
    """Return the name of the user that this process runs as, its number where it has none."""
    if sys.platform == "win32":
        return os.getlogin()
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a container's user without an entry in /etc/passwd
        return str(os.geteuid())


def _of_database(path: Path, error: BaseException | None) -> errors.StoreError:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    kind: type[errors.StoreError]
    if code is not None:
        kind = _EXTENDED.get(code) or _FAMILY.get(code & 0xFF, errors.StoreError)
    elif isinstance(error, sqlite3.OperationalError):
        kind = errors.StoreCorrupt  # from Python's own layer: stored text that is not UTF-8
    else:
        kind = errors.StoreError
    if kind is errors.StoreUnreachable and _only_readable(path):
        kind = errors.StoreReadOnly
    detail = getattr(error, "sqlite_errorname", "") or type(error).__name__
    return kind(str(path), user_name(), detail)


def _of_files(path: Path, error: OSError) -> errors.StoreError:
    kind: type[errors.StoreError] = errors.StoreUnreachable
    if error.errno in _NO_ROOM:
        kind = errors.DiskFull
    elif error.errno == errno.EROFS or _only_readable(path):
        kind = errors.StoreReadOnly
    return kind(str(path), user_name(), errno.errorcode.get(error.errno or 0, ""))


def _only_readable(path: Path) -> bool:
    # A write-ahead log needs its folder: SQLite says "cannot open" where that is read-only.
    # Asked first, since `is_file` raises where the folder may not be looked into.
    return os.access(path, os.R_OK) and path.is_file() and not os.access(path.parent, os.W_OK)
