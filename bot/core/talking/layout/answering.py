"""Lays out answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.talking import wording
from bot.core.talking.layout.briefing import title
from bot.core.talking.layout.quoting import bare, quote
from bot.model import (
    Line,
    Method,
    Post,
    Voice,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.model import (
        Answered,
        Block,
        Mention,
    )

_FEW_QUOTES = 3


def answered(given: Sequence[Answered], *, several: bool = False) -> Post:
    """Lay out answers, best first; `several` names the article of each."""
    blocks: list[Block] = []
    for one in given:
        blocks.extend(_answer(one, several=several))
    if not blocks:
        blocks.append(Line(text=wording.NOT_IN_MEMORY))
    return Post(blocks=tuple(blocks))


def _answer(one: Answered, *, several: bool) -> list[Block]:
    article, answer = one.mention.article, one.answer
    source = _source(one.mention) if several else ""
    worded = answer.method is Method.ABSTRACTIVE and answer.voice is not Voice.ABSENT
    opening = wording.voice(answer.voice, title(article) if several else "")
    blocks: list[Block] = [Line(text=answer.text if worded else opening)]
    if source:
        blocks.append(Line(text=source, quiet=True))
    if answer.voice is Voice.ABSENT:
        for span in answer.quotes[:1]:
            blocks += [Line(text=wording.CLOSEST_IS, quiet=True), quote(article, span)]
    else:
        for count, span in enumerate(answer.quotes[:_FEW_QUOTES]):
            if count == 1:
                blocks.append(Line(text=wording.ALSO, quiet=True))
            blocks.append(quote(article, span) if count == 0 else bare(span))
            blocks.extend(
                Line(text=_source(other), quiet=True)
                for other in one.others
                if other.article.version == span.version
            )
        if worded:
            blocks.append(Line(text=wording.composed(answer.model), quiet=True))
        if not several:
            blocks.append(Line(text=_source(one.mention), quiet=True))
    blocks.extend(Line(text=wording.warning(code), quiet=True) for code in answer.warnings)
    return blocks


def _source(mention: Mention) -> str:
    article = mention.article
    site = article.publisher or wording.host(article.url) or mention.source
    return f"{mention.number} · {title(article)} · {site}"
