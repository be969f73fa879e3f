"""What is kept of what happens: the inbox, and where we are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.model import (
        Channel,
        Decided,
        Decision,
        Ending,
        Event,
        Incoming,
        Message,
        Standing,
        Step,
        Thread,
        Workspace,
    )
    from bot.ports.transactions import Tx


class Happening(Protocol):
    """The inbox, and what is known of the places. Raises as `Store`."""

    async def join(self, tx: Tx, channel: Channel, *, inviter: str, at: datetime) -> None:
        """Keep who invited us into a channel last; what was to go, as we were put out, stays."""
        ...

    async def leave(
        self, tx: Tx, workspace: Workspace, channel: Channel | None, *, until: datetime
    ) -> None:
        """Have all of a channel, or of a whole workspace, erased by `expire` from `until` on.

        What we do not know is left alone. Their events end as withdrawn.
        """
        ...

    async def inviter(self, channel: Channel) -> str:
        """Return who invited us into a channel; empty where that is not known."""
        ...

    async def remember(self, tx: Tx, message: Message, *, at: datetime) -> None:
        """Keep a message that waits for somebody to ask for its brief, for as long as the inbox.

        Its text is to be no more than its links. What it said before is replaced.
        """
        ...

    async def remembered(self, channel: Channel, message: str) -> Message | None:
        """Return a message that is remembered; its uploads are not, nor that it is private."""
        ...

    async def decide(
        self, tx: Tx, channel: Channel, decision: Decision, *, message: str, at: datetime
    ) -> None:
        """Keep the last decision of a channel."""
        ...

    async def decided(self, channel: Channel) -> Decided | None:
        """Return the last decision of a channel."""
        ...

    async def add_event(
        self,
        tx: Tx,
        incoming: Incoming,
        *,
        thread: Thread,
        message: str,
        at: datetime,
        unasked: bool = False,
    ) -> Event | None:
        """Put an Incoming into the inbox; None where its key is there already.

        `message` is the id of the message that it is about, or empty: what is forgotten with it.
        `unasked` ones are counted by `standing`.
        """
        ...

    async def event(self, number: int) -> Event | None:
        """Return an event of the inbox by its id."""
        ...

    async def open_events(self, *, after: int, limit: int) -> Sequence[Event]:
        """Return events that have not ended and have no post, by id, those above `after`."""
        ...

    async def standing(self, thread: Thread, *, most: int, since: datetime) -> Standing:
        """Return what is known of a thread's place, counting a backlog no further than `most`.

        Of what was briefed unasked it counts what came in from `since` on.
        """
        ...

    async def failed_event(self, tx: Tx, number: int) -> None:
        """Count a failed attempt at an event."""
        ...

    async def end_event(
        self, tx: Tx, number: int, ending: Ending, *, reason: str, at: datetime
    ) -> bool:
        """Record how an event ended and drop its text; False where it had ended before."""
        ...

    async def withdraw(
        self, tx: Tx, channel: Channel, *, at: datetime, message: str = "", thread: str = ""
    ) -> Sequence[int]:
        """End the open events of one message, or all of a thread: they were taken back.

        Those whose post may be on its way are left; a post that was not sent yet is dropped.
        A message that is remembered is no longer. Returns the events that ended so.
        """
        ...

    async def add_step(self, tx: Tx, event: int, step: Step) -> None:
        """Keep what became of one source of an open event; the first stays."""
        ...

    async def steps(self, event: int) -> Sequence[Step]:
        """Return the steps of an event, by their place."""
        ...
