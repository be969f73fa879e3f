"""Cut plain text into blocks: paragraphs, however they were wrapped, and list items."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

from bot.core.reading.credit_lines import read_credit, split_publisher
from bot.core.reading.identity import clean


class Kind(Enum):
    """What a block looks like, before anything is known of its neighbours."""

    TEXT = "text"
    TITLE = "title"
    HEADING = "heading"
    ITEM = "item"
    CAPTION = "caption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph, heading or list item on one line, without its markup.

    `mark` is what opened an item. `whole` is the item with its mark where that mark may be a
    dash that opens a line of dialogue, and otherwise the text alone.
    """

    text: str
    kind: Kind = Kind.TEXT
    mark: str = ""

    @property
    def whole(self) -> str:
        """The words as they stand in a body."""
        return f"{self.mark} {self.text}" if self.mark in DASHES else self.text


DASHES = ("-", "–", "—", "―")

_END_OF_LINE = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028]")
_ITEM = re.compile(r"\s*(?:(?P<sure>[•·‣▪▫◦●○■□∙⁃➤►▸✓✔])|(?P<maybe>[-–—―*+])(?=\s))\s*(?P<text>.*)")
_END_MARK = re.compile(r"[.!?…:;。！？؟۔।][\"'”’»›)\]」』]*$")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_AND = re.compile(r"(?:and|or|to|und|oder|bis|sowie|et|ou|y|e|o|en|of|og|och|eller)\b")
_CUT_WORD = re.compile(r"\w-")
_TAB_STOP = 4
_WIDEST_WRAP = 120
_ENOUGH_PAIRS = 2
_ENOUGH_SHARE = 0.3
_MOSTLY = 0.8


class _Line(NamedTuple):
    text: str  # cleaned, without indentation
    indent: int
    width: int  # columns up to the last character, indentation included


def ends_sentence(text: str) -> bool:
    """Tell whether a text ends with a mark that closes a sentence, quote marks aside."""
    return _END_MARK.search(text.rstrip()) is not None


def size(text: str) -> int:
    """Return the number of words; in scripts without spaces, half the number of characters."""
    return max(len(text.split()), len(_UNSPACED.findall(text)) // 2)


def end_lines(text: str) -> str:
    r"""Return the text with every kind of line end as `\n`, and of paragraph end as two."""
    return _END_OF_LINE.sub("\n", text.replace("\u2029", "\n\n"))


def cut(text: str) -> list[Block]:
    """Return the blocks of a plain text, in order; every word is in exactly one.

    A blank line ends a block. So does a line break, unless the next line goes on with the
    sentence or the text is wrapped at a column at which the next word had no room left.
    """
    lines = [_line(raw) for raw in end_lines(text).split("\n")]
    wrapped_at = _wrap_column(lines)
    groups: list[list[_Line]] = []
    open_group = False
    for line in lines:
        if not line.text:
            # a bullet alone on its line waits for its words
            open_group = open_group and not _has_words(groups[-1])
        elif open_group and _goes_on(groups[-1], line, wrapped_at):
            groups[-1].append(line)
        else:
            groups.append([line])
            open_group = True
    return [_block(group) for group in groups]


def join(lines: list[str]) -> str:
    """Return the lines of a wrapped paragraph as one; a word cut at its hyphen is whole again."""
    pieces: list[str] = []
    for line in lines:
        end, start = (pieces[-1][-2:] if pieces else ""), line[:1]
        cut_word = _CUT_WORD.fullmatch(end) and start.islower() and not _AND.match(line)
        no_space = not pieces or cut_word or (_unspaced(end[-1:]) and _unspaced(start))
        pieces.append(line if no_space else f" {line}")
    return "".join(pieces)


def _unspaced(character: str) -> bool:
    return "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef"


def _line(raw: str) -> _Line:
    raw = raw.expandtabs(_TAB_STOP).rstrip()
    text = clean(raw)
    bare = raw.lstrip("\ufeff\u200b\x00")
    return _Line(text, len(bare) - len(bare.lstrip()), len(bare))


def _block(group: list[_Line]) -> Block:
    text = join([line.text for line in group])
    item = _ITEM.fullmatch(text)
    if item is None:
        return Block(text=text)
    mark = item["sure"] or item["maybe"]
    return Block(text=item["text"], kind=Kind.ITEM, mark=mark) if item["text"] else Block(text=text)


def _has_words(group: list[_Line]) -> bool:
    item = _ITEM.fullmatch(group[0].text)
    return len(group) > 1 or item is None or not item["sure"] or bool(item["text"])


def _wrap_column(lines: list[_Line]) -> int:
    """Return the column at which the text was wrapped by hand or by a mailer, 0 if it was not.

    The proof of a wrapped text is its line breaks in mid-sentence, where the next word would
    have run over the column.
    """
    pairs = [
        (line, after)
        for line, after in pairwise(lines)
        if line.text and after.text and not _ITEM.fullmatch(after.text)
    ]
    broken = [
        (line, after)
        for line, after in pairs
        if not ends_sentence(line.text) and after.text[0].isalpha() and not after.text[0].isupper()
    ]
    if len(broken) < _ENOUGH_PAIRS or len(broken) < _ENOUGH_SHARE * len(pairs):
        return 0
    widest = max(line.width for line, _ in broken)
    room = min(_width_with_next(line, after) for line, after in broken)
    column = max([widest, *(line.width for line, _ in pairs if line.width < room)])
    full = sum(_is_full(line, after, column) for line, after in broken)
    return column if column <= _WIDEST_WRAP and full >= _MOSTLY * len(broken) else 0


def _is_full(line: _Line, after: _Line, column: int) -> bool:
    """Tell whether the next line's first word had no room left."""
    return line.width <= column < _width_with_next(line, after)


def _width_with_next(line: _Line, after: _Line) -> int:
    word = after.text[:1] if _unspaced(after.text[:1]) else after.text.split(" ", 1)[0]
    return line.width + 1 + len(word)


def _goes_on(group: list[_Line], line: _Line, wrapped_at: int) -> bool:
    """Tell whether a line belongs to the same paragraph or item as the lines before it."""
    before, opened = group[-1], _ITEM.fullmatch(group[0].text)
    full, in_sentence = _is_full(before, line, wrapped_at), not ends_sentence(before.text)
    item = _ITEM.fullmatch(line.text)
    if item:
        # a dash may also be a dash, at the beginning of a line by chance
        listed = opened is not None and opened["maybe"] == item["maybe"]
        return full and in_sentence and item["maybe"] in DASHES and not listed
    if not _has_words(group):
        return True
    if line.indent > group[0].indent and (opened or len(group) == 1):
        # a hanging indent goes on with an item; elsewhere an indented line begins a paragraph
        goes_on = opened is not None
    else:
        goes_on = full or (in_sentence and line.text[0].islower())
    return goes_on and not (_stands_alone(before.text) or _stands_alone(line.text))


def _stands_alone(text: str) -> bool:
    if len(text) > _WIDEST_WRAP * 2:
        return False
    return read_credit(text) is not None or split_publisher(text)[0] == ""
