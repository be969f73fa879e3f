"""How posts look in Slack: whole posts as written down beside this, and what each part becomes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.model import Bullets, Control, Controls, Heading, Item, Line, Post, Quote
from bot.platforms.slack.blocks import message
from bot.platforms.slack.pressing import pressed
from tests.platforms.slack import limits
from tests.platforms.slack.drawing import WORDS

EXPECTED = Path(__file__).with_name("expected")
PLACED = ("¶1",)
POSTS = {
    "brief": Post(
        blocks=(
            Heading(
                text="Old pier <reopens> & more",
                url="https://sample.example/pier?a=1&b=2",
                details=("The Sample Post", "3 March 2026"),
            ),
            Bullets(
                items=(
                    Item(text="It reopens on Friday", places=("¶1", "¶4")),
                    Item(text="It cost 2.4 million pounds", places=PLACED, note="*"),
                    Item(text="A storm closed it"),
                )
            ),
            Line(text="Its own bullets.", quiet=True),
            Line(text="Ask: reply here   Proof: the button", quiet=True),
            Controls(
                about="12",
                shown=(Control.PROOF, Control.SHORTER, Control.LONGER),
                folded=(Control.WRONG, Control.WHY, Control.DELETE),
            ),
        )
    ),
    "struck": Post(
        blocks=(
            Bullets(
                items=(Item(text="It rained", places=PLACED, struck=True), Item(text="It froze"))
            ),
            Line(text="says that bullet 1 is wrong: <!here> *no*", who="U0JONAS", quiet=True),
        )
    ),
    "proof": Post(
        blocks=(
            Line(text="Proof of bullet 2 of 3", quiet=True),
            Bullets(items=(Item(text="A storm closed it"),), first=2),
            Quote(place="¶2", quote="A storm broke eleven legs", before="Then: ", after=" in all."),
            Line(text="Checked: names, numbers, quotes.", quiet=True),
            Line(text="Proof of bullet 3 of 3", quiet=True),
            Bullets(items=(Item(text="It reopens"),), first=3),
            Quote(place="¶3", quote="It will reopen."),
        )
    ),
    "answer": Post(
        blocks=(
            Line(text="The article says:"),
            Quote(place="¶2", quote="three weeks ago", before="They met ", after="."),
            Line(text="3 · Old pier · The Sample Post", quiet=True),
        )
    ),
    "refusal": Post(
        blocks=(Line(text="https://a.example is gone (HTTP 410). Check the link."),), to="U0ADA"
    ),
    "pointed": Post(
        blocks=(Line(text="Already briefed here: Old pier", url="https://chat.example/p1"),)
    ),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_post_looks_as_written_down(name):
    blocks, text = message(POSTS[name], WORDS)
    limits.check_message(blocks, text)
    written = json.loads((EXPECTED / f"{name}.json").read_text("utf-8"))
    assert {"text": text, "blocks": blocks} == written


def drawn(*blocks):
    return message(Post(blocks=blocks), WORDS)


def test_a_post_without_words_still_has_a_text():
    assert drawn() == ([], "…")
    assert drawn(Line(text="\u200b \u202e"), Heading(text="", url=None)) == ([], "…")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "https://a.example/ x", "ftp://a"]
)
def test_only_addresses_of_the_web_are_links(url):
    blocks, text = drawn(Heading(text="A head", url=url), Line(text="A line", url=url))
    assert "link" not in json.dumps(blocks)
    assert text == "A head\nA line"


def test_what_has_no_room_is_counted_and_the_controls_stay_last():
    about = Controls(about="12", shown=(Control.PROOF,))
    blocks, text = drawn(*(Line(text=f"{n} " + "long " * 500) for n in range(9)), about)
    limits.check_message(blocks, text)
    assert blocks[-1]["type"] == "actions"
    assert blocks[-2]["elements"][-1]["text"].endswith("characters more had no room here.")
    assert text.endswith("…")


def test_neighbours_share_a_block_and_many_lose_their_small_print():
    lines = [Line(text="Said"), Line(text="Small", quiet=True)] * 60
    blocks, _ = drawn(*lines)
    assert [block["type"] for block in blocks] == ["rich_text"]
    assert len(drawn(*lines[:20])[0]) == 20


def test_where_all_is_full_what_can_be_pressed_stands_at_the_end():
    rooms = [Line(text="A room"), Controls(about="C1", shown=(Control.SETTINGS,))] * 40
    blocks, _ = drawn(*rooms)
    assert [block["type"] for block in blocks] == ["rich_text", "actions", "actions"]
    assert [len(block["elements"]) for block in blocks[1:]] == [25, 15]


def test_what_was_pressed_is_read_as_it_was_drawn():
    about = "12\nx"
    every = Controls(about=about, shown=(Control.PROOF,), folded=tuple(Control))
    blocks, _ = drawn(every, every)
    found = []
    for block in blocks:
        for one in block["elements"]:
            if one["type"] == "button":
                found.append(pressed(one))
            else:
                options = [{**one, "selected_option": option} for option in one["options"]]
                found.extend(pressed(option) for option in options)
    assert sorted(found) == sorted([(control, about) for control in Control] * 2)


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"action_id": "proof"},
        {"action_id": "briefbot:gone", "value": "1"},
        {"action_id": "briefbot:more"},
        {"action_id": "briefbot:more", "selected_option": {"value": "gone:1"}},
    ],
)
def test_what_is_not_ours_is_nothing(action):
    assert pressed(action) is None


def test_what_asks_first_is_never_folded():
    alone = Controls(about="1", shown=(), folded=(Control.DELETE, Control.WHY, Control.WRONG))
    (row,), _ = drawn(alone)
    assert [one["type"] for one in row["elements"]] == ["button", "overflow"]
    assert row["elements"][0]["confirm"]["confirm"]["text"] == "Delete"


def test_where_nothing_is_small_details_and_quiet_links_are_slanted():
    head = Heading(text="A head", url=None, details=("Post", "undated"))
    quiet = Line(text="Before", url="https://a.example", who="ada", quiet=True)
    blocks, _ = drawn(*[head, quiet, Line(text="Said")] * 30)
    assert {block["type"] for block in blocks} == {"rich_text"}
    _, details, line, _ = blocks[0]["elements"][:4]
    assert details["elements"][0] == {
        "type": "text",
        "text": "Post · undated",
        "style": {"italic": True},
    }
    assert [leaf["text"] for leaf in line["elements"]] == ["ada ", "Before"]
    assert line["elements"][1]["style"] == {"italic": True}


def test_a_long_sentence_about_somebody_is_not_small_and_not_cut():
    why = "word " * 100
    (block,), _ = drawn(Line(text=why, who="U0ADA", quiet=True))
    assert block["elements"][0]["elements"][0] == {"type": "user", "user_id": "U0ADA"}
    assert block["elements"][0]["elements"][2]["text"] == why.strip()


def test_more_than_slack_has_blocks_for_is_not_sent():
    controls = [Controls(about=str(n), shown=tuple(Control)) for n in range(200)]
    assert len(drawn(*controls)[0]) == 50
