"""Numbers are read with what they measure, the words that bound them, and their exact place."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.digesting.bounds import agree, amount
from bot.core.digesting.quantities import quantities


@pytest.mark.parametrize(
    ("text", "language", "kinds"),
    [
        (
            "The quake struck at 4:17 a.m. on March 24",
            "en",
            {"clock": "4:17 a.m.", "date": "March 24"},
        ),
        ("am 24. März um 4.17 Uhr", "de", {"clock": "4.17 Uhr", "date": "24. März"}),
        ("à 19 h 40 le 3 mai", "fr", {"clock": "19 h 40", "date": "3 mai"}),
        ("el 5 de marzo", "es", {"date": "5 de marzo"}),
        ("on the 24th of March", "en", {"date": "24th of March"}),
        ("at least 41 dead in 2015", "en", {"count": "at least 41", "year": "2015"}),
        ("the 26-year-old won 3-1", "en", {"age": "26-year-old", "score": "3-1"}),
        ("won in 2:03:41", "en", {"elapsed": "2:03:41"}),
        ("winds of 95 mph at 44.1C", "en", {"speed": "95 mph", "temperature": "44.1C"}),
        ("a magnitude 6.4 quake", "en", {"label magnitude": "6.4"}),
        ("Flight 417, row 14", "en", {"label flight": "417", "label row": "14"}),
        ("60 centimetres into the crust", "en", {"length": "60 centimetres"}),
        ("rund 30 Kilometer", "de", {"length": "rund 30 Kilometer"}),
        ("about twenty-five minutes", "en", {"time": "about twenty-five minutes"}),
        ("paid £40m, almost 5%", "en", {"unit pound": "£40m", "unit percent": "almost 5%"}),
        (
            "à 20 h 40 pour 250 000 dollars",
            "fr",
            {"clock": "20 h 40", "unit dollar": "250 000 dollars"},
        ),
        ("an electrician of 51, and an order of 12,", "en", {"age": "51", "count": "12"}),
        ("seven hours long, two days ago", "en", {"time": "seven hours", "ago": "two days"}),
        ("the A9 and the BT-220 of TV5Monde", "en", {}),
    ],
)
def test_numbers_are_read_with_what_they_measure(text, language, kinds):
    assert {one.kind: text[one.start : one.end] for one in quantities(text, language)} == kinds


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (amount(Decimal(200), "least"), amount(Decimal(203), ""), True),
        (amount(Decimal(200), "least"), amount(Decimal(300), ""), False),
        (amount(Decimal(200), "near"), amount(Decimal(203), ""), True),
        (amount(Decimal(200), ""), amount(Decimal(220), ""), False),
        (amount(Decimal(200), ""), amount(Decimal(203), ""), True),
        (amount(Decimal(20), ""), amount(Decimal(21), ""), False),
        (amount(Decimal("6.4"), ""), amount(Decimal("6.1"), ""), False),
        (amount(Decimal(3_000_000), ""), amount(Decimal(3_020_000), ""), True),
        (amount(Decimal(3_000_000), ""), amount(Decimal(3_500_000), ""), False),
        (amount(Decimal(10), "under"), amount(Decimal(9), "under"), False),
        (amount(Decimal(10), "", Decimal("1.609344")), amount(Decimal(16), ""), True),
    ],
)
def test_two_amounts_agree_where_both_can_be_right(one, other, both):
    assert agree(one, other) is agree(other, one) is both


@given(
    st.text(alphabet="0123456789 .,:-%$£aehmot", max_size=40), st.sampled_from(["en", "de", "fr"])
)
def test_any_text_has_its_numbers_apart_and_in_place(text, language):
    found = quantities(text, language)

    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.at[1] <= other.at[0] for one, other in pairwise(found))
