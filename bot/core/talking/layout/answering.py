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
    from collections.abc import Callable, Sequence

    from bot.model import (
        Answered,
        Block,
        Mention,
        Recalled,
        Thread,
    )

    Link = Callable[[Thread], str]

_FEW_QUOTES = 3


def _no_link(_: Thread) -> str:
    return ""


def answered(given: Sequence[Answered], *, several: bool = False) -> Post:
    """Lay out answers, best first; `several` names the article of each."""
    return _laid_out(given, several=several, link=_no_link)


def recalled(found: Recalled, *, link: Link) -> Post:
    """Lay out what memory answers; `link` gives the address of a thread, which each leads to."""
    post = _laid_out(found.given, several=True, link=link)
    return Post(blocks=(*unknown_to_us(found.unknown), *post.blocks))


def unknown_to_us(unknown: Sequence[str]) -> list[Block]:
    """Say which outlets and people were named that nothing came from."""
    return [Line(text=wording.unknown_sources(unknown))] if unknown else []


def _laid_out(given: Sequence[Answered], *, several: bool, link: Link) -> Post:
    blocks: list[Block] = []
    for one in given:
        blocks.extend(_answer(one, several=several, link=link))
    if not blocks:
        blocks.append(Line(text=wording.NOT_IN_MEMORY))
    return Post(blocks=tuple(blocks))


def _answer(one: Answered, *, several: bool, link: Link) -> list[Block]:
    article, answer = one.mention.article, one.answer
    worded = answer.method is Method.ABSTRACTIVE and answer.voice is not Voice.ABSENT
    opening = wording.voice(answer.voice, title(article) if several else "")
    blocks: list[Block] = [Line(text=answer.text if worded else opening)]
    if several:
        blocks.append(_source(one.mention, link))
    if answer.voice is Voice.ABSENT:
        for span in answer.quotes[:1]:
            blocks += [Line(text=wording.CLOSEST_IS, quiet=True), quote(article, span)]
    else:
        for count, span in enumerate(answer.quotes[:_FEW_QUOTES]):
            if count == 1:
                blocks.append(Line(text=wording.ALSO, quiet=True))
            blocks.append(quote(article, span) if count == 0 else bare(span))
            blocks.extend(
                _source(other, link)
                for other in one.others
                if other.article.version == span.version
            )
        if worded:
            blocks.append(Line(text=wording.composed(answer.model), quiet=True))
        if not several:
            blocks.append(_source(one.mention, link))
    blocks.extend(Line(text=wording.warning(code), quiet=True) for code in answer.warnings)
    return blocks


def _source(mention: Mention, link: Link) -> Line:
    """Name an article that is quoted; behind it is the thread in which it was briefed."""
    article = mention.article
    site = article.publisher or wording.host(article.url) or mention.source
    text = f"{mention.number} · {title(article)} · {site}"
    return Line(text=text, quiet=True, url=link(mention.thread))
