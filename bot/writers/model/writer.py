"""Briefs and answers of a model, held to the same proof as those of the embedded writer.

Whatever becomes of the model, there is a brief or an answer: the embedded writer's, with a warning
that says what became of it. Nothing is passed on before it was checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.language.detect import translated_into
from bot.errors import ConfigurationError, ModelError, ModelRejected, NoLeave
from bot.model import Purpose, Voice
from bot.writers.model.answering import Answering
from bot.writers.model.asking import Asking
from bot.writers.model.briefing import Briefing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.model import Answer, Article, Brief, Question
    from bot.ports import Clock, Leave, Telemetry, Writer
    from bot.writers.model.client import Client
    from bot.writers.model.outage import Outage
    from bot.writers.model.prompts import Prompts


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelWriter:
    """Implements `ports.Writer` with a model.

    `models` names the one for each purpose, empty for the client's own; `outage` is what is known
    of its server; `context` is how many tokens it takes at a time, its answer included; `timeout`
    the seconds for a whole brief or answer, after which `embedded` writes it.
    """

    client: Client
    outage: Outage
    prompts: Prompts
    embedded: Writer
    clock: Clock
    telemetry: Telemetry
    models: Mapping[Purpose, str]
    context: int
    timeout: float

    async def brief(
        self,
        article: Article,
        *,
        bullets: int,
        own_wording: bool = False,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Brief:
        """Write a brief in the model's words, or in the article's own."""
        into = translated_into(article, language)
        printed = bool(article.lead_bullets) and not own_wording and into is None
        warnings: tuple[str, ...] = ()
        if leave is not None and article.paragraphs and not printed:
            try:
                asking = await self._asking(Purpose.BRIEF, leave)
                briefing = Briefing(article=article, wanted=bullets, asking=asking, into=into)
                return await briefing.write(self.prompts, self.embedded)
            except ModelError as error:
                warnings = (self._warned(error),)
        brief = await self.embedded.brief(
            article, bullets=bullets, own_wording=own_wording, language=language
        )
        return replace(brief, warnings=(*brief.warnings, *warnings))

    async def answer(
        self,
        articles: Sequence[Article],
        question: Question,
        *,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Answer:
        """Answer in the model's words over quotes that hold, or with quotes alone."""
        if leave is None:
            return await self.embedded.answer(articles, question, language=language)
        try:
            asking = await self._asking(Purpose.ANSWER, leave)
            answering = Answering(
                articles=articles, question=question, asking=asking, language=language
            )
            answer = await answering.answer(self.prompts)
        except ModelError as error:
            warning = self._warned(error)
            answer = await self.embedded.answer(articles, question, language=language)
            return replace(answer, warnings=(*answer.warnings, warning))
        if answer.voice is Voice.ABSENT:
            return await self._absent(answer, articles, question, language)
        return answer

    async def _absent(
        self,
        answer: Answer,
        articles: Sequence[Article],
        question: Question,
        language: str | None,
    ) -> Answer:
        """Return what to say where the model found nothing: that proves nothing by itself."""
        own = await self.embedded.answer(articles, question, language=language)
        if own.voice is Voice.SAYS:
            return replace(own, voice=Voice.CLOSEST)
        return answer if answer.quotes else replace(answer, quotes=own.quotes[:1])

    async def _asking(self, purpose: Purpose, leave: Leave) -> Asking:
        """Return what one task asks with, until its time is over. Raises ModelError."""
        until = self.clock.instant().seconds + self.timeout
        return Asking(
            client=self.client,
            model=self.models.get(purpose) or self.client.model or await self._listed(),
            outage=self.outage,
            leave=leave,
            clock=self.clock,
            telemetry=self.telemetry,
            context=self.context,
            until=until,
        )

    async def _listed(self) -> str:
        """Return the one model that the server lists. Raises ModelError."""
        try:
            with self.outage.call("?"):
                return await self.client.named()
        except ConfigurationError as error:
            raise ModelRejected("?", error.problem) from error

    def _warned(self, error: ModelError) -> str:
        """Log what became of the model; return the code of the warning."""
        self.telemetry.trouble("model_failed", error, detail=error.detail)
        return warning_of(error)


def warning_of(error: ModelError) -> str:
    """Return the code of the warning for what became of a model: model_timed_out."""
    if isinstance(error, NoLeave):
        return f"model_{error.detail}"
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(error).__name__).lower()
