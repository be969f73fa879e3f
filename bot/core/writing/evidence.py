"""Spans of a stored article: how every proof is made and checked.

Nobody builds an `Evidence` by hand: the quote is always cut from the article, so that a span
that does not hold cannot come to be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Evidence, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.model import Article


def texts_of(article: Article, part: Part) -> tuple[str, ...]:
    """Return the texts of one part in order; a missing headline or standfirst has none."""
    match part:
        case Part.HEADLINE:
            return (article.headline,) if article.headline else ()
        case Part.STANDFIRST:
            return (article.standfirst,) if article.standfirst else ()
        case Part.LEAD_BULLET:
            return article.lead_bullets
        case Part.BODY:
            return article.paragraphs
        case Part.CAPTION:
            return article.captions


def texts(article: Article, *parts: Part) -> Iterator[tuple[Part, int, str]]:
    """Yield (part, paragraph, text) for every text of the given parts, in the given order."""
    for part in parts:
        for paragraph, text in enumerate(texts_of(article, part)):
            yield part, paragraph, text


def text_of(article: Article, part: Part, paragraph: int) -> str:
    """Return one text of an article. Raises IndexError where there is none."""
    if paragraph < 0:
        raise IndexError(paragraph)
    return texts_of(article, part)[paragraph]


def evidence(article: Article, part: Part, paragraph: int, start: int, end: int) -> Evidence:
    """Cut a span out of an article: characters `start` to `end` of that text.

    Raises IndexError where there is no such text, ValueError where the span is empty or
    reaches beyond it.
    """
    text = text_of(article, part, paragraph)
    if not 0 <= start < end <= len(text):
        raise ValueError(f"{start}:{end} is no span of {len(text)} characters")
    in_pdf = part is Part.BODY and paragraph < len(article.pages)
    return Evidence(
        version=article.version,
        part=part,
        paragraph=paragraph,
        start=start,
        end=end,
        quote=text[start:end],
        page=article.pages[paragraph] if in_pdf else None,
    )


def holds(proof: Evidence, article: Article) -> bool:
    """Tell whether a proof is an exact span of this version of the article."""
    if proof.version != article.version or proof.paragraph < 0:
        return False
    found = texts_of(article, proof.part)
    if proof.paragraph >= len(found) or not 0 <= proof.start < proof.end:
        return False
    return found[proof.paragraph][proof.start : proof.end] == proof.quote
