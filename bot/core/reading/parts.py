"""Tell the parts of a text from each other: headline, standfirst, lead bullets, body, captions."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.core.language.words import fold
from bot.core.reading.captions import find_captions, looks_captioned
from bot.core.reading.credit_lines import read_credit, read_source, split_publisher
from bot.core.reading.furniture import sends_elsewhere
from bot.core.reading.markdown import FrontMatter
from bot.core.reading.phrases import phrases
from bot.core.reading.plain import DASHES, Block, Kind, ends_sentence, size

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from bot.core.reading.credit_lines import Credit

_SPEAKS = re.compile(
    r"[?!][\"'”’»]*$|\b(?:I|I['’]m|[Ww]e|[Yy]ou|[Yy]our|[Mm]y|[Ii]ch|[Dd]u|[Ww]ir|[Jj]e|[Vv]ous"
    r"|[Nn]ous|[Yy]o|[Uu]sted)\b"
    r"|,\s+(?:\S+\s+){0,2}(?:said|says|asked|replied|answered|sagte|fragte|antwortete|dit|dijo)\b"
)
_OPEN_END = re.compile(r"(?:[?!…]|\.\.\.|(?:\b[^\W\d_]\.){2}|\b(?:Inc|Ltd|Co|Corp|Jr|Sr)\.)\Z")
_END = 10  # characters: more than the longest of these

_LONG = 60
_HEADLINE = 30
_STOPPED_HEADLINE = 20
_MOST_BULLETS = 12
_MOST_BEFORE_BULLETS = 3
_BODY_WORDS = 12
_STANDFIRST_WORDS = 5
_FOOT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A text's blocks by what they are; `dropped` holds the lines that are no part.

    Dropped are ornaments, advertisement labels and calls to other pages; bylines, dates and the
    closing "Read more", which are read into the fields; the label over the lead bullets; second
    copies of a headline; the lesser copies of a caption; and front matter.
    """

    headline: str | None = None
    standfirst: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: date | None = None
    language: str | None = None
    lead_bullets: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def find_parts(blocks: Sequence[Block], front: FrontMatter | None = None) -> Parts:
    """Sort the blocks of a text; every word of them is in a part or in `dropped`.

    What the text itself shows goes before what its front matter says.
    """
    front = front or FrontMatter()
    dropped = list(front.lines)
    blocks = _with_lone_dashes_opened(blocks)
    blocks, publisher = _without_furniture(blocks, dropped)
    blocks, credits_, above = _without_credits(blocks, dropped)
    start, end = _lead_run(blocks)
    lead = blocks[start:end]
    head = list(blocks[:start])
    body = list(blocks[end:])
    if lead and head and _is_lead_label(head[-1]):
        dropped.append(head.pop().text)
    if not lead:
        head, body = body, []
    headline = _take_headline(head, before_lead=bool(lead)) or front.headline
    head = _without_copies(head, headline, dropped)
    over_byline = len(head) > 1 and len(blocks) - len(head) + 1 == above
    standfirst = _take_standfirst(head, sure=bool(lead) or over_byline, headline=headline)
    body = _without_copies([*head, *body], standfirst or front.standfirst, dropped)
    captions = find_captions(body)
    dropped.extend(body[index].text for index, kept in captions.items() if not kept)
    return Parts(
        headline=headline,
        standfirst=standfirst or front.standfirst,
        authors=tuple(dict.fromkeys(name for one in credits_ for name in one.authors))
        or front.authors,
        publisher=publisher or front.publisher,
        published=next((one.published for one in credits_ if one.published), front.published),
        language=front.language,
        lead_bullets=tuple(block.text for block in lead),
        paragraphs=tuple(block.whole for index, block in enumerate(body) if index not in captions),
        captions=tuple(body[index].text for index, kept in captions.items() if kept),
        dropped=tuple(dropped),
    )


def _with_lone_dashes_opened(blocks: Sequence[Block]) -> list[Block]:
    """Make text of an item that is alone with its dash: a quote or a turn of a dialogue."""
    around = [False, *(block.kind is Kind.ITEM and block.mark in DASHES for block in blocks), False]
    alone = {i for i in range(len(blocks)) if around[i : i + 3] == [False, True, False]}
    return [Block(text=block.whole) if i in alone else block for i, block in enumerate(blocks)]


def _without_furniture(
    blocks: Sequence[Block], dropped: list[str]
) -> tuple[list[Block], str | None]:
    """Leave out what only serves the page, and read the publisher off its "Read more" line."""
    drops = [_is_furniture(block.text, first=index == 0) for index, block in enumerate(blocks)]
    dropped.extend(block.text for block, drop in zip(blocks, drops, strict=True) if drop)
    kept = [block for block, drop in zip(blocks, drops, strict=True) if not drop]
    publisher: str | None = None
    for index in range(len(kept) - 1, -1, -1):
        block, last = kept[index], index == len(kept) - 1
        rest, site = split_publisher(block.text)
        if last and site is None and (site := read_source(block.text)):
            rest = ""
        if site is None or (rest and not last):
            continue
        publisher = publisher or site
        dropped.append(block.text[len(rest) :].strip())
        kept[index : index + 1] = [replace(block, text=rest)] if rest else []
    return kept, publisher


def _is_furniture(text: str, *, first: bool) -> bool:
    if not any(character.isalnum() for character in text):
        return True
    if first:  # "Watch: ..." may be a headline
        return False
    calls = sends_elsewhere(text) and split_publisher(text)[1] is None
    return calls or fold(text) in phrases("furniture")


def _without_credits(
    blocks: Sequence[Block], dropped: list[str]
) -> tuple[list[Block], list[Credit], int]:
    """Take the byline and date lines out of a text's head and foot.

    Returns the other blocks, what the lines said, and how many blocks stood above the first.
    """
    kept: list[Block] = []
    found: list[Credit] = []
    above: int | None = None
    in_head = True
    for index, block in enumerate(blocks):
        credit = read_credit(block.text) if block.kind in {Kind.TEXT, Kind.CAPTION} else None
        in_foot = index >= len(blocks) - _FOOT and credit is not None and credit.labelled
        if credit and (in_head or in_foot):
            above = len(kept) if above is None else above
            found.append(credit)
            dropped.append(block.text)
            continue
        kept.append(block)
        heads = len(kept) <= 2 and _is_headline(kept[0])  # noqa: PLR2004 - headline, standfirst
        if block.kind is Kind.TEXT and _is_sentence(block.text) and not heads:
            in_head = False
    return kept, found, above or 0


def _is_sentence(text: str) -> bool:
    return ends_sentence(text) and size(text) >= _BODY_WORDS


def _is_headline(block: Block) -> bool:
    if block.kind in {Kind.TITLE, Kind.HEADING}:
        return True
    end = block.text.rstrip("\"'”’»")[-_END:]
    open_end = not ends_sentence(block.text) or _OPEN_END.search(end) is not None
    return block.kind is Kind.TEXT and open_end and size(block.text) <= _HEADLINE


# --- lead bullets ------------------------------------------------------------------------------


def _lead_run(blocks: Sequence[Block]) -> tuple[int, int]:
    """Return where the lead bullets begin and end; (0, 0) if the text has none.

    They are the first list, before any long paragraph, with a body after them.
    """
    start = next((i for i, block in enumerate(blocks) if block.kind is Kind.ITEM), len(blocks))
    dashed = start < len(blocks) and blocks[start].mark in DASHES
    end = start
    while end < len(blocks) and blocks[end].kind is Kind.ITEM:
        if (blocks[end].mark in DASHES) != dashed:
            break
        end += 1
    run, before = blocks[start:end], list(blocks[:start])
    if before and _is_lead_label(before[-1]):
        before.pop()
    elif before and before[-1].text.endswith(":"):
        return 0, 0
    is_lead = (
        0 < len(run) <= _MOST_BULLETS
        and len(before) <= _MOST_BEFORE_BULLETS
        and all(size(block.text) <= _LONG for block in (*before, *run))
        and any(block.kind is Kind.TEXT for block in blocks[end:])
        and not (dashed and _is_dialogue(run))
    )
    return (start, end) if is_lead else (0, 0)


def _is_lead_label(block: Block) -> bool:
    label = fold(block.text).replace(";", "").rstrip(" :")
    return label in phrases("lead labels") | phrases("lead labels within")


def _is_dialogue(run: Sequence[Block]) -> bool:
    """Tell whether the dashes of a run open speech, as half of its lines show."""
    return 2 * sum(_SPEAKS.search(block.text) is not None for block in run) >= len(run)


# --- what stands above -------------------------------------------------------------------------


def _take_headline(head: list[Block], *, before_lead: bool) -> str | None:
    """Remove the headline from the head and return it.

    Above lead bullets a short first line is one even with a full stop; elsewhere a first
    paragraph must not be taken for one.
    """
    titles = [i for i, block in enumerate(head[:_MOST_BEFORE_BULLETS]) if block.kind is Kind.TITLE]
    if titles:
        return head.pop(titles[0]).text
    if not head or looks_captioned(head[0].text) or (len(head) == 1 and not before_lead):
        return None
    short = before_lead and size(head[0].text) <= _STOPPED_HEADLINE
    return head.pop(0).text if short or _is_headline(head[0]) else None


def _take_standfirst(head: list[Block], *, sure: bool, headline: str | None) -> str | None:
    """Remove the standfirst from the head and return it.

    It stands right under the headline, and above the lead bullets or the byline (`sure`) or
    ends without a full stop.
    """
    if not head or (headline is None and not sure):
        return None
    block = head[0]
    if block.kind is not Kind.TEXT or size(block.text) > _LONG or looks_captioned(block.text):
        return None
    open_end = not ends_sentence(block.text) and size(block.text) >= _STANDFIRST_WORDS
    return head.pop(0).text if sure or (open_end and len(head) > 1) else None


def _without_copies(blocks: list[Block], text: str | None, dropped: list[str]) -> list[Block]:
    """Drop the blocks at the top that only repeat a headline or standfirst already known."""
    while blocks and text and fold(blocks[0].text) == fold(text):
        dropped.append(blocks.pop(0).text)
    return blocks
