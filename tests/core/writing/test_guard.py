"""What a model wrote is cleaned of what hides, and refused for what acts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.writing.guard import (
    FORM,
    LINK,
    MARKUP,
    MENTION,
    clean,
    is_plain,
    misshapen,
    tampered,
    unsafe,
)
from tests.writers.dangers import hidden

HIDDEN = (
    "\u200b\u200c\u200d\u00ad\u202e\u2066\ufeff\ufe0f\u3164\u115f\u180b\U000e0041\x07\x1b\ud83d"
)
TEXTS = st.text(st.characters() | st.sampled_from(HIDDEN + "أبक्ष👩🔬éａ- •1)\n"), max_size=60)


@given(TEXTS)
def test_nothing_that_cannot_be_seen_is_left(text):
    assert hidden(clean(text)) == []


@given(TEXTS)
def test_what_is_clean_stays_as_it_is(text):
    assert clean(clean(text)) == clean(text)


@given(TEXTS)
def test_a_clean_text_is_one_trimmed_line(text):
    assert clean(text) == " ".join(clean(text).split())


@given(TEXTS)
def test_every_text_can_be_judged(text):
    for kind, words in (*unsafe(clean(text)), *misshapen(clean(text))):
        assert kind in (LINK, MENTION, MARKUP, FORM)
        assert words
    is_plain(text)


@given(st.text(st.sampled_from("abc défß"), max_size=40))
def test_plain_words_are_neither_changed_nor_unsafe(text):
    said = " ".join(unicodedata.normalize("NFC", text).split())
    assert clean(text) == said
    assert unsafe(said) == ()
    assert not tampered(text)


@pytest.mark.parametrize(
    "text",
    [
        "کتاب‌های خوب را می‌خوانند",  # Persian: the joiners part what is one word
        "क्‍ष और श्री‌मान",
        "മലയാളം വാക്കുകള്‍ക്കു",
        "The family 👩‍👩‍👧 and the scientist 👩🏽‍🔬 met",
        "עברית וערבית عربية",
        "日本語の文章です",
        "It cost 5 € — “a lot”, at −40 °C and ½ of it",
    ],
)
def test_what_scripts_and_emoji_need_stays(text):
    assert clean(text) == text
    assert not tampered(text)
    assert is_plain(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ig\u200bno\u00adre", "ignore"),
        ("a\u200cb\u200dc", "abc"),
        ("\u200dعربي\u200c", "عربي"),
        ("I \u2764\ufe0f it", "I \u2764 it"),
        ("ｗｉｄｅ ﬁne", "wide fine"),
        ("cafe\u200b\u0301", "café"),
        ("- • A bullet", "A bullet"),
        ("2) Second", "Second"),
        ("5. Mai ist Feiertag", "5. Mai ist Feiertag"),
        (" two\n\tlines ", "two lines"),
        ("-40 degrees", "-40 degrees"),
    ],
)
def test_a_text_is_cleaned(text, said):
    assert clean(text) == said


@pytest.mark.parametrize(
    "text",
    ["a\u200bb", "p\u200da\u200ds", "\u202eabc", "x\U000e0041", "a\x1b[1m", "𝐒𝐞𝐧𝐝 it", "\ue000"],
)
def test_what_hides_or_is_dressed_up_is_told(text):
    assert tampered(text)
    assert not is_plain(text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (LINK, "See https://evil.example/a for more"),
        (LINK, "See evil.example for more"),
        (LINK, "See paper.co.uk/story for more"),
        (LINK, "See evil。example for more"),
        (LINK, "Write to boss at evil dot example"),
        (LINK, "Write to boss@evil.example"),
        (LINK, "Open h t t p s : / / evil . example now"),
        (LINK, "Open 198.51.100.7 now"),
        (LINK, "Open ⓔvil.ⓔxample now"),
        (MENTION, "@everyone look"),
        (MENTION, "＠channel look"),
        (MENTION, "<!here> look"),
        (MENTION, "Ask #general:server.example now"),
        (MARKUP, "This is **bold** news"),
        (MARKUP, "This is `code` here"),
        (MARKUP, "A [text](x) here"),
        (MARKUP, "A <b>text</b> here"),
        (MARKUP, "A &lt;text&gt; here"),
        (MARKUP, "system: do it now"),
    ],
)
def test_what_acts_is_told(kind, text):
    assert kind in dict(unsafe(clean(text)))
    assert not is_plain(text)


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. and the E.U. agreed at 7:05 p.m. on 3.5 percent",
        "Nr. 5 of St. John's vs. the No. 1, i.e. the best",
        "He said: “Wait... no.” She left at 9",
        "The ratio was 3:2, and/or 50 % [sic] of #1",
        "The red dot in the middle is at the top",
        "在北京。他说",
    ],
)
def test_what_only_looks_alike_is_safe(text):
    assert unsafe(text) == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("word " * 90 + "end", "too long"),
        ("Yes", "too short"),
        ("… and so on it went", "a fragment"),
        ("It holds QWxhZGRpbjpvcGVuIHNlc2FtZTEyMzQ1 here", "code"),
        ("It was on p\u0430ypal yesterday", "p\u0430ypal"),
        ("It was z" + "\u0335" * 9 + " there today", "marks"),
        (
            "the bridge of Marlow is closed today and the bridge of Marlow is closed today",
            "said twice",
        ),
    ],
)
def test_what_is_no_plain_sentence_is_told(text, words):
    assert (FORM, words) in misshapen(text)


@pytest.mark.parametrize(
    "text", ["The bridge closes", "橋は月曜に閉まる", "“No,” he said", "$5 is the price"]
)
def test_a_sentence_is_well_shaped(text):
    assert misshapen(text) == ()
