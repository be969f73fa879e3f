"""The labelled days are as seeds/README.md says."""

import re

import pytest

from benchmarks.stories_days import days

DAYS = days()


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.name)
def test_a_clash_is_in_the_words_of_two_articles_of_its_event(day):
    texts = {
        event: [
            " ".join((one.article.headline, *one.article.paragraphs)).casefold() for one in mentions
        ]
        for event, mentions in day.by_event()
    }
    for event, figures in day.clashes:
        for figure in figures:
            first = re.split(r"\s", figure.casefold())[0]
            assert any(first in text for text in texts[event]), (event, figure)


def test_there_are_enough_of_them():
    stories = [mentions for day in DAYS for _, mentions in day.by_event()]

    assert {day.split for day in DAYS} == {"tune", "held-out", "fresh"}
    assert sum(map(len, stories)) >= 120
    assert sum(len(story) > 1 for story in stories) >= 25
    assert len(stories) - sum(len(story) > 1 for story in stories) >= 20
    assert len({one.article.publisher for story in stories for one in story}) >= 6
    assert sum(len(day.clashes) for day in DAYS) >= 12


def test_each_event_is_told_by_an_outlet_once():
    for day in DAYS:
        for _, mentions in day.by_event():
            outlets = [one.article.publisher for one in mentions]
            assert len(set(outlets)) == len(outlets)
