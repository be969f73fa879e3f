"""The form of rich_text blocks, which is where words that are not ours go."""

from __future__ import annotations

from typing import Any

from tests.standins.slack.shapes import (
    Check,
    Sheet,
    form,
    formed,
    kinds,
    many,
    number,
    one_of,
    truth,
    url,
    words,
)

_LONGEST, _MOST, _DEEPEST = 12_000, 1_000, 8
_ID = words(64)


def _styles(*names: str) -> Check:
    known: dict[str, Check] = dict.fromkeys(names, truth)

    def check(sheet: Sheet, found: Any, at: str) -> None:
        form(sheet, found, at, {}, known)

    return check


_OF_TEXT = {"style": _styles("bold", "italic", "strike", "code", "underline")}
_OF_MENTION = {
    "style": _styles("bold", "italic", "strike", "highlight", "client_highlight", "unlink")
}
_INLINE = kinds(
    {
        "text": formed({"text": words(_LONGEST)}, _OF_TEXT),
        "link": formed({"url": url}, {"text": words(_LONGEST), "unsafe": truth, **_OF_TEXT}),
        "emoji": formed(
            {"name": words(100)},
            {"unicode": words(100), "skin_tone": number(2, 6), **_OF_TEXT},
        ),
        "user": formed({"user_id": _ID}, _OF_MENTION),
        "usergroup": formed({"usergroup_id": _ID}, _OF_MENTION),
        "channel": formed({"channel_id": _ID}, _OF_MENTION),
        "broadcast": formed({"range": one_of("here", "channel", "everyone")}, _OF_MENTION),
    },
    "rich text element",
)
_PREFORMATTED = kinds(
    {
        "text": formed({"text": words(_LONGEST)}, _OF_TEXT),
        "link": formed({"url": url}, {"text": words(_LONGEST), "unsafe": truth, **_OF_TEXT}),
    },
    "preformatted element",
)
_BORDER: dict[str, Check] = {"border": number(0, 1)}
_SECTION = formed({"elements": many(_INLINE, _MOST)})
_PARTS = kinds(
    {
        "rich_text_section": _SECTION,
        "rich_text_quote": formed({"elements": many(_INLINE, _MOST)}, _BORDER),
        "rich_text_preformatted": formed(
            {"elements": many(_PREFORMATTED, _MOST)}, {**_BORDER, "language": words(50)}
        ),
        "rich_text_list": formed(
            {
                "style": one_of("bullet", "ordered"),
                "elements": many(kinds({"rich_text_section": _SECTION}, "list item"), _MOST),
            },
            {**_BORDER, "indent": number(0, _DEEPEST), "offset": number(0, 10_000)},
        ),
    },
    "rich text part",
)
PARTS = many(_PARTS, _MOST)
