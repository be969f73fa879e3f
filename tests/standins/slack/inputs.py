"""What choosing or filling in an element gives: the fields that payloads and states have of it."""

from __future__ import annotations

import re
from typing import Any

from tests.standins.slack.errors import Impossible

_SINGLE = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
_SEVERAL = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
_ONE_OPTION = ("static_select", "overflow", "radio_buttons")
_OPTIONS = ("multi_static_select", "checkboxes")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def pressed(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return what a press or a choice adds to an action. Raises Impossible."""
    if element["type"] == "button":
        if value is not None and value != element.get("value"):
            raise Impossible(f"the button's value is {element.get('value')!r}")
        names = ("text", "value", "style", "url")
        return {name: element[name] for name in names if name in element}
    return filled(element, value)


def filled(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return what an element holds once `value` is put in: of an option, its value or its text."""
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"selected_option": None if value is None else _option(element, value)}
    if kind in _OPTIONS:
        return {"selected_options": [_option(element, one) for one in value or ()]}
    if kind in _SINGLE:
        return {_SINGLE[kind]: value}
    if kind in _SEVERAL:
        return {_SEVERAL[kind]: list(value or ())}
    return {"value": _typed(element, value)}


def untouched(element: dict[str, Any]) -> dict[str, Any]:
    """Return what an element holds at first."""
    kind = element["type"]
    if kind in _ONE_OPTION:
        return {"selected_option": element.get("initial_option")}
    if kind in _OPTIONS:
        return {"selected_options": element.get("initial_options", [])}
    if kind in _SINGLE:
        name = _SINGLE[kind]
        return {name: element.get(name.replace("selected", "initial"))}
    if kind in _SEVERAL:
        name = _SEVERAL[kind]
        return {name: element.get(name.replace("selected", "initial"), [])}
    return {"value": element.get("initial_value")}


def _option(element: dict[str, Any], value: Any) -> dict[str, Any]:
    options = list(element.get("options", ()))
    options += [one for group in element.get("option_groups", ()) for one in group["options"]]
    for one in options:
        if value in (one["value"], one["text"]["text"]):
            return dict(one)
    raise Impossible(f"no option {value!r} in {element.get('action_id')}")


def _typed(element: dict[str, Any], value: Any) -> str | None:
    if value is None or value == "":
        return None
    text = str(value)
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if not least <= len(text) <= most:
        raise Impossible(f"{element['action_id']} takes {least} to {most} characters")
    if element["type"] == "number_input" and not _NUMBER.fullmatch(text):
        raise Impossible(f"{element['action_id']} takes a number")
    if element["type"] == "url_text_input" and not text.startswith(("https://", "http://")):
        raise Impossible(f"{element['action_id']} takes an address")
    return text
