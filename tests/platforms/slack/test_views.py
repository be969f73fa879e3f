"""Dialogs and the home page, and what comes back from them."""

from __future__ import annotations

import pytest

from bot.model import Choice, Field, FieldKind, Form, Line, Sheet
from bot.platforms.slack import views
from tests.platforms.slack import limits
from tests.platforms.slack.drawing import WORDS

FIELDS = (
    Field(
        name="mode",
        label="When I brief",
        kind=FieldKind.CHOICE,
        value="off",
        choices=(Choice(value="off", label="never"), Choice(value="on", label="always")),
        hint="Never is quiet",
    ),
    Field(name="bullets", label="Bullets", kind=FieldKind.NUMBER, value="5", least=3, most=8),
    Field(name="ignore", label="Sites to ignore", kind=FieldKind.TEXT, optional=True),
    Field(name="digest_time", label="Digest at", kind=FieldKind.TIME, value="09:00"),
)
SHEET = Sheet(
    title="Settings of a channel with a long name",
    blocks=(Line(text="#newsdesk"), *FIELDS),
    form=Form.SETTINGS,
    context="C1\nnewsdesk",
    send="Save",
)


def test_a_form_is_drawn_with_what_stands_in_it():
    view = views.modal(SHEET, WORDS)
    limits.check_view(view)
    assert view["callback_id"] == "briefbot:settings"
    assert view["private_metadata"] == "C1\nnewsdesk"
    assert view["title"]["text"] == "Settings of a channel w…"
    mode, bullets, ignore, at = (block["element"] for block in view["blocks"][1:])
    assert (mode["type"], mode["initial_option"]["value"]) == ("radio_buttons", "off")
    assert (bullets["initial_value"], bullets["min_value"], bullets["max_value"]) == ("5", "3", "8")
    assert "initial_value" not in ignore
    assert at["initial_time"] == "09:00"


def test_what_was_filled_in_comes_back_in_the_forms_order():
    view = views.modal(SHEET, WORDS)
    state = {
        "field:digest_time": {"value": {"type": "timepicker", "selected_time": "10:30"}},
        "field:ignore": {"value": {"type": "plain_text_input", "value": None}},
        "field:bullets": {"value": {"type": "number_input", "value": "7"}},
        "field:mode": {"value": {"type": "radio_buttons", "selected_option": {"value": "on"}}},
        "other": {"value": {"value": "not ours"}},
    }
    sent = {**view, "state": {"values": state}}
    expected = (("mode", "on"), ("bullets", "7"), ("ignore", ""), ("digest_time", "10:30"))
    assert views.filled(sent) == expected
    assert views.filled({"type": "view_submission", "view": sent}) == expected
    assert views.form_of(sent) is Form.SETTINGS
    assert views.errors({"bullets": "3 to 8"}) == {"field:bullets": "3 to 8"}


@pytest.mark.parametrize("view", [{}, {"state": None}, {"view": {}}, {"state": {"values": []}}])
def test_a_view_without_anything_filled_in_is_empty(view):
    assert views.filled(view) == ()
    assert views.form_of(view) is None


def test_many_choices_are_in_groups_and_none_is_lost():
    many = tuple(Choice(value=str(n), label=f"Zone {n}") for n in range(230))
    field = Field(name="zone", label="Zone", kind=FieldKind.CHOICE, value="205", choices=many)
    view = views.modal(Sheet(title="Zone", blocks=(field,)), WORDS)
    limits.check_view(view)
    element = view["blocks"][0]["element"]
    assert [len(group["options"]) for group in element["option_groups"]] == [100, 100, 30]
    assert element["initial_option"]["text"]["text"] == "Zone 205"
    assert view["submit"]["text"] == "Send"


def test_a_long_choice_goes_on_below():
    label = "2  Two floods stopped the digging for 31 weeks and destroyed a boring machine in it"
    field = Field(
        name="bullet",
        label="Which?",
        kind=FieldKind.CHOICE,
        choices=(Choice(value="2", label=label),),
    )
    option = views.modal(Sheet(title="Wrong", blocks=(field,)), WORDS)["blocks"][0]["element"]
    (only,) = option["options"]
    assert f"{only['text']['text']} {only['description']['text']}" == " ".join(label.split())


def test_a_page_and_a_dialog_without_anything_still_show_their_title():
    empty = Sheet(title="Nothing here", blocks=())
    assert views.modal(empty, WORDS)["blocks"][0]["elements"][0]["text"] == "Nothing here"
    assert views.home(empty, WORDS)["blocks"][0]["text"]["text"] == "Nothing here"
    assert "submit" not in views.modal(empty, WORDS)


def test_a_choice_among_nothing_and_a_number_out_of_bounds_are_left_out():
    nothing = Field(name="a", label="A", kind=FieldKind.CHOICE)
    number = Field(name="b", label="B", kind=FieldKind.NUMBER, value="99", least=1, most=9)
    view = views.modal(Sheet(title="T", blocks=(nothing, number)), WORDS)
    (only,) = view["blocks"]
    assert "initial_value" not in only["element"]
