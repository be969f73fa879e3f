"""What people write in their clients, and what of it is heard."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.matrix.heard import Us, named, others, plain, without_name
from tests.platforms.matrix.drawing import ANY, DANGERS

US = Us(id="@briefbot:example.org", name="Briefbot")
PILL = '<a href="https://matrix.to/#/@briefbot:example.org">Briefbot</a>'
ANN_PILL = '<a href="https://matrix.to/#/@ann:example.org">Ann</a>'
REPLY = (
    "<mx-reply><blockquote>"
    '<a href="https://matrix.to/#/!r:example.org/$e?via=example.org">In reply to</a> '
    f'{ANN_PILL}<br>{PILL} <a href="https://old.example/">old</a></blockquote></mx-reply>'
)
FALLBACK = "> <@ann:example.org> Briefbot: see https://old.example/\n> and more\n\n"


@pytest.mark.parametrize(
    ("body", "html", "said"),
    [
        ("what is this?", "", "what is this?"),
        (
            "Briefbot: what is this?",
            f"{PILL}: what is this?",
            "@briefbot:example.org: what is this?",
        ),
        (
            "what did Ann Lee post?",
            'what did <a href="https://matrix.to/#/@ann:example.org">Ann Lee</a> post?',
            "what did @ann:example.org post?",
        ),
        (
            "see https://a.example/x.",
            'see <a href="https://a.example/x">https://a.example/x</a>.',
            "see https://a.example/x.",
        ),
        (
            "see [this](https://a.example/x) now",
            'see <a href="https://a.example/x">this</a> now',
            "see this https://a.example/x now",
        ),
        (
            "see [this](https://a.example/x_(y)_z), [](https://b.example)",
            "",
            "see this https://a.example/x_(y)_z, https://b.example",
        ),
        ('![a](<https://a.example/x> "t")', "", "a https://a.example/x"),
        ("[https://a.example](https://b.example)", "", "https://b.example"),
        ("<https://a.example/x>", "", "https://a.example/x"),
        (
            "this and that",
            (
                '<a href="https://a.example">this</a> and <a href="http://b.example/?a=1&amp;b=2">'
                'that</a> <a href="https://a.example/">again</a>'
            ),
            "this and that\nhttps://a.example\nhttp://b.example/?a=1&b=2",
        ),
        ("", '<a href="https://a.example">x</a>', "https://a.example"),
        (
            "https://a.example/é",
            '<a href="https://a.example/%C3%A9">https://a.example/é</a>',
            "https://a.example/é",
        ),
        (
            "x",
            (
                '<a href="mailto:a@b.example">x</a><a href="javascript:alert(1)">x</a><a>x</a>'
                '<a href="matrix:u/ann:example.org">x</a><a href="https://matrix.to/#/#a:b">x</a>'
            ),
            "@ann:example.org",
        ),
        (
            "[@briefbot:example.org](https://matrix.to/#/@briefbot:example.org) what is this?",
            f"{PILL} what is this?",
            "@briefbot:example.org what is this?",
        ),
        (
            "[Briefbot](matrix:u/briefbot:example.org?action=chat) hi",
            "",
            "@briefbot:example.org hi",
        ),
        ("https://matrix.to/#/%40briefbot%3Aexample.org: hi", "", "@briefbot:example.org: hi"),
        ("[news](https://matrix.to/#/#news:example.org)", "", "news"),
        (
            "> a quote\n\nand mine",
            "<blockquote>a quote</blockquote>and mine",
            "> a quote\n\nand mine",
        ),
        ("array[0](x) and f(x)[1]", "", "array[0](x) and f(x)[1]"),
    ],
)
def test_a_message_in_plain_words(body, html, said):
    assert plain(body, html) == said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (f"{FALLBACK}what is this?", "what is this?"),
        ("> * <@ann:example.org> waves\n\nwhat is this?", "what is this?"),
        ("> <@ann:example.org> sent an image.\n\n> mine\nwhat?", "> mine\nwhat?"),
        (FALLBACK, ""),
        ("> her words\n\nwhat is this?", "> her words\n\nwhat is this?"),
    ],
)
def test_what_a_reply_repeats_is_passed_over(body, said):
    assert plain(body, reply=True) == said


def test_a_reply_has_its_own_links_alone():
    html = f'{REPLY}see <a href="https://new.example/">this</a>'
    assert plain(f"{FALLBACK}see this", html, reply=True) == "see this\nhttps://new.example/"


def test_what_looks_like_a_reply_and_is_none_stays():
    assert plain(FALLBACK.strip()) == FALLBACK.strip()


def content(body="", html="", **more):
    return {"msgtype": "m.text", "body": body, "formatted_body": html, **more}


STATED = {"m.mentions": {"user_ids": [US.id]}}


@pytest.mark.parametrize(
    "said",
    [
        content("Briefbot: what is this?", f"{PILL}: what is this?", **STATED),
        content("@briefbot:example.org what is this?", **STATED),
        content("what is this?", **STATED),
        content("Briefbot: what is this?", f"{PILL}: what is this?"),
        content("hi", '<a href="https://matrix.to/#/%40briefbot%3Aexample.org">b</a> hi'),
        content("hi", '<a href="matrix:u/briefbot:example.org">b</a> hi'),
        content("ask @briefbot:example.org."),
        content("briefbot, what is this?"),
        content("BRIEFBOT: what is this?"),
        content("@Briefbot : what is this?"),
        content("Briefbot: sums up", msgtype="m.emote"),
        content(f"{FALLBACK}briefbot: hi", f"{REPLY}briefbot: hi"),
        content("Briefbot: hi", PILL, **{"m.mentions": {}}),
        content("Briefbot: hi", PILL, **{"m.mentions": {"room": True}}),
        content("Briefbot: hi", PILL, **{"m.mentions": {"user_ids": ["@ann:example.org"]}}),
        content("Briefbot: hi", **{"m.mentions": None}),
        content("Briefbot: hi", **{"m.mentions": {"user_ids": US.id}}),
    ],
)
def test_a_message_names_us(said):
    assert named(said, US)


@pytest.mark.parametrize(
    "said",
    [
        {},
        content("Briefbot is slow"),
        content("briefbotty: hi"),
        content("what does briefbot: do"),
        content("ask @briefbot:other.org and @notbriefbot:example.org"),
        content("hi", ANN_PILL),
        content(f"{FALLBACK}hi", f"{REPLY}hi"),
        content("Hi, Briefbot", PILL, **{"m.mentions": {}}),
        content("Hi, Briefbot", PILL, **{"m.mentions": {"room": True}}),
        content("Hi, Briefbot", PILL, **{"m.mentions": {"user_ids": ["@ann:example.org"]}}),
        content("Hi, Briefbot", **{"m.mentions": None}),
        content("Hi, Briefbot", **{"m.mentions": {"user_ids": US.id}}),
        {"body": 5, "formatted_body": ["x"]},
    ],
)
def test_a_message_does_not_name_us(said):
    assert not named(said, US)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (content("hi", **STATED), False),
        (content("hi", **{"m.mentions": {"user_ids": [US.id, "@ann:example.org"]}}), True),
        (content("hi", **{"m.mentions": {"room": True}}), True),
        (content("hi @ann:example.org", **{"m.mentions": {}}), False),
        (content("hi @ann:example.org"), True),
        (content("hi", f"{PILL} {ANN_PILL}"), True),
        (content("Briefbot: hi", PILL), False),
        (content("hi", **{"m.mentions": {"user_ids": [5, None, {}]}}), False),
        (content(f"{FALLBACK}hi", f"{REPLY}hi"), False),
    ],
)
def test_a_message_names_somebody_else(said, expected):
    assert others(said, US) is expected


@pytest.mark.parametrize(
    "text",
    [
        "@briefbot:example.org what is this?",
        "@briefbot:example.org: what is this?",
        "briefbot: what is this?",
        "BriefBot:what is this?",
        "Briefbot, what is this?",
        "Briefbot : what is this?",
        "Briefbot what is this?",
        "@briefbot what is this?",
        "@Briefbot, what is this?",
        "what is this? Briefbot",
        "what is this? @briefbot:example.org",
        "what is this?\n@briefbot",
        "what is this?, Briefbot",
        "Briefbot: what is this? @briefbot",
        "what is this?",
    ],
)
def test_our_name_is_no_part_of_what_is_asked(text):
    assert without_name(text, US) == "what is this?"


@pytest.mark.parametrize(
    "text",
    [
        "what does Briefbot do?",
        "briefbot is slow",
        "briefbotty: x",
        "@briefbot:other.org: hi",
        "@briefbotty hi",
        "https://a.example/@briefbot",
        "Briefbot's friend",
    ],
)
def test_a_name_within_a_text_stays(text):
    assert without_name(text, US) == text


def test_a_name_alone_leaves_nothing():
    for text in ("Briefbot", "briefbot:", "@briefbot:example.org", "  @Briefbot ", ""):
        assert without_name(text, US) == ""


def test_names_of_every_kind():
    us = Us(id="@b.r+f:example.org", name="Brief (bot) *")
    assert without_name("Brief (bot) *: hi", us) == "hi"
    assert without_name("b.r+f: hi", us) == "hi"
    assert without_name("bxr+f: hi", us) == "bxr+f: hi"
    assert without_name("@b.r+f hi", Us(id=us.id)) == "hi"


HUGE = {
    "nested": "<b>" * 20_000,
    "ends": "</b" * 20_000,
    "comments": "<!--" * 15_000,
    "quotes": "<a href='" * 7_000,
    "half": "<a b" * 15_000,
    "links": '<a href="https://a.example/1">' * 2_000,
    "replies": "<mx-reply>" * 6_000,
    "brackets": "[" * 60_000,
    "linked": "[a](https://a.example/" * 3_000,
    "round": "[a](https://a.example/" + "(a)" * 20_000,
    "ids": "@a:" * 20_000,
    "spaces": " " * 60_000,
    "quoted": "> <@a:b> x\n" * 6_000,
    "permalinks": "https://matrix.to/#/" * 3_000,
    "words": "a" * 60_000,
    "names": "Briefbot " * 7_000,
    "ampersands": "&" * 60_000,
    "angles": "<http://" * 8_000,
}


@pytest.mark.parametrize("name", HUGE)
def test_what_was_made_to_cost_time_costs_none(name):
    huge = HUGE[name]
    began = time.process_time()
    text = plain(huge, huge, reply=True)
    named(content(huge, huge), US)
    others(content(huge, huge), US)
    without_name(text, US)
    assert time.process_time() - began < 1


def test_a_link_under_ten_thousand_tags_is_found_and_one_too_far_is_not():
    link = '<a href="https://a.example/x">x</a>'
    assert plain("x", "<b>" * 10_000 + link) == "x\nhttps://a.example/x"
    assert plain("x", "<b>" * 30_000 + link) == "x"


def test_what_no_text_can_hold_is_left_out():
    html = '<a href="https://b.example/\ud800">\x00x\udfff</a>'
    assert plain("a\ud800b\x00", html) == "ab\nhttps://b.example/"
    assert named(content("\ud800", PILL + "\ud800"), US)


@pytest.mark.parametrize("text", DANGERS)
def test_dangers_are_read(text):
    check(text, text)


@settings(deadline=None, max_examples=60)
@given(ANY, ANY, st.booleans())
def test_anything_is_read(body, html, reply):
    check(body, html, reply=reply)


def check(body, html, *, reply=False):
    text = plain(body, html, reply=reply)
    assert text == text.strip()
    without_name(text, US)
    for more in ({}, STATED):
        assert named(content(body, html, **more), US) in {True, False}
        assert others(content(body, html, **more), US) in {True, False}
