"""A transaction of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Tx(Protocol):
    """An open transaction, opaque: only the store that made it can look inside."""

    def on_commit(self, call: Callable[[], None]) -> None:
        """Have a function called once what was written is durable; not where it is undone."""
        ...
