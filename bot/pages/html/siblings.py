"""Paragraphs that extraction missed: those that look in the page just like the ones it found.

trafilatura takes the first container that looks like a body; some sites cut theirs into several
containers of one kind, with advertising between. A paragraph is like another if its own class and
its parent's are the same.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from bot.pages.html.document import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_Kind: TypeAlias = "tuple[str, str, str]"

_MIN_LENGTH = 40
_MIN_PARAGRAPHS = 2
_MIN_SHARE = 0.4
_MAX_LINK_SHARE = 0.5
_ASIDE = ("aside", "footer", "nav", "form", "figure", "blockquote")


def complete(lines: list[str], tree: HtmlElement) -> list[str]:
    """Return the lines with the missed paragraphs put in where they stand in the page.

    Looks no further than the next h1 after the first paragraph that was found, since another
    article may start there.
    """
    place = {line: number for number, line in enumerate(lines)}
    paragraphs = _paragraphs(tree, place)
    kinds = _kinds_of_body(paragraphs, place)
    if not kinds:
        return lines
    missed: dict[int, list[str]] = {}
    known, last = set(lines), -1
    searched = {element.getparent() for element, text in paragraphs if text in place}
    for element, text in paragraphs:
        if text in place:
            last = max(last, place[text])
            continue
        fresh = last >= 0 and text not in known and element.getparent() not in searched
        if fresh and _kind(element) in kinds and _is_prose(element, text):
            missed.setdefault(last, []).append(text)
            known.add(text)
    return [text for number, line in enumerate(lines) for text in (line, *missed.get(number, []))]


def _paragraphs(tree: HtmlElement, place: dict[str, int]) -> list[tuple[HtmlElement, str]]:
    found: list[tuple[HtmlElement, str]] = []
    started = False
    for element in tree.iter("p", "h1"):
        if element.tag == "h1":
            if started:
                break
            continue
        text = text_of(element)
        started = started or text in place
        found.append((element, text))
    return found


def _kinds_of_body(
    paragraphs: list[tuple[HtmlElement, str]], place: dict[str, int]
) -> frozenset[_Kind]:
    lengths: Counter[_Kind] = Counter()
    counts: Counter[_Kind] = Counter()
    for element, text in paragraphs:
        if text in place and len(text) >= _MIN_LENGTH:
            lengths[_kind(element)] += len(text)
            counts[_kind(element)] += 1
    total = sum(lengths.values())
    return frozenset(
        kind
        for kind, length in lengths.items()
        if any(kind) and counts[kind] >= _MIN_PARAGRAPHS and length >= _MIN_SHARE * total
    )


def _kind(element: HtmlElement) -> _Kind:
    """Return the classes of a paragraph, its parent and its grandparent; empty without any."""
    parent = element.getparent()
    above = parent.getparent() if parent is not None else None
    if parent is None or above is None or not parent.get("class"):
        return ("", "", "")
    return (element.get("class") or "", parent.get("class") or "", above.get("class") or "")


def _is_prose(element: HtmlElement, text: str) -> bool:
    if len(text) < _MIN_LENGTH or next(element.iterancestors(*_ASIDE), None) is not None:
        return False
    return sum(len(text_of(link)) for link in element.iter("a")) <= _MAX_LINK_SHARE * len(text)
