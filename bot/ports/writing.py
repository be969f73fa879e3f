"""Where articles come from, and who writes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from bot.model import Answer, Article, Brief, Question, Reading


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
