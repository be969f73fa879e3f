"""Clean characters and the version that names a text."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.reading.identity import article, clean
from bot.model import Article

PARTS = {
    "headline": "Ferry to run at night",
    "standfirst": "Islanders get a boat home.",
    "authors": ["Ada Person"],
    "publisher": "The Sample Post",
    "published": date(2025, 5, 6),
    "language": "en",
    "lead_bullets": ["The last ferry leaves at half past midnight."],
    "paragraphs": ["One.", "Two."],
    "captions": ["The ferry."],
}


def test_the_version_is_sixteen_hex_digits_and_ignores_the_address():
    one, two = article(url="https://a.example/", **PARTS), article(url=None, **PARTS)
    assert one.version == two.version
    assert len(one.version) == 16
    int(one.version, 16)


@pytest.mark.parametrize("name", sorted(PARTS))
def test_every_part_counts_in_the_version(name):
    other = {**PARTS, name: type(PARTS[name])() if name != "published" else None}
    assert article(url=None, **other).version != article(url=None, **PARTS).version


def test_the_version_stays_what_it_was_in_earlier_releases():
    assert article(url=None, **PARTS).version == "47f09edac04c3009"


def test_parts_do_not_run_into_each_other():
    one = article(url=None, paragraphs=["a", "b"])
    assert one.version != article(url=None, paragraphs=["ab"]).version
    assert one.version != article(url=None, lead_bullets=["a", "b"]).version


def test_every_field_of_an_article_can_be_given():
    names = {field.name for field in fields(Article)} - {"url", "version", "pages"}
    assert names == set(PARTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  two\u00a0words\t\n here ", "two words here"),
        ("e\u0301", "\u00e9"),
        ("soft\u00adhyphen \u200bzero\ufeff \u202eover\u202c", "softhyphen zero over"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("a \u200c b\u200d", "a b"),
        (
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
            "\U0001f468\u200d\U0001f469\u200d\U0001f467",
        ),
        ("nul\x00 and \ud800 gone", "nul and gone"),
        ("\U000e0041tagged", "tagged"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


@given(st.text())
def test_clean_is_stable_and_can_be_stored(text):
    once = clean(text)
    assert clean(once) == once
    once.encode("utf-8")


def test_empty_texts_go_with_their_page_numbers():
    found = article(url=None, paragraphs=["one", " \u200b ", "three"], pages=[1, 1, 2])
    assert (found.paragraphs, found.pages) == (("one", "three"), (1, 2))


def test_page_numbers_must_match():
    with pytest.raises(ValueError, match="zip"):
        article(url=None, paragraphs=["one", "two"], pages=[1])
