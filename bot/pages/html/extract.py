"""A page's HTML to a Reading: the whole walk.

1. `document` parses the page, with guards.
2. `metadata` reads what the page says about itself.
3. `leads` and `captions` take lead bullets and captions out of the tree.
4. `body` extracts the rest, `core.reading.lines` cleans it.
5. `core.reading.verdict` says what the page is.

Synchronous: made to run in a child process with a deadline (`bot.pages.sandbox`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.core.language.detect import detect
from bot.core.reading import identity, lines, urls, verdict
from bot.model import Reading, Reason, Verdict
from bot.pages.html import body, captions, document, leads, metadata, signals, standfirst

if TYPE_CHECKING:
    from bot.model import Article

MAX_TEXT = 200_000
"""The most characters of a body that are read; the Reading's `share` tells what that leaves."""


def extract(html: str, url: str | None) -> Reading:
    """Read a page: its article, whatever text was seen, and the verdict.

    `source` of the Reading is the address, "" without one. Never raises for what the page holds
    except MemoryError.
    """
    tree = document.parse(html)
    if tree is None:
        return _nothing(url)
    meta = metadata.read(tree)
    document.lighten(tree)
    meta = metadata.complete(meta, tree)
    seen = signals.gather(tree, meta, url)
    bullets = leads.take(tree)
    shown = captions.take(tree)
    intro = standfirst.find(tree, meta.titles, meta.description)
    text = lines.clean(
        body.paragraphs(tree),
        titles=meta.titles,
        apart=[intro, *bullets, *shown],
        authors=meta.authors,
    )
    article = _article(url, meta, text, intro=intro, bullets=bullets, shown=shown)
    finding = verdict.decide(replace(seen, text="\n".join(article.paragraphs)))
    return Reading(
        source=url or "",
        verdict=finding.verdict,
        article=article,
        share=_share(text, article, finding.share),
        reason=finding.reason,
    )


def bare(html: str, url: str | None) -> Reading:
    """Read a page cheaply, without telling its body from what surrounds it.

    The fall-back for pages on which `extract` hangs: every block of text longer than a menu
    entry is a paragraph.
    """
    tree = document.parse(html)
    if tree is None:
        return _nothing(url)
    document.lighten(tree)
    titles = [document.text_of(element) for element in tree.iter("title", "h1")]
    text = lines.clean(body.bare_paragraphs(tree), titles=titles)
    article = identity.article(
        url=urls.canonical(url) if url else None,
        headline=next(iter(titles), None),
        paragraphs=_capped(text),
    )
    found = Verdict.ARTICLE if text else Verdict.NOT_AN_ARTICLE
    share = _share(text, article, None)
    return Reading(source=url or "", verdict=found, article=article, share=share)


def _share(text: list[str], article: Article, shown: float | None) -> float | None:
    """Return the part of an article that was read, of which its page showed the part `shown`."""
    kept, there = sum(map(len, article.paragraphs)), sum(map(len, text))
    if there <= MAX_TEXT:
        return shown
    return (1.0 if shown is None else shown) * kept / there


def _nothing(url: str | None) -> Reading:
    return Reading(source=url or "", verdict=Verdict.NOT_AN_ARTICLE, reason=Reason.EMPTY)


def _article(
    url: str | None,
    meta: metadata.Metadata,
    text: list[str],
    *,
    intro: str,
    bullets: list[str],
    shown: list[str],
) -> Article:
    paragraphs = _capped(text)
    return identity.article(
        url=urls.canonical(url, declared=meta.canonical) if url else None,
        headline=next(iter(meta.titles), None),
        standfirst=intro,
        authors=meta.authors,
        publisher=meta.publisher,
        published=meta.published,
        language=meta.language or detect("\n".join(paragraphs)),
        lead_bullets=bullets,
        paragraphs=paragraphs,
        captions=_capped(shown),
    )


def _capped(text: list[str]) -> list[str]:
    """Return the first paragraphs that together have at most MAX_TEXT characters.

    A first paragraph that is longer by itself is cut.
    """
    left = MAX_TEXT
    kept: list[str] = []
    for line in text:
        if len(line) > left:
            break
        kept.append(line)
        left -= len(line)
    return kept or [line[:MAX_TEXT] for line in text[:1]]
