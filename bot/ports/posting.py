"""What is kept of what is said and spent: the ledger of posts, and what models cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from bot.model import (
        Budget,
        Channel,
        Delivery,
        Event,
        Letter,
        Post,
        PostRef,
        Purpose,
        Reserved,
        Thread,
        Tokens,
        Usage,
        Workspace,
    )
    from bot.ports.transactions import Tx


class Posting(Protocol):
    """The ledger of posts, and what models cost. Raises as `Store`."""

    async def add_delivery(
        self, tx: Tx, event: Event, *, key: str, post: Post, at: datetime
    ) -> Delivery | None:
        """Put a post into the ledger as NEW, or return what has its key.

        None where its event has ended in the meantime: what was asked was taken back.
        """
        ...

    async def delivery(self, number: int) -> Delivery | None:
        """Return a line of the ledger by its id."""
        ...

    async def delivery_of(self, ref: PostRef) -> Delivery | None:
        """Return the line of a post that arrived, by its id in the channel of its thread."""
        ...

    async def deliveries_about(self, channel: Channel, message: str) -> Sequence[Delivery]:
        """Return the lines about one message that may be or come to be seen, by id.

        Those are NEW, SENDING, POSTED and UNCERTAIN.
        """
        ...

    async def rename_thread(self, tx: Tx, old: Thread, new: Thread) -> None:
        """Have all that hangs on a thread hang on another of its channel: a post began it."""
        ...

    async def open_deliveries(self, *, after: int, limit: int) -> Sequence[Delivery]:
        """Return the lines that are NEW or SENDING, by id, those above `after`."""
        ...

    async def change_delivery(self, tx: Tx, delivery: Delivery, *, at: datetime) -> bool:
        """Store a line's new state and count its turn; its post is dropped once it is POSTED.

        False where somebody else had the turn, or the post was forgotten: then nothing is stored,
        but that it is POSTED always is.
        """
        ...

    async def letters(self, *, limit: int) -> Sequence[Letter]:
        """Return the events that died and the posts that are uncertain or failed, newest first."""
        ...

    async def revive(
        self, tx: Tx, number: int, *, at: datetime
    ) -> tuple[Event, Delivery | None] | None:
        """Open a dead event again, with its uncertain or failed post if it has one.

        None where no letter has this number, or its text is gone.
        """
        ...

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
        """Set tokens of a day's budget aside, unless it or the channel's part would be passed.

        What is spent and what is reserved counts, over all channels of the workspace. Of those
        who ask at the same moment no two get the same tokens. NEARLY comes once a day and
        workspace: to the first who brings it to 80 % of the budget.
        """
        ...

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
        ...

    async def usage(self, workspace: Workspace, *, since: date) -> Sequence[Usage]:
        """Return what a workspace's channels spent from a day on, newest day first."""
        ...
