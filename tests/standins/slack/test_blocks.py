"""Blocks and views: what Slack takes is taken, what it would refuse is refused with the reason."""

from __future__ import annotations

import pytest

from tests.standins.slack.blocks import message_blocks, view_form
from tests.standins.slack.errors import Refused
from tests.standins.slack.talking import refused


def plain(text="x"):
    return {"type": "plain_text", "text": text}


def mrkdwn(text="x"):
    return {"type": "mrkdwn", "text": text}


def section(**more):
    return {"type": "section", "text": mrkdwn(), **more}


def button(**more):
    return {"type": "button", "text": plain("Proof"), "action_id": "proof", **more}


def actions(*elements):
    return {"type": "actions", "elements": list(elements)}


def option(value="a"):
    return {"text": plain(value), "value": value}


def select(**more):
    return {"type": "static_select", "action_id": "s", "options": [option()], **more}


def rich(*parts):
    return {"type": "rich_text", "elements": list(parts)}


def run(*elements):
    return {"type": "rich_text_section", "elements": list(elements)}


def words(text="x", **more):
    return {"type": "text", "text": text, **more}


def bullets(**more):
    return {"type": "rich_text_list", "style": "bullet", "elements": [run(words())], **more}


def field(**more):
    element = {"type": "plain_text_input", "action_id": "name"}
    return {"type": "input", "label": plain("Name"), "element": element, **more}


def modal(*blocks, **more):
    return {"type": "modal", "title": plain("Settings"), "blocks": list(blocks), **more}


TAKEN = (
    section(block_id="b" * 255),
    section(text=mrkdwn("x" * 3000)),
    {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
    section(accessory=button(value="v" * 2000, style="primary")),
    section(accessory={"type": "overflow", "options": [option(str(n)) for n in range(5)]}),
    section(accessory=select(options=[option(str(n)) for n in range(100)])),
    section(accessory={"type": "image", "image_url": "https://a.example/p.png", "alt_text": "p"}),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "context", "elements": [mrkdwn()] * 10},
    actions(*[button(action_id=f"a{n}") for n in range(25)]),
    {"type": "divider"},
    {"type": "image", "image_url": "https://a.example/p.png", "alt_text": "p"},
    {"type": "markdown", "text": "x" * 12_000},
    rich(run(words(style={"bold": True}), {"type": "link", "url": "https://a.example/"})),
    rich(run({"type": "user", "user_id": "U0ADA"}, {"type": "broadcast", "range": "here"})),
    rich(run({"type": "emoji", "name": "eyes"}, {"type": "channel", "channel_id": "C0GENERAL"})),
    rich(bullets(indent=8), bullets(style="ordered", offset=2, border=1)),
    rich({"type": "rich_text_quote", "elements": [words()]}),
    rich({"type": "rich_text_preformatted", "elements": [words()]}),
)
REFUSED = (
    ({"type": "input", "label": plain(), "element": button()}, "input"),
    ({"type": "carousel"}, "carousel"),
    ({}, "None"),
    ({"type": "section"}, "missing required field: text"),
    (section(colour="red"), "additional property: colour"),
    (section(text=mrkdwn("x" * 3001)), "less than 3001"),
    (section(text=mrkdwn("")), "more than 0"),
    (section(text="x"), "text object"),
    (section(text={**mrkdwn(), "emoji": True}), "additional property: emoji"),
    (section(fields=[mrkdwn("x" * 2001)]), "less than 2001"),
    (section(fields=[mrkdwn()] * 11), "no more than 10"),
    (section(block_id="b" * 256), "less than 256"),
    ({"type": "header", "text": plain("x" * 151)}, "less than 151"),
    ({"type": "header", "text": mrkdwn()}, "plain_text"),
    ({"type": "context", "elements": [mrkdwn()] * 11}, "no more than 10"),
    ({"type": "context", "elements": []}, "at least 1"),
    (actions(*[button(action_id=f"a{n}") for n in range(26)]), "no more than 25"),
    (actions(button(), button()), "not unique: proof"),
    (actions(button(text=plain("x" * 76))), "less than 76"),
    (actions(button(value="x" * 2001)), "less than 2001"),
    (actions(button(action_id="x" * 256)), "less than 256"),
    (actions(button(style="default")), "primary, danger"),
    (actions(button(url="javascript:alert(1)")), "valid URL"),
    (actions(select(options=[option(str(n)) for n in range(101)])), "no more than 100"),
    (actions(select(options=[])), "at least 1"),
    (actions(select(initial_option=option("z"))), "not among the options"),
    (actions({"type": "overflow", "options": [option(str(n)) for n in range(6)]}), "than 5"),
    (actions({"type": "overflow", "options": [option("x" * 76)]}), "less than 76"),
    (actions({"type": "overflow", "options": [{**option(), "value": "x" * 151}]}), "than 151"),
    (actions({"type": "plain_text_input", "action_id": "x"}), "plain_text_input"),
    ({"type": "image", "image_url": "https://a.example/p.png"}, "alt_text"),
    ({"type": "markdown", "text": "x" * 12_001}, "less than 12001"),
    (rich(run(words(""))), "more than 0"),
    (rich(run()), "at least 1"),
    (rich(run({"type": "link", "url": "evil"})), "valid URL"),
    (rich(run({"type": "broadcast", "range": "all"})), "here, channel, everyone"),
    (rich(run({"type": "mrkdwn", "text": "x"})), "mrkdwn"),
    (rich(bullets(indent=9)), "from 0 to 8"),
    (rich(bullets(style="dash")), "bullet, ordered"),
    (rich(bullets(elements=[words()])), "list item"),
    (rich({"type": "rich_text_preformatted", "elements": [{"type": "emoji", "name": "x"}]}), "pre"),
)


@pytest.mark.parametrize("block", TAKEN)
def test_what_slack_takes_is_taken_and_gets_an_id(block):
    (made,) = message_blocks([block])
    assert made.pop("block_id")
    assert made["type"] == block["type"]


@pytest.mark.parametrize(("block", "reason"), REFUSED)
def test_what_slack_refuses_is_refused_with_the_reason(block, reason):
    with pytest.raises(Refused) as caught:
        message_blocks([block])
    assert caught.value.error == "invalid_blocks"
    assert reason in caught.value.detail[0]
    assert "[json-pointer:/blocks/0" in caught.value.detail[0]


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ([{"type": "divider"}] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
        ([section(block_id="b"), section(block_id="b")], "not unique: b"),
        ([{"type": "markdown", "text": "x" * 6001}] * 2, "less than 12001"),
        ({"type": "divider"}, "must be an array"),
    ],
)
def test_limits_of_a_whole_message(blocks, reason):
    with pytest.raises(Refused, match="invalid_blocks") as caught:
        message_blocks(blocks)
    assert reason in caught.value.detail[0]


def test_action_ids_have_to_differ_within_a_block_only():
    assert message_blocks([actions(button()), actions(button())])


async def test_the_reason_goes_to_the_client(client):
    found = await refused(
        client.chat_postMessage(
            channel="C0GENERAL", text="x", blocks=[section(text=mrkdwn("x" * 3001))]
        )
    )
    assert found["error"] == "invalid_blocks"
    assert found["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


# --- views -----------------------------------------------------------------------------------

CHOICES = {"type": "checkboxes", "action_id": "c", "options": [option("a"), option("b")]}


@pytest.mark.parametrize(
    "view",
    [
        modal(*[section()] * 100),
        modal(field(), submit=plain("Save"), close=plain("Cancel"), callback_id="x" * 255),
        modal(field(element=CHOICES, optional=True), submit=plain("Save")),
        modal(actions(button()), private_metadata="x" * 3000, notify_on_close=True),
    ],
)
def test_modals_that_slack_takes(view):
    assert view_form(view, "modal")["title"] == plain("Settings")


@pytest.mark.parametrize(
    ("view", "reason"),
    [
        (modal(*[section()] * 101), "no more than 100"),
        (modal(field()), "missing required field: submit"),
        (modal(title=plain("x" * 25)), "less than 25"),
        (modal(field(), submit=plain("x" * 25)), "less than 25"),
        (modal(close=plain("x" * 25)), "less than 25"),
        (modal(private_metadata="x" * 3001), "less than 3001"),
        (modal(callback_id="x" * 256), "less than 256"),
        (modal(colour="red"), "additional property: colour"),
        (modal({"type": "markdown", "text": "x"}), "markdown"),
        (modal(field(element=button()), submit=plain("Save")), "input element"),
        ({"type": "home", "blocks": []}, "missing required field: title"),
        ({"type": "modal", "blocks": []}, "missing required field: title"),
    ],
)
def test_modals_that_slack_refuses(view, reason):
    with pytest.raises(Refused, match="invalid_arguments") as caught:
        view_form(view, "modal")
    assert reason in caught.value.detail[0]


def test_a_home_has_no_title():
    assert view_form({"type": "home", "blocks": [section()]}, "home")
    with pytest.raises(Refused):
        view_form({"type": "home", "title": plain(), "blocks": []}, "home")


def test_a_view_of_more_than_250_kilobytes_is_too_large():
    with pytest.raises(Refused, match="view_too_large"):
        view_form(modal(*[section(text=mrkdwn("x" * 3000))] * 90), "modal")
