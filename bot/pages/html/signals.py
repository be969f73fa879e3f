"""What of a page tells its verdict: how much it shows, how much of that is links, what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.core.reading.verdict import Signals
from bot.pages.html.document import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from bot.pages.html.metadata import Metadata

_LOOK_AT = 20_000
_LETTERS_A_WORD = 5.5
_MIN_HEADLINE = 15
_FRAMES = frozenset({"root", "app", "__next", "__nuxt", "react-root", "app-root", "main-app"})


def gather(tree: HtmlElement, meta: Metadata, url: str | None) -> Signals:
    """Gather the signals of a parsed page, before anything is taken out of it; no `text` yet."""
    seen = text_of(tree)
    return Signals(
        title=meta.titles[-1] if meta.titles else "",
        seen=seen[:_LOOK_AT],
        length=len(seen),
        unscripted=" ".join(map(text_of, tree.iter("noscript")))[:_LOOK_AT],
        linked=sum(len(text_of(link)) for link in tree.iter("a")),
        headlines=_headlines(tree),
        declared=max(len(meta.body), int((meta.words or 0) * _LETTERS_A_WORD)),
        free=meta.free,
        is_article=meta.is_article,
        is_video=meta.page_type.startswith("video") or "VideoObject" in meta.types,
        is_front=_is_front(url),
        has_frame=_has_empty_frame(tree),
    )


def _headlines(tree: HtmlElement) -> int:
    """Count the headings that are links to something else, as front pages have them."""
    return sum(
        1
        for heading in tree.iter("h2", "h3", "h4")
        if len(text_of(heading)) >= _MIN_HEADLINE
        and (heading.find(".//a") is not None or next(heading.iterancestors("a"), None) is not None)
    )


def _is_front(url: str | None) -> bool:
    """Tell whether an address is a site's or a section's front page: no words, no digits in it."""
    if not url:
        return False
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return len(parts) <= 2 and all(  # noqa: PLR2004 - a section and a subsection
        part.count("-") <= 1 and not any(letter.isdigit() for letter in part) for part in parts
    )


def _has_empty_frame(tree: HtmlElement) -> bool:
    return any(
        element.get("id") in _FRAMES and not text_of(element) for element in tree.iter("div")
    )
