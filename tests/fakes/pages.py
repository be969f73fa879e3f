"""Pages out of a dictionary."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.reading.text import read_text
from bot.core.reading.urls import Refusal, canonical, parse
from bot.model import Reading, Reason, Verdict

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping


class FakePages:
    """Knows some addresses; reads plain texts as they are. Remembers what it was asked for.

    Where `held` is set to an event, no page is read before that happens.
    """

    def __init__(self, known: Mapping[str, Reading] | None = None) -> None:
        self._known = {canonical(url): reading for url, reading in (known or {}).items()}
        self._text: Reading | None = None
        self.asked: list[str] = []
        self.held: asyncio.Event | None = None

    def add(self, url: str, reading: Reading) -> None:
        """Let an address lead to a reading, from now on."""
        self._known[canonical(url)] = reading

    def add_text(self, reading: Reading) -> None:
        """Let every file and text be read as this."""
        self._text = reading

    async def read(self, url: str) -> Reading:
        self.asked.append(url)
        if self.held is not None:
            await self.held.wait()
        address = parse(url)
        known = self._known.get(canonical(url))
        if known is not None:
            return replace(known, source=url)
        if isinstance(address, Refusal):
            verdict = Verdict.REFUSED
            return Reading(
                source=url, verdict=verdict, reason=address.reason, detail=address.detail
            )
        verdict, reason = Verdict.UNREACHABLE, Reason.NO_SUCH_HOST
        return Reading(source=url, verdict=verdict, reason=reason, detail=address.host)

    async def read_bytes(
        self,
        data: bytes,
        *,
        source: str,
        media_type: str = "",  # noqa: ARG002 - the port has it
    ) -> Reading:
        if self._text is not None:
            return replace(self._text, source=source)
        if b"\0" in data:
            return Reading(source=source, verdict=Verdict.UNSUPPORTED, reason=Reason.BINARY)
        return read_text(data.decode("utf-8", "replace"), source=source)

    async def extract(self, html: str, *, url: str | None) -> Reading:
        known = self._known.get(canonical(url)) if url else None
        if known is None or not html.strip():
            verdict, reason = Verdict.NOT_AN_ARTICLE, Reason.EMPTY
            return Reading(source=url or "", verdict=verdict, reason=reason)
        return replace(known, source=url or "")
