"""How posts look in Matrix: whole posts as written down beside this, and what each part becomes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.model import Bullets, Control, Controls, Heading, Item, Line, Post, Quote
from bot.platforms.matrix.drawing import drawn
from bot.platforms.matrix.words import REACTIONS, control_of
from tests.platforms.matrix import limits
from tests.platforms.matrix.drawing import ANN, OFFER, POSTS, SHOWN, WORDS

EXPECTED = Path(__file__).with_name("expected")


def draw(*blocks):
    found = drawn(Post(blocks=blocks), WORDS)
    limits.check(found, Post(blocks=blocks))
    return found


def on_lines(html):
    """Return HTML such that a person can read it."""
    return re.sub(r"(?=<(?:p|ul|ol|blockquote|li)\b)|(?<=<br>)", "\n", html).strip()


@pytest.mark.parametrize("name", POSTS)
def test_a_post_looks_as_written_down(name):
    found = draw(*POSTS[name].blocks)
    written = (EXPECTED / f"{name}.txt").read_text("utf-8")
    assert f"{found.body}\n----\n{on_lines(found.formatted_body)}\n" == written


def test_a_post_without_words_still_has_a_text():
    assert draw().body == "…"
    assert draw(Line(text="\u200b \u202e"), Heading(text="", url=None)).formatted_body == "<p>…</p>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("U.S. and e.g. and 2.4, at 9:30 a.m. (12:30:15)", None),
        ("It rained. Then it snowed... J. R. R. Tolkien said: no", None),
        ("a > b < c & d; 3:2; #MeToo; C#; $5; 50%; Yahoo!; foo @ bar", None),
        ("Version 1.2.3 of 1.12.2024", None),
        ("می\u200cخواهم 👩\u200d🚀", None),
        ("https://evil.example/x", "https꞉//evil․example/x"),
        ("DailyMail.co.uk", "DailyMail․co․uk"),
        ("@room", "﹫room"),
        ("@eve:evil.example", "﹫eve꞉evil․example"),
        ("#all:1", "#all꞉1"),
        ("eve@evil.example", "eve﹫evil․example"),
        ("matrix:u/eve", "matrix꞉u/eve"),
        ("localhost", "localh\u043est"),
        ("10.0.0.1", "10․0.0.1"),
        ("> quoted", "› quoted"),
        ("!kick all", "ǃkick all"),
        ("a\u202eb\u200bc\x00", "abc"),
    ],
)
def test_words_are_shown_as_they_are_and_do_nothing(text, shown):
    assert draw(Line(text=text)).body == (shown or text)


def test_a_person_whom_a_line_names_is_a_pill():
    found = draw(Line(text="says no", who=ANN))
    assert found.body == "@ann:example.org says no"
    assert found.mentions == (ANN,)
    assert found.formatted_body == (
        '<p><a href="https://matrix.to/#/@ann:example.org">@ann:example.org</a> says no</p>'
    )


@pytest.mark.parametrize(
    "who",
    ["@a.b_c=d-e/f+1:example.org", "@A&<'\"b>:Example.org:8448", "@x:[::1]:80", "@x:127.0.0.1"],
)
def test_ids_of_every_kind_are_pills(who):
    assert draw(Line(text="says no", who=who)).mentions == (who,)


@pytest.mark.parametrize(
    "who",
    [
        "ann",
        "@ann",
        "ann:example.org",
        "@:example.org",
        "@ann:",
        "@a b:example.org",
        "@ann:exa mple.org",
        "@ann:example.org\n",
        "@ann:example.org:123456",
        "@änn:example.org",
        "@room:example.org",
        "@Room.x:example.org",
        f"@{'a' * 250}:b.org",
        "U024BE7LH",
    ],
)
def test_what_is_no_id_is_no_pill(who):
    assert draw(Line(text="says no", who=who)).mentions == ()


def test_nobody_is_named_by_what_is_said():
    text = f"{ANN} https://matrix.to/#/{ANN}"
    found = draw(Line(text=text), Quote(place=ANN, quote=text), Heading(text=text, url=None))
    assert found.mentions == ()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://",
        "https://a.example/ x",
        "ftp://a",
        "https://matrix.to/#/@ann:example.org",
        "https://www.matrix.to/#/%40ann:example.org",
        "http://[::1/",
    ],
)
def test_other_addresses_are_no_links(url):
    found = draw(Heading(text="A head", url=url), Line(text="A line", url=url))
    assert found.body == "A head\n\nA line"
    assert "<a" not in found.formatted_body


def test_a_line_may_point_to_a_message_and_a_headline_may_not():
    url = "https://matrix.to/#/!r:example.org/$e?via=example.org"
    found = draw(Heading(text="A head", url=url), Line(text="A line", url=url))
    assert found.body == f"A head\n\nA line {url}"


def test_what_stands_in_a_row_is_read_in_a_row():
    found = draw(Quote(place="¶1", before="mail eve@", quote="evil", after=".example now"))
    assert found.body == "¶1 mail eve﹫“evil”․example now"


def test_what_is_cut_ends_in_nothing_that_does_something():
    whole = "x" * 991 + " mailto: " + "y" * 100
    assert draw(Heading(text=whole, url=None)).body.startswith("x" * 991 + " mailto…")
    assert draw(Quote(place="", quote="mailto:")).body == "“mailto꞉”"


def test_surroundings_are_cut_where_they_are_farthest():
    found = draw(Quote(place="¶1", before="a" * 600 + " b ", quote="q", after=" c " + "d" * 600))
    assert found.body.startswith("¶1 " + "a" * 497 + " b “q” c ddd")
    assert "d…" in found.body


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (SHOWN, OFFER.removesuffix(", 🗑️ delete")),
        ((Control.LONGER, Control.WHY), "React: ➕ longer"),
        ((Control.DELETE,), "React: 🗑️ delete"),
        ((Control.RETRY, Control.SETTINGS), "…"),
    ],
)
def test_what_can_be_done_is_said_in_words(shown, said):
    assert draw(Controls(about="1", shown=shown)).body == said


def test_what_can_be_done_is_said_once_for_a_whole_post():
    one = Controls(about="1", shown=SHOWN)
    two = Controls(about="2", shown=(Control.DELETE,))
    found = draw(Line(text="a"), one, Line(text="b"), two, Line(text="c"))
    assert found.body == f"a\nb\n\n{OFFER}\n\nc"


def test_lists_are_numbered_where_they_are_spoken_of():
    two = (Item(text="a"), Item(text="b"))
    assert draw(Bullets(items=two)).body == "• a\n• b"
    assert draw(Bullets(items=two, first=3)).body == "3. a\n4. b"
    assert draw(Bullets(items=two[:1])).body == "1. a"
    assert draw(Bullets(items=two, first=3)).formatted_body.startswith('<ol start="3"><li>a')


@pytest.mark.parametrize("dress", ["", "\ufe0f", "\ufe0e", "\U0001f3fd"])
def test_a_reaction_is_known_however_it_is_written(dress):
    for key, control in REACTIONS.items():
        assert control_of(key.rstrip("\ufe0f") + dress) is control


@pytest.mark.parametrize("key", ["", "👍", "🔍🔍", "proof", "\ufe0f", "x" * 10_000])
def test_other_reactions_are_none(key):
    assert control_of(key) is None
