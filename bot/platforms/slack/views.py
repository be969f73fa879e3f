"""A sheet as a dialog or as our home page, and what somebody filled in.

A field's block has the id `field:<name>`. A number, a time and the value of a choice come back as
they were given out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from bot.core.talking.visible import clean, one_line
from bot.model import FieldKind, Form
from bot.platforms.slack import fitting
from bot.platforms.slack.blocks import arranged
from bot.platforms.slack.pressing import PREFIX, plain
from bot.platforms.slack.rich import small_text
from bot.platforms.slack.text import cut, head, size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.model import Choice, Field, Sheet
    from bot.platforms.slack.words import Json, Words

_MOST_BLOCKS = 100
_LONGEST_TITLE = 24
_LONGEST_HEADER = 150
_LONGEST_CONTEXT = 3000
_LONGEST_LABEL = 2000
_LONGEST_OPTION = 75
_LONGEST_VALUE = 150
_LONGEST_TEXT = 3000
_FEW = 5
_GROUP = 100  # options in a group, and groups in a menu
_BLOCK = "field:"
_ACTION = "value"
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,15}", re.ASCII)


def modal(sheet: Sheet, words: Words) -> Json:
    """Return a sheet as a dialog; what it can send is a form of ours, or it only shows."""
    blocks = _blocks(sheet, words, _MOST_BLOCKS)
    view: Json = {
        "type": "modal",
        "title": plain(sheet.title, _LONGEST_TITLE),
        "close": plain(words.close, _LONGEST_TITLE),
        "blocks": blocks or [_nothing(sheet)],
        "private_metadata": head(sheet.context, _LONGEST_CONTEXT),
        "notify_on_close": False,
    }
    if sheet.form is not None:
        view["callback_id"] = PREFIX + sheet.form.value
    if sheet.form is not None or any(block["type"] == "input" for block in blocks):
        view["submit"] = plain(sheet.send or words.send, _LONGEST_TITLE)
    return view


def home(sheet: Sheet, words: Words) -> Json:
    """Return a sheet as the page that somebody finds under our name."""
    header: Json = {"type": "header", "text": plain(sheet.title, _LONGEST_HEADER)}
    return {
        "type": "home",
        "blocks": [header, *_blocks(sheet, words, _MOST_BLOCKS - 1)],
        "private_metadata": head(sheet.context, _LONGEST_CONTEXT),
    }


def _blocks(sheet: Sheet, words: Words, most: int) -> list[Json]:
    return arranged(sheet.blocks, words, most=most, room=fitting.VIEW, field=_field)


def _nothing(sheet: Sheet) -> Json:
    return {"type": "context", "elements": [small_text(cut(one_line(sheet.title), 150) or "–")]}


def _field(field: Field) -> Json | None:
    """Return what can be filled in; nothing for a choice among nothing."""
    if field.kind is FieldKind.CHOICE and not field.choices:
        return None
    block: Json = {
        "type": "input",
        "block_id": block_of(field.name),
        "label": plain(field.label or field.name, _LONGEST_LABEL),
        "element": {**_element(field), "action_id": _ACTION},
        "optional": field.optional,
    }
    if one_line(field.hint):
        block["hint"] = plain(field.hint, _LONGEST_LABEL)
    return block


def _element(field: Field) -> Json:
    match field.kind:
        case FieldKind.CHOICE:
            return _choice(field)
        case FieldKind.NUMBER:
            return _number(field)
        case FieldKind.TEXT:
            value = cut(one_line(field.value), _LONGEST_TEXT)
            started: Json = {"initial_value": value} if value else {}
            return {"type": "plain_text_input", "max_length": _LONGEST_TEXT, **started}
        case FieldKind.TIME:
            timed = _TIME.fullmatch(field.value)
            return {"type": "timepicker", **({"initial_time": field.value} if timed else {})}
        case _:
            assert_never(field.kind)


def _choice(field: Field) -> Json:
    """Return buttons for a few choices and a menu for many, those in groups when very many."""
    options = [_option(choice) for choice in field.choices[: _GROUP * _GROUP]]
    chosen = [option for option in options if option["value"] == field.value]
    element: Json = {"type": "static_select", "options": options}
    if len(options) <= _FEW:
        element = {"type": "radio_buttons", "options": options}
    elif len(options) > _GROUP:
        starts = range(0, len(options), _GROUP)
        groups = [(start + 1, options[start : start + _GROUP]) for start in starts]
        element = {
            "type": "static_select",
            "option_groups": [
                {"label": plain(f"{first}–{first + len(some) - 1}", 75), "options": some}
                for first, some in groups
            ],
        }
    if chosen:
        element["initial_option"] = chosen[0]
    return element


def _option(choice: Choice) -> Json:
    """Return a choice; what its name has no room for stands under it, as far as that goes."""
    label = one_line(choice.label or choice.value)
    option: Json = {
        "text": plain(label, _LONGEST_OPTION),
        "value": head(choice.value, _LONGEST_VALUE) or "–",
    }
    if size(label) > _LONGEST_OPTION:
        at = label.rfind(" ", _LONGEST_OPTION // 2, _LONGEST_OPTION)
        if at > 0 and size(label[:at]) <= _LONGEST_OPTION:
            option["text"] = plain(label[:at], _LONGEST_OPTION)
            option["description"] = plain(label[at:], _LONGEST_OPTION)
    return option


def _number(field: Field) -> Json:
    element: Json = {"type": "number_input", "is_decimal_allowed": False}
    bounded = field.least < field.most
    if bounded:
        element |= {"min_value": str(field.least), "max_value": str(field.most)}
    if _NUMBER.fullmatch(field.value):
        number = int(field.value)
        if not bounded or field.least <= number <= field.most:
            element["initial_value"] = str(number)
    return element


def block_of(name: str) -> str:
    """Return the id of the block that a field is filled in in."""
    return (_BLOCK + name)[:255]


def errors(said: Mapping[str, str]) -> dict[str, str]:
    """Return what is wrong with each field as the `errors` of a `response_action`."""
    return {block_of(name): cut(clean(text), _LONGEST_LABEL) for name, text in said.items()}


def form_of(view: Mapping[str, object]) -> Form | None:
    """Return which of our forms a submitted view is, if any."""
    name = str(view.get("callback_id") or "")
    known = {PREFIX + form.value: form for form in Form}
    return known.get(name)


def filled(view: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return (name, value) of each field of a submitted `view`, in the form's order.

    What was left empty has the value "". Takes a `view_submission` payload as well.
    """
    inner = view.get("view")
    if isinstance(inner, dict):
        view = inner
    state, blocks = view.get("state"), view.get("blocks")
    values = state.get("values") if isinstance(state, dict) else None
    if not isinstance(values, dict):
        return ()
    shown = [block.get("block_id") for block in blocks] if isinstance(blocks, list) else []
    order = [*(block for block in shown if block in values), *values]
    return tuple(
        (block.removeprefix(_BLOCK), _value(values[block]))
        for block in dict.fromkeys(order)
        if block.startswith(_BLOCK)
    )


def _value(actions: object) -> str:
    state = actions.get(_ACTION) if isinstance(actions, dict) else None
    if not isinstance(state, dict):
        return ""
    option = state.get("selected_option")
    if isinstance(option, dict):
        return str(option.get("value") or "")
    return str(state.get("value") or state.get("selected_time") or "")
