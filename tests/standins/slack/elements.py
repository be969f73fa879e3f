"""The form of what can be pressed, chosen or filled in."""

from __future__ import annotations

from typing import Any

from tests.standins.slack.shapes import (
    Check,
    Misshapen,
    Sheet,
    form,
    formed,
    kinds,
    many,
    matching,
    number,
    one_of,
    plain,
    text,
    truth,
    url,
    words,
)

_DATE = matching(r"\d{4}-\d\d-\d\d", "a date: YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time: HH:mm")
_ID = words(64)


def _action_id(sheet: Sheet, found: Any, at: str) -> None:
    words(255)(sheet, found, at)
    if found in sheet.action_ids:
        raise Misshapen(f"action_id is not unique: {found}", at)
    sheet.action_ids.add(found)


def _confirm(sheet: Sheet, found: Any, at: str) -> None:
    form(
        sheet,
        found,
        at,
        {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
        {"style": one_of("primary", "danger")},
    )


def _option(*kinds_of_text: str, described: int = 75) -> Check:
    def check(sheet: Sheet, found: Any, at: str) -> None:
        form(
            sheet,
            found,
            at,
            {"text": text(75, *kinds_of_text), "value": words(150)},
            {"description": text(described, *kinds_of_text), "url": url},
        )

    return check


_PLAIN, _ANY = _option("plain_text"), _option()
_ACTION: dict[str, Check] = {"action_id": _action_id}
_ASKING: dict[str, Check] = {**_ACTION, "confirm": _confirm, "focus_on_load": truth}
_CHOOSING: dict[str, Check] = {**_ASKING, "placeholder": plain(150)}


def _group(sheet: Sheet, found: Any, at: str) -> None:
    form(sheet, found, at, {"label": plain(75), "options": many(_PLAIN, 100)}, {})


def _static(**more: Check) -> Check:
    fields = formed(
        {}, {**_CHOOSING, "options": many(_PLAIN, 100), "option_groups": many(_group, 100), **more}
    )

    def check(sheet: Sheet, found: Any, at: str) -> None:
        fields(sheet, found, at)
        if ("options" in found) is ("option_groups" in found):
            raise Misshapen("needs either options or option_groups", at)
        _initial(found, at)

    return check


def _of_options(option: Check, most: int, least: int, **more: Check) -> Check:
    fields = formed({"options": many(option, most, least)}, {**_ASKING, **more})

    def check(sheet: Sheet, found: Any, at: str) -> None:
        fields(sheet, found, at)
        _initial(found, at)

    return check


def _initial(found: dict[str, Any], at: str) -> None:
    """Raise Misshapen unless what is chosen at first is among what can be chosen."""
    options = list(found.get("options", ()))
    options += [one for group in found.get("option_groups", ()) for one in group["options"]]
    chosen = list(found.get("initial_options", ()))
    chosen += [found["initial_option"]] if "initial_option" in found else []
    if any(one not in options for one in chosen):
        raise Misshapen("initial option is not among the options", at)


def _typed(**more: Check) -> Check:
    return formed(
        {},
        {
            **_ACTION,
            "focus_on_load": truth,
            "placeholder": plain(150),
            "initial_value": words(3000, 0),
            "dispatch_action_config": _dispatch,
            **more,
        },
    )


def _dispatch(sheet: Sheet, found: Any, at: str) -> None:
    triggers = one_of("on_enter_pressed", "on_character_entered")
    form(sheet, found, at, {}, {"trigger_actions_on": many(triggers, 2)})


def _filter(sheet: Sheet, found: Any, at: str) -> None:
    included = many(one_of("im", "mpim", "private", "public"), 4)
    shared: dict[str, Check] = {
        "include": included,
        "exclude_external_shared_channels": truth,
        "exclude_bot_users": truth,
    }
    form(sheet, found, at, {}, shared)


_CONVERSATION: dict[str, Check] = {"filter": _filter, "default_to_current_conversation": truth}
_MOST: dict[str, Check] = {"max_selected_items": number(1, 100)}
_IDS = many(_ID, 100)
_LENGTHS: dict[str, Check] = {"min_length": number(0, 3000), "max_length": number(1, 3000)}

_BUTTON = formed(
    {"text": plain(75)},
    {
        **_ACTION,
        "url": url,
        "value": words(2000),
        "style": one_of("primary", "danger"),
        "confirm": _confirm,
        "accessibility_label": words(75),
    },
)
_SELECTS: dict[str, Check] = {
    "static_select": _static(initial_option=_PLAIN),
    "users_select": formed({}, {**_CHOOSING, "initial_user": _ID}),
    "conversations_select": formed(
        {},
        {
            **_CHOOSING,
            **_CONVERSATION,
            "initial_conversation": _ID,
            "response_url_enabled": truth,
        },
    ),
    "channels_select": formed(
        {}, {**_CHOOSING, "initial_channel": _ID, "response_url_enabled": truth}
    ),
    "multi_static_select": _static(initial_options=many(_PLAIN, 100), **_MOST),
    "multi_users_select": formed({}, {**_CHOOSING, **_MOST, "initial_users": _IDS}),
    "multi_conversations_select": formed(
        {}, {**_CHOOSING, **_MOST, **_CONVERSATION, "initial_conversations": _IDS}
    ),
    "multi_channels_select": formed({}, {**_CHOOSING, **_MOST, "initial_channels": _IDS}),
    "datepicker": formed({}, {**_CHOOSING, "initial_date": _DATE}),
    "timepicker": formed({}, {**_CHOOSING, "initial_time": _TIME, "timezone": words(64)}),
    "checkboxes": _of_options(_ANY, 10, 1, initial_options=many(_ANY, 10)),
    "radio_buttons": _of_options(_ANY, 10, 1, initial_option=_ANY),
}
IMAGE = formed({"image_url": url, "alt_text": words(2000)})
PRESSED: dict[str, Check] = {
    "button": _BUTTON,
    "overflow": _of_options(_PLAIN, 5, 1),
    **_SELECTS,
}
ACTIONS = kinds(PRESSED, "element of actions")
ACCESSORY = kinds({**PRESSED, "image": IMAGE}, "accessory")
INPUT = kinds(
    {
        **_SELECTS,
        "plain_text_input": _typed(multiline=truth, **_LENGTHS),
        "number_input": _typed(is_decimal_allowed=truth, min_value=words(20), max_value=words(20)),
        "url_text_input": _typed(),
        "email_text_input": _typed(),
    },
    "input element",
)
