"""What we have noted for ourselves, and what is to be noted with the next position."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.platforms.matrix.surely import surely

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.ports import Notes, Telemetry

POSITION = "position"


class Noted:
    """The notes of an account. What is set is stored by `store`, all of it or nothing."""

    def __init__(self, notes: Notes, account: str, telemetry: Telemetry) -> None:
        self._notes, self._account, self._telemetry = notes, account, telemetry
        self._stored: dict[str, str] = {}
        self._new: dict[str, str | None] = {}

    async def load(self) -> None:
        """Read what was noted before, as soon as that is possible."""
        found = await surely(partial(self._notes.notes, self._account), self._telemetry)
        self._stored = dict(found or {})

    def get(self, name: str) -> str | None:
        """Return what is stored under a name."""
        return self._stored.get(name)

    def starting(self, prefix: str) -> Mapping[str, str]:
        """Return what is stored under names that begin so."""
        return {name: text for name, text in self._stored.items() if name.startswith(prefix)}

    def put(self, name: str, text: str | None) -> None:
        """Have a note stored, or dropped where it is None."""
        self._new[name] = text

    async def store(self) -> None:
        """Store what was put, as soon as that is possible."""
        new, self._new = self._new, {}
        changes = {name: text for name, text in new.items() if self._stored.get(name) != text}
        if not changes:
            return
        await surely(partial(self._notes.note, self._account, changes), self._telemetry)
        for name, text in changes.items():
            if text is None:
                self._stored.pop(name, None)
            else:
                self._stored[name] = text
