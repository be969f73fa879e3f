"""Ports that are watched: how long reading and writing take, and what pages turn out to be.

And the same for where nobody watches or counts.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import (
        Answer,
        Article,
        Backlog,
        Brief,
        Ending,
        Question,
        Reading,
        Tokens,
        Verdict,
    )
    from bot.ports import Clock, Leave, Pages, Telemetry, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedPages:
    """Pages whose readings are counted and timed."""

    pages: Pages
    clock: Clock
    telemetry: Telemetry

    async def read(self, url: str) -> Reading:
        """Fetch and extract one address."""
        began = self.clock.instant().seconds
        return self._noted(await self.pages.read(url), began)

    async def read_bytes(self, data: bytes, *, source: str, media_type: str = "") -> Reading:
        """Extract a file or a pasted text."""
        began = self.clock.instant().seconds
        reading = await self.pages.read_bytes(data, source=source, media_type=media_type)
        return self._noted(reading, began)

    async def extract(self, html: str, *, url: str | None) -> Reading:
        """Extract a page that somebody else fetched."""
        began = self.clock.instant().seconds
        return self._noted(await self.pages.extract(html, url=url), began)

    def _noted(self, reading: Reading, began: float) -> Reading:
        took = self.clock.instant().seconds - began
        self.telemetry.took("read", took)
        self.telemetry.read(reading.verdict)
        self.telemetry.log(
            "read", verdict=reading.verdict, reason=reading.reason, seconds=round(took, 3)
        )
        return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservedWriter:
    """A writer whose work is timed."""

    writer: Writer
    clock: Clock
    telemetry: Telemetry

    async def brief(
        self,
        article: Article,
        *,
        bullets: int,
        own_wording: bool = False,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Brief:
        """Write a brief."""
        began = self.clock.instant().seconds
        brief = await self.writer.brief(
            article, bullets=bullets, own_wording=own_wording, language=language, leave=leave
        )
        self.telemetry.took("write", self.clock.instant().seconds - began)
        return brief

    async def answer(
        self,
        articles: Sequence[Article],
        question: Question,
        *,
        language: str | None = None,
        leave: Leave | None = None,
    ) -> Answer:
        """Answer a question."""
        began = self.clock.instant().seconds
        answer = await self.writer.answer(articles, question, language=language, leave=leave)
        self.telemetry.took("write", self.clock.instant().seconds - began)
        return answer


class Unobserved:
    """A `ports.Telemetry` where nobody watches: what matters is told to the person who waits."""

    @contextmanager
    def following(self, trace: str) -> Iterator[None]:  # noqa: ARG002 - as for all below
        """Write no lines."""
        yield

    def log(self, happened: str, **facts: str | float) -> None:
        """Write nothing."""

    def trouble(self, happened: str, error: BaseException, **facts: str | float) -> None:
        """Write nothing."""

    def accepted(self, platform: str) -> None:
        """Count nothing."""

    def ended(self, platform: str, ending: Ending, reason: str) -> None:
        """Count nothing."""

    def read(self, verdict: Verdict) -> None:
        """Count nothing."""

    def took(self, step: str, seconds: float) -> None:
        """Note nothing."""

    def waiting(self, backlog: Sequence[Backlog]) -> None:
        """Note nothing."""

    def tokens(self, kind: str, count: int) -> None:
        """Count nothing."""


class Uncounted:
    """A `ports.Leave` without a budget: for what is stored nowhere, and belongs to no channel."""

    nearly = False

    async def reserve(self, model: str, tokens: int) -> None:
        """Let every call be made."""

    async def settle(self, model: str, reserved: int, used: Tokens) -> None:
        """Count nothing."""
