"""What is kept: the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import date, datetime

    from bot.model import (
        Answer,
        Article,
        Brief,
        Budget,
        Channel,
        ChannelSettings,
        Decided,
        Decision,
        Delivery,
        Ending,
        Event,
        Forgotten,
        Found,
        Incoming,
        Kept,
        Letter,
        Mention,
        Message,
        Origin,
        Passage,
        Post,
        PostRef,
        Purpose,
        Question,
        Reserved,
        SettingChange,
        Standing,
        Step,
        Strike,
        Thread,
        Tokens,
        Usage,
        Workspace,
    )


class Tx(Protocol):
    """An open transaction, opaque: only the store that made it can look inside."""

    def on_commit(self, call: Callable[[], None]) -> None:
        """Have a function called once what was written is durable; not where it is undone."""
        ...


class Store(Protocol):
    """What is kept. Every method raises StoreError and nothing else.

    Reads see what was committed; writes take the transaction that they belong to. A caller's
    mistake (a time without its zone, text that is no Unicode, a brief of another version) is a
    ValueError, and nothing of it is stored.
    """

    def begin(self) -> AbstractAsyncContextManager[Tx]:
        """Open a write transaction: committed at the end of the block, rolled back by an error.

        Being cancelled is an error. One at a time: whoever opens a second waits for the first,
        so `forget`, `expire` and another `begin` have no place inside the block.
        """
        ...

    async def add_mention(
        self,
        tx: Tx,
        *,
        thread: Thread,
        message: str,
        poster: str,
        at: datetime,
        origin: Origin,
        source: str,
        article: Article,
        passages: Sequence[Passage],
    ) -> Mention:
        """Store an article with its search passages, and that this message brought it.

        The same message and article again return the first mention unchanged. An article
        version that the workspace already holds is stored once. Numbers are never given twice.
        Where the channel keeps text for 0 days, the words are in the returned mention only.
        """
        ...

    async def add_brief(self, tx: Tx, mention: Mention, brief: Brief, at: datetime) -> Mention:
        """Store a brief of a mention's article; the newest is the one that `Mention.brief` has.

        A mention that was forgotten in the meantime keeps nothing.
        """
        ...

    async def add_answer(self, tx: Tx, question: Question, answer: Answer) -> bool:
        """Store a question of a thread with its answer; the same question once more is not.

        An answer that quotes what its channel no longer mentions is not kept: False, nor may it
        be said.
        """
        ...

    async def mentions(self, channel: Channel, *, limit: int, offset: int = 0) -> Sequence[Mention]:
        """Return the channel's mentions, newest first."""
        ...

    async def mention(self, channel: Channel, number: int) -> Mention | None:
        """Return the mention with this number."""
        ...

    async def mentions_of(self, channel: Channel, key: str) -> Sequence[Mention]:
        """Return the channel's mentions of the article with this `Article.key`, newest first."""
        ...

    async def mentions_in(self, thread: Thread) -> Sequence[Mention]:
        """Return what was brought up in one thread, newest first."""
        ...

    async def mentions_by(self, channel: Channel, message: str) -> Sequence[Mention]:
        """Return what one message of the channel brought, by number."""
        ...

    async def strike(self, tx: Tx, mention: Mention, strike: Strike) -> None:
        """Keep that a bullet of the mention's brief, as it is in `mention`, is said to be wrong.

        The first of a bullet stays. It goes with its brief: another brief has none.
        """
        ...

    async def exchanges(self, thread: Thread, *, limit: int) -> Sequence[tuple[str, str]]:
        """Return a thread's last questions with the words answered, oldest first."""
        ...

    async def last_question(self, thread: Thread) -> Question | None:
        """Return what was asked last in a thread; its `previous` is the question before it."""
        ...

    async def answers(
        self, channel: Channel, *, limit: int, offset: int = 0
    ) -> Sequence[tuple[Question, Answer]]:
        """Return the channel's questions with their answers, newest first."""
        ...

    async def search(
        self,
        channel: Channel,
        terms: Sequence[str],
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
    ) -> Sequence[Found]:
        """Return the passages of the channel's articles that hold any of the terms, best first.

        `terms` are folded as those of `Passage.terms`; the mention's time is in
        [since, until). Each passage comes once, with its newest mention. How they are ranked
        does not depend on what other channels hold.
        Without terms, the opening passages of what was mentioned in that time, newest first.
        """
        ...

    async def asked_since(self, channel: Channel, asker: str, since: datetime) -> int:
        """Return how many of a person's questions the channel holds from a time on."""
        ...

    async def kept(self, channel: Channel) -> Kept:
        """Return how much is kept of a channel."""
        ...

    async def channel_settings(self, channel: Channel) -> ChannelSettings:
        """Return the channel's settings; the defaults where nothing was set."""
        ...

    async def change_settings(
        self, tx: Tx, channel: Channel, settings: ChannelSettings, changes: Sequence[SettingChange]
    ) -> None:
        """Replace a channel's settings and add to its change log."""
        ...

    async def setting_changes(self, channel: Channel) -> Sequence[SettingChange]:
        """Return the channel's change log, oldest first."""
        ...

    async def forget(self, channel: Channel, numbers: Sequence[int]) -> Forgotten:
        """Erase mentions, and every article that no mention of the workspace holds any more.

        Text, index and briefs go with it, and the channel's answers that quote what it no longer
        mentions or were given in a thread where nothing is left; from the file as well (a
        transaction of its own, since the write-ahead log is emptied after it).
        """
        ...

    async def expire(self, now: datetime) -> Forgotten:
        """Erase what is older than its channel keeps it; the receipt counts articles blanked.

        When an article's words go (standfirst, lead bullets, paragraphs, captions, passages),
        its headline and brief stay until the brief's own time is over.
        """
        ...

    # --- where we are ---

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

    # --- the inbox ---

    async def remember(self, tx: Tx, message: Message, *, at: datetime) -> None:
        """Keep a message that waits for somebody to ask for its brief, for as long as the inbox.

        Its text is to be no more than its links. What it said before is replaced.
        """
        ...

    async def remembered(self, channel: Channel, message: str) -> Message | None:
        """Return a message that is remembered; its uploads are not."""
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

    # --- the ledger of posts ---

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

    # --- what models cost ---

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

    async def close(self) -> None:
        """Let go of the database."""
        ...
