"""The form of blocks, and of views made of them; what Slack would refuse is refused."""

from __future__ import annotations

import copy
import json
import uuid
from typing import Any

from tests.standins.slack.elements import ACCESSORY, ACTIONS, IMAGE, INPUT
from tests.standins.slack.errors import Refused
from tests.standins.slack.rich_text import PARTS
from tests.standins.slack.shapes import (
    Check,
    Misshapen,
    Sheet,
    form,
    formed,
    kinds,
    many,
    one_of,
    plain,
    text,
    truth,
    url,
    words,
)

_MOST_IN_MESSAGE, _MOST_IN_VIEW, _MOST_MARKDOWN = 50, 100, 12_000
_LARGEST_VIEW = 250_000


def _block_id(sheet: Sheet, found: Any, at: str) -> None:
    words(255)(sheet, found, at)
    if found in sheet.block_ids:
        raise Misshapen(f"block_id is not unique: {found}", at)
    sheet.block_ids.add(found)


_ANY: dict[str, Check] = {"block_id": _block_id}
_SECTION = formed(
    {},
    {
        **_ANY,
        "text": text(3000),
        "fields": many(text(2000), 10),
        "accessory": ACCESSORY,
        "expand": truth,
    },
)


def _section(sheet: Sheet, found: Any, at: str) -> None:
    _SECTION(sheet, found, at)
    if "text" not in found and "fields" not in found:
        raise Misshapen("missing required field: text", at)


def _markdown(sheet: Sheet, found: Any, at: str) -> None:
    if sheet.surface != "message":
        raise Misshapen("unsupported type of block: markdown", at)
    formed({"text": words(_MOST_MARKDOWN)}, _ANY)(sheet, found, at)
    sheet.markdown += len(found["text"])
    if sheet.markdown > _MOST_MARKDOWN:
        raise Misshapen(f"markdown of all blocks must be less than {_MOST_MARKDOWN + 1}", at)


def _input(sheet: Sheet, found: Any, at: str) -> None:
    if sheet.surface == "message":
        raise Misshapen("unsupported type of block: input", at)
    formed(
        {"label": plain(2000), "element": INPUT},
        {**_ANY, "hint": plain(2000), "optional": truth, "dispatch_action": truth},
    )(sheet, found, at)


def _in_context(sheet: Sheet, found: Any, at: str) -> None:
    if isinstance(found, dict) and found.get("type") == "image":
        IMAGE(sheet, found, at)
    else:
        text(3000)(sheet, found, at)


_KINDS = kinds(
    {
        "section": _section,
        "header": formed({"text": plain(150)}, _ANY),
        "context": formed({"elements": many(_in_context, 10)}, _ANY),
        "actions": formed({"elements": many(ACTIONS, 25)}, _ANY),
        "divider": formed({}, _ANY),
        "image": formed(
            {"image_url": url, "alt_text": words(2000)}, {**_ANY, "title": plain(2000)}
        ),
        "rich_text": formed({"elements": PARTS}, _ANY),
        "markdown": _markdown,
        "input": _input,
    },
    "block",
)


def _block(sheet: Sheet, found: Any, at: str) -> None:
    sheet.action_ids.clear()  # they have to differ within a block only
    _KINDS(sheet, found, at)


def message_blocks(found: Any) -> list[dict[str, Any]]:
    """Return a message's blocks, each with an id as Slack gives them. Raises Refused."""
    try:
        many(_block, _MOST_IN_MESSAGE, 0)(Sheet("message"), found, "/blocks")
    except Misshapen as error:
        raise Refused("invalid_blocks", str(error)) from error
    return _with_ids(found)


def view_form(found: Any, surface: str) -> dict[str, Any]:
    """Return a view as Slack keeps it; `surface` is modal or home. Raises Refused."""
    sheet = Sheet(surface)
    if len(json.dumps(found)) > _LARGEST_VIEW:
        raise Refused("view_too_large")
    required, optional = _view_fields(surface)
    try:
        form(sheet, found, "/view", required, optional)
        inputs = any(one["type"] == "input" for one in found["blocks"])
        if surface == "modal" and inputs and "submit" not in found:
            raise Misshapen("missing required field: submit", "/view")  # noqa: TRY301 - one exit
    except Misshapen as error:
        raise Refused("invalid_arguments", str(error)) from error
    return {**copy.deepcopy(found), "blocks": _with_ids(found["blocks"])}


def _view_fields(surface: str) -> tuple[dict[str, Check], dict[str, Check]]:
    required: dict[str, Check] = {
        "type": one_of(surface),
        "blocks": many(_block, _MOST_IN_VIEW, 0),
    }
    optional: dict[str, Check] = {
        "private_metadata": words(3000, 0),
        "callback_id": words(255, 0),
        "external_id": words(255, 0),
    }
    if surface == "modal":
        required["title"] = plain(24)
        optional |= {"submit": plain(24), "close": plain(24), "submit_disabled": truth}
        optional |= {"clear_on_close": truth, "notify_on_close": truth}
    return required, optional


def _with_ids(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    made = copy.deepcopy(found)
    for block in made:
        block.setdefault("block_id", _short_id())
        for one in elements_of(block):
            one.setdefault("action_id", _short_id())
    return made


def elements_of(block: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what in a block can be pressed, chosen or filled in."""
    match block["type"]:
        case "actions":
            return list(block["elements"])
        case "section" if block.get("accessory", {}).get("type", "image") != "image":
            return [block["accessory"]]
        case "input":
            return [block["element"]]
        case _:
            return []


def _short_id() -> str:
    return uuid.uuid4().hex[:5]
