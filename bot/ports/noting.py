"""What a platform has to know again after a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class Notes(Protocol):
    """Small texts that a platform keeps for itself, by name. Raises as `Store`."""

    async def notes(self, account: str) -> Mapping[str, str]:
        """Return all that is noted under an account of ours on a platform."""
        ...

    async def note(self, account: str, changes: Mapping[str, str | None]) -> None:
        """Keep or replace notes, or drop those that are None: all of it or nothing."""
        ...
