"""Cut a Markdown file into blocks of plain words, and read its front matter."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.core.reading.credit_lines import read_date, read_names
from bot.core.reading.identity import clean
from bot.core.reading.plain import Block, Kind, end_lines, join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s(.*))?")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*")
_RULE = re.compile(r" {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})")
_ITEM = re.compile(r"\s*(?:[-+*•·‣▪]|\d{1,3}[.)])\s+(?P<text>\S.*)")
_QUOTED = re.compile(r"\s{0,3}>\s?")
_DEFINITION = re.compile(r" {0,3}\[[^\]]{1,200}\]:\s*\S.*")
_TABLE_RULE = re.compile(r"\s*+(?:\|\s*+)?+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)++(?:\|\s*+)?")
_CAPTIONED = re.compile(r"!\[(?P<alt>[^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_ALL_EMPHASISED = re.compile(r"([*_])(?![*_\s])[^*_]+\1")

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*(?:\([^()]*\)[^()]*)?\)|\[[^\]]*\])")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]+)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_EMPHASIS = (
    re.compile(r"(?<!\\)(\*{1,3})(?=[^\s*])(.{1,400}?)(?<=[^\s\\])\1"),
    re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_])(.{1,400}?)(?<=[^\s\\])\1(?!\w)"),
    re.compile(r"(~~)(?=\S)(.{1,400}?)(?<=\S)\1"),
)
_CODE = re.compile(r"(`+)(.+?)\1")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

_FRONT_MATTER = re.compile(r"\s*(-{3}|\+{3})[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"([A-Za-z][\w -]{0,40}?)\s*[:=]\s*(.*)")
_LISTED = re.compile(r"\s*-\s+(.*)")
_HOST = re.compile(r"https?://(?:www\.)?([^/:?#\s@]+\.[^/:?#\s@]+)(?:[:/?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What the header of a Markdown file says; `lines` is that header, line by line."""

    headline: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    lines: tuple[str, ...] = ()


def cut(text: str) -> tuple[FrontMatter, list[Block]]:
    """Return a Markdown text's front matter and its blocks in order, free of markup.

    Links keep their text, list items and quotations lose their marks; code fences, rules, link
    targets and comments are left out. A picture's description is a caption, and so is an
    emphasised line right under it.
    """
    text = end_lines(text)
    front = FrontMatter()
    header = _FRONT_MATTER.match(text)
    if header and (lines := [line for line in header[2].split("\n") if line.strip()]):
        front, text = _front_matter(lines), text[header.end() :]
    blocks: list[Block] = []
    for kind, lines in _groups(_lines(_COMMENT.sub("", text))):
        if kind is Kind.TEXT and _is_caption(lines, blocks):
            kind = Kind.CAPTION  # noqa: PLW2901 - one block, seen in its place
        words = clean(plain(join(lines)))
        if words:
            blocks.append(Block(text=words, kind=kind, mark="•" if kind is Kind.ITEM else ""))
    return front, blocks


def plain(text: str) -> str:
    """Return the words of a piece of Markdown without their markup."""
    text = _AUTOLINK.sub(r"\1", text)
    for _ in range(2):  # a linked picture is a link in a link
        text = _LINK.sub(r"\1", text)
    text = _CODE.sub(r"\2", text)
    for mark in _EMPHASIS:
        text = mark.sub(r"\2", text)
    return _ESCAPED.sub(r"\1", html.unescape(_TAG.sub("", text)))


def _lines(text: str) -> Iterator[str]:
    """Yield the lines that hold words: no code, no link definitions, no rules of tables."""
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = ""
        elif mark:
            fence = mark[1]
            yield ""
        elif not _DEFINITION.fullmatch(line) and not _TABLE_RULE.fullmatch(line):
            yield _QUOTED.sub("", line)


def _groups(lines: Iterator[str]) -> Iterator[tuple[Kind, list[str]]]:
    """Yield the lines of each block together, with what the block is."""
    kind = Kind.TEXT
    open_lines: list[str] = []
    for line in lines:
        starts = _start(line, kind, open_lines)
        if starts is None:
            open_lines.append(line.strip())
            continue
        underlined = _UNDERLINE.fullmatch(line) and kind is Kind.TEXT and open_lines
        if underlined:
            kind = Kind.TITLE if "=" in line else Kind.HEADING
        if open_lines:
            yield kind, open_lines
        kind, first = starts
        open_lines = [first] if first else []
        if kind in {Kind.TITLE, Kind.HEADING} or line.lstrip().startswith("|"):
            yield kind, open_lines
            kind, open_lines = Kind.TEXT, []
    if open_lines:
        yield kind, open_lines


def _start(line: str, kind: Kind, open_lines: Sequence[str]) -> tuple[Kind, str] | None:
    """Return the kind and first words of the block that a line begins; None if it goes on."""
    if not line.strip() or _RULE.fullmatch(line) or (open_lines and _UNDERLINE.fullmatch(line)):
        return Kind.TEXT, ""
    heading = _HEADING.fullmatch(line)
    if heading:
        return (Kind.TITLE if len(heading[1]) == 1 else Kind.HEADING), _without_closing(
            heading[2] or ""
        )
    item = _ITEM.fullmatch(line)
    if item and not (kind is Kind.TEXT and open_lines and line.lstrip()[0].isdigit()):
        return Kind.ITEM, item["text"]
    if _CAPTIONED.fullmatch(line.strip()) or line.lstrip().startswith("|") or not open_lines:
        return Kind.TEXT, line.strip().strip("|")
    return (Kind.TEXT, line.strip()) if _CAPTIONED.fullmatch(open_lines[0]) else None


def _without_closing(heading: str) -> str:
    """Return the words of a heading without the number signs that may close it."""
    words = heading.strip()
    opened = words.rstrip("#")
    return opened.rstrip() if not opened or opened[-1].isspace() else words


def _is_caption(lines: Sequence[str], blocks: Sequence[Block]) -> bool:
    text = " ".join(lines)
    if _CAPTIONED.fullmatch(text):
        return True
    under_picture = bool(blocks) and blocks[-1].kind is Kind.CAPTION
    return under_picture and _ALL_EMPHASISED.fullmatch(text) is not None


# --- front matter -----------------------------------------------------------------------------


def _front_matter(lines: Sequence[str]) -> FrontMatter:
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        listed, stated = _LISTED.fullmatch(line), _FIELD.fullmatch(line)
        if listed and name:
            fields[name].append(_unquoted(listed[1]))
        elif stated:
            name = stated[1].lower().replace("-", "_").replace(" ", "_")
            fields.setdefault(name, []).extend(_values(stated[2]))
    text = {name: values[0] for name, values in fields.items() if values}
    host = _HOST.match(_first(text, "url", "source", "link", "canonical", "canonical_url") or "")
    authors = [
        author for key in ("author", "authors", "by", "byline") for author in fields.get(key, [])
    ]
    return FrontMatter(
        headline=_first(text, "title", "headline"),
        standfirst=_first(text, "standfirst", "subtitle", "description", "summary", "dek"),
        authors=tuple(name for author in authors for name in read_names(author) or [author]),
        publisher=_first(text, "publisher", "site", "site_name", "outlet", "publication")
        or (host[1].lower() if host else None),
        published=read_date(_first(text, "published", "date", "publish_date", "created") or ""),
        language=_language(_first(text, "lang", "language", "locale") or ""),
        lines=tuple(clean(line) for line in lines),
    )


def _first(text: dict[str, str], *names: str) -> str | None:
    return next((text[name] for name in names if text.get(name)), None)


def _values(value: str) -> list[str]:
    value = value.strip()
    inner = re.fullmatch(r"\[(.*)\]", value)
    pieces = inner[1].split(",") if inner else [value]
    return [text for piece in pieces if (text := _unquoted(piece))]


def _unquoted(value: str) -> str:
    value = value.strip()
    quoted = re.fullmatch(r"([\"'])(.*)\1(?:\s+#.*)?", value)
    return clean(quoted[2] if quoted else value)


def _language(value: str) -> str | None:
    match = re.match(r"[A-Za-z]{2}(?![A-Za-z])", value)
    return match[0].lower() if match else None
