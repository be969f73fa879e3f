"""One answer of a model.

1. The articles are laid out as labelled lines; where they are longer than the model takes, or than
   several are to be, the passages nearest to the question are.
2. The thread's last exchanges go with the question, so that "and when?" is understood.
3. Its quotes have to stand in the text, its sentences to pass the fact lock; if not, it is asked
   once more, with the reason.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.answering.composed import Reply, compose, nearest, texts_of
from bot.core.language.detect import translated_into
from bot.core.writing import assemble
from bot.core.writing.labels import lines, mark_of
from bot.errors import ModelBroken
from bot.model import Answer
from bot.writers.model.prompts import language_told
from bot.writers.model.wire import WrittenAnswer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import Article, Question
    from bot.writers.model.asking import Asking
    from bot.writers.model.prompts import Prompts

_TRIES = 2
_ROOM_FOR_SEVERAL = 8_000
"""Tokens of the best passages of several articles: a question need not cost as much as a book."""
_AGAIN = "You answered before, and it was not accepted:"
_NO_MEMORY = "(Nothing was asked before.)"
_ABSENT = "The article does not say."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The answering of one question; `language` is the one wished for, if any."""

    articles: Sequence[Article]
    question: Question
    asking: Asking
    language: str | None = None

    async def answer(self, prompts: Prompts) -> Answer:
        """Answer it. Raises ModelError where nothing that the model says holds."""
        system, asked = await self._prompt(prompts)
        user = asked
        for _ in range(_TRIES):
            written = await self.asking.ask("answer", WrittenAnswer, system, user)
            found = await asyncio.to_thread(
                compose, _reply(written), self.articles, language=self.language
            )
            if isinstance(found, Answer):
                return replace(found, model=self.asking.model, prompt_hash=prompts.answer.hash)
            self.asking.log_refused(found)
            user = f"{asked}\n\n{_AGAIN}\n{assemble.why(written.answer, found)}"
        raise ModelBroken(self.asking.model, "unproven")

    async def _prompt(self, prompts: Prompts) -> tuple[str, str]:
        memory = "\n".join(
            f"Earlier question: {_line(asked)}\nAnswered: {_line(answered) or _ABSENT}"
            for asked, answered in self.question.memory
        )
        room = self.asking.room(prompts.answer.system, prompts.answer.user, memory)
        if len(self.articles) > 1:
            room = min(room, _ROOM_FOR_SEVERAL)
        asked = " ".join(filter(None, (self.question.previous, self.question.text)))
        texts = await asyncio.to_thread(nearest, texts_of(self.articles), asked, most=room)
        shown, first = lines(texts), self.articles[0]
        return prompts.answer.filled(
            language=language_told(first, translated_into(first, self.language)),
            mark=mark_of(shown, memory),
            articles=shown,
            memory=memory or _NO_MEMORY,
            question=_line(self.question.text),
        )


def _line(text: str) -> str:
    return " ".join(text.split())


def _reply(written: WrittenAnswer) -> Reply:
    return Reply(
        found=written.found and bool(written.answer.strip()),
        text=written.answer,
        quotes=tuple((one.label, one.quote) for one in written.quotes),
    )
