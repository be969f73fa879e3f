"""The store's part of what platforms keep for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import notes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store.transactions import Transactions


class Noted:
    """Notes over the transactions of a store."""

    _transactions: Transactions
    # What was dropped may still be read from the files, until the next `expire`.
    _notes_dropped = False

    async def notes(self, account: str) -> Mapping[str, str]:
        """Return all that is noted under an account of ours on a platform."""
        return await self._transactions.read(lambda connection: notes.read(connection, account))

    async def note(self, account: str, changes: Mapping[str, str | None]) -> None:
        """Keep or replace notes, or drop those that are None: all of it or nothing."""
        async with self._transactions.begin() as tx:
            dropped = await self._transactions.write(
                tx, lambda connection: notes.change(connection, account, changes)
            )
        self._notes_dropped |= dropped
