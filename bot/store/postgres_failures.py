"""What goes wrong in PostgreSQL, as the errors of `bot.errors`.

Decided by SQLSTATE, never by message. What PostgreSQL says is not passed on: it quotes rows and
terms, which are people's, and errors end up in logs. The names of tables and constraints are ours.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from sqlalchemy import exc

from bot import errors
from bot.store.failures import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterator

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_CODES: dict[str, type[errors.StoreError]] = {
    "25006": errors.StoreReadOnly,  # a standby, or a read-only transaction
    "42501": errors.StoreReadOnly,  # no right to it
    "40001": errors.StoreBusy,  # serialization failure
    "40P01": errors.StoreBusy,  # deadlock
    "55P03": errors.StoreBusy,  # lock time-out
    "57014": errors.StoreBusy,  # the operator's own time-out
    "53300": errors.StoreBusy,  # too many connections
    # Nothing that we write breaks a key by itself: somebody erased or made the same meanwhile.
    "23503": errors.StoreBusy,
    "23505": errors.StoreBusy,
    "53100": errors.DiskFull,
    "58P01": errors.StoreCorrupt,  # a file is missing
    "XX001": errors.StoreCorrupt,
    "XX002": errors.StoreCorrupt,
}
_CLASSES: dict[str, type[errors.StoreError]] = {
    "08": errors.StoreUnreachable,  # the connection failed
    "28": errors.StoreUnreachable,  # user or password
    "3D": errors.StoreUnreachable,  # no such database
    "57": errors.StoreUnreachable,  # the server is stopping or starting
    "58": errors.StoreUnreachable,  # its disk
}
_OF_A_VALUE = "22"


@contextmanager
def translated(where: str, user: str) -> Iterator[None]:
    """Turn every error of the database into a StoreError about `where`.

    A value that cannot be stored stays the caller's ValueError.
    """
    try:
        yield
    except exc.DBAPIError as error:
        told = _of_database(where, user, error.orig)
        raise told.with_traceback(error.__traceback__) from None
    except exc.StatementError as error:
        raise error.orig or error from error
    except exc.TimeoutError as error:  # no connection was free
        raise errors.StoreBusy(where, user) from error
    except psycopg.Error as error:
        told = _of_database(where, user, error)
        raise told.with_traceback(error.__traceback__) from None
    except OSError as error:
        raise errors.StoreUnreachable(where, user, type(error).__name__) from error
    except DamagedError as error:
        raise errors.StoreCorrupt(where, user) from error


def _of_database(where: str, user: str, error: BaseException | None) -> Exception:
    if not isinstance(error, psycopg.Error):
        return errors.StoreError(where, user, type(error).__name__)
    code = error.sqlstate
    if code is None:
        return _without_code(where, user, error)
    if code.startswith(_OF_A_VALUE):
        return ValueError(code)
    kind = _CODES.get(code) or _CLASSES.get(code[:2], errors.StoreError)
    place = error.diag.constraint_name or error.diag.table_name
    return kind(where, user, " ".join(filter(None, (code, type(error).__name__, place))))


def _without_code(where: str, user: str, error: psycopg.Error) -> Exception:
    # From libpq or psycopg itself: a connection could not be made, or broke off.
    name = type(error).__name__
    if isinstance(error, psycopg.DataError):
        return ValueError(name)
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return errors.StoreUnreachable(where, user, name)
    return errors.StoreError(where, user, name)
