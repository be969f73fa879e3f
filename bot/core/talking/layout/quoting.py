"""Lays out quotes in their surroundings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking import wording
from bot.core.writing.evidence import holds, text_of
from bot.model import (
    Part,
    Quote,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.model import (
        Article,
        Evidence,
    )

_AROUND = 160


def quotes(article: Article, spans: Sequence[Evidence]) -> Iterator[Quote]:
    """Each span in its surroundings; what surrounds the next one of a paragraph is shown once."""
    seen: set[tuple[Part, int]] = set()
    for span in spans:
        here = (span.part, span.paragraph)
        yield bare(span) if here in seen else quote(article, span)
        seen.add(here)


def quote(article: Article, span: Evidence) -> Quote:
    """Show a span with what stands around it in its paragraph, as far as it is still kept."""
    before = after = ""
    if holds(span, article):
        text = text_of(article, span.part, span.paragraph)
        before = _clip_left(text[: span.start])
        after = _clip_right(text[span.end :])
    return Quote(place=wording.place(span), quote=span.quote, before=before, after=after)


def _clip_left(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    at = text.find(" ", len(text) - _AROUND)
    return "…" + text[at:] if at >= 0 else ""


def _clip_right(text: str) -> str:
    if len(text) <= _AROUND:
        return text
    at = text.rfind(" ", 0, _AROUND)
    return text[:at] + " …" if at >= 0 else ""


def bare(span: Evidence) -> Quote:
    """Show a span alone, in second place."""
    return Quote(place=wording.place(span), quote=span.quote, quiet=True)
