"""Where other programs talk to us: one JSON object a line in, one a line out, in order.

The shapes are in docs/json.md. Nothing is stored. A line that cannot be answered gets
{"id", "error"} and does not stop the others.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from bot.core.language.detect import detect
from bot.core.talking import export, wording
from bot.core.writing.ground import check
from bot.model import Article, Channel, Question, Thread, Workspace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.core.talking.export import Json
    from bot.ports import Clock, Leave, Pages, Writer

Task = Literal["read", "brief", "ask", "check"]

_AT_ONCE = 4
_NOWHERE = Thread(
    channel=Channel(workspace=Workspace(platform="jsonlines", id="-"), id="-"), id="-"
)


class BadLineError(Exception):
    """A line is not of the task's shape; the text says what it lacks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLines:
    """Answers lines of one task with the adapters given.

    `ignore_lead_bullets` writes briefs from the body alone; `bullets` counts where a line does
    not say.
    """

    pages: Pages
    writer: Writer
    clock: Clock
    leave: Leave
    bullets: int = 5
    ignore_lead_bullets: bool = False

    async def answer(
        self, task: Task, lines: AsyncIterator[str]
    ) -> AsyncIterator[tuple[str, bool]]:
        """Yield (line, well) for each line in order, a few being worked on at the same time."""
        work: Callable[[Json], Awaitable[Json]] = {
            "read": self._read,
            "brief": self._brief,
            "ask": self._ask,
            "check": self._check,
        }[task]
        running: deque[asyncio.Task[tuple[str, bool]]] = deque()
        try:
            async for line in lines:
                if line.strip():
                    running.append(asyncio.create_task(_one(line, work)))
                if len(running) >= _AT_ONCE:
                    yield await running.popleft()
            while running:
                yield await running.popleft()
        finally:
            for left in running:
                left.cancel()

    async def _read(self, row: Json) -> Json:
        reading = await self.pages.extract(_text(row, "html"), url=_maybe(row, "url"))
        return export.reading_json(reading)

    async def _brief(self, row: Json) -> Json:
        wanted = self.bullets if row.get("bullets") is None else row["bullets"]
        if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted < 1:
            raise BadLineError(wording.not_whole("bullets"))
        started = time.perf_counter()
        brief = await self.writer.brief(
            _article(row),
            bullets=wanted,
            own_wording=self.ignore_lead_bullets,
            leave=self.leave,
        )
        return {**export.brief_json(brief), "ms": _since(started)}

    async def _ask(self, row: Json) -> Json:
        question = Question(
            thread=_NOWHERE,
            asker="-",
            text=_text(row, "question"),
            asked_at=self.clock.now(),
            previous=_maybe(row, "previous"),
        )
        started = time.perf_counter()
        answer = await self.writer.answer([_article(row)], question, leave=self.leave)
        return {**export.answer_json(answer), "ms": _since(started)}

    async def _check(self, row: Json) -> Json:
        return export.check_json(check(_text(row, "claim"), _article(row)))


async def _one(line: str, work: Callable[[Json], Awaitable[Json]]) -> tuple[str, bool]:
    named: Any = None
    try:
        row = _object(line)
        named = row.get("id")
        found, well = {"id": named, **await work(row)}, True
    except json.JSONDecodeError as error:
        found, well = {"id": named, "error": wording.not_json(error.msg, error.pos)}, False
    except BadLineError as error:
        found, well = {"id": named, "error": str(error)}, False
    except Exception as error:  # noqa: BLE001 - the outermost loop: one bad line must not stop the rest
        found, well = {"id": named, "error": f"{type(error).__name__}: {error}"}, False
    # ASCII, since a line may hold half a character (a lone surrogate) that UTF-8 has no bytes for
    return json.dumps(found), well


def _object(line: str) -> Json:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise BadLineError(wording.NOT_AN_OBJECT)
    return row


def _article(row: Json) -> Article:
    """The article of a line, its texts untouched: offsets are counted in them."""
    paragraphs = _texts(row, "paragraphs")
    return Article(
        url=None,
        version="-",
        headline=_maybe(row, "headline"),
        standfirst=_maybe(row, "standfirst"),
        language=_maybe(row, "language") or detect(" ".join(paragraphs)),
        lead_bullets=_texts(row, "lead_bullets", optional=True),
        paragraphs=paragraphs,
        captions=_texts(row, "captions", optional=True),
    )


def _text(row: Json, name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str):
        raise BadLineError(wording.not_text(name))
    return value


def _maybe(row: Json, name: str) -> str | None:
    return None if row.get(name) is None else _text(row, name)


def _texts(row: Json, name: str, *, optional: bool = False) -> tuple[str, ...]:
    value = row.get(name)
    if value is None and optional:
        return ()
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise BadLineError(wording.not_texts(name))
    return tuple(value)


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)
