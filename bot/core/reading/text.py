"""Read an article out of plain text, as people paste it or keep it in .txt and .md files."""

from __future__ import annotations

from bot.core.language.detect import detect
from bot.core.language.sentences import split
from bot.core.reading import identity, plain, urls
from bot.core.reading import markdown as markdown_file
from bot.core.reading.parts import Parts, find_parts
from bot.core.reading.plain import size
from bot.model import Reading, Reason, Verdict

CAP = 200_000
"""The most characters of a text that are read."""

_SENTENCE = 8
_LOOK_AT = 2_000


def read_text(text: str, *, source: str, url: str | None = None, markdown: bool = False) -> Reading:
    """Read an article out of a pasted text or a text file. Never raises.

    `url` is the address that the text was fetched from, None for a file or a pasted text, and
    becomes the article's. What a file is called (`source`) and what the text itself states, in
    front matter or at its end, proves nothing: of the latter the host is taken, as publisher.

    A text without words is NOT_AN_ARTICLE for EMPTY; one without a single sentence of some
    length is NOT_AN_ARTICLE for NO_TEXT, with its words in `article`. Of a text over `CAP`
    characters the first paragraphs within it are read; `share` tells how much that is.
    """
    kept = _capped(text)
    if not any(character.isalnum() for character in kept):
        return Reading(source=source, verdict=Verdict.NOT_AN_ARTICLE, reason=Reason.EMPTY)
    parts = _parts(kept, markdown=markdown)
    words = [parts.headline, parts.standfirst, *parts.lead_bullets, *parts.paragraphs]
    language = parts.language or detect("\n".join(text for text in words if text))
    article = identity.article(
        url=urls.canonical(url) if url else None,
        headline=parts.headline,
        standfirst=parts.standfirst,
        authors=parts.authors,
        publisher=parts.publisher,
        published=parts.published,
        language=language,
        lead_bullets=parts.lead_bullets,
        paragraphs=parts.paragraphs,
        captions=parts.captions,
    )
    readable = any(_has_sentence(paragraph, language) for paragraph in article.paragraphs)
    return Reading(
        source=source,
        verdict=Verdict.ARTICLE if readable else Verdict.NOT_AN_ARTICLE,
        article=article,
        share=len(kept) / len(text),
        reason=Reason.NONE if readable else Reason.NO_TEXT,
    )


def _parts(text: str, *, markdown: bool) -> Parts:
    if markdown:
        front, blocks = markdown_file.cut(text)
        return find_parts(blocks, front)
    return find_parts(plain.cut(text))


def _capped(text: str) -> str:
    """Return the paragraphs of a text that fit; of one endless paragraph, its first words."""
    if len(text) <= CAP:
        return text
    cut = max(text.rfind(end, CAP // 2, CAP) for end in ("\n\n", "\r\n\r\n"))
    for end in ("\n", ". ", " "):
        if cut < 0:
            cut = text.rfind(end, CAP // 2, CAP)
    return text[: CAP if cut < 0 else cut + 1]


def _has_sentence(paragraph: str, language: str | None) -> bool:
    start = paragraph[:_LOOK_AT]
    return any(size(start[first:last]) >= _SENTENCE for first, last in split(start, language))
