"""Figures that cannot both be right are shown in the outlets' own words; those that can are not."""

from dataclasses import replace

import pytest

from benchmarks.stories_days import days
from bot.core.digesting.clashing import clashes
from bot.core.writing.evidence import holds
from bot.model import Strike
from tests.core.digesting.samples import NOON, mention


def between(one, other, language="en"):
    """The words of the clashes of two sentences, of two outlets."""
    first = mention(1, one, outlet="Wire")
    second = mention(2, other, outlet="Lantern", language=language)
    return [[figure.text for figure in clash.figures] for clash in clashes([first, second])]


@pytest.mark.parametrize(
    ("one", "other", "figures"),
    [
        (
            "The ferry sank 200 miles off Port Clare.",
            "The ferry went down 220 miles off Port Clare.",
            ["200 miles", "220 miles"],
        ),
        (
            "At least 12 people were killed when the ferry sank off Port Clare.",
            "When the ferry sank off Port Clare, 15 people were killed.",
            ["At least 12 people", "15 people"],
        ),
        (
            "The city paid $3m for the mill in Fulton Street.",
            "The mill in Fulton Street was bought by the city for $3.5 million.",
            ["$3m", "$3.5 million"],
        ),
        (
            "Turnout in Brenn was 71 percent, the highest since the war.",
            "In Brenn turnout reached 74%, the highest since the war.",
            ["71 percent", "74%"],
        ),
        (
            "Police were called to the crash on the road at 6.45am.",
            "The crash happened on the road at 5.45am, police said.",
            ["6.45am", "5.45am"],
        ),
        (
            "The singer Marguerite Vane has died at the age of 74.",
            "Marguerite Vane, the singer, died at the age of 76.",
            ["74", "76"],
        ),
        (
            "Repairs to the Lund bridge will take fourteen months.",
            "Repairs to the Lund bridge will take 18 months.",
            ["fourteen months", "18 months"],
        ),
        (
            "Aldermoor beat Stanwick 3-1 at Millbrook Lane.",
            "Aldermoor beat Stanwick 2-1 at Millbrook Lane.",
            ["3-1", "2-1"],
        ),
    ],
)
def test_figures_for_the_same_thing_clash(one, other, figures):
    assert between(one, other) == [figures]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("More than 200 people fled the fire.", "From the fire 203 people fled."),
        ("About 200 people fled the fire.", "From the fire 203 people fled."),
        ("The mill cost 3m pounds to buy.", "The mill cost 3.02 million pounds to buy."),
        ("The fire came within 10 miles of Brenn.", "The fire came within 16 km of Brenn."),
        ("Turnout was almost 5% in Brenn.", "Turnout was 4.8 percent in Brenn."),
        ("Twelve people were killed in Brenn.", "In Brenn, 12 people were killed."),
        ("41 people were killed in Brenn.", "212 people were injured in Brenn."),
        ("Rain of 10 to 15 inches is expected.", "Rain of 12 inches is expected."),
        (
            "The toll rose from 12 people killed to 15 people killed in Brenn.",
            "In Brenn 12 people were killed.",
        ),
    ],
)
def test_figures_that_can_both_be_right_do_not(one, other):
    assert between(one, other) == []


def test_other_words_and_other_languages_meet_in_what_they_mean():
    assert between(
        "Repairs to the Lund bridge will cost 85 million euros.",
        "The bill for mending Lund's bridge is put at 60 million euros.",
    ) == [["85 million euros", "60 million euros"]]
    assert between(
        "Two bridges were lost and 340 residents fled the flood.",
        "Zwei Brücken sind zerstört, 430 Bewohner flohen vor der Flut.",
        language="de",
    ) == [["340 residents", "430 Bewohner"]]


def test_a_number_that_both_give_takes_no_part():
    one = "The fire on the hill killed 12 people and burned down 31 homes."
    other = "The fire on the hill burned down 36 homes and killed 12 people."

    assert between(one, other) == [["31 homes", "36 homes"]]


def test_ends_of_two_ranges_are_held_against_the_same_ends():
    one = "Rain of 10 to 15 inches is expected in Brenn."

    assert between(one, "In Brenn rain of 10 to 15 inches is expected.") == []
    assert between(one, "In Brenn rain of 10 to 25 inches is expected.") == [
        ["15 inches", "25 inches"]
    ]


def test_the_surest_clash_comes_first():
    one = mention(
        1, "The blast in Brenn killed 41 people. A dog was found after two hours.", outlet="Wire"
    )
    other = mention(
        2, "The blast in Brenn killed 38 people. It took three hours to find a dog.", outlet="Echo"
    )

    assert [figure.text for figure in clashes([other, one])[0].figures] == [
        "38 people",
        "41 people",
    ]


def test_two_languages_meet_in_names_and_numbers():
    one = "Mindestens 41 Menschen wurden in Osmara getötet, sagte Darian Volsek."
    other = "At least 38 people were killed in Osmara, Darian Volsek said."

    assert between(other, one, language="de") == [["At least 38 people", "Mindestens 41 Menschen"]]


def test_one_outlet_does_not_clash_with_itself():
    one = mention(1, "The ferry sank 200 miles off Port Clare.", outlet="Wire")
    other = mention(2, "The ferry sank 220 miles off Port Clare.", outlet="Wire")

    assert clashes([one, other]) == ()


def test_three_outlets_are_one_clash():
    mentions = [
        mention(1, "The blast in Brenn killed 41 people.", outlet="Wire"),
        mention(2, "The blast in Brenn killed 38 people.", outlet="Lantern"),
        mention(3, "The blast in Brenn killed 45 people.", outlet="Echo"),
    ]
    found = clashes(mentions)

    assert [[figure.outlet for figure in clash.figures] for clash in found] == [
        ["Wire", "Lantern", "Echo"]
    ]


def test_what_stands_in_a_struck_bullet_is_left_out():
    one = mention(1, "The ferry sank 200 miles off Port Clare.", outlet="Wire")
    other = mention(2, "The ferry sank 220 miles off Port Clare.", outlet="Lantern")
    struck = replace(one, strikes=(Strike(bullet=1, who="ann", why="wrong", at=NOON),))

    assert len(clashes([one, other])) == 1
    assert clashes([struck, other]) == ()


def test_every_figure_is_an_exact_span_of_its_own_article():
    found = [
        figure
        for day in days()
        for _, mentions in day.by_event()
        for clash in clashes(mentions)
        for figure in clash.figures
    ]

    assert len(found) > 40
    for figure in found:
        assert holds(figure.evidence, figure.mention.article)
        assert figure.text == figure.evidence.quote
