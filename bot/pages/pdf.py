"""A PDF's bytes to a Reading: its lines found page by page, joined into paragraphs.

1. pypdf gives each page's lines, within bounds of pages, characters and seconds.
2. Running heads, feet and page numbers go.
3. Lines become paragraphs; a paragraph that runs over the page's end stays one.
4. The headline is the title that the file names if page 1 prints it, or its largest words.

Synchronous: made to run in a child process with a deadline (`bot.pages.sandbox`).
"""

from __future__ import annotations

import io
import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any

import pypdf
from pypdf.errors import DependencyError, PyPdfError

from bot.core.language.detect import detect
from bot.core.reading import identity, urls
from bot.model import Reading, Reason, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_PAGES = 100
MAX_TEXT = 200_000

# What pypdf raises for broken files, besides its own errors.
_BROKEN = (
    *(
        DependencyError,
        PyPdfError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        OSError,
    ),
    *(RuntimeError, TypeError, ValueError),
)

_EDGE = 2  # lines at the top, and at the bottom, of a page that may be running ones
_SHORT_PAGE = 4  # lines: of fewer, none is taken for a running one
_LARGE = 1.15  # times the usual size of letters
_LONGEST_HEADLINE = 250
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
)
_PAGE_NUMBER = re.compile(
    r"[-\u2013\u2014 ]*(?:page|seite|pagina|p\.|s\.)?\s*\d{1,4}(?:\s*(?:/|of|von|de|di)\s*\d{1,4})?"
    r"[-\u2013\u2014 ]*",
    re.IGNORECASE,
)
_FILE_NAME = re.compile(r"\.(?:docx?|pdf|indd|qxd|tex|odt|rtf|pptx?)\b|^untitled", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?\u2026\u3002\uff01\uff1f:][\"'\u201d\u2019)\u00bb]*$")
_BULLET = re.compile(r"[\u2022\u00b7\u2023\u25aa\u25e6\u2013*-]\s+\S")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    number: int
    lines: tuple[str, ...]
    share: float = 1.0  # of its characters that were read


def extract_pdf(data: bytes, source: str, url: str | None, *, seconds: float = math.inf) -> Reading:
    """Read a PDF. `url` is where it was fetched, None for a file.

    After `seconds` of work no further page is begun. `share` is the part of its pages that was
    read. UNSUPPORTED with SCANNED_PDF where no page has text, ENCRYPTED_PDF where it takes a
    password or a cipher that we lack, BROKEN_PDF where it is none.
    """
    end = process_time() + seconds
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return _unsupported(source, Reason.ENCRYPTED_PDF)
        total = len(reader.pages)
        pages = list(_read_pages(reader, end))
    except _BROKEN as error:
        locked = b"/Encrypt" in data and _is_about_encryption(error)
        return _unsupported(source, Reason.ENCRYPTED_PDF if locked else Reason.BROKEN_PDF)
    if not total:
        return _unsupported(source, Reason.BROKEN_PDF)
    if not any(page.lines for page in pages):
        return _unsupported(source, Reason.SCANNED_PDF)
    headline = _headline(reader, pages[0])
    paragraphs = _paragraphs(_without_running_lines(pages), headline)
    article = identity.article(
        url=urls.canonical(url) if url else None,
        headline=headline,
        language=detect("\n".join(text for _, text in paragraphs)),
        paragraphs=[text for _, text in paragraphs],
        pages=[number for number, _ in paragraphs],
    )
    share = sum(page.share for page in pages) / total
    if not article.paragraphs:
        found, reason = Verdict.NOT_AN_ARTICLE, Reason.NO_TEXT
    else:
        found, reason = Verdict.ARTICLE, Reason.NONE
    return Reading(source=source, verdict=found, article=article, share=share, reason=reason)


def _unsupported(source: str, reason: Reason) -> Reading:
    return Reading(source=source, verdict=Verdict.UNSUPPORTED, reason=reason)


def _is_about_encryption(error: Exception) -> bool:
    """Tell it from damage: AES takes a library that need not be there."""
    words = f"{type(error).__module__}{error}".lower()
    return isinstance(error, DependencyError) or "encrypt" in words


def _read_pages(reader: pypdf.PdfReader, end: float) -> Iterator[_Page]:
    """Yield the pages within the bounds; one that cannot be read has no lines.

    Raises DependencyError for encrypted ones that can never be read.
    """
    left = MAX_TEXT
    for number in range(1, min(len(reader.pages), MAX_PAGES) + 1):
        try:
            text = reader.pages[number - 1].extract_text()
        except _BROKEN as error:
            if isinstance(error, DependencyError) and reader.is_encrypted:
                raise
            text = ""
        text = text.translate(_LIGATURES)
        kept = text[:left]
        left -= len(kept)
        lines = tuple(_SPACE.sub(" ", line).strip() for line in kept.splitlines())
        share = len(kept) / len(text) if text else 1.0
        yield _Page(number=number, lines=lines if any(lines) else (), share=share)
        if not left or process_time() > end:
            return


# --- the headline ----------------------------------------------------------------------------


def _headline(reader: pypdf.PdfReader, first: _Page) -> str | None:
    printed = _squeezed("".join(first.lines))
    try:
        named = str(reader.metadata.title or "") if reader.metadata else ""
        large = _largest_words(reader.pages[0])
    except _BROKEN:
        named, large = "", ""
    named = _SPACE.sub(" ", named).strip()
    if named and _squeezed(named) in printed:
        return named
    if large and len(large) <= _LONGEST_HEADLINE:
        return large
    if len(named.split()) > 2 and not _FILE_NAME.search(named):  # noqa: PLR2004 - "Layout 1" is no title
        return named
    opening = next(filter(None, first.lines), "")
    return None if _ENDS_SENTENCE.search(opening) else opening[:_LONGEST_HEADLINE] or None


def _largest_words(page: pypdf.PageObject) -> str:
    """Return the first run of the page's largest letters, if they stand out."""
    sized: list[tuple[float, str]] = []

    def note(text: str, cm: list[float], tm: list[float], _font: Any, size: float) -> None:
        if text.strip():
            scale = abs(tm[3] * cm[3]) or 1.0
            sized.append((round(size * scale, 1), text.translate(_LIGATURES)))

    page.extract_text(visitor_text=note)
    if not sized:
        return ""
    usual = median(size for size, text in sized for _ in range(1 + len(text) // 20))
    largest = max(size for size, _ in sized)
    if largest < usual * _LARGE:
        return ""
    start = next(at for at, (size, _) in enumerate(sized) if size == largest)
    end = next((at for at in range(start, len(sized)) if sized[at][0] != largest), len(sized))
    return _SPACE.sub(" ", " ".join(text for _, text in sized[start:end])).strip()


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text).casefold()


# --- lines to paragraphs ---------------------------------------------------------------------


def _without_running_lines(pages: list[_Page]) -> list[_Page]:
    """Drop what stands at the edge of half the pages, three at least, and page numbers."""
    seen = Counter(kind for page in pages for kind in {_kind(line) for line in _edges(page)})
    often = max(3, len(pages) / 2)
    running = {kind for kind, times in seen.items() if times >= often}
    return [replace(page, lines=tuple(_kept(page, running))) for page in pages]


def _edges(page: _Page) -> list[str]:
    filled = [line for line in page.lines if line]
    reach = min(_EDGE, len(filled) // _SHORT_PAGE)
    return filled[:reach] + filled[len(filled) - reach :]


def _kind(line: str) -> str:
    return re.sub(r"\d+", "#", line).casefold()


def _kept(page: _Page, running: set[str]) -> Iterator[str]:
    at_edge = set(_edges(page))
    for line in page.lines:
        numbered = bool(_PAGE_NUMBER.fullmatch(line))
        if line not in at_edge or not (numbered or _kind(line) in running):
            yield line


def _paragraphs(pages: Sequence[_Page], headline: str | None) -> list[tuple[int, str]]:
    """Return (page, text) pairs without the headline."""
    lengths = sorted(len(line) for page in pages for line in page.lines if line)
    full = lengths[len(lengths) * 9 // 10] if lengths else 0
    found: list[tuple[int, str]] = []
    for page in pages:
        blocks = list(_blocks(page.lines, full))
        if found and blocks and _runs_on(found[-1][1], blocks[0]):
            number, text = found.pop()
            found.append((number, _joined(text, blocks.pop(0))))
        found.extend((page.number, block) for block in blocks)
    title = _squeezed(headline or "")
    rest = title
    while found and rest and rest.startswith(_squeezed(found[0][1])):
        rest = rest.removeprefix(_squeezed(found.pop(0)[1]))
    return [(number, text) for number, text in found if _squeezed(text) != title]


def _blocks(lines: tuple[str, ...], full: int) -> Iterator[str]:
    """Join lines; a blank line, a bullet or a short last line ends a paragraph.

    `full` is the length of a line that fills its column.
    """
    block, before = "", ""
    for line in lines:
        if block and (not line or _BULLET.match(line) or _ends(before, line, full)):
            yield block
            block = ""
        block = _joined(block, line) if block else line
        before = line
    if block:
        yield block


def _ends(before: str, line: str, full: int) -> bool:
    if line[:1].islower():
        return False
    if _ENDS_SENTENCE.search(before):
        return len(before) < 0.85 * full
    return len(before) < 0.5 * full


def _runs_on(text: str, following: str) -> bool:
    return not _ENDS_SENTENCE.search(text) and (following[:1].islower() or text.endswith("-"))


def _joined(text: str, line: str) -> str:
    """Put a line behind a text; a word that was cut with a hyphen becomes whole."""
    if text.endswith("\u00ad"):
        return text[:-1] + line
    if text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower():
        return text[:-1] + line
    return f"{text} {line}".strip()
