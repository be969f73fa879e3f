"""The writer that needs no key, no model and no network: the article's own sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import Answer, Article, Brief, Question


class EmbeddedWriter:
    """Implements `ports.Writer` by choosing from what the article says.

    A command briefs or answers, seldom both, so each loads its own word lists when first used.
    """

    async def brief(self, article: Article, *, bullets: int, own_wording: bool = False) -> Brief:
        """Return the publisher's lead bullets, or the sentences of the body that say most."""
        if article.lead_bullets and not own_wording:
            from bot.core.writing import publisher  # noqa: PLC0415 - see the class

            return publisher.write(article)
        from bot.core.writing import extract  # noqa: PLC0415 - see the class

        return extract.write(article, bullets=bullets)

    async def answer(self, article: Article, question: Question) -> Answer:
        """Quote what answers the question, or say that nothing does."""
        from bot.core.answering import answer as answering  # noqa: PLC0415 - see the class

        return answering.answer(article, question)
