"""What the flows need from the outside, as small Protocols; each says what it raises.

Real adapters and the fakes in `tests/fakes` pass the same contract suites in `tests/contract`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractAsyncContextManager
    from datetime import datetime

    from bot.model import (
        Answer,
        Article,
        Brief,
        Channel,
        ChannelSettings,
        Forgotten,
        Found,
        Mention,
        Origin,
        Passage,
        Post,
        PostRef,
        Question,
        Reading,
        SettingChange,
        Thread,
        Upload,
    )


class Tx(Protocol):
    """An open transaction, opaque: only the store that made it can look inside."""


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the current time, timezone-aware, in UTC."""
        ...


class Platform(Protocol):
    """A place where people talk."""

    @property
    def name(self) -> str:
        """The `Workspace.platform` that this adapter serves."""
        ...

    async def post(self, thread: Thread, post: Post) -> PostRef:
        """Put a post into a thread."""
        ...

    async def download(self, upload: Upload) -> bytes:
        """Fetch a file that came with a message. Raises SourceError."""
        ...


class Pages(Protocol):
    """Where articles come from. Never raises for what a stranger's server or file does."""

    async def read(self, url: str) -> Reading:
        """Fetch and extract one address; whatever is wrong with it is in the verdict."""
        ...

    async def read_bytes(self, data: bytes, *, source: str, media_type: str = "") -> Reading:
        """Extract a file or a pasted text; `source` is its name, `media_type` may be empty."""
        ...

    async def extract(self, html: str, *, url: str | None) -> Reading:
        """Extract a page that somebody else fetched; nothing is dialled."""
        ...


class Writer(Protocol):
    """Who writes briefs and answers."""

    async def brief(self, article: Article, *, bullets: int, own_wording: bool = False) -> Brief:
        """Write up to `bullets` bullets, each with its evidence.

        The article's own lead bullets are the brief where it prints them, whole whatever
        `bullets` says, unless `own_wording`.
        """
        ...

    async def answer(self, article: Article, question: Question) -> Answer:
        """Answer from one article's text, or say that it does not."""
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

    async def add_answer(self, tx: Tx, question: Question, answer: Answer) -> None:
        """Store a question of a thread with its answer.

        An answer that quotes what its channel no longer mentions is not kept.
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

    async def close(self) -> None:
        """Let go of the database."""
        ...
