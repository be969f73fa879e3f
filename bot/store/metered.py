"""The store's part of budgets: what models took, and what is set aside for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import usage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.model import Budget, Channel, Purpose, Reserved, Tokens, Usage, Workspace
    from bot.ports import Tx
    from bot.store.transactions import Transactions


class Metered:
    """Usage over the transactions of a store."""

    _transactions: Transactions

    async def reserve_tokens(
        self,
        tx: Tx,
        channel: Channel,
        *,
        day: date,
        purpose: Purpose,
        model: str,
        tokens: int,
        budget: Budget,
    ) -> Reserved:
        """Set tokens of a day's budget aside: see `ports.Store.reserve_tokens`.

        What a killed process had set aside stays so until its day is over.
        """
        return await self._transactions.write(
            tx,
            lambda connection: usage.reserve(
                connection,
                channel,
                day=day,
                purpose=purpose,
                model=model,
                tokens=tokens,
                budget=budget,
            ),
        )

    async def settle_tokens(
        self,
        tx: Tx,
        channel: Channel,
        *,
        day: date,
        purpose: Purpose,
        model: str,
        reserved: int,
        used: Tokens,
    ) -> None:
        """Give back what was set aside and count one call with what it took."""
        await self._transactions.write(
            tx,
            lambda connection: usage.settle(
                connection,
                channel,
                day=day,
                purpose=purpose,
                model=model,
                reserved=reserved,
                used=used,
            ),
        )

    async def usage(self, workspace: Workspace, *, since: date) -> Sequence[Usage]:
        """Return what a workspace's channels spent from a day on, newest day first."""
        return await self._transactions.read(
            lambda connection: usage.listed(connection, workspace, since=since)
        )
