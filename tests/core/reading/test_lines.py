"""Which lines of an extracted body are the article's."""

from __future__ import annotations

import pytest

from bot.core.reading.furniture import is_furniture
from bot.core.reading.lines import clean

PROSE = "The council met for three hours on Tuesday and heard from eleven residents."


@pytest.mark.parametrize(
    "line",
    [
        "Read more: Bridge closed again",
        "READ MORE",
        "Also read | Ten islands to see",
        "[Related: Ferry fares to rise]",
        "Lesen Sie auch: Die Fähre fällt aus",
        "Auch interessant",
        "À lire aussi Le bac ne circule plus",
        "Les også: Fergen står stille",
        "Baca juga: Kapal malam",
        "Читайте также: Паром встал",
        "関連記事",
        "Sign up here for our newsletter",
        "Follow us on Facebook and Instagram",
        "Have a tip? Write to desk@sample.example.",
        "Copyright 2025 The Sample Post. All rights reserved.",
        "Image source: Sample Pictures",
        "12 Comments",
        "Advertisement",
    ],
)
def test_furniture(line):
    assert is_furniture(line)
    assert clean([PROSE, line, PROSE]) == [PROSE, PROSE]


@pytest.mark.parametrize(
    "line",
    [
        PROSE,
        "Read more than one book a week and you will sleep better, the study says.",
        "Watch out for ice on the pier, the coastguard warns.",
        "Support for the night ferry has grown since the spring.",
        "Related violence has cost eleven lives.",
        "Subscribers to the ferry's cheapest plan will pay two euros more from the autumn on.",
        "Comments by the minister were not welcome.",
        "“Follow me,” she said.",
        "Source code was found on the disk.",
        "Auch interessant ist der Blick auf die Fahrpläne der Nachbarinsel.",
        "- Angsten vil øke, sier han.",
    ],
)
def test_prose_stays(line):
    assert clean([PROSE, line]) == [PROSE, line]


def test_lines_that_repeat_another_part_go():
    titles = ["Ferry to run at night"]
    apart = ["The ferry Marguerite in the harbour on Tuesday evening"]
    lines = ["Ferry to run at night!", f"{apart[0]}. Photo: A. P.", PROSE]
    assert clean(lines, titles=titles, apart=apart) == [PROSE]


def test_a_paragraph_that_opens_like_a_caption_stays():
    caption = "The ferry Marguerite in the harbour on Tuesday evening"
    longer = f"{caption} was full of people who had waited eleven years for a boat at that hour."
    assert clean([longer], apart=[caption]) == [longer]


def test_repeated_quotes_and_refrains_stay():
    refrain = "And the boat came in, and the boat came in."
    assert clean([refrain, PROSE, refrain]) == [refrain, PROSE, refrain]


def test_bylines_and_dates_go_near_the_top_only():
    lines = ["By Ada Person", "6 May 2025", PROSE, PROSE, PROSE, PROSE, PROSE, "6 May 2025"]
    assert clean(lines, authors=["Ada Person"]) == lines[2:]


def test_makers_go_at_the_end_only():
    makers = "Reporting by Ada Person; Editing by Bo Other"
    assert clean([makers, PROSE, makers]) == [makers, PROSE]


def test_lines_without_letters_go():
    assert clean(["***", "", " — ", PROSE]) == [PROSE]
