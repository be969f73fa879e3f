"""The writer that needs no key, no model and no network: the article's own sentences."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.language.detect import untranslated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Answer, Article, Brief, Question
    from bot.ports import Leave


class EmbeddedWriter:
    """Implements `ports.Writer` by choosing from what the article says.

    A command briefs or answers, seldom both, so each loads its own code and word lists when first
    used. All of that is done in a thread: a long article takes some 30 ms.
    """

    async def brief(
        self,
        article: Article,
        *,
        bullets: int,
        own_wording: bool = False,
        language: str | None = None,
        leave: Leave | None = None,  # noqa: ARG002 - the port's: no model is asked here
    ) -> Brief:
        """Return the publisher's lead bullets, or the sentences of the body that say most."""
        printed = bool(article.lead_bullets) and not own_wording
        brief = await asyncio.to_thread(_brief, article, bullets, printed=printed)
        return replace(brief, warnings=(*brief.warnings, *untranslated(article, language)))

    async def answer(
        self,
        articles: Sequence[Article],
        question: Question,
        *,
        language: str | None = None,
        leave: Leave | None = None,  # noqa: ARG002 - as above
    ) -> Answer:
        """Quote what answers the question from the article that does so best, or say none does."""
        answer = await asyncio.to_thread(_answer, articles, question)
        quoted = {span.version for span in answer.quotes}
        warnings = [untranslated(one, language) for one in articles if one.version in quoted]
        return replace(answer, warnings=(*answer.warnings, *(warnings[0] if warnings else ())))


def _brief(article: Article, bullets: int, *, printed: bool) -> Brief:
    if printed:
        from bot.core.writing import publisher  # noqa: PLC0415 - see the class

        return publisher.write(article)
    from bot.core.writing import extract  # noqa: PLC0415 - see the class

    return extract.write(article, bullets=bullets)


def _answer(articles: Sequence[Article], question: Question) -> Answer:
    from bot.core.answering import answer as answering  # noqa: PLC0415 - see the class

    return answering.answer(articles, question)
