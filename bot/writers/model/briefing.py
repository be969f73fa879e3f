"""One brief of a model.

1. The article is laid out as labelled lines; one that is longer than the model takes is read in
   parts, and the brief is written from the passages on which the parts' bullets rest.
2. Every draft is checked (`core.writing.drafts`; what that takes is made ready while the model
   writes); those refused go back once, with the reasons.
3. What is refused again is replaced by sentences of the article, marked as such.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.language.detect import translated
from bot.core.writing import assemble
from bot.core.writing.drafts import Draft, accept
from bot.core.writing.ground import Lock
from bot.core.writing.labels import labelled, lines, mark_of, parted, tokens_of
from bot.core.writing.translated import Translation
from bot.errors import ModelBroken, ModelError, ModelTooLong
from bot.model import Brief, Bullet, Method
from bot.writers.model.prompts import language_told
from bot.writers.model.wire import WrittenBrief

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.core.writing.drafts import Refused
    from bot.core.writing.labels import Labelled
    from bot.model import Article
    from bot.ports import Writer
    from bot.writers.model.asking import Asking
    from bot.writers.model.prompts import Prompts

READ_IN_PARTS, READ_PARTLY = "model_parts", "model_read"
_MOST_PARTS = 12
_AT_ONCE = 3
_SPARE = 4
_PATTERN = (
    "\nThe publisher's own bullets, for their form and length; do not copy them, and state nothing "
    "that only they state:\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """The writing of one brief; `into` is the language to translate into, if any."""

    article: Article
    wanted: int
    asking: Asking
    into: str | None = None

    async def write(self, prompts: Prompts, embedded: Writer) -> Brief:
        """Write it. Raises ModelError where the model brought nothing that holds."""
        lock = asyncio.create_task(asyncio.to_thread(Lock, self.article))  # while the model writes
        try:
            return await self._written(prompts, embedded, lock)
        finally:
            lock.cancel()

    async def _written(self, prompts: Prompts, embedded: Writer, lock: asyncio.Task[Lock]) -> Brief:
        texts, warnings = await self._fitting(prompts, lock)
        accepted, refused = await self._drafted(prompts, texts, lock, self.wanted)
        if refused:
            try:
                again, refused = await self._repaired(prompts, texts, lock, refused)
            except ModelError as error:  # what was accepted before holds all the same
                if not accepted:
                    raise
                self.asking.telemetry.trouble("model_repair_failed", error, detail=error.detail)
            else:
                accepted = [*accepted, *again]
        if not accepted:
            raise ModelBroken(self.asking.model, "unproven")
        spare: Sequence[Bullet] = ()
        if refused or len(accepted) < self.wanted:
            plain = await embedded.brief(
                self.article, bullets=self.wanted + _SPARE, own_wording=True
            )
            spare = plain.bullets
        bullets = await asyncio.to_thread(
            assemble.assemble, accepted, spare, await lock, wanted=self.wanted, lost=len(refused)
        )
        return Brief(
            version=self.article.version,
            method=Method.ABSTRACTIVE,
            bullets=bullets,
            warnings=(*((translated(self.into),) if self.into else ()), *warnings),
            model=self.asking.model,
            prompt_hash=prompts.brief.hash,
        )

    async def _fitting(
        self, prompts: Prompts, lock: asyncio.Task[Lock]
    ) -> tuple[list[Labelled], tuple[str, ...]]:
        """Return the passages to write from, and how the article was read where that matters."""
        texts = labelled(self.article)
        room = self.asking.room(prompts.brief.system, prompts.brief.user, self._pattern())
        warnings: tuple[str, ...] = ()
        while sum(tokens_of(one.line) + 1 for one in texts) > room:
            runs = parted(texts, most=room)
            if len(runs) == 1:
                break
            if len(runs) > _MOST_PARTS:
                share = sum(len(run) for run in runs[:_MOST_PARTS]) / len(texts)
                warnings = (f"{READ_PARTLY}:{share:.0%}",)
                runs = runs[:_MOST_PARTS]
            elif not warnings:
                warnings = (f"{READ_IN_PARTS}:{len(runs)}",)
            kept = await self._telling(prompts, runs, lock)
            if not 0 < len(kept) < len(texts):
                raise ModelTooLong(self.asking.model, "parts")
            texts = kept
        return texts, warnings

    async def _telling(
        self, prompts: Prompts, runs: Sequence[Sequence[Labelled]], lock: asyncio.Task[Lock]
    ) -> list[Labelled]:
        """Return the passages on which bullets about each part rest, in the article's order."""
        places = asyncio.Semaphore(_AT_ONCE)
        each = max(2, -(-2 * self.wanted // len(runs)))

        async def told(run: Sequence[Labelled]) -> list[Bullet]:
            async with places:
                accepted, _ = await self._drafted(prompts, run, lock, each)
                return accepted

        try:
            async with asyncio.TaskGroup() as tasks:
                doing = [tasks.create_task(told(run)) for run in runs]
        except ExceptionGroup as failed:  # what one raises ends the others
            raise failed.exceptions[0] from failed
        rests_on = {
            (span.part, span.paragraph)
            for task in doing
            for bullet in task.result()
            for span in bullet.evidence
        }
        return [one for run in runs for one in run if (one.part, one.paragraph) in rests_on]

    async def _drafted(
        self,
        prompts: Prompts,
        texts: Sequence[Labelled],
        lock: asyncio.Task[Lock],
        wanted: int,
    ) -> tuple[list[Bullet], list[Refused]]:
        shown = lines(texts)
        system, user = prompts.brief.filled(
            bullets=str(wanted),
            language=language_told(self.article, self.into),
            mark=mark_of(shown),
            article=shown,
            pattern=self._pattern(),
        )
        written = await self.asking.ask("brief", WrittenBrief, system, user)
        return await self._checked(written, lock, wanted)

    async def _repaired(
        self,
        prompts: Prompts,
        texts: Sequence[Labelled],
        lock: asyncio.Task[Lock],
        refused: Sequence[Refused],
    ) -> tuple[list[Bullet], list[Refused]]:
        """Ask once more for what was refused. Raises ModelError."""
        shown = lines(texts)
        mark = mark_of(shown)
        instructions, _ = prompts.brief.filled(
            bullets=str(len(refused)),
            language=language_told(self.article, self.into),
            mark=mark,
            article="",
            pattern="",
        )
        system, user = prompts.repair.filled(
            instructions=instructions,
            mark=mark,
            article=shown,
            bullets=str(len(refused)),
            failed=assemble.told(refused),
        )
        written = await self.asking.ask("brief", WrittenBrief, system, user)
        accepted, again = await self._checked(written, lock, len(refused))
        lost = len(refused) - len(accepted)
        return accepted, [*again, *refused][:lost]

    async def _checked(
        self, written: WrittenBrief, lock: asyncio.Task[Lock], wanted: int
    ) -> tuple[list[Bullet], list[Refused]]:
        drafts = [
            Draft(text=one.text, label=one.label, quote=one.quote)
            for one in written.bullets[: 2 * wanted]
        ]
        found = await asyncio.to_thread(self._judged, drafts, await lock)
        accepted, refused = assemble.split(found)
        for one in refused:
            self.asking.log_refused(one.reasons)
        return accepted[:wanted], refused[: max(0, wanted - len(accepted))]

    def _judged(self, drafts: Sequence[Draft], lock: Lock) -> list[Bullet | Refused]:
        if self.into is None:
            return [accept(draft, lock) for draft in drafts]
        translation = Translation(lock, self.into)
        return [translation.accept(draft) for draft in drafts]

    def _pattern(self) -> str:
        if not self.article.lead_bullets:
            return ""
        return _PATTERN + "\n".join(f"- {one}" for one in self.article.lead_bullets)
