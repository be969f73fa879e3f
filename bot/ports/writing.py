"""Where articles come from, and who writes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Answer, Article, Brief, Question, Reading, Tokens


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


class Leave(Protocol):
    """Leave to ask a model for one task of one channel, within its budget."""

    @property
    def nearly(self) -> bool:
        """Whether it was this task that brought the day's budget to 80 %."""
        ...

    async def reserve(self, model: str, tokens: int) -> None:
        """Set tokens aside before a call. Raises NoLeave where it may not be made, StoreError."""
        ...

    async def settle(self, model: str, reserved: int, used: Tokens) -> None:
        """Give back what was set aside, and count what the call took. Raises StoreError."""
        ...


class Writer(Protocol):
    """Who writes briefs and answers. Without `leave`, no model is asked."""

    async def brief(
        self,
        article: Article,
        *,
        bullets: int,
        own_wording: bool = False,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Brief:
        """Write up to `bullets` bullets, each with its evidence.

        The article's own lead bullets are the brief where it prints them, whole whatever
        `bullets` says, unless `own_wording`. `language` (of `core.language.wishes`) is the one
        wished for, None the article's own; a warning says that it was translated, or that it was
        not. Whatever becomes of a model, there is a brief; its warnings say what became of it.
        Raises StoreError where `leave` does.
        """
        ...

    async def answer(
        self,
        articles: Sequence[Article],
        question: Question,
        *,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Answer:
        """Answer from the text of some articles (one at least), or say that they do not.

        `language` is as for `brief`; it raises as `brief` does.
        """
        ...
