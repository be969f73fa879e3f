"""Texts that were made to break things: what is drawn of them is taken and does nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.core.talking.visible import clean
from bot.model import Bullets, Choice, Field, FieldKind, Heading, Item, Line, Post, Quote, Sheet
from bot.platforms.slack import views
from bot.platforms.slack.blocks import message
from tests.platforms.slack import limits
from tests.platforms.slack.drawing import DANGERS, WORDS
from tests.standins.slack.blocks import message_blocks, view_form
from tests.standins.slack.mentions import in_blocks, in_mrkdwn
from tests.writers.rows import FOLDER, attacks

OURS = "https://sample.example/a"


def post_of(text):
    return Post(
        blocks=(
            Heading(text=text, url=OURS, details=(text, text)),
            Bullets(
                items=(Item(text=text, places=(text,), note=text), Item(text=text, struck=True))
            ),
            Quote(place=text, quote=text, before=text, after=text),
            Line(text=text),
            Line(text=text, quiet=True),
            Line(text=text, who="U0JONAS", quiet=True),
            Line(text=text, who=text, url=OURS, quiet=True),
        )
    )


def sheet_of(text):
    choices = tuple(Choice(value=f"{n}{text}", label=text) for n in range(7))
    field = Field(
        name="a", label=text, kind=FieldKind.CHOICE, choices=choices, hint=text, value=text
    )
    written = Field(name="b", label=text, kind=FieldKind.TEXT, value=text)
    return Sheet(title=text, blocks=(*post_of(text).blocks, field, written), send=text)


def check(text):
    """Hold what is drawn to both readers: ours, and the stand-in's."""
    blocks, said = message(post_of(text), WORDS)
    limits.check_message(blocks, said)
    message_blocks(blocks)
    found = [*in_blocks(blocks), *in_mrkdwn(said)]
    assert {(one.what, one.mark) for one in found} <= {
        ("link", OURS),
        ("call", "<@U0JONAS>"),
    }
    sheet = sheet_of(text)
    for surface, view in (("modal", views.modal(sheet, WORDS)), ("home", views.home(sheet, WORDS))):
        limits.check_view(view)
        view_form(view, surface)
        assert {one.mark for one in in_blocks(view)} <= {OURS, "<@U0JONAS>"}


@pytest.mark.parametrize("text", DANGERS)
def test_dangers_are_only_words(text):
    check(text)


def corpus():
    path = Path(FOLDER, "corpora", "blns.json")
    if not FOLDER or not path.is_file():
        pytest.skip("BRIEFBOT_BENCH names no folder with the corpora")
    return json.loads(path.read_text("utf-8"))


@pytest.mark.bench
def test_naughty_strings_are_only_words():
    for text in corpus():
        check(text)


@pytest.mark.bench
def test_attacks_are_only_words():
    for text in attacks():
        check(text)


def test_joiners_stay_inside_words_and_emoji_and_nowhere_else():
    assert clean("می\u200cخواهم") == "می\u200cخواهم"
    assert clean("👩\u200d🚀 ❤️\u200d🔥") == "👩\u200d🚀 ❤️\u200d🔥"
    assert clean("\u200da \u200c b\u200d") == "a  b".replace("  ", " ")
    assert clean("a\u202eb\u2066\u200b\ufeff\u00adc\U000e0041") == "abc"
    assert clean("a\r\nb\u2028c\x00\x1b[31m") == "a\nb\nc[31m"
    assert clean("a\ud800b") == "ab"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("a\ufe0fb", "ab"), ("1\ufe0f ☎\ufe0f", "1\ufe0f ☎\ufe0f"), ("\u0600\u06dd", "\u0600\u06dd")],
)
def test_what_is_seen_stays_and_what_only_dresses_letters_goes(text, kept):
    assert clean(text) == kept


def test_an_address_that_cannot_be_taken_apart_is_no_link():
    blocks, _ = message(Post(blocks=(Line(text="x", url="https://[::1/"),)), WORDS)
    assert "link" not in json.dumps(blocks)
