"""What is kept: the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bot.ports.digesting import Digesting
from bot.ports.happening import Happening
from bot.ports.noting import Notes
from bot.ports.posting import Posting

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.model import (
        Answer,
        Article,
        Brief,
        Channel,
        ChannelSettings,
        Chosen,
        Forgotten,
        Found,
        Kept,
        Mention,
        Origin,
        Outlet,
        Passage,
        Question,
        SettingChange,
        Sources,
        Strike,
        Thread,
        Workspace,
        WorkspaceSettings,
    )
    from bot.ports.transactions import Tx


class Store(Happening, Posting, Digesting, Notes, Protocol):
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
        outlets: Sequence[Outlet] = (),
        posters: Sequence[str] = (),
        limit: int = 100,
    ) -> Sequence[Found]:
        """Return the passages of the channel's articles that hold any of the terms, best first.

        `terms` are folded as those of `Passage.terms`; the mention's time is in
        [since, until), and where any are given, its article is of one of the `outlets`, its
        poster one of the `posters`. Each passage comes once, with its newest mention. How they
        are ranked does not depend on what other channels hold.
        Without terms, the opening passages of what was mentioned so, newest first.
        """
        ...

    async def sources(self, channel: Channel) -> Sources:
        """Return the outlets of all that the channel mentions, and who posted it, in any order."""
        ...

    async def asked_since(self, channel: Channel, asker: str, since: datetime) -> int:
        """Return how many of a person's questions the channel holds from a time on."""
        ...

    async def kept(self, channel: Channel) -> Kept:
        """Return how much is kept of a channel."""
        ...

    async def channel_settings(self, channel: Channel) -> ChannelSettings:
        """Return what holds in a channel.

        That is what its workspace locks, else what it has set itself, else what its workspace
        has, else the defaults.
        """
        ...

    async def chosen(self, channel: Channel) -> Chosen:
        """Return what holds in a channel, and which of it it has set itself."""
        ...

    async def change_settings(
        self,
        tx: Tx,
        channel: Channel,
        settings: ChannelSettings,
        changes: Sequence[SettingChange],
        *,
        names: Collection[str] | None = None,
        usual: Collection[str] = (),
    ) -> None:
        """Set what a channel sets, and add to its change log.

        `names` are those that it sets to what they are in `settings`, also where that holds
        already; where none are given, those in which `settings` differs from what holds. `usual`
        are those that it sets no longer.
        """
        ...

    async def setting_changes(self, channel: Channel) -> Sequence[SettingChange]:
        """Return the channel's change log, oldest first."""
        ...

    async def workspace_settings(self, workspace: Workspace) -> WorkspaceSettings:
        """Return what holds in a workspace where its channels do not say otherwise."""
        ...

    async def change_workspace(
        self,
        tx: Tx,
        workspace: Workspace,
        settings: WorkspaceSettings,
        changes: Sequence[SettingChange],
    ) -> None:
        """Replace what holds in a workspace, and add to the workspace's change log.

        It holds in its channels at once, for what they keep already as well.
        """
        ...

    async def workspace_changes(self, workspace: Workspace) -> Sequence[SettingChange]:
        """Return the workspace's change log, oldest first."""
        ...

    async def channels(self, workspace: Workspace) -> Sequence[Chosen]:
        """Return what holds in each channel of a workspace that is in use, by the channels' ids.

        Those that we were put out of are not among them.
        """
        ...

    async def forget(self, channel: Channel, numbers: Sequence[int]) -> Forgotten:
        """Erase mentions, and every article that no mention of the workspace holds any more.

        Text, index and briefs go with it, and the channel's answers that quote what it no longer
        mentions or were given in a thread where nothing is left; from the file as well (a
        transaction of its own, since the write-ahead log is emptied after it). A digest of the
        channel that nobody tried to post yet goes too, and its day is told anew.
        """
        ...

    async def forget_asked(
        self, channel: Channel, *, asker: str = "", thread: str = ""
    ) -> Forgotten:
        """Erase a channel's questions with their answers, from the file as well.

        They are those of a person, of a thread or, where both are given, his in that thread. So
        goes what waits: links that nobody asked about yet, events that died, and posts that were
        not sent in the threads where a question is erased. ValueError where neither is given.
        """
        ...

    async def forget_channel(self, channel: Channel, *, but: int | None = None) -> Forgotten:
        """Erase all that a channel holds, from the file as well, but for what it has set.

        What is open ends as withdrawn, all but the event `but`; what is not posted yet is not
        posted any more. Settings with their log stay, and what models took.
        """
        ...

    async def expire(self, now: datetime) -> Forgotten:
        """Erase what is older than its channel keeps it; the receipt counts articles blanked.

        When an article's words go (standfirst, lead bullets, paragraphs, captions, passages),
        its headline and brief stay until the brief's own time is over.
        """
        ...

    async def close(self) -> None:
        """Let go of the database."""
        ...
