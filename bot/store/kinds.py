"""What SQLite and PostgreSQL each do in their own way, as one Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine


class Database(Protocol):
    """Where a store keeps things; everything here but the properties blocks."""

    @property
    def where(self) -> str:
        """The name of it in errors: a path, or an address without its password."""
        ...

    @property
    def connections(self) -> int:
        """How many connections there are at most, and threads that use them."""
        ...

    @property
    def writers(self) -> int:
        """How many write transactions of one process are open at most, fewer than connections."""
        ...

    def open(self) -> Engine:
        """Return connections to an up-to-date database, made or upgraded where needed."""
        ...

    def begin_read(self, connection: Connection) -> None:
        """Begin a transaction that sees one state of what is committed."""
        ...

    def begin_write(self, connection: Connection) -> bool:
        """Begin a write transaction; False where somebody's lock is to be waited for longer."""
        ...

    def clean_up(self) -> bool:
        """Take away what an erasure has left outside the tables; False: to be tried again."""
        ...

    def software(self, connection: Connection) -> str:
        """Return its name and version."""
        ...

    def translated(self) -> AbstractContextManager[None]:
        """Turn its errors into those of `bot.errors`; a caller's mistake stays a ValueError."""
        ...
