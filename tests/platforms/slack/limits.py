"""What Slack takes, from its documentation: a strict reader of blocks, written without ours."""

from __future__ import annotations

import json
import re
import unicodedata

STYLES = {"bold", "italic", "strike"}
JOINERS = "\u200c\u200d"
SEEN = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
LINK = re.compile(r"<(https?://[^\s<>|]+)\|([^<>|]*)>")
MENTION = re.compile(r"<@[UW][A-Z0-9]+>")


def size(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def texts_of(found: object) -> list[str]:
    """Return every string anywhere in blocks."""
    if isinstance(found, str):
        return [found]
    if isinstance(found, dict):
        return [text for value in found.values() for text in texts_of(value)]
    if isinstance(found, list):
        return [text for value in found for text in texts_of(value)]
    return []


def check_message(blocks: list, text: str) -> None:
    assert len(blocks) <= 50
    json.dumps(blocks).encode()
    assert 0 < size(text) < 3000
    check_mrkdwn(text)
    check_blocks(blocks, inputs=False)
    assert sum(size(said) for said in words_of(blocks)) < 12000


def check_view(view: dict) -> None:
    assert view["type"] in {"modal", "home"}
    assert 0 < len(view["blocks"]) <= 100
    assert len(view["private_metadata"]) <= 3000
    if view["type"] == "modal":
        for part in ("title", "submit", "close"):
            if part in view:
                check_plain(view[part], 24)
        if any(block["type"] == "input" for block in view["blocks"]):
            assert "submit" in view
        assert len(view.get("callback_id", "")) <= 255
    check_blocks(view["blocks"], inputs=True)


def check_blocks(blocks: list, *, inputs: bool) -> None:
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids))
    assert all(0 < len(one) <= 255 for one in ids)
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    actions = [one["action_id"] for one in elements]
    assert len(actions) == len(set(actions))
    for block in blocks:
        match block["type"]:
            case "rich_text":
                assert only(block, "type elements")
                check_rich(block)
            case "context":
                assert only(block, "type elements")
                assert 1 <= len(block["elements"]) <= 10
                for one in block["elements"]:
                    check_text(one, 2000)
            case "header":
                check_plain(block["text"], 150)
            case "divider":
                assert only(block, "type")
            case "actions":
                assert 1 <= len(block["elements"]) <= 25
                for one in block["elements"]:
                    check_pressable(one)
            case "input":
                assert inputs
                check_input(block)
            case other:
                raise AssertionError(other)


def check_rich(block: dict) -> None:
    assert block["elements"]
    assert sum(size(words) for words in words_of([block])) < 3000
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            assert part["style"] in {"bullet", "ordered"}
            assert part["elements"]
            sections = part["elements"]
        else:
            assert part["type"] in {"rich_text_section", "rich_text_quote"}
            sections = [part]
        for section in sections:
            assert section["elements"]
            for leaf in section["elements"]:
                check_leaf(leaf)


def check_leaf(leaf: dict) -> None:
    assert set(leaf.get("style", {})) <= STYLES
    if leaf["type"] == "user":
        assert re.fullmatch("[UW][A-Z0-9]+", leaf["user_id"])
        return
    check_seen(leaf["text"])
    assert leaf["text"]
    if leaf["type"] == "link":
        assert re.match("https?://", leaf["url"], re.IGNORECASE)
        assert len(leaf["url"]) <= 3000
    else:
        assert leaf["type"] == "text"


def check_text(found: dict, most: int) -> None:
    if found["type"] == "plain_text":
        check_plain(found, most)
        return
    assert found["type"] == "mrkdwn"
    assert found["verbatim"] is True
    assert 0 < size(found["text"]) <= most
    check_mrkdwn(found["text"])


def check_plain(found: dict, most: int) -> None:
    assert only(found, "type text emoji")
    assert found["type"] == "plain_text"
    assert found["emoji"] is False
    assert 0 < size(found["text"]) <= most
    assert found["text"].strip()
    check_seen(found["text"])


def check_mrkdwn(text: str) -> None:
    """Nothing in it is markup but links to the web, a person, and the strokes of what is struck."""
    check_seen(text)
    bare = MENTION.sub("", LINK.sub(r"\2", text))
    assert "<" not in bare
    assert ">" not in bare
    assert re.sub("&(amp|lt|gt);", "", bare).count("&") == 0
    assert not re.search(r"[*_`]", bare)
    assert not re.search(r":[^\s:]{1,100}:", bare)
    assert "://" not in bare
    assert not re.search(r"@\w", bare)
    assert not re.search(r"^\s*&gt;", bare, re.MULTILINE)


def check_seen(text: str) -> None:
    for at, char in enumerate(text):
        if char in JOINERS:
            assert 0 < at < len(text) - 1
            assert not text[at + 1].isspace()
            continue
        kind = unicodedata.category(char)
        assert char == "\n" or char in SEEN or kind not in {"Cc", "Cf", "Cs"}, hex(ord(char))


def check_pressable(one: dict) -> None:
    assert re.fullmatch(r"briefbot:[a-z]+(:\d+)?", one["action_id"])
    if one["type"] == "button":
        check_plain(one["text"], 75)
        assert len(one.get("value", "-")) <= 2000
        if "confirm" in one:
            for part, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
                check_plain(one["confirm"][part], most)
        return
    assert one["type"] == "overflow"
    assert 2 <= len(one["options"]) <= 5
    for option in one["options"]:
        check_option(option)


def check_option(option: dict) -> None:
    check_plain(option["text"], 75)
    assert 0 < size(option["value"]) <= 150
    if "description" in option:
        check_plain(option["description"], 75)


def check_input(block: dict) -> None:
    check_plain(block["label"], 2000)
    if "hint" in block:
        check_plain(block["hint"], 2000)
    element = block["element"]
    match element["type"]:
        case "plain_text_input":
            assert size(element.get("initial_value", "")) <= 3000
        case "number_input":
            if "initial_value" in element and "min_value" in element:
                low, high = int(element["min_value"]), int(element["max_value"])
                assert low <= int(element["initial_value"]) <= high
        case "timepicker":
            assert re.fullmatch(r"\d\d:\d\d", element.get("initial_time", "00:00"))
        case "radio_buttons" | "static_select":
            groups = element.get("option_groups", [element])
            assert 1 <= len(groups) <= 100
            every = [option for group in groups for option in group["options"]]
            assert all(1 <= len(group["options"]) <= 100 for group in groups)
            assert len(every) <= 10 or element["type"] != "radio_buttons"
            for option in every:
                check_option(option)
            assert element.get("initial_option", every[0]) in every
        case other:
            raise AssertionError(other)


def words_of(blocks: object) -> list[str]:
    """Return the shown words of blocks."""
    if isinstance(blocks, dict):
        own = [blocks["text"]] if isinstance(blocks.get("text"), str) else []
        return own + [words for value in blocks.values() for words in words_of(value)]
    if isinstance(blocks, list):
        return [words for value in blocks for words in words_of(value)]
    return []


def only(found: dict, keys: str) -> bool:
    return set(found) <= set(keys.split())
