"""The writer that needs no key, no model and no network: the article's own sentences."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Answer, Article, Brief, Question
    from bot.ports import Leave


class EmbeddedWriter:
    """Implements `ports.Writer` by choosing from what the article says.

    A command briefs or answers, seldom both, so each loads its own word lists when first used.
    Both work in a thread: a long article takes some 30 ms.
    """

    async def brief(
        self,
        article: Article,
        *,
        bullets: int,
        own_wording: bool = False,
        leave: Leave | None = None,  # noqa: ARG002 - the port's: no model is asked here
    ) -> Brief:
        """Return the publisher's lead bullets, or the sentences of the body that say most."""
        if article.lead_bullets and not own_wording:
            from bot.core.writing import publisher  # noqa: PLC0415 - see the class

            return await asyncio.to_thread(publisher.write, article)
        from bot.core.writing import extract  # noqa: PLC0415 - see the class

        return await asyncio.to_thread(extract.write, article, bullets=bullets)

    async def answer(
        self,
        articles: Sequence[Article],
        question: Question,
        *,
        leave: Leave | None = None,  # noqa: ARG002 - as above
    ) -> Answer:
        """Quote what answers the question from the article that does so best, or say none does."""
        from bot.core.answering import answer as answering  # noqa: PLC0415 - see the class

        return await asyncio.to_thread(answering.answer, articles, question)
