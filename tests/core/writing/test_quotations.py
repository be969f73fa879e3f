"""What stands in quote marks, and what outside of them."""

from __future__ import annotations

import pytest

from bot.core.writing.quotations import outside, quotations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“We are out,” she said. “Bye.”", ("We are out,", "Bye.")),
        ("„Ja“, sagte er, „nein“", ("Ja", "nein")),
        ("»So« sagte sie", ("So",)),
        ("« Nous » dit-il", (" Nous ",)),
        ('He called it "late" and "dear"', ("late", "dear")),
        ("A 6\" pipe in the dogs' house", ()),
        ("‘We don't know’, they said", ("We don't know",)),
        ("“We said ‘no’ to it”", ("We said ‘no’ to it", "no")),
        ('“A "b" c”', ("b", 'A "b" c')),
        ("No marks", ()),
        ("“ ”", ()),
    ],
)
def test_a_quotation_is_what_stands_in_marks(text, found):
    assert quotations(text) == found


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("“We are out,” she said", "“ ” she said"),
        ("“We said ‘no’ to you,” she said", "“ ” she said"),
        ("He said that we know", "He said that we know"),
    ],
)
def test_outside_is_what_nobody_quotes(text, left):
    assert outside(text) == left
