"""The writer that needs no key, no model and no network: the article's own sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.answering import answer as answering
from bot.core.writing import extract, publisher

if TYPE_CHECKING:
    from bot.model import Answer, Article, Brief, Question


class EmbeddedWriter:
    """Implements `ports.Writer` by choosing from what the article says."""

    async def brief(self, article: Article, *, bullets: int, own_wording: bool = False) -> Brief:
        """Return the publisher's lead bullets, or the sentences of the body that say most."""
        if article.lead_bullets and not own_wording:
            return publisher.write(article)
        return extract.write(article, bullets=bullets)

    async def answer(self, article: Article, question: Question) -> Answer:
        """Quote what answers the question, or say that nothing does."""
        return answering.answer(article, question)
