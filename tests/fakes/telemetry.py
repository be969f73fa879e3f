"""Telemetry that remembers what it was told."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import Backlog, Ending, Queue, Verdict

_trace: ContextVar[str] = ContextVar("trace", default="")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `error` is what `trouble` was told, None for `log`."""

    happened: str
    trace: str
    facts: dict[str, str | float]
    error: BaseException | None = None


class FakeTelemetry:
    """A `ports.Telemetry` whose traces follow as the real ones do."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.events: Counter[str] = Counter()
        self.endings: Counter[tuple[str, Ending, str]] = Counter()
        self.verdicts: Counter[Verdict] = Counter()
        self.steps: list[tuple[str, float]] = []
        self.queues: dict[Queue, Backlog] = {}
        self.model_tokens: Counter[str] = Counter()

    @property
    def troubles(self) -> list[Line]:
        return [line for line in self.lines if line.error is not None]

    @contextmanager
    def following(self, trace: str) -> Iterator[None]:
        before = _trace.set(trace)
        try:
            yield
        finally:
            _trace.reset(before)

    def log(self, happened: str, **facts: str | float) -> None:
        self.lines.append(Line(happened, _trace.get(), facts))

    def trouble(self, happened: str, error: BaseException, **facts: str | float) -> None:
        self.lines.append(Line(happened, _trace.get(), facts, error))

    def accepted(self, platform: str) -> None:
        self.events[platform] += 1

    def ended(self, platform: str, ending: Ending, reason: str) -> None:
        self.endings[platform, ending, reason] += 1

    def read(self, verdict: Verdict) -> None:
        self.verdicts[verdict] += 1

    def took(self, step: str, seconds: float) -> None:
        self.steps.append((step, seconds))

    def waiting(self, backlog: Sequence[Backlog]) -> None:
        self.queues = {one.queue: one for one in backlog}

    def tokens(self, kind: str, count: int) -> None:
        self.model_tokens[kind] += max(count, 0)
