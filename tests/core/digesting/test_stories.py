"""Articles on one event meet; the same topic, place or person alone brings none together."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.stories_days import days
from bot.core.digesting.stories import group
from bot.core.reading.identity import article
from bot.model import Brief, Bullet, Method
from tests.core.digesting.samples import NOON, mention

DAY = days("tune")[0]
WIRE = mention(
    1,
    "A ferry carrying 64 people sank off Saint Anselm on Tuesday night, the coast guard said.",
    "The Lady Corinne sent a distress call 35 minutes after it left Port Clare.",
    outlet="Wire",
    headline="Ferry sinks off Saint Anselm",
)
LIGHT = mention(
    2,
    "The Lady Corinne went down with 64 aboard within sight of the Saint Anselm light on Tuesday.",
    "People waited all night on the quay of Port Clare for the coast guard.",
    outlet="Light",
    headline="Lady Corinne lost off Saint Anselm",
)
REEF = mention(
    3,
    "A ferry with 130 passengers ran aground on a reef near Ratu on Tuesday, and all are safe.",
    "The Island Star struck the reef at low tide, the harbour authority said.",
    outlet="Echo",
    headline="Ferry runs aground off Ratu",
)


def keys(groups):
    return {frozenset(one.article.key for one in members) for members in groups}


def test_one_event_is_one_story_and_another_ferry_is_another():
    assert keys(group([WIRE, REEF, LIGHT])) == {
        frozenset((WIRE.article.key, LIGHT.article.key)),
        frozenset((REEF.article.key,)),
    }


def test_nothing_is_no_story():
    assert group([]) == []


def test_what_came_of_it_days_later_is_another():
    inquiry = mention(
        4,
        "An inquiry into the loss of the ferry Lady Corinne opened in Port Clare on Monday.",
        "A judge, Helen Aubrey, will hear the owners, who had been fined twice, on Thursday.",
        outlet="Echo",
        headline="Inquiry into ferry disaster opens",
        published=WIRE.article.published + timedelta(days=12),
    )

    assert len(group([WIRE, inquiry])) == 2


@pytest.mark.parametrize("same", ["address", "words"])
def test_an_article_mentioned_twice_is_there_once_as_the_newest(same):
    url = WIRE.article.url if same == "address" else "https://copy.example/1"
    version = "another" if same == "address" else WIRE.article.version
    again = replace(
        WIRE,
        number=9,
        at=NOON + timedelta(days=1),
        article=replace(WIRE.article, url=url, version=version),
    )

    assert [[one.number for one in members] for members in group([again, WIRE])] == [[9]]


def test_a_mention_with_a_brief_stands_before_a_newer_one_without():
    again = replace(WIRE, number=9, at=NOON + timedelta(days=1), brief=None)

    assert [one.number for one in group([again, WIRE])[0]] == [1]


def test_a_brief_stands_in_for_a_text_that_is_no_longer_kept():
    bare = article(
        url=WIRE.article.url, headline=WIRE.article.headline, publisher="Wire", language="en"
    )
    bullets = tuple(Bullet(text=text, evidence=()) for text in WIRE.article.paragraphs)
    brief = Brief(version=bare.version, method=Method.ABSTRACTIVE, bullets=bullets)

    assert len(group([replace(WIRE, article=bare, brief=brief), LIGHT])) == 1


def test_two_languages_meet_in_names_and_numbers():
    french = mention(
        4,
        "Un ferry transportant 64 personnes, le Lady Corinne, a coulé mardi soir au large de Saint "
        "Anselm, 35 minutes après son départ de Port Clare.",
        outlet="Courrier",
        headline="Naufrage d'un ferry au large de Saint Anselm",
        language="fr",
    )

    assert len(group([WIRE, french])) == 1


@settings(max_examples=8, deadline=None)
@given(st.permutations(list(DAY.mentions)))
def test_the_order_does_not_matter(mentions):
    assert group(mentions) == group(DAY.mentions)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(DAY.mentions)))
def test_every_article_is_in_one_story(mentions):
    told = [one.article.key for members in group(mentions) for one in members]

    assert sorted(told) == sorted({one.article.key for one in mentions})


def test_undated_articles_are_grouped_by_their_words():
    undated = [
        replace(one, article=replace(one.article, published=None)) for one in (WIRE, LIGHT, REEF)
    ]
    assert len(group(undated)) == 2
